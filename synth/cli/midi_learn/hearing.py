"""What is heard during a lesson: the preset, played by what is learnt so far.  bytes -> engine -> sound device."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from synth.control.midi.mapping import Mapping
from synth.engine.preset import Preset
from synth.parameters.errors import InputError

if TYPE_CHECKING:
    from synth.engine.engine import Engine
    from synth.engine.layer import Layer


class Hearing:
    """Plays a preset while its `with` block runs; without a sound device the lesson is silent, and says so.

    Parameters
    ----------
    preset : what is played.
    device : see `Live`.
    notify : told why there is no sound.
    """

    def __init__(self, preset: Preset, device: str | int | None, notify: Callable[[str], None]) -> None:
        self._preset, self._device, self._notify = preset, device, notify
        self._stack = ExitStack()
        self._names: dict[int, str] = {}
        self._mapping = preset.midi
        self._engine: Engine | None = None
        self._layers: dict[str, Layer] = {}
        self._lock = threading.Lock()  # ports come in another thread than the one that learns

    def __enter__(self) -> Hearing:
        from synth.engine.engine import Engine
        from synth.live.live import Live
        from synth.live.volume import Volume
        from synth.preset.inputs import inputs_of

        engine = Engine()
        Volume(engine)
        try:
            self._stack.enter_context(Live(engine, self._device))
            self._layers = engine.load(self._preset, inputs=inputs_of(self._preset, engine.sample_rate))
        except InputError as error:
            self._stack.close()
            self._notify(f"nothing will be heard: {error}")
        else:
            self._engine = engine
            self.play_by(self._mapping)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._engine = None
        self._stack.close()

    def came(self, port: int, name: str) -> None:
        """Take note of a port: bindings may name it."""
        self._names[port] = name
        self.play_by(self._mapping)

    def take(self, port: int, data: bytes) -> None:
        """Play what came from a port."""
        if self._engine is not None:
            self._engine.push_midi(port, data)

    def play_by(self, mapping: Mapping) -> None:
        """Let keys and knobs do what was learnt so far."""
        from synth.engine.midi_map import MidiMap

        with self._lock:
            self._mapping = mapping
            if self._engine is not None:
                MidiMap(self._engine, mapping, self._layers, self._names)
