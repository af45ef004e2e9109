"""What the tests of the sounds measure: on a sound, and on a dry voice.

sound -> centroid, bursts and their power law | voice -> a steady stretch, strokes, when and where micro-events come
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize

from synth.dsp.emitter import ENDING, FREE
from synth.rt.units import QUANTUM
from synth.trigger import Trigger
from tests.support.dry import DryVoice

RATES = (44100, 48000, 96000)
HIGHEST_HZ = 16000
"""Every sample rate holds what lies below."""


def centroid_hz(x: np.ndarray, sample_rate: float = 48000, low_hz: float = 20, high_hz: float = HIGHEST_HZ) -> float:
    """Return the centroid of the power of a sound that lasts (it is seen through a Hann window)."""
    power = np.abs(np.fft.rfft(x * np.hanning(x.size))) ** 2
    hertz = np.fft.rfftfreq(x.size, 1 / sample_rate)
    inside = (hertz > low_hz) & (hertz < high_hz)
    return float((hertz * power)[inside].sum() / power[inside].sum())


def share_below(x: np.ndarray, hertz: float, sample_rate: float = 48000) -> float:
    """Return the share of the power below a frequency."""
    power = np.abs(np.fft.rfft(x)) ** 2
    return float(power[np.fft.rfftfreq(x.size, 1 / sample_rate) < hertz].sum() / power.sum())


def bursts(x: np.ndarray, apart: int = 64) -> list[np.ndarray]:
    """Return the stretches of sound that silences of `apart` frames part; the last may be cut and is left out."""
    loud = np.flatnonzero(np.abs(x) > 1e-7)
    return [x[part[0] : part[-1] + 1] for part in np.split(loud, np.flatnonzero(np.diff(loud) > apart) + 1)[:-1]]


def energies(sounds: np.ndarray) -> np.ndarray:
    """Return the energies of the bursts of every row."""
    return np.array([np.square(burst).sum() for x in sounds for burst in bursts(x)])


def power_law_exponent(values: np.ndarray, low: float, high: float) -> float:
    """Return the maximum-likelihood exponent a of p(E) ~ E^-a cut at `low` and `high`."""
    logs = np.log(values[(values > low) & (values < high)])

    def cost(a: float) -> float:
        power = 1 - a
        mass = np.log(high / low) if abs(power) < 1e-9 else (high**power - low**power) / power
        return a * logs.mean() + np.log(mass)

    return float(optimize.minimize_scalar(cost, bounds=(0.3, 3.0), method="bounded").x)


def steady(
    trigger: Trigger, seconds: float, seed: int = 1, sample_rate: float = 48000, pressure: float = 0.8, **params: Any
) -> np.ndarray:
    """Return a held voice after its first 0.3 s."""
    voice = DryVoice(trigger, seed, sample_rate, **params)
    voice.strike(pressure)
    voice.render(round(0.3 * sample_rate))
    return voice.render(round(seconds * sample_rate)).sum(0).astype(float)


def strokes(trigger: Trigger, seconds: float, rate_hz: float, seed: int = 1, **params: Any) -> np.ndarray:
    """Return a held voice whose pressure swells as sin^2, `rate_hz` times a second."""
    voice = DryVoice(trigger, seed, **params)
    voice.strike(0.0)
    sound = []
    for quantum in range(round(seconds * 48000 / QUANTUM)):
        voice.set(pressure=float(np.sin(np.pi * rate_hz * quantum * QUANTUM / 48000) ** 2))
        sound.append(voice.render(QUANTUM).sum(0))
    return np.concatenate(sound).astype(float)


def event_times_s(
    trigger: Trigger, seconds: float, seed: int = 1, sample_rate: float = 48000, step: int = 16, **params: Any
) -> np.ndarray:
    """Return when the voice's events came, to a few frames: the voice counts them, and is asked every `step` frames.

    Within a step the times are spread evenly by a generator of their own, as a Poisson process would have them.
    """
    voice = DryVoice(trigger, seed, sample_rate, **params)
    voice.strike()
    random, times, before = np.random.default_rng(seed), [], 0
    for frame in range(0, round(seconds * sample_rate), step):
        start = frame % QUANTUM
        voice.trigger.render(voice.state[0], voice.params[0], 1.0, voice.sample_rate, voice.emitters[0], start, start + step)
        count = int(voice.state["count"][0])
        times += [frame + step * part for part in np.sort(random.random(count - before))]
        before = count
        if start + step == QUANTUM:
            slots = voice.emitters[0]["slot"]
            slots["life"][slots["life"] == ENDING] = FREE
    return np.array(times) / sample_rate


def places(trigger: Trigger, seconds: float, seed: int = 1, **params: Any) -> np.ndarray:
    """Return where micro-events were: the distinct offsets of all taken emitters, (n, 3) in metres."""
    voice = DryVoice(trigger, seed, **params)
    voice.strike()
    seen = set()
    for _ in range(round(seconds * 48000 / QUANTUM)):
        voice.render(QUANTUM)
        slots = voice.emitters[0]["slot"]
        taken = slots[(slots["life"] != FREE) & (slots["follow"] == 0)]
        seen |= {(float(s["away_m"]), float(s["left_m"]), float(s["up_m"])) for s in taken}
    return np.array(sorted(seen))
