"""The rumble: as loud as asked for at every rate, low, its bands on their own."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt, welch

from synth.dsp import noise, rumble
from synth.rt import kernel


@kernel
def _render(state, drive, out, level, tilt, rate):
    for start in range(0, out.size, 64):
        rumble.move(state, 64 / rate)
        rumble.tune(state, level, 120.0, tilt, rate)
        rumble.add(state, 1.0, 0.001, drive, out[start : start + 64], 0, 64, rate)


def heard(seconds: int = 4, rate: int = 48000, tilt: float = 1.0, seed: int = 3) -> np.ndarray:
    stream, state = np.zeros(1, noise.RNG)[0], np.zeros(1, rumble.RUMBLE)[0]
    stream["rng"] = seed
    rumble.start(state, stream)
    out = np.zeros(seconds * rate // 64 * 64, np.float32)
    _render(state, np.zeros(64), out, 0.1, tilt, float(rate))
    return out.astype(float)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_it_is_as_loud_as_asked_for_at_every_rate(rate: int) -> None:
    rms = np.sqrt(np.mean([np.square(heard(2, rate, seed=seed)).mean() for seed in range(1, 7)]))
    assert 20 * np.log10(rms / 0.1) == pytest.approx(8.0, abs=1.5)  # three bands of one noise: where they overlap they add up


def test_it_is_low_and_a_tilt_makes_it_brighter() -> None:
    shares = []
    for tilt in (0.7, 1.0, 1.5):
        hz, power = welch(heard(tilt=tilt), 48000, nperseg=8192)
        assert power[hz < 2000].sum() > 0.75 * power.sum()
        shares.append(power[hz > 400].sum() / power.sum())
    assert shares[0] < shares[1] < shares[2]


def test_its_bands_move_on_their_own() -> None:
    x = heard(20)
    levels = []
    for edges in ((90, 150), (480, 700)):
        band = np.abs(sosfilt(butter(2, edges, "bandpass", fs=48000, output="sos"), x))
        levels.append(np.convolve(band, np.ones(4800) / 4800, "valid")[::2400])
    assert abs(np.corrcoef(*levels)[0, 1]) < 0.5
