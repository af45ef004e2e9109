"""Spray: bursts of noise in bands of their own, which rise, die away and end."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import emitter, spray
from synth.rt import kernel

SPRAY = spray.spray_dtype(3)


@kernel
def play(state, emitters, seed, centre_hz, decay_s, begin, sample_rate, out):
    """Let one burst sound from emitter 1 alone, quantum by quantum."""
    burst = state.burst[spray.free(state)]
    burst.emitter = 1
    spray.strike(burst, seed, 1.0, centre_hz, 2.0, 0.0005, decay_s, begin, sample_rate)
    drive = np.zeros(64)
    for quantum in range(out.size // 64):
        emitters.slot[1].out[:] = 0.0
        drive[:] = 0.0
        spray.add(state, emitters, drive, 0, 40)
        spray.add(state, emitters, drive, 40, 64)
        for n in range(64):
            out[64 * quantum + n] = drive[n]


def burst(seed: int, centre_hz: float = 3000.0, decay_s: float = 0.01, begin: int = 0, rate: float = 48000.0) -> np.ndarray:
    state, emitters = np.zeros(1, SPRAY), np.zeros(1, emitter.emitters_dtype(2))
    out = np.zeros(64 * 150)
    play(state[0], emitters[0], np.uint64(seed), centre_hz, decay_s, begin, rate, out)
    assert (state["burst"]["left"] <= 0).all()
    return out


@pytest.mark.parametrize("centre_hz", [1000.0, 6000.0])
def test_a_burst_stands_in_its_band_and_is_as_strong_wherever_that_lies(centre_hz):
    sounds = [burst(seed, centre_hz) for seed in range(1, 60)]
    power = np.mean([np.abs(np.fft.rfft(x)) ** 2 for x in sounds], axis=0)
    hertz = np.fft.rfftfreq(sounds[0].size, 1 / 48000)
    smooth = np.convolve(power, np.ones(60) / 60, "same")
    assert hertz[smooth.argmax()] == pytest.approx(centre_hz, rel=0.15)
    assert np.mean([np.sum(x**2) for x in sounds]) / 48000 == pytest.approx(0.0043, rel=0.3)  # integral of the envelope's square


def test_it_waits_and_dies_away():
    sounds = np.array([burst(seed, begin=500) for seed in range(1, 60)])
    assert not sounds[:, :500].any()
    envelope = np.mean(sounds**2, axis=0)
    first, later = (envelope[500 + at : 740 + at].mean() for at in (240, 720))
    assert 10 * np.log10(first / later) == pytest.approx(8.7, abs=1.5)  # 10 ms of a decay time of 10 ms
    assert not sounds[:, -64:].any()
