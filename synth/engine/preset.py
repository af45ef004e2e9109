"""A preset's content: what plays, where, how it changes, and what plays it.  layers + room + cues + scenes + bindings.

Plain data; `synth.preset.schema` checks it, `synth.preset.library` reads and writes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from synth.control.midi import mapping
from synth.engine.layer import slots_of
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER
from synth.parameters.tables import MASTER_PATHS
from synth.trigger import TRIGGERS


@dataclass(frozen=True)
class LayerSpec:
    """A layer of a preset: values in natural units, choices by name."""

    name: str
    trigger: str
    level_db: float = 0.0
    place: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    gesture: Mapping[str, Any] = field(default_factory=lambda: {"kind": "none"})
    motion: Mapping[str, Any] = field(default_factory=lambda: {"kind": "still"})
    sound: Mapping[str, Any] = field(default_factory=dict)
    """What a trigger that hears is given: `file` (its path) and `loop`, or `channel`, a live one from 1."""

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every path that can be set on this layer, in the order of the parameter vector."""
        slots = slots_of(TRIGGERS[self.trigger], self.gesture["kind"], self.motion["kind"])
        return {path: parameter for path, (_, parameter) in slots.items()}

    def value(self, path: str) -> Any:
        """Return the value that a path of this layer starts with."""
        part, _, name = path.rpartition(".")
        given = {**self.params, **self.place, "level_db": self.level_db} if not part else getattr(self, part)
        return given.get(name, self.parameters[path].default)


@dataclass(frozen=True)
class Cue:
    """A change at a time: `values` by path, from `at_s` on, over `over_s` (None: own smoothing), every `every_s` (0: once)."""

    at_s: float
    layer: str
    values: Mapping[str, Any]
    over_s: float | None = None
    every_s: float = 0.0

    def frames(self, start: int, stop: int, sample_rate: float) -> Iterator[int]:
        """Yield the frames, counted from the preset's start, at which it comes within start <= frame < stop."""
        count = max(0, math.floor((start / sample_rate - self.at_s) / self.every_s)) if self.every_s else 0
        while (frame := round((self.at_s + count * self.every_s) * sample_rate)) < stop:
            if frame >= start:
                yield frame
            if not self.every_s:
                return
            count += 1


@dataclass(frozen=True)
class Scene:
    """A state of a preset to go to.

    Attributes
    ----------
    name : what it is called.
    over_s : how long the morph takes; 0: each parameter's own smoothing. Choices switch when it begins.
    values : by layer (or "master") and path; what it does not name stays as it is.
    """

    name: str
    over_s: float
    values: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Preset:
    """Layers, where they are, what plays them and how they change; `name` is its file's or its trigger's."""

    name: str
    layers: tuple[LayerSpec, ...]
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    level_db: float = 0.0
    room: Mapping[str, float] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    scenes: tuple[Scene, ...] = ()
    midi: mapping.Mapping = field(default_factory=mapping.Mapping)

    @property
    def paths(self) -> dict[str, dict[str, Parameter]]:
        """All that can be moved, by layer (then the master) and path."""
        return {layer.name: layer.parameters for layer in self.layers} | {MASTER: MASTER_PATHS}
