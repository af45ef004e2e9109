"""The hold's clock: stamps on a device whose clock is off and whose callbacks are late stay on the frames that were heard."""

from __future__ import annotations

import numpy as np
import pytest

from synth.io.audio import device_clock
from synth.io.audio.device_clock import CLOCK
from tests.support.sizes import short_and_long

RATE, BLOCK = 48000, 1024
SETTLE_S = 60.0


@pytest.mark.parametrize("off_ppm", [-100, 0, 80])
@short_and_long("minutes", 10, 60)
def test_an_hours_hold_drifts_by_less_than_a_millisecond_a_minute(off_ppm: float, minutes: int) -> None:
    """The card's crystal is off against the clock by which presses are stamped; callbacks come up to 2 ms late."""
    rng = np.random.default_rng(5)
    record = np.zeros(1, CLOCK)
    clock, address = record[0], record.ctypes.data
    device_clock.start(clock, float(RATE))
    period_s = BLOCK / RATE * (1 + 1e-6 * off_ppm)
    at_s, wrong_ms = [], []
    for block in range(round(60 * minutes / period_s)):
        called_s = 100.0 + block * period_s
        device_clock.tick(clock, address, called_s + rng.uniform(0, 0.002), block * BLOCK, BLOCK)
        if block % 50 == 0 and block * period_s > SETTLE_S:
            pressed_s = called_s + rng.uniform(0, period_s)
            true = (pressed_s - 100.0) / period_s * BLOCK
            at_s.append(pressed_s)
            wrong_ms.append(1000 * (float(device_clock.frame_at(address, pressed_s)) - true) / RATE)
    slope_ms_a_minute = 60 * np.polyfit(at_s, wrong_ms, 1)[0]
    assert abs(slope_ms_a_minute) < 0.05  # of 1 ms that are allowed
    assert np.ptp(wrong_ms) < 1.0
    assert record["gaps"][0] == 0
