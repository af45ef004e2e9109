"""Damaged files of every kind are read, or refused in one printable line: no traceback, no hang, no gigabyte."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.mutated_files import KINDS
from tests.support.sizes import short_and_long


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="looks into /proc")
@short_and_long("count", 6, 1000)
def test_damaged_files_are_read_or_refused_in_a_line(count: int) -> None:
    command = [sys.executable, "-m", "tests.support.mutated_files", str(count)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found.keys() == KINDS.keys()
    for kind, outcomes in found.items():
        assert outcomes.keys() <= {"read", "refused"}, (kind, outcomes)
        assert sum(outcomes.values()) == count
    assert sum(outcomes.get("refused", 0) for outcomes in found.values()) > count
