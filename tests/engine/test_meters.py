"""Meters: every frame that goes out is in one row; peaks, A-weighted energy and the limiter are what the samples say."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import a_weighting
from synth.engine.engine import Engine
from synth.engine.kernels.meters import ROW_S, ROWS

RATE = 48000


def played(level_db: float = 0, seconds: int = 3, rate: int = RATE, block: int = 4096) -> tuple[Engine, np.ndarray]:
    engine = Engine(rate, seed=2)
    engine.add("tap", gesture={"kind": "taps", "rate_hz": 9}, azimuth_deg=60, distance_m=0.1, level_db=level_db)
    engine.add("rain", gesture={"kind": "hold"}, level_db=level_db)
    return engine, np.concatenate([engine.process(block) for _ in range(seconds * rate // block)])


@pytest.mark.parametrize(("rate", "block"), [(48000, 4096), (44100, 333), (96000, 64)])
def test_rows_follow_each_other_without_a_gap(rate: int, block: int) -> None:
    engine, out = played(rate=rate, block=block)
    rows = engine.meters
    assert rows["frame"][0] == rows["frames"][0]
    assert np.array_equal(np.diff(rows["frame"]), rows["frames"][1:])
    assert (rows["frames"] >= ROW_S * rate).all()
    assert (rows["frames"] < ROW_S * rate + 64).all()
    assert engine.frame - rows["frame"][-1] <= rows["frames"][-1]
    assert len(out) - rows["frame"][-1] < rows["frames"][-1]


def test_peaks_are_the_samples_own() -> None:
    engine, out = played()
    for row in engine.meters:
        heard = out[row["frame"] - row["frames"] : row["frame"]]
        assert row["peak"].tolist() == np.abs(heard).max(axis=0).tolist()


def test_weighted_energy_is_that_of_the_weighted_samples() -> None:
    engine, out = played()
    expected = []
    for ear in range(2):
        record = np.zeros(1, a_weighting.WEIGHTING)[0]
        a_weighting.tune_weighting(record, float(RATE))
        quanta = out[:, ear].reshape(-1, 64).copy()
        expected.append(np.cumsum([a_weighting.energy(record, quantum) for quantum in quanta]))
    for row in engine.meters:
        stop, start = row["frame"] // 64, (row["frame"] - row["frames"]) // 64
        energy = [sums[stop - 1] - (sums[start - 1] if start else 0) for sums in expected]
        assert row["weighted"].tolist() == pytest.approx([each / row["frames"] for each in energy], rel=1e-6)


def test_the_limiters_gain_is_one_until_it_is_needed() -> None:
    assert (played(-30)[0].meters["gain"] == 1).all()
    loud = played(24)[0].meters["gain"]
    assert loud.min() < 0.7
    assert (loud > 0).all()


def test_the_newest_rows_are_kept() -> None:
    engine, _ = played(seconds=20)
    rows = engine.meters
    assert len(rows) == ROWS - 1
    assert np.array_equal(np.diff(rows["frame"]), rows["frames"][1:])
    assert len(Engine().meters) == 0
