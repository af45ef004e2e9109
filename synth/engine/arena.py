"""The engine's memory at work: state, arena and tables, and how a layer is written into them.

Layer + values -> LAYER record, voices, pieces of the arena, kernels' addresses.

The audio thread looks at none of it before the event that adds the layer, and at nothing of a removed one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.midi import decoder
from synth.dsp import a_weighting, band_limit, limiter, soften, steady_gain
from synth.dsp.noise import mixed
from synth.dsp.phone import PHONE
from synth.engine.allocator import Allocator
from synth.engine.kernels import ramp
from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.engine.kernels.state import AUDIBLE, MAX_LAYERS, MAX_VOICES, NOTHING, POINT, SOUND, STATE, TABLES, TALK
from synth.engine.layer import Layer
from synth.parameters import tables
from synth.parameters.errors import InputError
from synth.parameters.parameter import MAX_PARAMETERS, NOTE_FIELDS, Parameter
from synth.parameters.tables import MASTER_PARAMETERS
from synth.rt.records import aligned_zeros, offset
from synth.rt.units import QUANTUM

Snapshot = tuple[npt.NDArray[np.void], npt.NDArray[np.uint8]]
"""State and arena."""
SPARE_VOICES = 4
_CACHE_LINE = 64


def seed_of(seed: int, *purpose: str) -> int:
    """Return the 64-bit seed of one random stream: a hash of the engine's seed and of what the stream is for."""
    text = "/".join((str(seed), *purpose)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def _speech_bytes(layer: Layer) -> tuple[int, int]:
    """Return the room that a layer's text needs, and what is said beside it."""
    if not layer.trigger.speaks:
        return 0, 0
    return (0 if layer.input.phones is None else layer.input.phones.nbytes), TALK * PHONE.itemsize


class Arena:
    """State, arena and tables of one engine.

    Parameters
    ----------
    size : bytes for the voices of all layers.
    sample_rate : hertz.
    ears : a loaded `hrtf.Ears`.

    Attributes
    ----------
    state, tables : arrays (1,) of STATE and TABLES.
    bytes : uint8 array, what the voices have.
    """

    def __init__(self, size: int, sample_rate: float, ears: Any) -> None:
        self.sample_rate = sample_rate
        self.state = aligned_zeros(1, STATE)
        self.tables = aligned_zeros(1, TABLES)
        self.bytes = aligned_zeros(size, np.uint8)
        self._ears_record = ears.native(sample_rate)  # keeps the ears' tables alive
        self.tables["ears"] = self._ears_record
        self.tables["arena"] = self.bytes.ctypes.data
        self._allocator = Allocator(size)
        self._voices = Allocator(MAX_VOICES)
        self._pieces: dict[int, tuple[int, int]] = {}
        self._set_up(ears.base_delay_frames(sample_rate))

    def _set_up(self, dry_delay: int) -> None:
        state = self.state[0]
        state["sample_rate"], state["handed"], state["dry_delay"] = self.sample_rate, QUANTUM, dry_delay
        for ear in range(2):
            band_limit.tune(state["band"][ear], self.sample_rate)
            soften.tune(state["soften"][ear], self.sample_rate)
        for gain in ("master_gain", "room_gain"):
            steady_gain.tune(state[gain], self.sample_rate)
        limiter.tune_limiter(state["limiter"], self.sample_rate)
        for ear in range(2):
            a_weighting.tune_weighting(state["meters"]["weighting"][ear], self.sample_rate)
        state["meters"]["running"]["gain"] = 1.0
        for slot, parameter in enumerate(MASTER_PARAMETERS):
            self._place(state["master"][slot], parameter, parameter.default_number)
        for keyboard in state["keyboards"]:
            decoder.reset(keyboard["decoder"], self.sample_rate)

    def _place(self, slot: Any, parameter: Parameter, value: float) -> None:
        is_circular = parameter.name == "azimuth_deg"
        low, high = (-1e9, 1e9) if is_circular else (parameter.low, parameter.high)
        own_frames = round(parameter.smoothing_s * self.sample_rate)
        is_discrete, is_exponential = bool(parameter.choices), parameter.curve == "exp"
        ramp.place(slot, value, low, high, own_frames, int(is_circular), int(is_discrete), int(is_exponential))

    def fill(self, layer: Layer, values: Mapping[str, float], seed: int, first_voice: int | None = None) -> int:
        """Write a layer's record and give its voices their room; returns the first of them.

        Parameters
        ----------
        layer : which.
        values : stored numbers by path.
        seed : the engine's.
        first_voice : which voice is to be its first; None: wherever there is room.

        Raises
        ------
        InputError
            If there is no room.
        """
        kind, record = layer.trigger, self.state["layers"][0][layer.index]
        addresses = kind.addresses  # compiled before anything is taken
        voices = kind.voices + SPARE_VOICES
        first = self._take_room(layer, voices, first_voice)
        try:
            self._write(layer, values, seed)
        except BaseException:
            self.free(layer.index)
            raise
        record["first_voice"], record["voices"] = first, voices
        self.tables["kernels"][0][layer.index] = addresses
        return first

    def _write(self, layer: Layer, values: Mapping[str, float], seed: int) -> None:
        """Write what a layer's record says, beside its voices."""
        kind, record = layer.trigger, self.state["layers"][0][layer.index]
        record["generation"], record["is_ending"] = layer.generation, 0
        record["parameters"], record["emitters"] = len(kind.parameters), kind.emitters
        record["polyphony"] = kind.voices
        record["tail_frames"] = round(kind.tail_s * self.sample_rate)
        record["state_bytes"], record["rng_at"] = kind.state.itemsize, offset(kind.state, "rng")
        record["trim"] = 10 ** (kind.level_db / 20)
        self._give_input(layer, record)
        self._give_text(layer, record)
        for path, (slot, parameter) in layer.slots.items():
            self._place(record["slots"][slot], parameter, values[path])
        self._place(record["slots"][AUDIBLE], tables.AUDIBLE, tables.AUDIBLE.default_number)
        record["seed"] = seed_of(seed, layer.name, "strike")
        for what, table, chosen in (("gesture", GESTURES, layer.gesture), ("motion", MOTIONS, layer.motion)):
            record[what]["kind"] = list(table).index(chosen)
            record[what]["rng"] = mixed(np.uint64(seed_of(seed, layer.name, what)))

    def _give_input(self, layer: Layer, record: Any) -> None:
        """Say what the layer's kernel hears."""
        hears = layer.input
        record["hears"], record["is_loop"] = NOTHING if hears.channel is None else hears.channel, hears.is_loop
        if hears.sound is not None:
            record["hears"] = SOUND
            self.tables["sounds"][0][layer.index] = hears.sound.ctypes.data, len(hears.sound)

    def _give_text(self, layer: Layer, record: Any) -> None:
        """Write what the layer says behind its voices, and empty what is said beside."""
        phones = layer.input.phones
        record["speaks"] = layer.trigger.speaks
        record["text_phones"] = 0 if phones is None else len(phones)
        record["text_next"] = record["talk_read"] = record["talk_written"] = 0
        if phones is not None:
            at = int(record["text_at"])
            self.bytes[at : at + phones.nbytes] = phones.view(np.uint8)

    def _take_room(self, layer: Layer, voices: int, wanted: int | None) -> int:
        """Give the layer its text, each voice its state, parameters, emitters and points in the arena; return the first voice."""
        if layer.index in self._pieces:
            raise InputError(f"layer '{layer.name}': its place {layer.index} is taken")
        kind = layer.trigger
        sizes = [kind.state.itemsize, 4 * (MAX_PARAMETERS + len(NOTE_FIELDS)), kind.emitters_dtype.itemsize]
        sizes = [-(-size // _CACHE_LINE) * _CACHE_LINE for size in (*sizes, POINT.itemsize * kind.emitters)]
        text_bytes, talk_bytes = _speech_bytes(layer)
        at = self._allocator.take(sum(sizes) * voices + text_bytes + talk_bytes)
        first = self._voices.take(voices) if wanted is None else self._voices.take_at(wanted, voices)
        if at is None or first is None:
            self._give(at, first)
            raise InputError(f"no room for layer '{layer.name}': remove layers or make the engine with more arena_bytes")
        self._pieces[layer.index] = (at, first)
        record = self.state["layers"][0][layer.index]
        record["text_at"] = at + sum(sizes) * voices
        record["talk_at"] = record["text_at"] + text_bytes
        for index in range(voices):
            begin = at + index * sum(sizes)
            voice = self.state["voices"][0][first + index]
            self.bytes[begin : begin + sum(sizes)] = 0
            voice["state_at"], voice["params_at"], voice["emitters_at"], voice["points_at"] = begin + np.cumsum([0, *sizes[:-1]])
            self.bytes[int(voice["emitters_at"]) :][:8].view(np.int64)[0] = kind.emitters  # the record's `count`
        return first

    def _give(self, at: int | None, first: int | None) -> None:
        if at is not None:
            self._allocator.give(at)
        if first is not None:
            self._voices.give(first)

    @property
    def used(self) -> int:
        """How many of its bytes layers have, from the first one on."""
        return self._allocator.end

    def has_ended(self, index: int) -> bool:
        """Whether a removed layer has become silent."""
        record = self.state["layers"][0][index]
        return bool(record["is_ending"]) and not record["is_active"]

    def free(self, index: int) -> None:
        """Take back the room of a layer that has ended."""
        self._give(*self._pieces.pop(index))

    def snapshot(self) -> Snapshot:
        """Return copies of state and arena."""
        return self.state.copy(), self.bytes.copy()

    def restore(self, snapshot: Snapshot, generations: Mapping[int, int]) -> None:
        """Put copies back, or raise `InputError` if they were not taken with these layers: generations by index."""
        state, content = snapshot
        layers = state["layers"][0]
        has_others = any(layers["is_active"][index] for index in range(MAX_LAYERS) if index not in generations)
        lacks_some = any(layers["generation"][index] != generation for index, generation in generations.items())
        if has_others or lacks_some or len(content) != len(self.bytes):
            raise InputError("the snapshot was taken with other layers than there are now")
        self.state[:], self.bytes[:] = snapshot
