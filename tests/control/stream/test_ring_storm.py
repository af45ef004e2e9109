"""A hundred thousand frames of nonsense, written by another process over a shared ring: nothing moves but by valid frames."""

from __future__ import annotations

import pytest

from tests.support import ring_storm

FRAMES = 100_000


@pytest.mark.usefixtures("sine_trigger")
def test_a_storm_over_the_ring_moves_nothing_and_every_rejection_is_counted() -> None:
    *wrong, (_, figures) = ring_storm.rounds(FRAMES, seed=1)
    assert not wrong
    assert figures["frames"] >= FRAMES
    assert figures["loudest"] <= ring_storm.CEILING
    assert figures["applied"] > 1000
    assert figures["stalls"] > 0
    assert all(figures["rejections"].values())
    assert set(figures["why"]) == set(figures["rejections"])
