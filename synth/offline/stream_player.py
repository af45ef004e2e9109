"""The player of a stream: a file of frames and strikes, from preset to preset.  file -> stream into the layers; notes."""

from __future__ import annotations

import numpy as np

from synth.control.commands import LAYER
from synth.control.stream.stream import Stream
from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.io.files.frame_file import StreamFile


class StreamPlayer:
    """Lets a file drive what plays on an engine, offline: stamp 0 is the engine's frame 0.

    Parameters
    ----------
    engine : is driven.
    file : what its frames name and is not there is left out.
    """

    def __init__(self, engine: Engine, file: StreamFile) -> None:
        self._engine, self._file = engine, file
        self._stream: Stream | None = None

    def aim(self) -> None:
        """Drive the layers that there are now: at the beginning, and when another preset has been loaded."""
        if self._stream:
            self._stream.close()
        self._stream = self._drive()
        self._strike()

    def _drive(self) -> Stream | None:
        part = self._file.of({target.path for target in self._engine.targets(self._file.name)})
        if not part.paths or not len(part.times_s):
            return None
        first = max(0, int(np.searchsorted(part.times_s, self._engine.frame / self._engine.sample_rate)) - 1)
        stream = self._engine.stream(part.name, part.paths, rate_hz=self._file.rate_hz, delay_s=0, start=0)
        stream.push(part.values[first:], time_s=part.times_s[first:])
        return stream

    def _strike(self) -> None:
        """Schedule what is struck from here on, as far as its layers are there."""
        effects, names = EngineCommands(self._engine).effects, {layer.name for layer in self._engine.layers}
        for time_s, call in self._file.calls:
            frame = max(0, round(time_s * self._engine.sample_rate))
            if frame >= self._engine.frame and (call.command.argument is not LAYER or call.argument in names):
                call.do(effects, frame)
