"""A trigger without an engine: its kernels called on bare records, its emitters added up.  For tests of the sound itself.

noise from outside, for a trigger that hears -> strike | render by address -> emitters -> one channel per route, and what
happened: emitters alive, micro-events begun
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from synth.dsp.emitter import ENDING, FREE
from synth.dsp.noise import mixed
from synth.dsp.phone import NAMES, PHONE
from synth.parameters.parameter import numbers
from synth.rt import kernel
from synth.rt.intrinsics import call_render
from synth.rt.units import QUANTUM
from synth.trigger import Trigger

_CANARY = 0xA5
_AUDIBLE_BELOW_HZ, _HEARD_RMS = 16000, 0.1


@lru_cache(maxsize=64)
def heard(seed: int, sample_rate: float) -> np.ndarray:
    """Return what a trigger that hears is given, again and again: a second of noise, the same waves at every sample rate."""
    hertz = np.arange(1, min(_AUDIBLE_BELOW_HZ, round(sample_rate) // 2))
    spectrum = np.zeros(round(sample_rate) // 2 + 1, complex)
    phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, _AUDIBLE_BELOW_HZ)
    spectrum[hertz] = _HEARD_RMS * round(sample_rate) / np.sqrt(2 * _AUDIBLE_BELOW_HZ) * np.exp(1j * phases[hertz])
    return np.fft.irfft(spectrum, round(sample_rate)).astype(np.float32)


def phones(*said: tuple[str, int, float]) -> np.ndarray:
    """Return phones: (name, marks, seconds) each."""
    return np.array([(NAMES.index(name), marks, seconds) for name, marks, seconds in said], PHONE)


SENTENCE = phones(
    ("AA", 8, 0.3), ("L", 0, 0.08), ("AY", 8, 0.2), ("S", 0, 0.1), ("IY", 8, 0.2), ("K", 0, 0.1), ("AA", 12, 0.25),
    ("PAUSE", 0, 0.4),
    ("M", 1, 0.08), ("UW", 8, 0.25), ("SH", 4, 0.15), ("PAUSE", 0, 0.3),
)  # fmt: skip
"""What a voice is given to say: vowels, a hiss, a stop, a breath, a nose."""


@kernel
def _show(window, said, text):
    """Show what is to be said next, as the engine does."""
    for ahead in range(window.size):
        at = said[0] + ahead
        here = at < text.size
        window[ahead].number = text[at].number if here else 0
        window[ahead].marks = text[at].marks if here else 0
        window[ahead].seconds = text[at].seconds if here else 0.0


@kernel
def _collect(slots, was_alive, channels, at):
    """Add each emitter's quantum to its route's channel, empty it, free the ending ones; count those alive and those new."""
    alive, births = 0, 0
    for index in range(slots.size):
        slot = slots[index]
        if slot.life == FREE:
            was_alive[index] = False
            continue
        alive += 1
        births += 0 if was_alive[index] else 1
        was_alive[index] = slot.life != ENDING
        for n in range(QUANTUM):
            channels[slot.route, at + n] += slot.out[n]
            slot.out[n] = 0.0
        if slot.life == ENDING:
            slot.life = FREE
    return alive, births


@kernel
def _hear(inlet, sound, at, start, stop):
    """Give frames start..stop of a quantum to the kernel, from frame `at` of a sound without end."""
    for n in range(start, stop):
        inlet[n] = sound[(at + n) % sound.size]


@kernel
def _play(
    address,
    state,
    params,
    gate,
    sample_rate,
    emitters,
    slots,
    was_alive,
    channels,
    split,
    inlet,
    sound,
    heard_at,
    window,
    said,
    text,
):
    """Render whole quanta by the kernel's address, in two parts at `split`; return emitters alive, their sum, new ones."""
    alive_sum, births_sum, alive = 0, 0, 0
    for at in range(0, channels.shape[1], QUANTUM):
        _hear(inlet, sound, heard_at + at, 0, QUANTUM)
        _show(window, said, text)
        if 0 < split < QUANTUM:
            call_render(address, state, params, gate, sample_rate, emitters, 0, split)
            call_render(address, state, params, gate, sample_rate, emitters, split, QUANTUM)
        else:
            call_render(address, state, params, gate, sample_rate, emitters, 0, QUANTUM)
        alive, births = _collect(slots, was_alive, channels, at)
        alive_sum += alive
        births_sum += births
    return alive, alive_sum, births_sum


def _guarded(dtype: np.dtype[Any]) -> np.ndarray:
    """Return two records: one to use, and one of canaries behind it."""
    records = np.zeros(2, dtype)
    records[1:].view(np.uint8)[:] = _CANARY
    return records


