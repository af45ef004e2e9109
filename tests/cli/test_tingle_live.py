"""A session with a listener beside a JACK server, each way in by its real protocol: JSON lines, OSC, LSL; then its export."""

from __future__ import annotations

import itertools
import json
import socket
import stat
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.jack_server import running
from tests.support.needs import live, needs_jackd
from tests.support.osc_sender import message

_SYNTH = [sys.executable, "-m", "synth"]
_EVERY_S = 0.4


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@live
@needs_jackd
def test_lines_osc_and_lsl_say_a_hold_and_a_heart_and_pandas_opens_them(tmp_path: Path) -> None:
    pylsl = pytest.importorskip("pylsl", reason="pylsl is not installed")
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    port, name = free_port(), f"synth test {time.monotonic_ns()}"
    hold = pylsl.StreamOutlet(pylsl.StreamInfo(f"{name} hold", "x", 1, 0, "float32", f"{name} hold"))
    heart = pylsl.StreamOutlet(pylsl.StreamInfo(f"{name} heart", "x", 1, 0, "float32", f"{name} heart"))
    words = ["--tingle", "--consent", "--stream", "-", "--osc", str(port), "--quiet", "--seconds", "12"]
    words += ["--signal", f"hold=lsl:{name} hold", "--signal", f"heart=lsl:{name} heart"]
    state = {"SYNTH_STATE_DIR": str(tmp_path / "state")}
    with running(48000, 256) as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as osc:
        command = [*_SYNTH, "play", "tap", "--device", "jack", "--midi", "none", *words]
        process = server.popen(command, state, stdin=-1, stdout=-1, text=True)
        assert process.stdout.readline() == "ready\n"
        stamps: list[float] = []
        unix_ahead_s = time.time() - pylsl.local_clock()
        for say in (
            lambda: process.stdin.write('{"tingle": 0.25}\n') and process.stdin.flush(),
            lambda: osc.sendto(message("/synth/tingle", 0.5), ("127.0.0.1", port)),
            lambda: hold.push_sample([0.75], stamps.append(pylsl.local_clock()) or stamps[0]),
            lambda: heart.push_sample([61.0]),
            lambda: process.stdin.write('{"tingle": 0}\n') and process.stdin.flush(),
        ):
            say()
            time.sleep(_EVERY_S)
        assert process.wait(60) == 0
        process.stdin.close()
        process.stdout.close()
        exported = server.popen([*_SYNTH, "tingle", "export", "-o", str(tmp_path / "out"), "--json"], state, stdout=-1, text=True)
        paths = {Path(path).name: Path(path) for path in json.loads(exported.communicate(timeout=60)[0])}
    (session,) = [path for path in (tmp_path / "state" / "tingle").iterdir() if path.is_dir()]
    rows: list[dict[str, Any]] = [json.loads(line) for line in (session / "hold.jsonl").read_text().splitlines()]
    assert [row["hold"] for row in rows] == [0.25, 0.5, 0.75, 0]
    spans_s = [(after["frame"] - before["frame"]) / 48000 for before, after in itertools.pairwise(rows)]
    assert spans_s == pytest.approx([_EVERY_S, _EVERY_S, 2 * _EVERY_S], abs=0.15)  # a busy machine sends late, too
    facts = json.loads((session / "session.json").read_text())
    if not facts["holds_late"]:  # a busy machine fetched it late, and says so
        clock = [json.loads(line) for line in (session / "clock.jsonl").read_text().splitlines()]
        rendered = np.interp(stamps[0] + unix_ahead_s, [row["unix_s"] for row in clock], [row["frame"] for row in clock])
        acts = facts["alignment"]["total_s"] - facts["alignment"]["output_s"]
        assert (rows[2]["frame"] - rendered) / 48000 == pytest.approx(acts, abs=0.01)
    assert stat.S_IMODE(session.stat().st_mode) == 0o700
    table = pandas.read_json(paths["hold.json"])
    assert sorted(set(table["hold"])) == [0, 0.25, 0.5, 0.75]
    assert pandas.read_json(paths["heart.json"])["value"].tolist() == [61.0]
    import synth

    assert set(synth.trace(paths["performance.take"]).tingle.tolist()) == {0, 0.25, 0.5, 0.75}
