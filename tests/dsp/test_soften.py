"""Soften: as deep at 5 kHz as asked for, next to nothing far from there, no sound of its own."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import filters, soften
from synth.rt.units import QUANTUM

RATE = 48000


def response_db(depth_db: float, frequency_hz: float) -> float:
    svf = np.zeros(1, filters.SVF)[0]
    soften.tune(svf, RATE)
    t = np.arange(200 * QUANTUM) / RATE
    x = np.sin(2 * np.pi * frequency_hz * t).astype(np.float32)
    y, share = x.copy(), soften.share_of(depth_db)
    for block in y.reshape(-1, QUANTUM):
        soften.soften(svf, block, share, share)
    return float(20 * np.log10(y[-9600:].std() / x[-9600:].std()))


@pytest.mark.parametrize("depth_db", [1.0, 3.0, 6.0, 12.0])
def test_it_is_as_deep_as_asked_for_at_its_centre(depth_db: float) -> None:
    assert response_db(depth_db, soften.CENTRE_HZ) == pytest.approx(-depth_db, abs=0.05)


def test_far_from_there_nothing_changes() -> None:
    assert response_db(6.0, 200.0) == pytest.approx(0, abs=0.1)
    assert response_db(0.0, 5000.0) == 0
