"""What senders of frames may ask beside.  name, arguments -> the engine at once, or the session at its next turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from synth.control.rejections import Refused
from synth.engine.engine import Engine, Note
from synth.engine.layer import Layer
from synth.parameters.errors import InputError, unknown
from synth.parameters.paths import MASTER, split_path
from synth.parameters.tables import MASTER_PARAMETERS

_KEPT = 64  # of a layer's notes that nobody has released; older ones have long lost their voices
Later = Callable[[str, Any], None]


@contextmanager
def refusals() -> Iterator[None]:
    """Make a refusal of whatever goes wrong in what is asked: the thread that asks outlives it.

    Raises
    ------
    Refused
        "refused": it cannot be done; "failed": it should have been possible.
    """
    try:
        yield
    except InputError as error:
        raise Refused("refused", str(error)) from None
    except Exception as error:
        raise Refused("failed", f"{type(error).__name__}: {error}") from None


class EngineCommands:
    """Plays an engine by the names of its layers; any thread may ask.

    Parameters
    ----------
    engine : is played.
    later : told what a session does at its next turn: an action's name, and with what; None: there is no session.

    Attributes
    ----------
    table : what can be asked, by name.
    """

    def __init__(self, engine: Engine, later: Later | None = None) -> None:
        self._engine = engine
        self._notes: dict[Layer, deque[Note]] = {}
        self._lock = threading.Lock()
        self.table: dict[str, Callable[..., object]] = {
            "strike": self.strike,
            "release": self.release,
            "pause": self._engine.pause,
            "release_override": self.release_override,
            "panic": self._engine.panic,
        }
        if later:
            self.table |= {name: partial(later, name) for name in ("preset", "scene")}

    def strike(self, layer: str, velocity: float = 0.7, pitch: float = 0.0, *, at: int | None = None) -> None:
        """Start a note of a layer; see `Engine.strike`.

        Raises
        ------
        InputError
            If there is no such layer, or a number is out of range.
        """
        with self._lock:
            found = self._layer(layer)
            self._notes.setdefault(found, deque(maxlen=_KEPT)).append(self._engine.strike(found, velocity, at, pitch))

    def release(self, layer: str, *, at: int | None = None) -> None:
        """End the notes of a layer that were struck here; raises `InputError` if there is no such layer."""
        with self._lock:
            for note in self._notes.pop(self._layer(layer), ()):
                self._engine.release(note, at)

    def release_override(self, path: str | None = None, *, at: int | None = None) -> None:
        """Let go of what a hand has taken: "LAYER.PARAMETER", "master.level_db", all of a layer by its name; None: everything."""
        if path is None:
            self._engine.release_override(at=at)
        elif path.startswith(f"{MASTER}."):
            self._engine.release_override(path=path.removeprefix(f"{MASTER}."), at=at)
        else:
            layer, rest = self._split(path)
            self._engine.release_override(layer, rest, at)

    def value(self, path: str) -> Any:
        """Return what "LAYER.PARAMETER" or "master.level_db" is now, a choice by its name; raises `InputError`."""
        if path.startswith(f"{MASTER}."):
            names = [parameter.name for parameter in MASTER_PARAMETERS]
            name = path.removeprefix(f"{MASTER}.")
            if name not in names:
                raise unknown("master parameter", name, names)
            return float(self._engine.state["master"][names.index(name)]["value"])
        layer, rest = self._split(path)
        layer.slot(rest or "")
        return self._engine.values(layer)[rest or ""]

    def _split(self, path: str) -> tuple[Layer, str | None]:
        """Return a path's layer, and what of it is meant; None: all."""
        layers = {layer.name: layer for layer in self._engine.layers}
        if path in layers:
            return layers[path], None
        split = split_path(path, layers)
        if split is None:
            raise unknown("layer", path, [*layers, MASTER])
        return layers[split[0]], split[1]

    def _layer(self, name: str) -> Layer:
        """Return the layer of a name as it is now; forget notes of layers that are gone."""
        layers = {layer.name: layer for layer in self._engine.layers}
        self._notes = {layer: notes for layer, notes in self._notes.items() if layers.get(layer.name) is layer}
        if name not in layers:
            raise unknown("layer", name, layers)
        return layers[name]
