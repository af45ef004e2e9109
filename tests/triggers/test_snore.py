"""Snore: a palate that flutters on the way in, at its rate, unevenly, low and in the colour of a tract, measured back."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import lungs
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import centroid_hz

SNORE = TRIGGERS["snore"]
RATE, BREATH_S = 48000, 4  # at 0.25 breaths a second
IN_S, OUT_S = (0.5, 1.5), (2.0, 3.0)  # in each breath
STEADY = {"variation": 0.0, "depth": 1.0, "often": 1.0, "rate_hz": 0.25}


def snored(seconds: float = 5 * BREATH_S, seed: int = 1, **params) -> np.ndarray:
    voice = DryVoice(SNORE, seed, RATE, **(STEADY | params))
    voice.strike(0.8)
    return voice.render(int(seconds * RATE)).sum(0).astype(float)


def part(x: np.ndarray, begins_s: float, ends_s: float) -> np.ndarray:
    """Return the same part of every breath: (breaths, frames)."""
    return x.reshape(-1, BREATH_S * RATE)[:, int(begins_s * RATE) : int(ends_s * RATE)]


def rhythm(x: np.ndarray) -> tuple[float, float]:
    """Return how often an envelope's bursts come, in hertz, and how much its autocorrelation says so, 0..1."""
    sos = signal.butter(4, (400, 4000), "bandpass", fs=RATE, output="sos")
    memory = 0.0
    for stretch in np.atleast_2d(x):
        envelope = np.square(signal.sosfilt(sos, stretch)).reshape(-1, 48).mean(axis=1)  # at 1 kHz
        envelope = np.log(envelope + 1e-3 * envelope.mean())
        envelope -= np.convolve(np.pad(envelope, 40, "edge"), np.ones(81) / 81, "valid")  # what is slower is the breath
        memory = memory + np.correlate(envelope, envelope, "full")[envelope.size - 1 :]
    window = np.arange(8, 50)  # 20 .. 125 Hz
    best = window[memory[window].argmax()]
    return 1000 / best, float(memory[best] / memory[0])


@pytest.mark.parametrize("flutter_hz", [32, 50, 85])
def test_the_palate_flutters_at_its_rate_while_air_is_drawn_in(flutter_hz: float) -> None:
    found_hz, clear = rhythm(part(snored(flutter_hz=flutter_hz), *IN_S))
    assert found_hz == pytest.approx(flutter_hz, rel=0.18)  # the faster the air, the faster the palate
    assert clear > 0.2


def test_on_the_way_out_air_just_passes_unless_told_otherwise() -> None:
    def clear(way_out):
        return rhythm(part(snored(way_out=way_out), *OUT_S))[1]

    assert clear(0.0) < 0.12
    assert clear(1.0) > 0.2


def test_unevenness_makes_the_flutter_unlike_a_tone() -> None:
    even, uneven = (rhythm(part(snored(10 * BREATH_S, variation=variation), *IN_S))[1] for variation in (0.0, 0.6))
    assert uneven < 0.75 * even


def test_depth_goes_from_a_heavy_breath_to_single_bursts() -> None:
    clear = [rhythm(part(snored(depth=depth), *IN_S))[1] for depth in (0.0, 0.5, 1.0)]
    assert clear == sorted(clear)
    assert clear[0] < 0.12


@pytest.mark.parametrize("rate_hz", [0.2, 0.3])
def test_it_breathes_within_one_a_minute_of_its_rate(rate_hz: float) -> None:
    power = np.square(snored(60, rate_hz=rate_hz)).reshape(-1, RATE // 20).mean(axis=1)
    memory = np.correlate(power - power.mean(), power - power.mean(), "full")[power.size - 1 :]
    window = np.arange(int(20 * 0.7 / rate_hz), int(20 * 1.4 / rate_hz))
    assert 60 * 20 / window[memory[window].argmax()] == pytest.approx(60 * rate_hz, abs=1)


def test_not_every_breath_snores() -> None:
    def loud(often):
        x = part(snored(16 * BREATH_S, often=often), *IN_S)
        return np.array([rhythm(breath)[1] for breath in x]) > 0.2

    assert loud(1.0).mean() > 0.9
    seldom = loud(0.4)
    assert 0.1 < seldom.mean() < 0.85
    assert seldom[0], "the first one does"


def test_its_thump_lies_below_two_hundred_hertz_and_nothing_below_twenty() -> None:
    hertz, density = signal.welch(part(snored(), *IN_S).ravel(), RATE, nperseg=8192)
    low = density[(hertz > 50) & (hertz < 200)].max()
    assert low > 0.3 * density[hertz > 250].max()
    assert density[hertz < 20].sum() < 0.02 * density.sum()


def test_the_tract_colours_it() -> None:
    child, man = (centroid_hz(part(snored(person=person), *IN_S).ravel()) for person in (0.0, 1.0))
    dark, bright = (centroid_hz(part(snored(brightness=b), *IN_S).ravel()) for b in (0.0, 1.0))
    assert child > 1.1 * man
    assert bright > 1.5 * dark


def test_who_snores_is_asleep() -> None:
    voice = DryVoice(SNORE, 1, RATE)
    voice.strike(0.8)
    assert voice.state["lungs"]["manner"][0] == lungs.ASLEEP
