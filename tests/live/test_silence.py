"""Mute and the sleep timer: the master's fade goes where both want it, and a timer that was asked for ends in silence."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from synth.engine.engine import Engine
from synth.engine.kernels.state import FADE
from synth.live import silence
from synth.live.silence import Silence
from synth.live.sleep_timer import SleepTimer
from synth.parameters.errors import InputError


class Clock:
    now_s = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    class Timer(SleepTimer):
        def __init__(self, seconds: float) -> None:
            super().__init__(seconds, lambda: clock.now_s)

    monkeypatch.setattr(silence, "SleepTimer", Timer)
    return clock


@pytest.fixture
def engine() -> Engine:
    return Engine(48000, "sphere")


def fade(engine: Engine) -> float:
    engine.process(64)
    return float(engine.state["master"][FADE]["target"])


def test_mute_is_a_switch(engine: Engine) -> None:
    live = SimpleNamespace(fade=1.0)
    found = Silence(engine, live)
    for share in (0.0, 1.0, 0.0):
        found.mute()
        assert (fade(engine), live.fade, found.is_muted) == (share, share, share == 0)


def test_a_timer_that_was_asked_for_fades_and_then_stays_muted(engine: Engine, clock: Clock) -> None:
    found = Silence(engine, SimpleNamespace(fade=1.0))
    found.sleep(300)
    shares = []
    while found.left_s is not None:
        assert not found.attend()
        shares.append(fade(engine))
        clock.now_s += 1
    assert shares == sorted(shares, reverse=True)
    assert shares[190] == 1.0
    assert 0 < shares[250] < 0.5
    assert (fade(engine), found.is_muted) == (0.0, True)
    found.mute()
    assert fade(engine) == 1.0


def test_no_seconds_are_no_timer(engine: Engine, clock: Clock) -> None:
    found = Silence(engine, SimpleNamespace(fade=1.0))
    found.sleep(90)
    clock.now_s = 80
    found.attend()
    assert fade(engine) < 0.5
    found.sleep(0)
    assert (fade(engine), found.left_s) == (1.0, None)


def test_the_sessions_own_timer_ends_it(engine: Engine) -> None:
    now_s = [0.0]
    found = Silence(engine, SimpleNamespace(fade=1.0), SleepTimer(10, lambda: now_s[0]))
    assert not found.attend()
    now_s[0] = 10
    assert found.attend()


@pytest.mark.parametrize("seconds", [-1, 1e7, float("nan")])
def test_what_is_no_time_is_refused(engine: Engine, seconds: float) -> None:
    with pytest.raises(InputError, match="sleep"):
        Silence(engine, SimpleNamespace(fade=1.0)).sleep(seconds)
