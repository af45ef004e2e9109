"""One line of a stream: what it says, or why it cannot be used.  bytes -> UTF-8 -> JSON -> stamp, vector, call.

A line is an object: {"t": seconds, "values": {path: value}} or {"t": seconds, "vector": [value, ...]} in the order of the space,
with "hash" if that is to be checked, and a command ("strike", "pause" ...) if something is done at that moment too, or alone. One
that cannot be asked for at a moment ("panic", "preset" ...) stands alone. null and NaN leave a parameter as it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.commands import (
    AMOUNT,
    LAYER,
    LEVEL_DB,
    LINES,
    NOTHING,
    PATH,
    PRESET,
    SCENE,
    SECONDS,
    SEED,
    STEP_DB,
    SWITCH,
    Argument,
    Call,
    offered,
)
from synth.control.rejections import Refused
from synth.control.stream.line_splitter import LONGEST_BYTES
from synth.control.stream.ring import LONGEST_STAMP_S
from synth.parameters.errors import unknown
from synth.parameters.parameter import Parameter
from synth.parameters.paths import layers_in
from synth.parameters.space import Space
from synth.parameters.tables import NOTE_PARAMETERS, VELOCITY

OFFERED = offered(LINES)
"""All that a line can do beside moving parameters, by name."""
TIMED = tuple(name for name, command in OFFERED.items() if command.is_timed)
"""What may be done at a stamp."""
_FRAMES = ("values", "vector")
_BOM = b"\xef\xbb\xbf"
_SHOWN = 60
_SHAPE = (
    'it must be {"t": seconds, "values": {path: value}} or {"t": seconds, "vector": [..]}, or {"t": seconds, "strike": layer}'
)


@dataclass(frozen=True, eq=False)
class Line:
    """What a line says: a stamp in seconds, (n,) float32 with NaN for what is left as it is, a command; None: no such."""

    time_s: float | None
    vector: npt.NDArray[np.float32] | None
    call: Call | None


class Vocabulary:
    """What lines may name.

    Parameters
    ----------
    space : of the preset.
    commands : which of `OFFERED` can be done, by name.
    """

    def __init__(self, space: Space, commands: Collection[str]) -> None:
        self.space, self.hash = space, space.hash
        self.commands = {name: command for name, command in OFFERED.items() if command.name in commands}
        self.places = {path: place for place, path in enumerate(space.paths)}
        self.layers = frozenset(layers_in(space.paths))
        self.hash_of = lru_cache(8)(lambda paths: space.subset(paths).hash)


def parse_line(line: bytes | None, known: Vocabulary) -> Line:
    """Return what a line says; None is one that was too long to be kept.

    Raises
    ------
    Refused
        If it cannot be used.
    """
    given = object_of(line)
    asked = [name for name in OFFERED if name in given]
    frames = [name for name in _FRAMES if name in given]
    if not given.keys() <= _KNOWN or len(asked) > 1 or len(frames) > 1 or not (asked or frames):
        raise Refused("no frame", _SHAPE)
    for name in asked or [""]:
        if any(option in given for option in _OPTION_NAMES - _OPTIONS.get(name, {}).keys()):
            raise Refused("wrong act", '"velocity" and "pitch" go with "strike", "text" and "interrupt" with "say"')
    time_s = _stamp(given) if "t" in given else None
    if "hash" in given:
        _check_hash(given, known)
    vector = _vector(given, frames[0], known) if frames else None
    return Line(time_s, vector, _call(given, asked[0], known) if asked else None)


def object_of(line: bytes | None, shape: str = _SHAPE) -> dict[str, Any]:
    """Return the object that a line is.

    Raises
    ------
    Refused
        If it is none; `shape` says what it must be.
    """
    if line is None or len(line) > LONGEST_BYTES:
        raise Refused("too long", f"it is longer than {LONGEST_BYTES} bytes")
    try:
        given = json.loads(line.removeprefix(_BOM).decode(), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise Refused("no UTF-8", "it is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise Refused("no JSON", "it is not JSON") from None
    if not isinstance(given, dict):
        raise Refused("no frame", shape)
    return given


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object in which no key stands twice: which of the two was meant nobody knows."""
    pairs = list(pairs)
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused("double key", "a key stands twice in one object")
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _stamp(given: Mapping[str, Any]) -> float:
    time_s = given["t"]
    if not _is_number(time_s) or not abs(time_s) < LONGEST_STAMP_S:
        raise Refused("no time", '"t" must be seconds since the beginning')
    return float(time_s)


def _text(value: object) -> str:
    """Return what somebody sent as a short text: a nested value may be too deep, and a number too long, to be shown whole."""
    return f"'{value[:_SHOWN]}'" if isinstance(value, str) else f"a {type(value).__name__}"


# ---- values


def _vector(given: Mapping[str, Any], form: str, known: Vocabulary) -> npt.NDArray[np.float32]:
    values, parameters = given[form], known.space.parameters
    if not isinstance(values, dict if form == "values" else list):
        raise Refused("no frame", '"values" must be {path: value}, "vector" a list of numbers')
    if isinstance(values, list):
        if len(values) != len(parameters):
            raise Refused("wrong length", f'"vector" holds {len(values)} values; it must hold {len(parameters)}')
        numbers = [_number(value, parameter) for value, parameter in zip(values, parameters, strict=True)]
    else:
        numbers = [math.nan] * len(parameters)
        for path, value in values.items():
            place = known.places.get(path)
            if place is None:
                raise Refused("unknown path", lambda path=path: str(unknown("path", path[:_SHOWN], known.places)))  # type: ignore[misc]
            numbers[place] = _number(value, parameters[place])
    with np.errstate(over="ignore"):
        return np.array(numbers, np.float64).astype(np.float32)


