"""Lungs: stages in their order, at their rate, with their shapes."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import lungs, noise
from synth.rt import kernel

PER_S = 500


@kernel
def _breathe(record, rate_hz, variation, share, inward):
    for n in range(share.size):
        lungs.advance(record, rate_hz / 500.0, variation)
        share[n], inward[n] = lungs.share(record), lungs.is_inward(record)


@kernel
def _start(record, seed, variation):
    lungs.start(record, seed, variation)


def breathed(seconds: float, rate_hz: float, variation: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    record = np.zeros(1, lungs.LUNGS)
    _start(record[0], noise.mixed(np.uint64(seed)), variation)
    share, inward = np.zeros(int(seconds * PER_S)), np.zeros(int(seconds * PER_S))
    _breathe(record[0], rate_hz, variation, share, inward)
    return share, inward


@pytest.mark.parametrize("rate_hz", [0.1, 0.3, 0.8])
def test_it_breathes_at_its_rate(rate_hz: float) -> None:
    _, inward = breathed(60 / rate_hz, rate_hz, 0.0)
    assert int((np.diff(inward) > 0).sum()) == pytest.approx(60, abs=1)


def test_in_starts_sharply_and_out_lasts_longer_and_never_is_it_still() -> None:
    share, inward = breathed(4, 0.25, 0.0)
    into = share[: int(1.44 * PER_S)]
    assert into.argmax() < 0.35 * into.size
    assert share.max() == pytest.approx(1, abs=0.01)
    assert share.min() == lungs.STILL
    assert share[inward == 0].max() < 0.9


def test_variation_makes_breaths_of_unlike_length_and_depth() -> None:
    def lengths(variation):
        _, inward = breathed(400, 0.3, variation)
        return np.diff(np.flatnonzero(np.diff(inward) > 0)) / PER_S

    assert lengths(0.0).std() < 0.01
    assert 0.1 < lengths(0.5).std() / lengths(0.5).mean() < 0.5
