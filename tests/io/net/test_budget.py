"""Budgets and turns: what many senders get, whatever one of them does."""

from __future__ import annotations

import types

import pytest

from synth.io.net import budget
from synth.io.net.budget import Allowance, Budget
from synth.io.net.turns import MOST_WAITING, SENDERS, Turns


@pytest.fixture
def now_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(budget, "time", types.SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_each_has_its_own_and_all_together_have_no_more_than_agreed(now_s: list[float]) -> None:
    purse = Budget(Allowance(10, 20), Allowance(50, 100))
    assert [sum(purse.take(who, 1) for _ in range(1000)) for who in range(6)] == [20, 20, 20, 20, 20, 0]
    now_s[0] += 1.0
    assert [sum(purse.take(who, 1) for _ in range(1000)) for who in range(6)] == [10, 10, 10, 10, 10, 0]
    now_s[0] += 1e6
    assert purse.take(0, 20)
    assert not purse.take(0, 1)


def test_who_sends_may_have_as_much_back(now_s: list[float]) -> None:
    purse = Budget(Allowance(10, 20), Allowance(50, 100))
    for _ in range(100):
        purse.give("a", 5)
        assert purse.take("a", 5)
    assert purse.take("a", 15)
    assert not purse.take("a", 1)


def test_senders_without_end_take_no_memory_and_get_no_more(now_s: list[float]) -> None:
    purse = Budget(Allowance(10, 20), Allowance(50, 100))
    assert sum(purse.take(who, 1) for who in range(100_000)) == 100


def test_one_of_each_at_a_time_and_each_in_its_order() -> None:
    turns = Turns()
    for n in range(5):
        assert turns.add("loud", b"%d" % n)
    turns.add("quiet", b"a")
    turns.add("other", b"b")
    assert list(turns.take(4)) == [(b"0", "loud"), (b"a", "quiet"), (b"b", "other"), (b"1", "loud")]
    turns.add("quiet", b"c")
    assert [data for data, _ in turns.take(100)] == [b"2", b"c", b"3", b"4"]
    assert not turns


def test_what_waits_is_bounded() -> None:
    turns = Turns()
    assert sum(turns.add("loud", b"x") for _ in range(3 * MOST_WAITING)) == MOST_WAITING
    assert sum(turns.add("long", bytes(1 << 16)) for _ in range(1000)) == 64
    assert sum(turns.add(who, b"x") for who in range(1000)) == SENDERS - 2
