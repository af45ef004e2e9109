"""A gain that never steps: wherever it is told to go, a deep tone through it stays smooth; then it is exactly there."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp.steady_gain import STEADY_GAIN, advance, gain_at, jump, tune
from synth.rt.units import QUANTUM


def gains(targets: list[float], rate: int) -> np.ndarray:
    gain = np.zeros(1, STEADY_GAIN)[0]
    tune(gain, rate)
    jump(gain, targets[0])
    out = []
    for target in targets:
        advance(gain, target)
        out += [gain_at(gain, n) for n in range(QUANTUM)]
    return np.array(out)


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
@pytest.mark.parametrize(("before", "after"), [(1.0, 0.0), (0.0, 1.0), (1.0, 0.25)])
def test_a_tone_of_100_hz_stays_smooth(before: float, after: float, rate: int) -> None:
    quanta = round(0.1 * rate / QUANTUM)
    gain = gains([before] * quanta + [after] * quanta, rate)
    for phase in np.linspace(0, np.pi, 7):
        tone = np.sin(2 * np.pi * 100 * np.arange(len(gain)) / rate + phase)
        assert np.abs(np.diff(tone * gain, 2)).max() < 1.5 * np.abs(np.diff(tone, 2)).max()


def test_it_is_exactly_there_after_20_ms() -> None:
    gain = gains([1.0] * 20 + [0.5] * 40, 48000)
    assert (gain[: 20 * QUANTUM] == 1.0).all()
    assert (gain[20 * QUANTUM + 960 :] == 0.5).all()
