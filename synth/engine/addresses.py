"""Addresses: what "LAYER.PATH" and "master.PATH" stand for in an engine.  layers, path -> Strip, slot, Parameter -> record.

A strip is what has numbers: a layer, or the master, which is looked at as one more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synth.control.stream.ring import MAX_VALUES
from synth.control.stream.target import Target
from synth.engine.kernels.event_record import ON_MASTER
from synth.engine.layer import Layer
from synth.engine.unknown_paths import unknown_path
from synth.parameters.errors import InputError, unknown
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER, split_path
from synth.parameters.tables import MASTER_PARAMETERS, MASTER_TARGETS


class Master:
    """The master as a strip: it has an index and slots as a layer has."""

    index, generation, name, where = ON_MASTER, 0, MASTER, MASTER
    slots: Mapping[str, tuple[int, Parameter]] = {p.name: (slot, p) for slot, p in enumerate(MASTER_PARAMETERS)}

    def slot(self, path: str) -> tuple[int, Parameter]:
        """Return the slot and the parameter of a path, or raise `InputError` with the nearest path."""
        if path not in self.slots:
            raise unknown("master parameter", path, self.slots)
        return self.slots[path]


THE_MASTER = Master()
Strip = Layer | Master


def strips_of(layers: Iterable[Layer]) -> dict[str, Strip]:
    """Return all that has numbers, by name: the layers in their order, then the master."""
    return {layer.name: layer for layer in layers} | {MASTER: THE_MASTER}


@dataclass(frozen=True)
class Address:
    """One number of an engine: whose, which of its slots, and what it may be."""

    strip: Strip
    slot: int
    parameter: Parameter

    def record(self, state: Any) -> Any:
        """Return its SMOOTH record in an engine's state: `value` now, `target` where it goes."""
        is_masters = self.strip is THE_MASTER
        return (state["master"] if is_masters else state["layers"][self.strip.index]["slots"])[self.slot]


def split(layers: Iterable[Layer], path: str) -> tuple[Strip, str | None]:
    """Return whose a path is, and which of its numbers it names; None: a strip's name alone, so all of them.

    Raises
    ------
    InputError
        If there is no such layer.
    """
    strips = strips_of(layers)
    if path in strips:
        return strips[path], None
    found = split_path(path, strips)
    if found is None:
        raise unknown("layer", path, strips)
    return strips[found[0]], found[1]


def find(layers: Iterable[Layer], path: str) -> Address:
    """Return the number that a path names.

    Raises
    ------
    InputError
        If there is no such layer or parameter.
    """
    strip, name = split(layers, path)
    return Address(strip, *strip.slot(name or ""))


# ---- what a stream moves


def targets_of(layers: Iterable[Layer], preset_values: Mapping[int, Mapping[str, float]]) -> dict[str, Target]:
    """Return all that can be moved by path, in the order of a vector.

    Parameters
    ----------
    layers : in their order.
    preset_values : of each strip as it was made, by its index and path.
    """
    return {
        f"{name}.{path}": Target(
            f"{name}.{path}", strip.index, strip.generation, slot, parameter, preset_values[strip.index][path]
        )
        for name, strip in strips_of(layers).items()
        for path, (slot, parameter) in strip.slots.items()
        if strip is not THE_MASTER or path in MASTER_TARGETS
    }


def chosen(known: Mapping[str, Target], paths: Sequence[str], where: str) -> list[Target]:
    """Return what paths stand for; raise `InputError` if one is not known or is there twice, or they are too many."""
    for path in paths:
        if path not in known:
            raise unknown_path(path, known, where, "path")
    if not 0 < len(set(paths)) == len(paths) <= MAX_VALUES:
        raise InputError(f"{where} has {len(paths)} paths; allowed: 1 .. {MAX_VALUES}, each once")
    return [known[path] for path in paths]
