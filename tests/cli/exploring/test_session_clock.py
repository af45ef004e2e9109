"""How long a session may last."""

from __future__ import annotations

from synth.cli.exploring.session_clock import SessionClock


def test_pauses_do_not_count_and_enough_is_said_once() -> None:
    now_s = [0.0]
    clock = SessionClock(120.0, clock=lambda: now_s[0])
    found = []
    for step in range(400):
        now_s[0] += 1.0
        found.append(clock.is_over(is_running=step < 100 or step >= 300))
    assert found.index(True) == 300 + 80 - 1  # two minutes and one of grace, less the hundred seconds before the pause
    assert sum(found) == 1
