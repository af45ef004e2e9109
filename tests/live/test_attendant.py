"""The attendant: what it calls, when, and what it says of errors; time is ours here."""

from __future__ import annotations

import pytest

from synth.live.attendant import Attendant


def attended(call, seconds: float, interval_s: float = 0.0, other=lambda: None) -> list[str]:
    """Return what is told while turns of 10 ms pass."""
    told: list[str] = []
    attendant = Attendant("test", told.append)
    attendant.add(call, interval_s)
    attendant.add(other)
    for turn in range(round(seconds / 0.01)):
        attendant.turn(100 + 0.01 * turn)
    return told


@pytest.mark.parametrize(("interval_s", "expected"), [(0.0, 100), (0.2, 5)])
def test_a_job_is_called_at_its_interval(interval_s: float, expected: int) -> None:
    calls: list[int] = []
    assert attended(lambda: calls.append(1), 1.0, interval_s) == []
    assert len(calls) == pytest.approx(expected, abs=1)


def test_an_error_is_said_once_tried_again_ever_later_and_hinders_no_other_job() -> None:
    tries, others = [], []

    def fail() -> None:
        tries.append(1)
        raise OSError("no more room")

    assert attended(fail, 10.0, other=lambda: others.append(1)) == ["OSError: no more room"]
    assert len(others) == 1000
    assert 10 <= len(tries) <= 20  # 20 ms, 40 ms, ... up to a second; not a thousand


def test_another_error_is_said_too_but_not_without_end() -> None:
    numbers = iter(range(10**6))

    def fail() -> None:
        raise ValueError(next(numbers) // 2)

    told = attended(fail, 60.0)
    assert told[:3] == ["ValueError: 0", "ValueError: 1", "ValueError: 2"]
    assert len(told) <= 20


def test_after_a_success_it_is_called_as_often_as_before() -> None:
    calls = []

    def fail_at_first() -> None:
        calls.append(1)
        if len(calls) <= 3:
            raise OSError("later")

    attended(fail_at_first, 2.0)
    assert len(calls) > 150
