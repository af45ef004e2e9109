"""The recorder: what the audio thread played and heard, into files.  tapes, event log -> recording, take.

Runs in the session's own thread. A file that cannot be written any more ends; playing goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from synth.engine.engine import Engine
from synth.io.audio.tape import TapeReader
from synth.io.files.wav_recorder import Recording
from synth.parameters.errors import InputError
from synth.rt.records import Samples
from synth.take.writer import TakeWriter


class Recorder:
    """Writes a recording, a take, or both, while an engine plays.

    Parameters
    ----------
    engine : one that has not played yet, if there is a take.
    live : (1,) LIVE record; its tapes are set up here.
    audio, take : new files; None: not this one.
    inputs : channels of live input.
    problem : told of what goes wrong, in one line.

    Raises
    ------
    InputError
        If a file cannot be made.
    """

    def __init__(
        self,
        engine: Engine,
        live: npt.NDArray[np.void],
        audio: Path | None,
        take: Path | None,
        inputs: int,
        problem: Callable[[str], None],
    ) -> None:
        self._engine, self._live, self._problem = engine, live, problem
        self._unanswered = 0
        self._skip = engine.latency_frames  # so that frame 0 of the file is the first frame of the performance
        self._frames = 0
        self.name = str(audio or take)
        self._recording = Recording(audio, engine.sample_rate) if audio else None
        self.take = TakeWriter(take, engine, inputs) if take else None
        self._played = TapeReader(live["played"], 2) if audio else None
        self._heard = TapeReader(live["heard"], inputs) if take and inputs else None

    @property
    def frames(self) -> int:
        """Frames in the recording."""
        return self._recording.frames if self._recording else max(0, self._frames - self._skip)

    def tick(self) -> None:
        """Write what has come since the last time; the engine must have been attended to just before."""
        unanswered = self._engine.counters["dropped_responses"] + self._engine.counters["dropped_acts"]
        if self.take and unanswered > self._unanswered:
            self._problem(f"the take lacks {unanswered - self._unanswered} events: the computer was too busy; a replay differs")
        self._unanswered = unanswered
        heard = read_whole(self._heard, self._problem, "live input") if self.take and self._heard else None
        self._frames = int(self._live["frames"][0])
        if self.take:
            try:
                self.take.flush(self._frames, heard)
            except InputError as error:
                self._problem(f"the take ends here: {error}")
                self._end_take()
        if self._recording and self._played:
            played = read_whole(self._played, self._problem, "the recording")
            skipped = min(self._skip, len(played))
            self._skip -= skipped
            try:
                self._recording.write(played[skipped:])
            except InputError as error:
                self._problem(f"the recording ends here: {error}")
                self._recording = None  # its tape stays: the audio thread writes it as long as there is one

    def close(self) -> None:
        """End the files, after the audio thread has ended."""
        self.tick()
        self._end_take()
        if self._recording:
            try:
                self._recording.close()
            except InputError as error:
                self._problem(str(error))

    def _end_take(self) -> None:
        """Close the take, if there is one; the engine tells it nothing more."""
        take, self.take = self.take, None
        if take:
            try:
                take.close()
            except InputError as error:
                self._problem(str(error))


def read_whole(reader: TapeReader, tell: Callable[[str], None], what: str) -> Samples:
    """Return what is new on a tape, silence for what was missed, which `tell` is told."""
    block, missed = reader.read()
    if missed:
        tell(f"{what} lost {missed} frames: the computer was too busy; they are silent")
        block = np.concatenate([np.zeros((missed, block.shape[1]), np.float32), block])
    return block
