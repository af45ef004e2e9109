"""The sleep timer: full until the fade begins, then only down, silent and over when the time has come."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from synth.live.sleep_timer import SleepTimer


@pytest.mark.parametrize(("seconds", "fade_s"), [(3, 1), (60, 20), (2700, 900), (28800, 900)])
def test_it_fades_over_the_last_third_at_most_a_quarter_of_an_hour(seconds: float, fade_s: float) -> None:
    now_s = [0.0]
    timer = SleepTimer(seconds, lambda: now_s[0])
    shares, sent = [], []
    for now_s[0] in np.linspace(0, seconds, 4000):
        is_due = timer.attend()
        assert not (is_due and now_s[0] < seconds - fade_s - 1e-9)
        shares.append(timer.share)
        sent += [timer.share] * is_due
    assert shares[0] == 1
    assert all(a >= b for a, b in pairwise(shares))
    assert timer.share == 0
    assert timer.left_s == 0
    assert len(sent) <= fade_s / SleepTimer.STEP_S + 2
    if fade_s > 10:
        now_s[0] = seconds - fade_s / 2
        assert timer.share == pytest.approx(0.25, abs=0.06)
