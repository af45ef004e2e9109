"""The renderer: an engine's memory at work.  events -> queue -> ring -> `process` -> (frames, 2); responses -> event log.

What the events mean is the affair of its face, `Engine`.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import hrtf
from synth.control.frame_numbers import NEVER, frame_of
from synth.control.midi.packets import PORTS
from synth.engine import compiling
from synth.engine.arena import Snapshot
from synth.engine.arguments import count_of
from synth.engine.change_history import ChangeHistory
from synth.engine.cues import Cues
from synth.engine.engine_state import EngineState
from synth.engine.event import Event
from synth.engine.event_log import EventLog, applied
from synth.engine.event_queue import EventQueue
from synth.engine.forks import tell_after_fork
from synth.engine.kernels import events
from synth.engine.kernels.event_record import ASKED, REMOVE
from synth.engine.kernels.quantum import process
from synth.engine.layer import Layer
from synth.engine.locks import locked
from synth.parameters.errors import InputError
from synth.rt.units import QUANTUM

_CHUNK_FRAMES = 1 << 16
_LOGGED_FRAMES = 16 * QUANTUM  # rendered at once while events are logged, so that the ring of responses never fills
_CUES_AHEAD_S = 2.0  # live
_EVENTS_AHEAD_S = 0.5  # live, handed over so early: longer than Python may be busy, and not so much that they fill the heap


class Renderer(EngineState):
    """What renders an engine's quanta, offline or handed to an audio thread; the arguments are those of `Engine`."""

    def __init__(
        self, sample_rate: float = 48000, ears: str | Path | hrtf.Ears = "ku100", seed: int = 0, arena_bytes: int = 1 << 27
    ) -> None:
        super().__init__(sample_rate, ears, seed, arena_bytes)
        self._event_queue = EventQueue(self._state)
        self._cues = Cues((), 0, self.sample_rate)
        self._event_log: EventLog | None = None
        self._asked: list[tuple[int, int, int]] = []
        self._changes = ChangeHistory(self.sample_rate)
        self._ids, self._map_numbers = itertools.count(1), itertools.count(1)
        self._is_live = self._is_elsewhere = self._is_ready = False
        self._renew_locks()
        tell_after_fork(self)

    def _renew_locks(self) -> None:
        self._lock = threading.RLock()  # layers come and go by more than one thread
        self._rendering = threading.Lock()  # held by whoever renders: one thread, or a sound device while it plays
        self._ports = [threading.Lock() for _ in range(PORTS)]

    def after_fork(self) -> None:
        """Be of use in a child process, if nothing there was half done, and nothing is shared."""
        self._is_elsewhere |= self._rendering.locked() or self._streams.are_shared
        self._renew_locks()
        self._event_queue.renew_lock()
        for stream in self._streams.streams:
            stream.renew_lock()

    def _check_process(self) -> None:
        if self._is_elsewhere:
            raise InputError("this engine is at work in the process from which this one was forked; make one here")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep everybody else from what sounds, or raise `InputError` if somebody is at it."""
        self._check_process()
        if not self._rendering.acquire(blocking=False):
            raise InputError(self._who_renders)
        try:
            yield
        finally:
            self._rendering.release()

    @property
    def _who_renders(self) -> str:
        if self._is_live:
            return "the engine is playing live: its samples go to the sound device, and to one only; make another engine"
        return "another thread renders this engine: one thread at a time can; make an engine for each"

    # ---- layers and events, as they are sent

    def install(self, layer: Layer, values: dict[str, float], first_voice: int | None = None) -> None:
        """Write a layer into the engine's memory, as `add` does and a take does again; it is there from its ADD event on."""
        self._keep(layer, values, self._arena.fill(layer, values, self.seed, first_voice))

    def install_all(self, made: Sequence[tuple[Layer, dict[str, float]]]) -> None:
        """Write several layers into the engine's memory, or, if one of them fails, none."""
        first_voices: list[int] = []
        try:
            for layer, values in made:
                first_voices.append(self._arena.fill(layer, values, self.seed))
        except BaseException:
            for (layer, _), _ in zip(made, first_voices, strict=False):
                self._arena.free(layer.index)
            raise
        for (layer, values), first in zip(made, first_voices, strict=True):
            self._keep(layer, values, first)

    def _keep(self, layer: Layer, values: dict[str, float], first_voice: int) -> None:
        self._layers[layer.index], self._values[layer.index] = layer, values
        if self._event_log:
            self._event_log.layer(layer, values, first_voice)

    def _send(self, *happen: Event, at: int | None = None) -> None:
        self._check_process()
        frame = frame_of(at)
        self._event_queue.send(*(event._replace(frame=frame) for event in happen))
        if self._is_live:
            self._event_queue.deliver(self._ahead)

    @property
    def _ahead(self) -> int:
        """The frame up to which events are handed over while live."""
        return self.frame + round(_EVENTS_AHEAD_S * self.sample_rate)

    def _check(self, layer: Layer) -> None:
        if self._layers.get(layer.index) is not layer or layer.index in self._leaving:
            raise InputError(f"layer '{layer.name}' is not part of this engine (any more)")

    def send_again(self, event: Any) -> None:
        """Send an EVENT record that a take kept."""
        again = Event(*event.item())
        layer = self._layers.get(again.layer)
        if again.kind == REMOVE and layer and layer.generation == again.generation:
            self._leaving.add(layer.index)
        self._event_queue.send(again)

    def process(self, frames: int, live_input: npt.NDArray[np.float32] | None = None) -> npt.NDArray[np.float32]:
        """Render the next frames; any number at a time gives the same samples.

        Parameters
        ----------
        frames : how many, 0 or more.
        live_input : (frames, channels) float32, what layers with a live input hear, 64 frames later; None: silence.

        Returns
        -------
        (frames, 2) float32, left and right ear, no sample beyond -1 dBFS.

        Raises
        ------
        InputError
            If an argument is wrong, another thread renders this engine, or it plays live.
        """
        frames = count_of(frames)
        if not self._is_ready:
            compiling.ready(())
            self._is_ready = True
        coming = np.zeros((0, 1), np.float32) if live_input is None else np.ascontiguousarray(live_input, np.float32)
        if live_input is not None and (coming.ndim != 2 or len(coming) != frames):
            raise InputError(f"live_input has the shape {np.shape(live_input)}; it must be ({frames}, channels)")
        out = np.empty((frames, 2), np.float32)
        with self._alone():
            self._render(out, coming)
        return out

    def _render(self, out: npt.NDArray[np.float32], coming: npt.NDArray[np.float32]) -> None:
        frames, done = len(out), 0
        longest = _LOGGED_FRAMES if self._event_log else _CHUNK_FRAMES // 2
        while done < frames:
            with self._lock:
                self._send_cues(self.frame + _CHUNK_FRAMES)
                is_behind = self._deliver(self.frame + _CHUNK_FRAMES)
                next_frame = self._streams.deliver(self.frame + _CHUNK_FRAMES) // QUANTUM * QUANTUM
            count = min(frames - done, QUANTUM if is_behind else longest, max(QUANTUM, next_frame - self.frame))
            at = coming.ctypes.data + done * coming.strides[0] if len(coming) else 0
            process(*self._addresses, at, coming.shape[1], out.ctypes.data + done * out.strides[0], count)
            done += count
            self.attend()

    def _send_cues(self, stop: int) -> None:
        """Send what is to happen before frame `stop` and is not sent yet: the face knows it."""

    def _deliver(self, stop: int) -> bool:
        """Hand over what is due before frame `stop`; whether some of it still waits because the heap is full."""
        self._event_queue.deliver(stop)
        while self._event_queue.next_frame < stop and events.take_in(self._state.ctypes.data):
            self._event_queue.deliver(stop)
        return self._event_queue.next_frame < stop

    def check_idle(self) -> None:
        """Raise `InputError` if the engine plays live, or a thread renders it."""
        with self._alone():
            pass

    def go_live(self) -> tuple[int, int]:
        """Hand the engine to an audio thread: events go to it at once; returns the addresses of its state and tables.

        Raises
        ------
        InputError
            If it plays already: then whoever plays it is to take it back, nobody else.
        """
        self._check_process()
        if not self._rendering.acquire(blocking=False):
            raise InputError(self._who_renders)
        with self._lock:
            self._is_live = True
            self._streams.go_live(True)
            self.attend()
        return self._addresses

    def leave_live(self) -> None:
        """Take the engine back, after the audio thread has ended."""
        with self._lock:
            self._is_live = False
            self._streams.go_live(False)
        self._rendering.release()

    # ---- snapshots

    @locked
    def snapshot(self) -> Snapshot:
        """Return a copy of everything that sounds; events not yet handed over are not part of it.

        Raises
        ------
        InputError
            If the engine plays live, or another thread renders it.
        """
        with self._alone():
            return self._arena.snapshot()

    @locked
    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of this engine, taken with the layers it has now.

        Raises
        ------
        InputError
            If it was taken with other layers, the engine plays live, or another thread renders it.
        """
        with self._alone():
            self._arena.restore(snapshot, {index: layer.generation for index, layer in self._layers.items()})

    @locked
    def attend(self) -> None:
        """Hand over events that had no room before, take in what the quantum answered; to be called every few ms while live."""
        if self._is_live:
            self._send_cues(self.frame + round(_CUES_AHEAD_S * self.sample_rate))
            self._event_queue.deliver(self._ahead)
            self._streams.deliver(NEVER)
        responses = self._take_responses()
        if len(responses):
            asked = responses[responses["kind"] == ASKED]
            self._asked += zip(asked["note"].tolist(), asked["binding"].tolist(), asked["number"].tolist(), strict=True)
            self._changes.take_in(responses)
            self.holds.take_in(responses)
            if self._event_log:
                self._event_log.events(applied(responses))
        for number, acts in self._streams.attend(self.frame):
            if self._event_log:
                self._event_log.acts(number, acts)
        for index in [index for index in self._leaving if self._arena.has_ended(index)]:
            self._event_queue.forget(index, self._layers.pop(index).generation)
            self._arena.free(index)
            self._leaving.remove(index)
            del self._values[index]

    @locked
    def record_to(self, event_log: EventLog | None) -> None:
        """Tell a log all that this engine is told, so that it can be done again; before the first frame only. None: no more.

        Raises
        ------
        InputError
            If frames were rendered already: their events are gone.
        """
        if event_log is None:
            self._event_log = None
            return
        if self.frame or self._is_live:
            raise InputError(f"frame {self.frame}: a take begins with frame 0; record an engine that has not played yet")
        self._event_log = event_log
        self._state["report_applied"] = 1
        for index, layer in self._layers.items():
            event_log.layer(layer, self._values[index], int(self._state["layers"][0][index]["first_voice"]))
        for stream in self._streams.streams:
            event_log.stream(stream.definition)
