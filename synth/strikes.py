"""Strikes from outside: who sends them knows layers by name and no notes.  name -> layer -> note, kept until it is released."""

from __future__ import annotations

import threading
from collections import deque

from synth.engine.engine import Engine, Note
from synth.engine.layer import Layer
from synth.errors import unknown

_KEPT = 64  # of a layer's notes that nobody has released; older ones have long lost their voices


class Strikes:
    """What is struck by name on an engine; from any thread.

    Parameters
    ----------
    engine : what is played.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._notes: dict[Layer, deque[Note]] = {}
        self._lock = threading.Lock()

    def strike(self, layer: str, velocity: float = 0.7, pitch: float = 0.0, at: int | None = None) -> None:
        """Start a note on a layer, as `Engine.strike` does.

        Raises
        ------
        InputError
            If there is no such layer, or a number is out of range.
        """
        with self._lock:
            found = self._layer(layer)
            self._notes.setdefault(found, deque(maxlen=_KEPT)).append(self._engine.strike(found, velocity, at, pitch))

    def release(self, layer: str, at: int | None = None) -> None:
        """End what was struck so on a layer; raises `InputError` if there is no such layer."""
        with self._lock:
            for note in self._notes.pop(self._layer(layer), ()):
                self._engine.release(note, at)

    def _layer(self, name: str) -> Layer:
        """Return the layer of a name as it is now; forget notes of layers that are gone."""
        layers = {layer.name: layer for layer in self._engine.layers}
        self._notes = {layer: notes for layer, notes in self._notes.items() if layers.get(layer.name) is layer}
        if name not in layers:
            raise unknown("layer", name, layers)
        return layers[name]
