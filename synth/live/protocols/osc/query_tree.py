"""The tree of OSC addresses as OSCQuery describes it.  addresses -> nodes (FULL_PATH, TYPE, RANGE, VALUE ...) as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from synth.control.commands import (
    AMOUNT,
    LEVEL_DB,
    NOTHING,
    OSC,
    PATH,
    PRESET,
    SCENE,
    SECONDS,
    SEED,
    STEP_DB,
    SWITCH,
    Command,
    names_of,
)
from synth.live.protocols.osc.addresses import COMMANDS, OWN, UNIT, Addresses
from synth.live.protocols.osc.arguments import position_of
from synth.live.protocols.osc.methods import Value
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter

_SAID = ("ACCESS", "CLIPMODE", "CONTENTS", "DESCRIPTION", "FULL_PATH", "RANGE", "TYPE", "UNIT", "VALUE")
_NOT_SAID = ("CRITICAL", "EXTENDED_TYPE", "HTML", "OVERLOADS", "TAGS")
_READ, _WRITE = 1, 2
_UNITS = {  # as the proposal spells those that it has
    "s": "time.second",
    "ms": "time.ms",
    "hz": "time.hz",
    "db": "gain.db",
    "deg": "angle.degree",
    "m": "distance.m",
    "cm": "distance.cm",
    "mm": "distance.mm",
    "m_s": "speed.m/s",
}
_OWN = {  # type, access, what it does
    "vector": ("b", _WRITE, "all parameters at once: [s hash] and a number each, or one blob of big-endian float32"),
    "hash": ("s", _READ, "what the places of a vector mean"),
    "stats": ("s", _READ, "what has come so far, as JSON"),
    "start": ("N", _WRITE, "the time tag of its bundle is the stream's start"),
}
_TYPES = {NOTHING: "N", SWITCH: "T", SEED: "h"} | dict.fromkeys((SCENE, PRESET, PATH), "s")
_TYPES |= dict.fromkeys((STEP_DB, LEVEL_DB, SECONDS, AMOUNT), "f")
_UNIT_RANGE = [{"MIN": 0.0, "MAX": 1.0}]
Node = dict[str, Any]


def host_info(host: str, port: int) -> Node:
    """Return what is said of the whole: where OSC is heard, and what of OSCQuery there is."""
    known = {name: True for name in _SAID if name not in ("CONTENTS", "FULL_PATH")} | dict.fromkeys((*_NOT_SAID, "LISTEN"), False)
    return {"NAME": OWN, "OSC_IP": host, "OSC_PORT": port, "OSC_TRANSPORT": "UDP", "EXTENSIONS": known}


def answer(addresses: Addresses | None, value: Value, info: Node, path: str, attribute: str) -> tuple[int, Any]:
    """Return an HTTP status and what a question for a node, or for one of its attributes, is answered with."""
    if attribute == "HOST_INFO":
        return 200, info
    if attribute and attribute not in _SAID + _NOT_SAID:
        return 400, None
    node = _node(path, dict(_leaves(addresses, value)))
    if node is None:
        return 404, None
    if not attribute:
        return 200, node
    return (200, {attribute: node[attribute]}) if attribute in node else (204, None)


def _node(path: str, leaves: dict[str, Callable[[], Node]]) -> Node | None:
    if path in leaves:
        return {"FULL_PATH": path, **leaves[path]()}
    prefix = path if path.endswith("/") else f"{path}/"
    names = dict.fromkeys(one[len(prefix) :].split("/")[0] for one in leaves if one.startswith(prefix))
    if not names:
        return None
    return {"FULL_PATH": path, "ACCESS": 0, "CONTENTS": {name: _node(prefix + name, leaves) for name in names}}


def _leaves(addresses: Addresses | None, value: Value) -> Iterator[tuple[str, Callable[[], Node]]]:
    """Yield the address of every leaf, and what describes it."""
    for name, said in _OWN.items():
        yield f"/{OWN}/{name}", partial(_own, name, *said, addresses)
    for name in names_of(OSC):
        if command := COMMANDS.get(f"/{OWN}/{name}"):
            yield f"/{OWN}/{name}", partial(_command, command)
    if addresses is None:
        return
    for address, place in addresses.places.items():
        what = addresses.space.paths[place], addresses.space.parameters[place]
        yield address, partial(_parameter, *what, value)
        yield UNIT + address, partial(_unit, *what, value)
    for address, (command, layer) in addresses.commands.items():
        yield address, partial(_of_layer, command, layer)


def _own(name: str, types: str, access: int, doc: str, addresses: Addresses | None) -> Node:
    node: Node = {"TYPE": types, "ACCESS": access, "DESCRIPTION": doc}
    return node | {"VALUE": [addresses.space.hash]} if name == "hash" and addresses else node


def _parameter(path: str, parameter: Parameter, value: Value) -> Node:
    node: Node = {"TYPE": "s" if parameter.choices else "f", "ACCESS": _READ | _WRITE, "DESCRIPTION": parameter.doc or path}
    if parameter.choices:
        node["RANGE"] = [{"VALS": list(parameter.choices)}]
    else:
        node |= {"RANGE": [{"MIN": float(parameter.low), "MAX": float(parameter.high)}], "CLIPMODE": ["both"]}
    if parameter.unit in _UNITS:
        node["UNIT"] = [_UNITS[parameter.unit]]
    return _with_value(node, path, value, lambda now: now)


def _unit(path: str, parameter: Parameter, value: Value) -> Node:
    doc = f"{parameter.doc or path}: 0 .. 1 for {parameter.range_text}"
    node: Node = {"TYPE": "f", "ACCESS": _READ | _WRITE, "DESCRIPTION": doc, "RANGE": _UNIT_RANGE, "CLIPMODE": ["both"]}
    return _with_value(node, path, value, lambda now: position_of(parameter, now))


def _command(command: Command) -> Node:
    node: Node = {"TYPE": _TYPES[command.argument], "ACCESS": _WRITE, "DESCRIPTION": f"{command.doc}: {command.argument.value}"}
    return node | {"RANGE": _UNIT_RANGE, "CLIPMODE": ["none"]} if command.argument is AMOUNT else node


def _of_layer(command: Command, layer: str) -> Node:
    if command.name == "strike":
        doc = f"strike '{layer}': a velocity, 0 releases; 0.7 without"
        return {"TYPE": "f", "ACCESS": _WRITE, "DESCRIPTION": doc, "RANGE": _UNIT_RANGE, "CLIPMODE": ["none"]}
    types = "s" if command.name == "say" else "N"
    return {"TYPE": types, "ACCESS": _WRITE, "DESCRIPTION": f"{command.doc}: '{layer}'"}


def _with_value(node: Node, path: str, value: Value, shown: Callable[[Any], Any]) -> Node:
    try:
        return node | {"VALUE": [shown(value(path))]}
    except InputError:  # another preset, just now
        return node
