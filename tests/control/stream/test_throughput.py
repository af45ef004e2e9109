"""Streams into a session that plays while its Python is busy: no frame comes late.

Of three tries one must do, as other work of the machine may stop the sender too.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.support import jack_server
from tests.support.needs import needs_jackd

pytestmark = [pytest.mark.live, needs_jackd]


def told(scene: str) -> dict[str, Any]:
    """Let a scene happen until no frame is late, three times at most; return what it counted."""
    with jack_server.running(48000, 256) as server:
        for _ in range(3):
            done = server.run([sys.executable, "-m", scene, "10"])
            assert done.returncode == 0, done.stderr
            counted: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
            if counted["late"] == 0:
                break
    return counted


def test_by_osc_beside_two_spinning_threads() -> None:
    """500 parameters, 200 frames a second."""
    counted = told("tests.support.osc_throughput")
    assert counted["parameters"] >= 500
    assert (counted["packets"], counted["received"], counted["left_out"]) == (2000, 2000, {})
    assert counted["late"] == 0, counted
    assert counted["longest_wait_s"] <= 0.02 + 0.005 + 64 / 48000


def test_by_shared_memory_beside_two_spinning_threads_and_one_that_sorts() -> None:
    """500 parameters, 500 frames a second."""
    counted = told("tests.support.shared_throughput")
    assert counted["sorts"] > 3
    assert (counted["received"], counted["rejected"], counted["corrupt"]) == (5000, 0, 0)
    assert counted["late"] == 0, counted
    assert counted["longest_wait_s"] <= 0.02 + 0.002 + 64 / 48000
