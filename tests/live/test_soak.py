"""Random everything through every way in beside JACK, for an hour or SYNTH_SOAK_S seconds: nothing ends, grows or is too loud."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from synth.take.reader import load_take, replay
from tests.support.everything import Everything
from tests.support.jack_server import running
from tests.support.needs import live, needs_jackd

_SECONDS = float(os.environ.get("SYNTH_SOAK_S", "3600"))
_CEILING = 10 ** (-1 / 20) + 1e-6
_LOOKS = 60
_GROWTH_KB = 32 << 10  # of memory, once everything has been played that is going to be


def measured(pid: int) -> dict[str, int]:
    """What a process holds."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {
        "memory_kb": int(status["VmRSS"].split()[0]),
        "threads": int(status["Threads"]),
        "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
    }


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def differs_at(recorded: Path, take: Path) -> int | None:
    """Where what was recorded and what its take renders differ, or None; both may be long."""
    with soundfile.SoundFile(recorded) as file:
        at = 0
        for block in replay(load_take(take)):
            heard = file.read(len(block), dtype="float32", always_2d=True)
            if not np.array_equal(heard, block[: len(heard)]):
                return at
            at += len(heard)
    return None


def peak(recorded: Path) -> float:
    return max(float(np.abs(block).max()) for block in soundfile.blocks(recorded, 1 << 16, dtype="float32"))


@live
@needs_jackd
@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
def test_an_hour_of_everything(tmp_path: Path) -> None:
    port, shared, looks = free_port(), f"soak-{os.getpid()}", []
    words = ["--device", "jack", "--stream", "-", "--stream", f"shm:{shared}", "--osc", str(port), "--quiet", "--json"]
    command = [sys.executable, "-X", "faulthandler", "-m", "synth", "play", "tap", *words, "--record", str(tmp_path / "soak.wav")]
    state = {"SYNTH_STATE_DIR": str(tmp_path / "state"), "PYTHONPATH": str(Path(__file__).parents[2])}
    with running(48000, 256) as server, (tmp_path / "stdout").open("w+b") as out, (tmp_path / "stderr").open("w+b") as errors:
        player = server.popen(command, state, stdin=subprocess.PIPE, stdout=out, stderr=errors, cwd=tmp_path)
        midi = server.start([sys.executable, "-m", "tests.support.midi_source", "soak", "keys"])
        assert midi.stdout
        midi.stdout.readline()
        while not (tmp_path / "soak.wav").exists():
            assert player.poll() is None, (tmp_path / "stderr").read_text()
            time.sleep(0.1)
        everything = Everything(player, shared, port, midi, seed=int(os.environ.get("SYNTH_SOAK_SEED", "1")))
        everything.start()
        for look in range(_LOOKS):
            time.sleep(_SECONDS / _LOOKS)
            assert player.poll() is None, (tmp_path / "stderr").read_text()[-2000:]
            looks.append(measured(player.pid))
            if look % 10 == 5:
                player.send_signal(signal.SIGSTOP)
                time.sleep(3.0)
                player.send_signal(signal.SIGCONT)
        everything.stop()
        time.sleep(7.0)  # connections end
        looks.append(measured(player.pid))
        player.send_signal(signal.SIGTERM)
        try:
            player.wait(60)
        except subprocess.TimeoutExpired:
            player.send_signal(signal.SIGABRT)  # every thread says where it is
            player.wait(60)
        for pipe in (player.stdin, midi.stdin, midi.stdout):
            with suppress(OSError):  # what was still to be sent has nobody to go to
                pipe.close()  # type: ignore[union-attr]
        said = (tmp_path / "stderr").read_text()
    assert player.returncode == 0, said[-10_000:]
    assert "Traceback" not in said
    facts: dict[str, Any] = json.loads((tmp_path / "stdout").read_text())
    assert all(everything.sent[way] > 0 for way in ("_lines", "_osc", "_queries", "_memory", "_keys")), everything.sent
    begin, half = looks[: len(looks) // 4], looks[len(looks) // 2 :]  # by then every way in was used, and the device came back
    assert max(look["memory_kb"] for look in half) - half[0]["memory_kb"] < _GROWTH_KB, looks
    for what in ("threads", "descriptors"):
        assert looks[-1][what] <= max(look[what] for look in begin), looks
    assert peak(tmp_path / "soak.wav") <= _CEILING
    assert facts["dropped_events"] == 0
    assert not [path for path in Path("/dev/shm").glob("synth-*") if shared in path.name]
    assert not [said for said in facts["messages"] if "too busy" in said], facts["messages"]  # silence stands for what was lost
    [take] = tmp_path.glob("*.take")
    assert differs_at(tmp_path / "soak.wav", take) is None