def _number(value: Any, parameter: Parameter) -> float:
    """Return a value as it is sent; a choice may be given by its name."""
    if value is None:
        return math.nan
    if isinstance(value, str) and value in parameter.choices:
        return float(parameter.choices.index(value))
    if not _is_number(value):
        allowed = parameter.range_text
        raise Refused("wrong value", lambda: f"{parameter.name} = {_text(value)} is not a number; allowed: {allowed}")
    try:
        return float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return math.inf


def _check_hash(given: Mapping[str, Any], known: Vocabulary) -> None:
    """Refuse the hash of another space: neither that of the whole, nor that of the paths which the line names."""
    hash_, values = given["hash"], given.get("values")
    is_known = isinstance(values, dict) and values and values.keys() <= known.places.keys()
    if hash_ == known.hash or (is_known and hash_ == known.hash_of(tuple(values or ()))):
        return
    here = f"here it is '{known.hash}', {len(known.space)} parameters"
    raise Refused("another space", lambda: f"hash {_text(hash_)} is of another space; {here}")


# ---- commands


def _call(given: Mapping[str, Any], name: str, known: Vocabulary) -> Call:
    command, value = known.commands.get(name), given[name]
    if command is None:
        can = ", ".join(dict.fromkeys(command.name for command in known.commands.values()))
        raise Refused("no such act", f'"{name}" cannot be done here; what can: {can or "nothing"}')
    if not command.is_timed and len(given) > 1:
        raise Refused("wrong act", f'"{name}" stands alone in its line')
    is_right, right = _TAKES[command.argument]
    if not is_right(value, known):
        raise Refused("wrong act", f'"{name}" must be {right}')
    if command.argument is LAYER and value not in known.layers:
        raise Refused("unknown layer", lambda: str(unknown("layer", value[:_SHOWN], known.layers)))
    options = {option: read(given) for option, read in _OPTIONS.get(name, {}).items()}
    return Call(command, None if _is_nothing(command.argument, value) else value, options)


def _is_nothing(argument: Argument, value: Any) -> bool:
    """Whether a command is given no argument: true says so where something else could stand."""
    return argument is NOTHING or (argument is PATH and value is True)


def _clipped(given: Mapping[str, Any], parameter: Parameter) -> float:
    value = given.get(parameter.name, parameter.default)
    if not _is_number(value) or value != value:
        raise Refused("wrong act", lambda: f"{parameter.name} = {_text(value)} is not a number; allowed: {parameter.range_text}")
    return float(min(max(value, parameter.low), parameter.high))


def _said(given: Mapping[str, Any]) -> str:
    text = given.get("text")
    if not isinstance(text, str):
        raise Refused("wrong act", lambda: f'"say" goes with "text", what is to be said; it is {_text(text)}')
    return text


def _interrupts(given: Mapping[str, Any]) -> bool:
    flag = given.get("interrupt", False)
    if not isinstance(flag, bool):
        raise Refused("wrong act", '"interrupt" must be true or false')
    return flag


_OPTIONS: dict[str, dict[str, Callable[[Mapping[str, Any]], Any]]] = {
    "strike": {each.name: partial(_clipped, parameter=each) for each in (VELOCITY, NOTE_PARAMETERS["pitch"])},
    "say": {"text": _said, "interrupt": _interrupts},
}
"""What goes with a command beside its argument, and how it is read."""
_OPTION_NAMES = {option for options in _OPTIONS.values() for option in options}
_SEEDS = 1 << 63
_KNOWN = {"t", "hash", *_FRAMES, *_OPTION_NAMES, *OFFERED}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number_from_1(value: Any) -> bool:
    return _is_whole(value) and value >= 1


_TAKES: dict[Argument, tuple[Callable[[Any, Vocabulary], bool], str]] = {
    NOTHING: (lambda value, _: value is True, "true"),
    SWITCH: (lambda value, _: isinstance(value, bool), "true or false"),
    LAYER: (lambda value, _: isinstance(value, str), "the name of a layer"),
    SCENE: (lambda value, _: isinstance(value, str) or _is_number_from_1(value), "a name, or a number from 1"),
    PRESET: (lambda value, _: isinstance(value, str), "a name"),
    PATH: (
        lambda value, known: value is True or (isinstance(value, str) and (value in known.places or value in known.layers)),
        "a path, a layer, or true for all",
    ),
    STEP_DB: (lambda value, _: _is_number(value), "a number of dB"),
    LEVEL_DB: (lambda value, _: _is_number(value), "a number of dB"),
    SECONDS: (lambda value, _: _is_number(value) and 0 <= value < LONGEST_STAMP_S, "a number of seconds, 0 or more"),
    SEED: (lambda value, _: _is_whole(value) and abs(value) < _SEEDS, "a whole number of at most 63 bits"),
    AMOUNT: (lambda value, _: _is_number(value) and 0 <= value <= 1, "a number of 0 .. 1"),
}
"""What stands for each kind of argument, and how that is said."""
