"""A storm over a shared ring, a million frames in `make soak`, written by another process: nothing moves but by valid frames."""

from __future__ import annotations

import pytest

from tests.support import ring_storm
from tests.support.sizes import short_and_long


@pytest.mark.usefixtures("sine_trigger")
@short_and_long("frames", 20_000, 1_000_000)
def test_nonsense_in_the_ring_moves_nothing_and_is_counted_by_its_kind(frames: int) -> None:
    *wrong, (_, figures) = ring_storm.rounds(frames, seed=1)
    assert not wrong
    assert figures["frames"] >= frames
    assert figures["loudest"] <= ring_storm.CEILING
    assert figures["applied"] > frames / 100
    assert figures["stalls"] > 0
    assert all(figures["rejections"].values())
    assert set(figures["why"]) == set(figures["rejections"])
