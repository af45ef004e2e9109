"""What the tests of the water sounds share: levels, centroids, event times and clicks, measured on a dry voice."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
from scipy import signal

from synth.trigger import Trigger
from tests.dry import DryVoice, dry

RATES = (44100, 48000, 96000)
BAND_HZ = (20.0, 16000.0)


def spectrum(x: np.ndarray, sample_rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies and power density within the band that every sample rate has."""
    hz, power = signal.welch(np.asarray(x, float), sample_rate, nperseg=int(sample_rate / 10))
    band = (hz > BAND_HZ[0]) & (hz < BAND_HZ[1])
    return hz[band], power[band]


def level_and_centroid(x: np.ndarray, sample_rate: float) -> tuple[float, float]:
    """Return the power below 16 kHz and the centroid of the power there."""
    hz, power = spectrum(x, sample_rate)
    return float(power.sum() * (hz[1] - hz[0])), float((hz * power).sum() / power.sum())


def paired(trigger: Trigger, seeds: range, seconds: float, **params: Any) -> dict[int, dict[str, tuple[float, float]]]:
    """Compare each rate with 48 kHz over seeds: mean and standard error of the level in dB and of the centroid's ratio."""
    measured = {
        rate: np.array(
            [level_and_centroid(dry(trigger, seconds, seed, rate, params=params)[rate // 10 :], rate) for seed in seeds]
        )
        for rate in RATES
    }
    result = {}
    for rate in (44100, 96000):
        level_db = 10 * np.log10(measured[rate][:, 0] / measured[48000][:, 0])
        centroid = measured[rate][:, 1] / measured[48000][:, 1] - 1
        result[rate] = {
            name: (float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x))))
            for name, x in (("level_db", level_db), ("centroid", centroid))
        }
    return result


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
        start = frame % 64
        voice.trigger.render(voice.state[0], voice.params[0], 1.0, voice.sample_rate, voice.emitters[0], start, start + step)
        count = int(voice.state["count"][0])
        times += [frame + step * part for part in np.sort(random.random(count - before))]
        before = count
        if start + step == 64:
            slots = voice.emitters[0]["slot"]
            slots["life"][slots["life"] == 2] = 0
    return np.array(times) / sample_rate


def corners(trigger: Trigger, limit: int = 64) -> list[dict[str, float]]:
    """Return corners of the parameter space: every parameter at its lowest or highest, `limit` of them drawn evenly."""
    ranges = [(p.low, p.high) for p in trigger.parameters]
    every = 2 ** len(ranges)
    chosen = np.random.default_rng(0).choice(every, min(limit, every), replace=False)
    bits = [[index >> k & 1 for k in range(len(ranges))] for index in chosen]
    return [{p.name: r[b] for p, r, b in zip(trigger.parameters, ranges, row, strict=True)} for row in bits]


def click_ratios(trigger: Trigger, low: dict[str, Any], high: dict[str, Any], seeds: range = range(20)) -> tuple[float, float]:
    """Return the largest second difference within 20 ms after a step up and a step down, medians over seeds.

    Each is relative to the larger of the two steady states', over 40 ms.
    """
    window, at = 960, 24000

    def sound(seed: int, before: dict[str, Any], after: dict[str, Any]) -> np.ndarray:
        voice = DryVoice(trigger, seed, 48000, **before)
        voice.strike()
        head = voice.render(at).sum(0)
        voice.set(**{p.name: p.number(after[p.name]) for p in trigger.parameters if p.name in after})
        return np.concatenate([head, voice.render(window).sum(0)])

    def roughest(x: np.ndarray) -> float:
        return float(np.abs(np.diff(x, 2)).max())

    ratios = []
    for seed in seeds:
        steady = max(roughest(sound(seed, values, values)[at - window :]) for values in (low, high))
        steps = (sound(seed, low, high), sound(seed, high, low))
        ratios.append([roughest(x[at - 2 :]) / steady for x in steps])
    up, down = np.median(ratios, axis=0)
    return float(up), float(down)


def split_renders(trigger: Trigger, seed: int, **params: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return half a second in whole quanta and the same in parts of unequal length, with a release inside a quantum."""
    sounds = []
    for cuts in ((0, 23, 64), (0, 5, 23, 24, 60, 64)):
        voice = DryVoice(trigger, seed, 48000, **params)
        voice.strike()
        out = np.zeros((375, 64), np.float32)
        for quantum, (start, stop) in product(range(375), list(pairwise(cuts))):
            gate = 1.0 if quantum * 64 + start < 250 * 64 + 23 else 0.0
            voice.trigger.render(voice.state[0], voice.params[0], gate, 48000.0, voice.emitters[0], start, stop)
            if stop == 64:
                slots = voice.emitters[0]["slot"]
                out[quantum] = slots["out"].sum(0)
                slots["out"] = 0.0
                slots["life"][slots["life"] == 2] = 0
        sounds.append(out.ravel())
    return sounds[0], sounds[1]
