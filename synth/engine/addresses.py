"""Addresses: what a path stands for in an engine.  layers, values -> path -> Target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from synth.control.stream.ring import MAX_VALUES
from synth.control.stream.target import Target
from synth.engine.layer import Layer
from synth.parameters.errors import InputError, unknown
from synth.parameters.paths import MASTER
from synth.parameters.tables import MASTER_PARAMETERS, MASTER_TARGETS


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
        Target(f"{layer.name}.{path}", layer.index, layer.generation, slot, parameter, values[layer.index][path])
        for layer in layers
        for path, (slot, parameter) in layer.slots.items()
    ]
    known += [
        Target(f"{MASTER}.{name}", -1, 0, slot, MASTER_PARAMETERS[slot], master[name]) for name, slot in MASTER_TARGETS.items()
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
