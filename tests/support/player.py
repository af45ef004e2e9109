"""A performer for tests: an engine with layers, a mapping plugged into it, and bytes sent to its ports.

bytes at frames -> engine -> samples, numbers, held notes
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from synth.control.midi.mapping import ControlBinding, Mapping, NoteBinding, Source
from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.engine.kernels.event_record import MIDI_NOTE
from synth.engine.midi_map import MidiMap

RATE = 48000
PORTS = {0: "pads", 1: "keys"}
KEYS = Mapping(notes=(NoteBinding(Source("note"), "bowl", 60),))
"""Every key plays a bowl."""


class Player:
    """An engine whose layers are named after their triggers, a quantum after they came, with a mapping."""

    def __init__(self, mapping: Mapping = KEYS, layers: Iterable[str] = ("bowl",), **made: Any) -> None:
        self.engine = Engine(RATE, seed=7)
        self.layers = {name: self.engine.add(name, **made) for name in layers}
        self.bay = MidiMap(self.engine, mapping, self.layers, PORTS)
        self.engine.process(64)

    def send(self, *data: int, at: int | None = None, port: int = 0) -> None:
        self.engine.push_midi(port, bytes(data), at)

    def after(self, *data: int, port: int = 0) -> None:
        """Send bytes now and play the quantum in which they act."""
        self.send(*data, port=port)
        self.engine.process(64)

    def target(self, layer: str, path: str) -> float:
        """Return where a layer's number is going."""
        found = self.layers[layer]
        return float(self.engine.state["layers"][found.index]["slots"][found.slot(path)[0]]["target"])

    def held(self) -> list[int]:
        """Return the keys' notes whose gates are open."""
        voices = self.engine.state["voices"]
        is_held = (voices["life"] != state.IDLE) & (voices["gate"] > 0) & (voices["note"] >= MIDI_NOTE)
        return sorted(voices["note"][is_held].tolist())

    def keys(self) -> list[int]:
        """Return the keys whose notes are held, on whatever port and channel."""
        return [note & 127 for note in self.held()]

    def own(self, field: int) -> list[float]:
        """Return a number of each held note: where its pitch, bend, pressure or timbre is going."""
        voices = self.engine.state["voices"]
        is_held = (voices["life"] != state.IDLE) & (voices["gate"] > 0)
        return [float(voice["own"][field]["target"]) for voice in voices[is_held]]


def knob(number: int, path: str, low: float, high: float, layer: str = "bowl", **options: Any) -> ControlBinding:
    """Return a controller that moves a number."""
    return ControlBinding(Source("cc", number, number), layer, path, low, high, **options)


def blocks(total: int, seed: int) -> list[int]:
    """Return random block sizes of so many frames together."""
    rng, sizes = np.random.default_rng(seed), []
    while sum(sizes) < total:
        sizes.append(int(min(rng.choice([0, 1, 17, 63, 64, 65, 100, 256, 441, 1024]), total - sum(sizes))))
    return sizes
