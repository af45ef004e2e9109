"""Requests: what whoever sends frames may ask beside.  name, arguments -> the engine at once, or the session at its next turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from synth.engine.engine import Engine, Note
from synth.engine.layer import Layer
from synth.errors import unknown

_REMEMBERED = 64  # notes of a layer that `release` ends
_MASTER = "master"


class Requests:
    """Plays an engine by the names of its layers; any thread may ask.

    Parameters
    ----------
    engine : is played.
    layers : returns its layers by name as they are now.
    later : told what the session does at its next turn: an action's name, and with what.
    """

    def __init__(
        self, engine: Engine, layers: Callable[[], Mapping[str, Layer]], later: Callable[[str, Any], None] = lambda _, __: None
    ) -> None:
        self._engine, self._layers = engine, layers
        self._notes: dict[Layer, deque[Note]] = {}
        self.table: dict[str, Callable[..., object]] = {
            "strike": self.strike,
            "release": self.release,
            "give_back": self.give_back,
            "panic": lambda: self._engine.panic(),
            "preset": lambda name: later("preset", str(name)),
            "scene": lambda which: later("scene", which),
        }
        """What can be asked, by name."""

    def strike(self, layer: str, velocity: float = 0.7, pitch: float = 0.0, *, at: int | None = None) -> None:
        """Start a note of a layer; see `Engine.strike`.

        Raises
        ------
        InputError
            If there is no such layer, or a number is out of range.
        """
        found = self._find(layer)
        note = self._engine.strike(found, velocity, at, pitch)
        for gone in [each for each in self._notes if each not in self._engine.layers]:
            del self._notes[gone]
        self._notes.setdefault(found, deque(maxlen=_REMEMBERED)).append(note)

    def release(self, layer: str, *, at: int | None = None) -> None:
        """End the notes of a layer that were struck here."""
        for note in self._notes.pop(self._find(layer), ()):
            self._engine.release(note, at)

    def give_back(self, path: str | None = None, *, at: int | None = None) -> None:
        """Let go of what a hand has taken: "LAYER.PARAMETER", "master.level_db", all of a layer by its name; None: everything."""
        if path is None:
            self._engine.give_back(at=at)
            return
        layers = self._layers()
        name = next((name for name in layers if path == name or path.startswith(f"{name}.")), None)
        if path.startswith(f"{_MASTER}."):
            self._engine.give_back(path=path.removeprefix(f"{_MASTER}."), at=at)
        elif name is None:
            raise unknown("layer", path, [*layers, _MASTER], "give_back")
        else:
            self._engine.give_back(layers[name], path[len(name) + 1 :] or None, at)

    def _find(self, name: str) -> Layer:
        layers = self._layers()
        if name not in layers:
            raise unknown("layer", name, layers)
        return layers[name]
