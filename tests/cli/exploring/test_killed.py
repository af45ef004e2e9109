"""kill -9 at any moment of a session: what was answered is kept, at most the running trial is lost, the next call goes on."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import synth
from tests.support.processes import killed_at_last

WORDS = ["tap", "--listener", "tests.explore.test_session:_Loud", "--prior", "none", "--minutes", "15", "-o"]
_LONGEST_S = 1.5  # a trial of this listener takes less


def killed_after(seconds: float, folder: Path, at_beginning: bool) -> tuple[int, int]:
    """Run a session and kill it; return after how many trials it went on, and how many answers more it has said."""
    command = [sys.executable, "-m", "synth", "explore", *WORDS, str(folder)]
    with killed_at_last(subprocess.Popen(command, stderr=subprocess.PIPE, text=True)) as process:
        assert process.stderr is not None
        heard = [process.stderr.readline()]  # sound has begun, or it says where it goes on
        if not at_beginning:
            heard.append(process.stderr.readline())
        time.sleep(seconds)
        assert process.poll() is None, "".join(heard)
        process.kill()
        text = "".join(heard) + process.stderr.read()
    before = re.search(r"going on after (\d+) trials", text)
    return int(before[1]) if before else 0, len(re.findall(r"\d+: hold", text))


def told(folder: Path) -> int:
    """Return how many answers the folder keeps, which are numbered without a gap; a line that is not whole is none."""
    lines = (folder / "trials.jsonl").read_bytes().split(b"\n")[:-1]
    events = [json.loads(line) for line in lines]
    numbers = [event["number"] for event in events if event["event"] == "told"]
    assert numbers == list(range(len(numbers)))
    asked = {event["number"] for event in events if event["event"] == "asked"}
    assert len(asked - set(numbers)) <= 1
    return len(numbers)


def check(folder: Path, moments: int) -> None:
    """Kill at so many random moments, one call after the other in one folder."""
    rng, kept = random.Random(os.environ.get("SYNTH_TEST_SEED", "14")), 0
    for _ in range(moments):
        before, said = killed_after(rng.uniform(0, _LONGEST_S), folder, rng.random() < 0.5)
        assert before == kept
        now = told(folder)
        assert kept + said <= now <= kept + said + 1  # an answer is on the disk before it is said
        kept = now
    assert kept > 0
    assert len(synth.Explorer.open(folder).history.told) == kept


def test_a_session_that_is_killed_goes_on_with_every_answer(tmp_path: Path) -> None:
    check(tmp_path / "mine", 3)


@pytest.mark.soak
def test_thirty_moments(tmp_path: Path) -> None:
    check(tmp_path / "mine", 30)
