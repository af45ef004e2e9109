"""A trigger without an engine: its kernels called on bare records, its emitters added up.  For tests of the sound itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numba
import numpy as np

from synth.dsp.emitter import ENDING, FREE
from synth.dsp.noise import mixed
from synth.jit import kernel
from synth.parameter import numbers
from synth.trigger import Trigger
from synth.units import QUANTUM


@kernel
def _collect(emitters, channels, at):
    """Add each emitter's quantum to the channel of its route, empty it, free the ending ones; return how many were alive."""
    alive = 0
    for index in range(emitters.count):
        slot = emitters.slot[index]
        if slot.life == FREE:
            continue
        alive += 1
        for n in range(QUANTUM):
            channels[slot.route, at + n] += slot.out[n]
            slot.out[n] = 0.0
        if slot.life == ENDING:
            slot.life = FREE
    return alive


class DryVoice:
    """One voice of a trigger; `render` returns what its emitters add up to, per route: (3, frames)."""

    def __init__(self, trigger: Trigger, seed: int = 1, sample_rate: float = 48000, **params: Any) -> None:
        self.trigger, self.sample_rate = trigger, float(sample_rate)
        self.state = np.zeros(1, trigger.state)
        self.params = np.zeros(1, trigger.params_dtype)
        self.emitters = np.zeros(1, trigger.emitters_dtype)
        self.emitters["count"] = trigger.emitters
        self.state["rng"] = mixed(np.uint64(seed))
        self.params["timbre"] = 0.5
        self.gate = 0.0
        self.alive = 0
        self.set(**numbers(trigger.parameters, params))

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

    def render(self, frames: int) -> np.ndarray:
        quanta = -(-frames // QUANTUM)
        channels = np.zeros((3, quanta * QUANTUM), np.float32)
        for at in range(0, quanta * QUANTUM, QUANTUM):
            self.trigger.render(self.state[0], self.params[0], self.gate, self.sample_rate, self.emitters[0], 0, QUANTUM)
            self.alive = _collect(self.emitters[0], channels, at)
        return channels[:, :frames]


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


assert numba  # imported before synth.jit sets its cache folder in every order
