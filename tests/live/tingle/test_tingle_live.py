"""The hold beside a real JACK server: after calibration it stands on the sound that it answers, to ten milliseconds."""

from __future__ import annotations

import json
import sys

from tests.support.jack_server import running
from tests.support.needs import live, needs_jackd
from tests.support.tingle_scene import SOUNDS

_TRIES = 3  # a shared machine may miss a cycle that is nobody's fault


@live
@needs_jackd
def test_after_tapping_along_a_hold_stands_on_its_sound() -> None:
    with running(48000, 256) as server:
        for _ in range(_TRIES):
            done = server.run([sys.executable, "-m", "tests.support.tingle_scene"], timeout_s=240)
            assert done.returncode == 0, done.stderr[-2000:]
            facts = json.loads(done.stdout.splitlines()[-1])
            if facts["gaps"] == 0:
                break
    assert facts["gaps"] == 0
    assert facts["answers"] == SOUNDS
    assert facts["wrong_ms"] <= 10
    assert facts["spread_ms"] <= 1
    assert facts["stretch_gaps"] == 0
    assert facts["sampled_share"] > 0