class DryVoice:
    """One voice of a trigger; `render` returns what its emitters add up to, per route: (3, frames).

    `text` is what it is given to say. `sound` is what it hears, again and again from its beginning: `heard` for a trigger that
    hears, else silence.
    `alive` emitters after the last quantum; `mean_alive` over all; `births`: how often one was taken or held.
    """

    def __init__(self, trigger: Trigger, seed: int = 1, sample_rate: float = 48000, **params: Any) -> None:
        self.trigger, self.sample_rate = trigger, float(sample_rate)
        self._guarded = [_guarded(dtype) for dtype in (trigger.state, trigger.params_dtype, trigger.emitters_dtype)]
        self.state, self.params, self.emitters = (records[:1] for records in self._guarded)
        self.emitters["count"] = trigger.emitters
        self.slots, self._inlet = self.emitters["slot"][0], self.emitters["input"][0]
        self.sound = heard(seed, self.sample_rate) if trigger.hears else np.zeros(1, np.float32)
        self._heard_at = 0
        self._window, self.text = self.emitters["phone"][0], SENTENCE
        self._was_alive = np.zeros(trigger.emitters, np.bool_)
        self.state["rng"] = mixed(np.uint64(seed))
        self.params["timbre"] = 0.5
        self.gate = 0.0
        self.alive = self.births = self._alive_sum = self._quanta = 0
        self.set(**numbers(trigger.parameters, params))

    @property
    def mean_alive(self) -> float:
        return self._alive_sum / max(self._quanta, 1)

    @property
    def is_intact(self) -> bool:
        """Whether the kernels wrote nothing behind their records, and left the emitters' count alone."""
        behind = (records[1:].view(np.uint8) for records in self._guarded)
        return all((canaries == _CANARY).all() for canaries in behind) and int(self.emitters["count"][0]) == self.trigger.emitters

    def set(self, **values: float) -> None:
        by_name = {parameter.name: parameter for parameter in self.trigger.parameters}
        for name, value in values.items():
            self.params[name] = by_name[name].number(value) if name in by_name else value

    def strike(self, velocity: float = 0.8) -> None:
        self.params["pressure"] = velocity
        self.trigger.strike(self.state[0], self.params[0], float(velocity), self.sample_rate)
        self.gate = 1.0

    def release(self) -> None:
        self.gate = 0.0

    def glide(self, name: str, value: float) -> np.ndarray:
        """Change a parameter or a note's own field as the engine does: straight over its smoothing time, read at quantum ends."""
        parameter = next((p for p in self.trigger.parameters if p.name == name), None)
        quanta = max(round((parameter.smoothing_s if parameter else 0.02) * self.sample_rate / QUANTUM), 1)
        begin, parts = float(self.params[name][0]), []
        for step in range(1, quanta + 1):
            self.params[name] = begin + (value - begin) * step / quanta
            parts.append(self.render(QUANTUM))
        return np.concatenate(parts, axis=1)

    def render(self, frames: int, split: int = 0) -> np.ndarray:
        """Render in whole quanta, each in one call or in two that part at frame `split`."""
        quanta = -(-frames // QUANTUM)
        channels = np.zeros((3, quanta * QUANTUM), np.float32)
        state, params, emitters = (records.ctypes.data for records in (self.state, self.params, self.emitters))
        self.alive, alive_sum, births = _play(
            self.trigger.addresses[1], state, params, self.gate, self.sample_rate, emitters,
            self.slots, self._was_alive, channels, split, self._inlet, self.sound, self._heard_at,
            self._window, self.emitters["said"], self.text,
        )  # fmt: skip
        self._heard_at += quanta * QUANTUM
        self._alive_sum, self.births, self._quanta = self._alive_sum + alive_sum, self.births + births, self._quanta + quanta
        return channels[:, :frames]

    def render_parts(self, cuts: Sequence[int], release_at: int) -> np.ndarray:
        """Render one quantum in the parts between cuts, released at one of them; return the sum of its emitters: (64,)."""
        _show(self._window, self.emitters["said"], self.text)
        for start, stop in pairwise(cuts):
            self.gate = 1.0 if stop <= release_at else 0.0
            _hear(self._inlet, self.sound, self._heard_at, start, stop)
            self.trigger.render(self.state[0], self.params[0], self.gate, self.sample_rate, self.emitters[0], start, stop)
        self._heard_at += QUANTUM
        channels = np.zeros((3, QUANTUM), np.float32)
        _collect(self.slots, self._was_alive, channels, 0)
        return channels.sum(0)

    def render_apart(self, frames: int) -> np.ndarray:
        """Render with every emitter on its own: (emitters, frames)."""
        quanta = -(-frames // QUANTUM)
        apart = np.zeros((self.trigger.emitters, quanta * QUANTUM), np.float32)
        for at in range(0, quanta * QUANTUM, QUANTUM):
            _hear(self._inlet, self.sound, self._heard_at + at, 0, QUANTUM)
            _show(self._window, self.emitters["said"], self.text)
            self.trigger.render(self.state[0], self.params[0], self.gate, self.sample_rate, self.emitters[0], 0, QUANTUM)
            apart[:, at : at + QUANTUM] = self.slots["out"]
            _collect(self.slots, self._was_alive, np.zeros((3, QUANTUM), np.float32), 0)
        self._heard_at += quanta * QUANTUM
        return apart[:, :frames]


def dry(
    trigger: Trigger, seconds: float, seed: int = 1, sample_rate: float = 48000, velocity: float = 0.8,
    release_s: float | None = None, params: Mapping[str, Any] | None = None,
) -> np.ndarray:  # fmt: skip
    """Return one strike's sound, all emitters and routes added up: (frames,)."""
    voice = DryVoice(trigger, seed, sample_rate, **(params or {}))
    voice.strike(velocity)
    if release_s is None:
        return voice.render(round(seconds * sample_rate)).sum(0)
    held = voice.render(round(release_s * sample_rate))
    voice.release()
    return np.concatenate([held, voice.render(round((seconds - release_s) * sample_rate))], axis=1).sum(0)
