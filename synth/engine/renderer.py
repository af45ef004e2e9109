"""The renderer: an engine's memory at work.  events -> outbox -> ring -> `process` -> (frames, 2); responses -> journal.

What the events mean is the affair of its face, `Engine`.
"""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

import hrtf
from hrtf.kernels.records import RATES_HZ
from synth.control.frame_numbers import NEVER, frame_of
from synth.control.stream.stream import Stream
from synth.dsp import limiter
from synth.engine.arena import Arena
from synth.engine.arguments import count_of
from synth.engine.change_history import ChangeHistory
from synth.engine.cues import Cues
from synth.engine.event_log import EventLog, applied
from synth.engine.event_queue import EventQueue
from synth.engine.kernels import events
from synth.engine.kernels.meters import ROWS
from synth.engine.kernels.quantum import process
from synth.engine.kernels.state import ASKED, REMOVE, RING
from synth.engine.layer import Layer
from synth.parameters.errors import InputError
from synth.parameters.tables import MASTER_PARAMETERS
from synth.rt.units import QUANTUM

F = TypeVar("F", bound=Callable[..., Any])
SAMPLE_RATES = RATES_HZ
_CHUNK_FRAMES = 1 << 16
_JOURNAL_FRAMES = 16 * QUANTUM  # rendered at once while a journal is kept, so that its ring never fills
_CUES_AHEAD_S = 2.0  # live


def locked(method: F) -> F:
    """Let one thread at a time change what layers there are."""

    @functools.wraps(method)
    def call(self: Renderer, *arguments: Any, **named: Any) -> Any:
        with self._lock:
            return method(self, *arguments, **named)

    return cast(F, call)


