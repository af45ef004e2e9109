"""The contact bed: silent without a touch, as loud as asked for with one, its bands on their own, the same at every rate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from synth.dsp import contact_bed
from synth.rt import kernel
from synth.rt.units import QUANTUM


@kernel
def _ticks(bed, pressure, sound, rate):
    for n in range(pressure.size):
        bed.frames[n % QUANTUM] = pressure[n]
        if n % QUANTUM == QUANTUM - 1:
            contact_bed.run(bed, rate, 0, QUANTUM)
            sound[n - QUANTUM + 1 : n + 1] = bed.frames


def heard(
    pressure: np.ndarray, rate: float = 48000, levels: tuple[float, float, float] = (0.1, 0.1, 0.1), seed: int = 5
) -> np.ndarray:
    bed = np.zeros(1, contact_bed.CONTACT_BED)[0]
    contact_bed.start(bed, np.uint64(seed), *levels, rate)
    sound = np.zeros(pressure.size)
    _ticks(bed, pressure.astype(float), sound, float(rate))
    return sound


def test_no_touch_no_sound() -> None:
    assert not heard(np.zeros(4800)).any()


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_each_band_is_as_loud_as_asked_for_at_every_rate(rate: int) -> None:
    for band in range(contact_bed.BANDS):
        levels = tuple(0.1 if band == other else 0.0 for other in range(contact_bed.BANDS))
        rms = np.sqrt(
            np.mean([np.square(heard(np.ones(2 * rate), rate, levels, seed)[rate // 4 :]).mean() for seed in range(1, 9)])
        )
        # the unevenness adds 1.2 dB in the long run; six seconds of a band that changes its mind 2.5 times a second spread by 2
        assert 20 * np.log10(rms / 0.1) == pytest.approx(1.2, abs=3)


def test_it_follows_the_pressure_and_leaves_no_step() -> None:
    pressure = np.concatenate([np.zeros(4800), np.ones(24000), np.zeros(24000)])
    sound = heard(pressure)
    assert not sound[:4800].any()
    assert np.abs(sound[-2400:]).max() < 1e-3
    assert np.abs(np.diff(sound)).max() < 0.5


def test_its_bands_move_on_their_own() -> None:
    sound = heard(np.ones(20 * 48000))[24000:]
    low, high = (
        np.abs(sosfilt(butter(4, edges, "bandpass", fs=48000, output="sos"), sound)) for edges in ((150, 500), (2000, 8000))
    )
    slow = [np.convolve(x, np.ones(2400) / 2400, "valid")[::1200] for x in (low, high)]
    assert abs(np.corrcoef(*slow)[0, 1]) < 0.5
