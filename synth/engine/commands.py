"""What senders of frames may ask beside.  name, arguments -> the engine at once, or the session at its next turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from synth.control.commands import COMMANDS
from synth.control.rejections import Refused
from synth.engine.addresses import find, split
from synth.engine.engine import Engine
from synth.engine.layer import Layer, Note
from synth.parameters.errors import InputError, unknown
from synth.parameters.tables import TINGLE, VOLUME

_KEPT = 64  # of a layer's notes that nobody has released; older ones have long lost their voices
MUTE_S = 0.1
"""How long it takes to fade to silence, and back."""
Later = Callable[[str, Any], None]


def _do_later(later: Later, name: str, argument: Any = None, *, at: int | None = None) -> None:
    later(name, argument)  # at the session's next turn, whenever it was asked for


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
    later : told what a session does at its next turn: a command's name, and with what; None: there is no session.
    frame_of_now : returns the frame at which something that happens now takes effect, so that a hold lags by a constant and not
        by what is left of a block; None: the first frame not yet rendered.

    Attributes
    ----------
    effects : what does each command that can be done here.
    """

    def __init__(self, engine: Engine, later: Later | None = None, frame_of_now: Callable[[], int | None] = lambda: None) -> None:
        self._engine, self._frame_of_now = engine, frame_of_now
        self._notes: dict[Layer, deque[Note]] = {}
        self._lock = threading.Lock()
        self.effects: dict[str, Callable[..., object]] = {
            "strike": self.strike,
            "release": self.release,
            "say": self.say,
            "hush": self.hush,
            "panic": engine.panic,
            "freeze": engine.freeze,
            "hold": engine.hold,
            "tap": engine.tap,
            "pause": engine.pause,
            "release_override": self.release_override,
            "undo": engine.undo,
            "level": engine.turn,
            "volume": self.volume,
            "tingle": self.tingle,
        }
        if later:
            others = COMMANDS.keys() - self.effects.keys()
            self.effects |= {name: partial(_do_later, later, name) for name in others}

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

    def say(self, layer: str, text: str, interrupt: bool = False, *, at: int | None = None) -> None:
        """Have a layer say a text; see `Engine.speak`."""
        with self._lock:
            found = self._layer(layer)
        self._engine.speak(found, text, at, interrupt=interrupt)

    def hush(self, layer: str, *, at: int | None = None) -> None:
        """Let a layer say nothing more of what waits; see `Engine.hush`."""
        with self._lock:
            found = self._layer(layer)
        self._engine.hush(found, at)

    def release_override(self, path: str | None = None, *, at: int | None = None) -> None:
        """Let go of what a hand has taken: "LAYER.PARAMETER", "master.level_db", all of a layer by its name; None: everything."""
        strip, name = (None, None) if path is None else split(self._engine.layers, path)
        self._engine.release_override(strip, name, at)

    def volume(self, volume_db: float) -> None:
        """Set the listener's volume; raises `InputError` if it is out of range."""
        self._engine.set_master(volume_db=VOLUME.number(volume_db, "volume"))

    def tingle(self, amount: float, *, at: int | None = None) -> None:
        """Say how strongly it tingles, 0..1; without a frame it is stamped now. Raises `InputError` if it is out of range."""
        amount = TINGLE.number(amount, "tingle")
        self._engine.set_master(at=self._frame_of_now() if at is None else at, ramp_s=0, tingle=amount)

    def value(self, path: str) -> Any:
        """Return what "LAYER.PARAMETER" or "master.level_db" is now, a choice by its name; raises `InputError`."""
        address = find(self._engine.layers, path)
        return address.parameter.named(float(address.record(self._engine.state)["value"]))

    def _layer(self, name: str) -> Layer:
        """Return the layer of a name as it is now; forget notes of layers that are gone."""
        layers = {layer.name: layer for layer in self._engine.layers}
        self._notes = {layer: notes for layer, notes in self._notes.items() if layers.get(layer.name) is layer}
        if name not in layers:
            raise unknown("layer", name, layers)
        return layers[name]
