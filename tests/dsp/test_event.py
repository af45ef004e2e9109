"""Event processes: Poisson, at their rate, the same at every sample rate and however the time is cut."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from synth.dsp import event
from synth.rt import kernel


@kernel
def _times(process, rate_hz, slope_hz_per_s, sample_rate, frames, block, out):
    """Write the times of events; the rate changes at each block's beginning."""
    count, at = 0, 0
    while at < frames:
        stop = min(at + block, frames)
        rate = rate_hz + slope_hz_per_s * at / sample_rate
        frame = at
        while True:
            frame = event.next_frame(process, rate, sample_rate, frame, stop)
            if frame >= stop or count >= out.size:
                break
            out[count] = frame / sample_rate
            count += 1
        at = stop
    return count


def times(
    rate_hz: float, seconds: float, sample_rate: float = 48000.0, block: int = 64, slope: float = 0.0, seed: int = 5
) -> np.ndarray:
    process, out = np.zeros(1, event.PROCESS), np.zeros(400000)
    event.start(process[0], np.uint64(seed))
    return out[: _times(process[0], rate_hz, slope, sample_rate, int(seconds * sample_rate), block, out)]


@pytest.mark.parametrize("rate_hz", [0.5, 30.0, 5000.0])
def test_the_rate_is_exact(rate_hz: float) -> None:
    expected = 20000
    seconds = min(expected / rate_hz, 2000)
    count = times(rate_hz, seconds, 8000.0).size
    assert abs(count - rate_hz * seconds) < 4 * np.sqrt(rate_hz * seconds)


def test_it_is_poisson() -> None:
    x = times(200, 60)
    assert stats.kstest(np.diff(x) + 0.0, stats.expon(scale=1 / 200).cdf).pvalue > 1e-3
    counts = np.histogram(x, np.arange(0, 60, 0.1))[0]
    assert counts.var() / counts.mean() == pytest.approx(1, abs=0.25)  # Fano factor; its standard error is 0.06


def test_a_rate_beyond_the_sample_rate_is_kept() -> None:
    """Several events may share a frame."""
    assert times(30000, 1, 8000.0).size == pytest.approx(30000, abs=4 * np.sqrt(30000))


def test_one_seed_gives_the_same_events_at_every_sample_rate() -> None:
    at_48, at_44, at_96 = (times(100, 20, rate) for rate in (48000.0, 44100.0, 96000.0))
    count = min(at_48.size, at_44.size, at_96.size)
    assert abs(at_48.size - at_44.size) <= 1
    assert np.abs(at_48[:count] - at_44[:count]).max() < 2 / 44100
    assert np.abs(at_48[:count] - at_96[:count]).max() < 2 / 48000


def test_how_the_time_is_cut_changes_nothing() -> None:
    np.testing.assert_array_equal(times(900, 3, block=64), times(900, 3, block=7))


def test_a_changing_rate_is_integrated() -> None:
    x = times(0, 20, slope=100)  # 100 t a second: 50 t^2 expected
    assert x.size == pytest.approx(20000, abs=4 * np.sqrt(20000))
    assert stats.kstest(x / 20, lambda t: t**2).pvalue > 1e-3


def test_no_rate_gives_no_events() -> None:
    assert times(0, 5).size == 0
