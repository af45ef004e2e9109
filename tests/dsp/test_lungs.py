"""Lungs: stages in their order, at their rate, with their shapes."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import lungs, noise
from synth.rt import kernel

PER_S = 500


@kernel
def _breathe(record, rate_hz, variation, told):
    for n in range(told.shape[1]):
        lungs.advance(record, rate_hz / 500.0, variation)
        told[0, n], told[1, n] = lungs.share(record), lungs.is_inward(record)
        told[2, n], told[3, n] = lungs.opening(record), record.kind


@kernel
def _start(record, seed, variation, manner):
    lungs.start(record, seed, variation, manner)


def told(seconds: float, rate_hz: float, variation: float, manner: int = lungs.CALM, seed: int = 1) -> np.ndarray:
    """Return share of the speed, whether it is inward, how far the jaw is open, kind of breath: (4, quanta)."""
    record, found = np.zeros(1, lungs.LUNGS), np.zeros((4, int(seconds * PER_S)))
    _start(record[0], noise.mixed(np.uint64(seed)), variation, manner)
    _breathe(record[0], rate_hz, variation, found)
    return found


def breathed(seconds: float, rate_hz: float, variation: float, manner: int = lungs.CALM) -> tuple[np.ndarray, np.ndarray]:
    share, inward, _, _ = told(seconds, rate_hz, variation, manner)
    return share, inward


@pytest.mark.parametrize("rate_hz", [0.1, 0.3, 0.8])
def test_it_breathes_at_its_rate(rate_hz: float) -> None:
    _, inward = breathed(60 / rate_hz, rate_hz, 0.0)
    assert int((np.diff(inward) > 0).sum()) == pytest.approx(60, abs=1)


def test_in_starts_sharply_and_out_lasts_longer_and_never_is_it_still() -> None:
    share, inward = breathed(4, 0.25, 0.0)
    into = share[: int(1.36 * PER_S)]
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


@pytest.mark.parametrize("manner", [lungs.SIGH, lungs.YAWN])
def test_a_sigh_or_a_yawn_comes_first_and_then_every_few_breaths(manner: int) -> None:
    _, _, _, kind = told(400, 0.3, 0.3, manner)
    begins = np.flatnonzero(np.diff(kind == manner, prepend=False) & (kind == manner))
    assert kind[0] == manner
    assert len(begins) > 10
    assert set(kind) == {lungs.CALM, manner}
    gaps = np.diff(begins) / PER_S * 0.3  # in calm breaths
    assert 3 < gaps.min() < gaps.max() < 10


def test_a_yawn_draws_air_in_ever_faster_while_the_jaw_opens() -> None:
    share, inward, opening, _ = told(5, 0.2, 0.0, lungs.YAWN)
    into = int(np.flatnonzero(inward == 0)[0])
    assert 3 < into / PER_S < 6
    assert share[:into].argmax() > 0.6 * into
    assert (np.diff(opening[:into]) >= 0).all()
    assert opening[into - 1] > 0.99 > 0.1 > opening[5]


def test_a_sigh_is_deeper_and_longer_than_a_calm_breath() -> None:
    (sigh, _, opening, _), (calm, _, _, _) = (told(3.3 * 1.5, 0.3, 0.0, manner) for manner in (lungs.SIGH, lungs.CALM))
    assert np.square(sigh).sum() > 1.3 * np.square(calm[: int(3.3 * PER_S)]).sum()
    out = opening[int(0.35 * sigh.size) : int(0.8 * sigh.size)]
    assert (np.diff(out) <= 1e-9).all()


def test_asleep_breaths_are_more_alike_and_a_pause_follows() -> None:
    def unlike(manner):
        _, inward = breathed(600, 0.3, 0.5, manner)
        lengths = np.diff(np.flatnonzero(np.diff(inward) > 0))
        return lengths.std() / lengths.mean()

    assert unlike(lungs.ASLEEP) < 0.7 * unlike(lungs.CALM)
    asleep, calm = (breathed(40, 0.25, 0.0, manner)[0] for manner in (lungs.ASLEEP, lungs.CALM))
    assert (asleep == lungs.STILL)[-10 * PER_S :].mean() > (calm == lungs.STILL)[-10 * PER_S :].mean()