class Renderer:
    """What renders an engine's quanta, offline or handed to an audio thread; the arguments are those of `Engine`."""

    def __init__(
        self, sample_rate: float = 48000, ears: str | hrtf.Ears = "ku100", seed: int = 0, arena_bytes: int = 1 << 27
    ) -> None:
        if not SAMPLE_RATES[0] <= sample_rate <= SAMPLE_RATES[1]:
            raise InputError(f"sample_rate = {sample_rate!r} is out of range; allowed: {SAMPLE_RATES[0]} .. {SAMPLE_RATES[1]} hz")
        self.sample_rate = float(sample_rate)
        self.seed = int(seed)
        self.ears = hrtf.load(ears) if isinstance(ears, str) else ears
        self._arena = Arena(arena_bytes, self.sample_rate, self.ears)
        self._state = self._arena.state
        self._event_queue = EventQueue(self._state)
        self._layers: dict[int, Layer] = {}
        self._leaving: set[int] = set()  # indices of layers that were removed and still fade
        self._values: dict[int, dict[str, float]] = {}  # of each layer as it was made
        self._cues = Cues((), 0, self.sample_rate)
        self._event_log: EventLog | None = None
        self._asked: list[tuple[int, int]] = []
        self._changes = ChangeHistory(self.sample_rate)
        self._streams: dict[int, Stream] = {}
        self._dropped_acts = 0  # of streams that have ended
        self._ended_streams: list[tuple[int, Stream]] = []  # with the frame since which the quantum does not look at them
        self._master_preset_values = {p.name: p.default_number for p in MASTER_PARAMETERS}
        self._ids = itertools.count(1)
        self._is_live = False
        self._lock = threading.RLock()  # layers come and go by more than one thread

    # ---- what can be read

    @property
    def frame(self) -> int:
        """The first frame not yet rendered: a multiple of 64."""
        return int(self._state["frame"][0])

    @property
    def frames_out(self) -> int:
        """How many frames were handed out: `frame`, less what is left of a quantum rendered ahead."""
        return self.frame - (QUANTUM - int(self._state["handed"][0]))

    @property
    def latency_frames(self) -> int:
        """Frames from an event's frame to its sound: limiter look-ahead and the ears' base delay. Constant."""
        return limiter.LATENCY + int(self._state["dry_delay"][0])

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, in the order in which they were added."""
        return tuple(layer for layer in self._layers.values() if layer.index not in self._leaving)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams that the quantum listens to."""
        return tuple(self._streams.values())

    @property
    def counters(self) -> dict[str, int]:
        """What has happened so far, and what sounds now."""
        names = (
            "late",
            "dropped_events",
            "dropped_responses",
            "dropped_strikes",
            "stolen",
            "muted",
            "scrubbed",
            "sounding",
            "emitting",
        )
        dropped_acts = self._dropped_acts + sum(stream.dropped_acts for stream in self._streams.values())
        return {name: int(self._state[name][0]) for name in names} | {"dropped_acts": dropped_acts}

    @property
    def cycles(self) -> dict[str, int]:
        """Processor cycles spent so far on each part of a quantum."""
        parts = ("control", "kernels", "emitters", "ears", "master")
        return dict(zip(parts, self._state["cycles"][0].tolist(), strict=True))

    @property
    def state(self) -> Any:
        """The engine's record, to be read only: it changes while it is looked at."""
        return self._state[0]

    def values(self, layer: Layer) -> dict[str, Any]:
        """Return what each of a layer's numbers is now, by path; choices by name."""
        slots = self._state["layers"][0][layer.index]["slots"]
        now = {path: (parameter, float(slots[slot]["value"])) for path, (slot, parameter) in layer.slots.items()}
        return {path: p.choices[round(value)] if p.choices else value for path, (p, value) in now.items()}

    @property
    def meters(self) -> npt.NDArray[np.void]:
        """The METER_ROW records of the last 13 seconds, one every 50 ms, the newest last."""
        meters = self._state["meters"][0]
        written = int(meters["written"])
        rows: npt.NDArray[np.void] = meters["rows"][np.arange(max(0, written - ROWS + 1), written) % ROWS]
        return rows

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

    def _send(
        self, kind: int, layer: Layer | None = None, note: int = 0, *, at: int | None = None, index: int = 0, **what: Any
    ) -> None:
        index, generation = (layer.index, layer.generation) if layer else (index, 0)
        self._event_queue.send(kind, index, generation, note, frame=frame_of(at), **what)
        if self._is_live:
            self._event_queue.deliver()

    def send_again(self, event: Any) -> None:
        """Send an EVENT record that a journal kept."""
        fields = {name: event[name].item() for name in event.dtype.names if name not in ("sequence", "frame")}
        layer = self._layers.get(fields["layer"])
        if event["kind"] == REMOVE and layer and layer.generation == fields["generation"]:
            self._leaving.add(layer.index)
        self._event_queue.send(frame=int(event["frame"]), **fields)

    def process(self, frames: int, live_input: npt.NDArray[np.float32] | None = None) -> npt.NDArray[np.float32]:
        """Render the next frames; any number at a time gives the same samples.

        Parameters
        ----------
        frames : how many, 0 or more.
        live_input : (frames, channels) float32, what layers with a live input hear, 64 frames later; None: silence.

        Returns
        -------
        (frames, 2) float32, left and right ear, no sample beyond -1 dBFS.
        """
        frames = count_of(frames)
        if self._is_live:
            raise InputError("the engine is playing live: its samples go to the sound device")
        coming = np.zeros((0, 1), np.float32) if live_input is None else np.ascontiguousarray(live_input, np.float32)
        if live_input is not None and (coming.ndim != 2 or len(coming) != frames):
            raise InputError(f"live_input has the shape {np.shape(live_input)}; it must be ({frames}, channels)")
        out, done = np.empty((frames, 2), np.float32), 0
        longest = _JOURNAL_FRAMES if self._event_log else _CHUNK_FRAMES // 2
        while done < frames:
            self._send_cues(self.frame + _CHUNK_FRAMES)
            is_behind = self._deliver(self.frame + _CHUNK_FRAMES)
            next_frame = self._deliver_streams(self.frame + _CHUNK_FRAMES) // QUANTUM * QUANTUM
            count = min(frames - done, QUANTUM if is_behind else longest, max(QUANTUM, next_frame - self.frame))
            at = coming.ctypes.data + done * coming.strides[0] if len(coming) else 0
            process(*self._addresses, at, coming.shape[1], out.ctypes.data + done * out.strides[0], count)
            done += count
            self.attend()
        return out

    def _send_cues(self, stop: int) -> None:
        """Send what is to happen before frame `stop` and is not sent yet: the face knows it."""

    def _deliver_streams(self, stop: int) -> int:
        """Hand over frames that act before frame `stop`; return the frame of the first for which there was no room yet."""
        return min((stream.deliver(stop) for stream in self._streams.values()), default=NEVER)

    def _attend_streams(self) -> None:
        """Tell the journal what streams did; forget those that the quantum has let go."""
        for index, stream in list(self._streams.items()):
            acts, has_ended = stream.acts(), stream.has_ended
            if self._event_log and len(acts):
                self._event_log.acts(stream.definition.number, acts)
            if has_ended:
                self._arena.tables["streams"][0][index] = 0
                self._dropped_acts += stream.dropped_acts
                self._ended_streams.append((self.frame, self._streams.pop(index)))
        if self._ended_streams:
            self._ended_streams = [one for one in self._ended_streams if self._is_live and self.frame <= one[0] + QUANTUM]

    def _deliver(self, stop: int) -> bool:
        """Hand over what is due before frame `stop`; whether some of it still waits because the heap is full."""
        self._event_queue.deliver(stop)
        while self._event_queue.next_frame < stop and events.take_in(self._state.ctypes.data):
            self._event_queue.deliver(stop)
        return self._event_queue.next_frame < stop

    @property
    def midi_address(self) -> int:
        """Of the MIDI_RING records, one a port, for `push_midi`."""
        return int(self._state["midi"].ctypes.data)

    @property
    def _addresses(self) -> tuple[int, int]:
        return self._state.ctypes.data, self._arena.tables.ctypes.data

    def go_live(self) -> tuple[int, int]:
        """Hand the engine to an audio thread: events go to it at once; returns the addresses of its state and tables."""
        self._is_live = True
        for stream in self._streams.values():
            stream.go_live(True)
        self.attend()
        return self._addresses

    def leave_live(self) -> None:
        """Take the engine back, after the audio thread has ended."""
        self._is_live = False
        for stream in self._streams.values():
            stream.go_live(False)

    @locked
    def attend(self) -> None:
        """Hand over events that had no room before, take in what the quantum answered; to be called every few ms while live."""
        if self._is_live:
            self._send_cues(self.frame + round(_CUES_AHEAD_S * self.sample_rate))
            self._event_queue.deliver()
            self._deliver_streams(NEVER)
        responses = self._take_responses()
        if len(responses):
            asked = responses["event"][responses["kind"] == ASKED]
            self._asked += [(int(event["slot"]), int(event["value"])) for event in asked]
            self._changes.take_in(responses)
            if self._event_log:
                self._event_log.events(applied(responses))
        self._attend_streams()
        for index in [index for index in self._leaving if self._arena.has_ended(index)]:
            self._event_queue.forget(index, self._layers.pop(index).generation)
            self._arena.free(index)
            self._leaving.remove(index)
            del self._values[index]

    def _take_responses(self) -> npt.NDArray[np.void]:
        """Return a copy of what is in the ring of responses, and empty it."""
        ring = self._state["responses"][0]
        read, written = int(ring["read"]), int(ring["written"])  # whole words: no lock needed, the items came before the count
        responses: npt.NDArray[np.void] = ring["items"][np.arange(read, written) % RING]
        ring["read"] = written
        return responses

    def record_to(self, event_log: EventLog) -> None:
        """Tell a journal everything that this engine is told, so that it can be done again; before the first frame only.

        Raises
        ------
        InputError
            If frames were rendered already: their events are gone.
        """
        if self.frame or self._is_live:
            raise InputError(f"frame {self.frame}: a take begins with frame 0; record an engine that has not played yet")
        self._event_log = event_log
        self._state["report_applied"] = 1
        for index, layer in self._layers.items():
            event_log.layer(layer, self._values[index], int(self._state["layers"][0][index]["first_voice"]))
        for stream in self._streams.values():
            event_log.stream(stream.definition)

    # ---- snapshots

    def snapshot(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return a copy of everything that sounds; events not yet handed over are not part of it."""
        return self._arena.snapshot()

    def restore(self, snapshot: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]) -> None:
        """Go back to a snapshot of this engine, taken with the layers it has now."""
        self._arena.restore(snapshot)
