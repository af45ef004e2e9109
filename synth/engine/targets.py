"""What streams can move: every number of an engine's layers, then the master's.  layers, values -> path -> Target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synth.control.stream_ring import MAX_VALUES
from synth.engine.layer import Layer
from synth.engine.master import MASTER_PARAMETERS
from synth.errors import InputError, unknown
from synth.parameter import Parameter

MASTER_TARGETS = {p.name: slot for slot, p in enumerate(MASTER_PARAMETERS) if p.name in ("level_db", "room_db")}
"""What streams, controllers and scenes can set on the whole, by its slot; fades and the guard of the ears are not for them."""


@dataclass(frozen=True)
class Target:
    """One number that a stream moves."""

    path: str
    layer: Layer | None
    slot: int
    parameter: Parameter
    home: float

    @property
    def row(self) -> tuple[Any, ...]:
        """The TARGET record."""
        index, generation = (self.layer.index, self.layer.generation) if self.layer else (-1, 0)
        return generation, index, self.slot, self.parameter.low, self.parameter.high, self.home, 0


def targets_of(
    layers: Iterable[Layer], values: Mapping[int, Mapping[str, float]], master: Mapping[str, float]
) -> dict[str, Target]:
    """Return all that can be moved by path, in the order of a vector.

    Parameters
    ----------
    layers : in their order.
    values : of each layer as it was made, by its index and path.
    master : the values of the whole, by name.
    """
    known = [
        Target(f"{layer.name}.{path}", layer, slot, parameter, values[layer.index][path])
        for layer in layers
        for path, (slot, parameter) in layer.slots.items()
    ]
    known += [
        Target(f"master.{name}", None, slot, MASTER_PARAMETERS[slot], master[name]) for name, slot in MASTER_TARGETS.items()
    ]
    return {target.path: target for target in known}


def chosen(known: Mapping[str, Target], paths: Sequence[str], where: str) -> list[Target]:
    """Return what paths stand for; raise `InputError` if one is not known or is there twice, or they are too many."""
    for path in paths:
        if path not in known:
            raise unknown("path", path, known, where)
    if not 0 < len(set(paths)) == len(paths) <= MAX_VALUES:
        raise InputError(f"{where} has {len(paths)} paths; allowed: 1 .. {MAX_VALUES}, each once")
    return [known[path] for path in paths]
