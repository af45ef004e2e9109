"""Wander: smooth, of the size it says, and the same way at every sample rate."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import noise, wander
from synth.rt import kernel

RATE_HZ, SECONDS = 5.0, 120


@kernel
def _wander(record, seed, bounded, draws, out):
    if bounded:
        wander.start_bounded(record, seed)
    else:
        wander.start(record, seed)
    for n in range(out.size):
        out[n] = wander.value(record)
        wander.advance(record, draws)


def wandered(bounded: bool, rate: float) -> np.ndarray:
    """Return the wave, read `rate` times a second."""
    out = np.zeros(round(SECONDS * rate))
    _wander(np.zeros(1, wander.WANDER)[0], noise.mixed(np.uint64(3)), bounded, RATE_HZ / rate, out)
    return out


@pytest.mark.parametrize(("bounded", "deviation"), [(False, 0.86), (True, 0.86 / np.sqrt(3))])
def test_it_has_the_size_it_says(bounded: bool, deviation: float) -> None:
    x = wandered(bounded, 1000.0)
    assert x.std() == pytest.approx(deviation, rel=0.1)
    assert abs(x.mean()) < 0.15 * deviation
    assert not bounded or (np.abs(x).max() <= 1 and x[0] == 0)


@pytest.mark.parametrize("bounded", [False, True])
def test_it_goes_smoothly_and_the_same_way_however_often_it_is_read(bounded: bool) -> None:
    coarse, fine = wandered(bounded, 1000.0), wandered(bounded, 2000.0)
    assert np.abs(coarse - fine[::2]).max() < 1e-6
    widest = 2 * np.abs(coarse).max()
    assert np.abs(np.diff(fine)).max() < 1.5 * widest * RATE_HZ / 2000 * 1.01  # the steepest part of a smooth step
