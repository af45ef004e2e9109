"""An engine's memory, and what can be read from it at any moment.  arena, layers -> frame, counters, values, meters.

The audio thread writes it meanwhile: what is read here is a number at a time, or lies in a ring.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import hrtf
from hrtf.kernels.records import RATES_HZ
from synth.control.stream.stream import Stream
from synth.dsp import limiter
from synth.engine.arena import Arena
from synth.engine.arguments import seed_of
from synth.engine.hold_history import HoldHistory
from synth.engine.kernels.meters import ROWS, rows_written
from synth.engine.layer import Layer
from synth.engine.stream_slots import StreamSlots
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter
from synth.parameters.tables import MASTER_PARAMETERS
from synth.rt.rings import take_all
from synth.rt.units import QUANTUM

SAMPLE_RATE = Parameter("sample_rate", *RATES_HZ, 48000, "hz")
_COUNTERS = (
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
_PARTS = ("control", "kernels", "emitters", "ears", "master")


class EngineState:
    """What an engine has: its memory, its layers, its streams; the arguments are those of `Engine`.

    Attributes
    ----------
    holds : how strongly it tingled, as the listener said, with the frames at which it took effect.
    """

    def __init__(
        self, sample_rate: float = 48000, ears: str | Path | hrtf.Ears = "ku100", seed: int = 0, arena_bytes: int = 1 << 27
    ) -> None:
        self.sample_rate = SAMPLE_RATE.number(sample_rate)
        self.seed = seed_of(seed)
        self.ears = ears if isinstance(ears, hrtf.Ears) else hrtf.load(ears)
        self._arena = Arena(arena_bytes, self.sample_rate, self.ears)
        self._state = self._arena.state
        self._layers: dict[int, Layer] = {}
        self._leaving: set[int] = set()  # indices of layers that were removed and still fade
        self._values: dict[int, dict[str, float]] = {}  # of each layer as it was made
        self._streams = StreamSlots(self._arena.tables)
        self._master_preset_values = {p.name: p.default_number for p in MASTER_PARAMETERS}
        self.holds = HoldHistory()

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
        layers = list(self._layers.values())  # at once: another thread may add one
        return tuple(layer for layer in layers if layer.index not in self._leaving)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The streams that the quantum listens to."""
        return self._streams.streams

    @property
    def counters(self) -> dict[str, int]:
        """What has happened so far, and what sounds now."""
        return {name: int(self._state[name][0]) for name in _COUNTERS} | {"dropped_acts": self._streams.dropped_acts}

    @property
    def cycles(self) -> dict[str, int]:
        """Processor cycles spent so far on each part of a quantum."""
        return dict(zip(_PARTS, self._state["cycles"][0].tolist(), strict=True))

    @property
    def state(self) -> Any:
        """The engine's record, to be read only: it changes while it is looked at."""
        return self._state[0]

    @property
    def memory(self) -> Arena:
        """State, arena and tables, to be read only."""
        return self._arena

    def values(self, layer: Layer) -> dict[str, Any]:
        """Return what each of a layer's numbers is now, by path; choices by name.

        Raises
        ------
        InputError
            If the layer is gone: another one may have its place.
        """
        if self._layers.get(layer.index) is not layer:
            raise InputError(f"layer '{layer.name}' is not part of this engine (any more)")
        slots = self._state["layers"][0][layer.index]["slots"]
        now = {path: (parameter, float(slots[slot]["value"])) for path, (slot, parameter) in layer.slots.items()}
        return {path: p.choices[round(value)] if p.choices else value for path, (p, value) in now.items()}

    @property
    def meters(self) -> npt.NDArray[np.void]:
        """The METER_ROW records of the last 13 seconds, one every 50 ms, the newest last."""
        meters = self._state["meters"]
        written = int(rows_written(meters.ctypes.data))
        rows: npt.NDArray[np.void] = meters["rows"][0][np.arange(max(0, written - ROWS + 1), written) % ROWS]
        return rows

    @property
    def midi_address(self) -> int:
        """Of the MIDI_RING records, one a port, for `push_midi`."""
        return int(self._state["midi"].ctypes.data)

    def _take_responses(self) -> npt.NDArray[np.void]:
        """Return a copy of what is in the ring of responses, and empty it."""
        ring = self._state["responses"]
        return take_all(ring, ring["items"][0])

    @property
    def _addresses(self) -> tuple[int, int]:
        return self._state.ctypes.data, self._arena.tables.ctypes.data
