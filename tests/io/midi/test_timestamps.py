"""Timestamps of MIDI messages: the driver's spacing survives a late, stalled Python on a clock that drifts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.io.midi.timestamps import RISE, SLACK_S, Timestamps

OFFSET_S = 1234.5


def listen(sent_s: np.ndarray, polls_s: np.ndarray, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Stamp messages sent at times of the session's clock, fetched at the next poll; the driver's clock drifts."""
    stamps, empty_s, got, fetched = Timestamps(), -np.inf, [], []
    deltas_s = np.diff(sent_s * (1 + drift), prepend=sent_s[0] * (1 + drift))
    polls = iter(polls_s)
    now_s = next(polls)
    for send_s, delta_s in zip(sent_s, deltas_s, strict=True):
        while now_s < send_s:
            empty_s, now_s = now_s, next(polls)
        got.append(stamps.stamp(delta_s, now_s, empty_s))
        fetched.append(now_s)
    return np.array(got), np.array(fetched)


def session(seed: int, seconds: float = 120.0, rate_hz: float = 40.0) -> tuple[np.ndarray, np.ndarray]:
    """Return times at which messages are sent, and times of polls about a millisecond apart with jitter."""
    rng = np.random.default_rng(seed)
    sent_s = OFFSET_S + np.cumsum(rng.exponential(1 / rate_hz, int(seconds * rate_hz)))
    polls_s = OFFSET_S - 1 + np.cumsum(0.0005 + rng.exponential(0.001, int((seconds + 30) / 0.0015)))
    return sent_s, polls_s


def stalled(polls_s: np.ndarray, stall_s: float = 0.3, every_s: float = 5.0) -> np.ndarray:
    """Take the polls out of `stall_s` in every `every_s`."""
    return polls_s[(polls_s - OFFSET_S) % every_s > stall_s]


@pytest.mark.parametrize("drift", [-1e-4, 0.0, 1e-4])
@pytest.mark.parametrize("stall_s", [0.0, 0.3])
def test_stamps_are_nearer_to_the_truth_than_a_poll(drift: float, stall_s: float) -> None:
    sent_s, polls_s = session(seed=1)
    got, fetched = listen(sent_s, stalled(polls_s, stall_s), drift)
    error_s = (got - sent_s)[100:]
    assert np.abs(error_s).max() < 0.002
    assert np.std(error_s) < 0.3 * max(np.std((fetched - sent_s)[100:]), 0.001)


@pytest.mark.parametrize("drift", [-1e-4, 1e-4])
def test_drift_is_followed_for_an_hour(drift: float) -> None:
    sent_s = OFFSET_S + np.arange(0, 3600, 0.5)
    got, _ = listen(sent_s, np.arange(OFFSET_S - 1, OFFSET_S + 3602, 0.0101), drift)
    assert np.abs(got - sent_s).max() < 0.02


def test_the_first_message_may_come_late() -> None:
    sent_s, polls_s = session(seed=2, seconds=5)
    polls_s = polls_s[polls_s > sent_s[0] + 0.3]
    got, _ = listen(sent_s, polls_s)
    assert (np.abs(got - sent_s)[sent_s > polls_s[0] + 0.5] < 0.002).all()


def test_lost_deltas_are_noticed() -> None:
    stamps = Timestamps()
    stamps.stamp(0.0, 10.0, 9.999)
    assert stamps.stamp(0.0, 12.0, 11.999) == pytest.approx(
        12.0, abs=0.002
    )  # two seconds passed, of which the driver says nothing
    assert stamps.stamp(0.5, 12.5, 12.499) == pytest.approx(12.5, abs=0.002)


def test_a_clock_that_is_set_is_followed() -> None:
    stamps = Timestamps()
    stamps.stamp(0.0, 10.0, 9.999)
    assert stamps.stamp(0.1, 3.1, 3.099) == pytest.approx(3.1, abs=0.002)
    assert stamps.stamp(0.1, 500.2, 500.199) == pytest.approx(500.2, abs=0.002)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 5),  # delta
            st.floats(0, 5),  # time to the last poll that found nothing
            st.floats(0, 1),  # from there to the arrival
        ),
        min_size=1,
        max_size=60,
    )
)
def test_stamps_never_go_back_nor_ahead_nor_before_the_empty_queue(steps: list[tuple[float, float, float]]) -> None:
    stamps, now_s, last_s = Timestamps(), OFFSET_S, -np.inf
    for delta_s, quiet_s, wait_s in steps:
        empty_s = now_s + quiet_s
        now_s = empty_s + wait_s
        stamp_s = stamps.stamp(delta_s, now_s, empty_s)
        assert last_s <= stamp_s <= now_s
        assert stamp_s >= empty_s - SLACK_S - 1e-9
        last_s = stamp_s


def test_the_rise_leaves_room_for_two_bad_crystals() -> None:
    assert RISE >= 2 * 100e-6
