"""`synth play` as a performer starts it: recorded beyond a kill -9, ended by a key, a signal or time; errors before any sound."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from synth.cli.main import main
from synth.take.reader import load_take, replay
from tests.support.jack_server import Server, running
from tests.support.needs import live, needs_jackd

_SYNTH = [sys.executable, "-m", "synth"]
_PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(48000, 256) as server:
        yield server


def start(server: Server, folder: Path, *words: str, **options) -> subprocess.Popen:
    command = [*_SYNTH, "play", "tap", "--device", "jack", *words]
    return server.popen(command, {"SYNTH_STATE_DIR": str(folder / "state")}, **options)


def wait_for(path: Path, size: int) -> None:
    end_s = time.monotonic() + _PATIENCE_S
    while not path.exists() or path.stat().st_size < size:
        assert time.monotonic() < end_s
        time.sleep(0.002)


def same_until_the_shorter_ends(recorded: np.ndarray, take: Path) -> int:
    again = np.concatenate(list(replay(load_take(take))))
    frames = min(len(recorded), len(again))
    assert np.array_equal(recorded[:frames], again[:frames])
    return frames


@live
@needs_jackd
def test_a_killed_recording_opens_and_lacks_at_most_a_second(server: Server, tmp_path: Path) -> None:
    night = tmp_path / "night.wav"
    process = start(server, tmp_path, "--record", str(night), "--quiet")
    wait_for(night, 4 * 48000 * 8)
    began_s = time.monotonic()
    before = soundfile.info(night).frames
    time.sleep(2.0)
    process.send_signal(signal.SIGKILL)
    played = (time.monotonic() - began_s) * 48000
    process.wait()
    recorded, rate = soundfile.read(night, dtype="float32")
    assert rate == 48000
    assert len(recorded) >= before + played - 48000
    take = load_take(night.with_suffix(".take"))
    assert any("cut short" in warning for warning in take.warnings)
    assert same_until_the_shorter_ends(recorded, take.path) >= len(recorded) - 48000
    assert np.abs(recorded).max() > 0.005


@live
@needs_jackd
def test_a_recording_never_takes_the_place_of_another(server: Server, tmp_path: Path) -> None:
    night = tmp_path / "night.wav"
    night.write_bytes(b"mine")
    said_before = len(server.log)
    process = start(server, tmp_path, "--record", str(night), "--seconds", "1.5", "--json", stdout=subprocess.PIPE, text=True)
    out, _ = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 0
    counted = json.loads(out)
    assert counted["late_events"] == counted["dropped_events"] == 0
    missed = "XRun" in server.log[said_before:]  # on a loaded machine; it costs the recording nothing
    assert missed or counted["underruns"] == 0
    assert night.read_bytes() == b"mine"
    recorded, _ = soundfile.read(tmp_path / "night-2.wav", dtype="float32")
    assert same_until_the_shorter_ends(recorded, tmp_path / "night-2.take") == len(recorded)
    assert np.abs(recorded[-64:]).max() < 1e-3  # it fades out


@live
@needs_jackd
def test_keys_do_what_the_display_says(server: Server, tmp_path: Path) -> None:
    """On a terminal: freeze, another preset, save, quit."""
    terminal, theirs = pty.openpty()
    process = start(server, tmp_path, "--set", "tap.material=glass", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen = bytearray()
    os.set_blocking(terminal, False)

    def press_and_look(keys: bytes, seconds: float) -> None:
        os.write(terminal, keys)
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            try:
                screen.extend(os.read(terminal, 65536))
            except (BlockingIOError, OSError):
                time.sleep(0.05)

    end_s = time.monotonic() + _PATIENCE_S
    while b"panic" not in screen and time.monotonic() < end_s:
        press_and_look(b"", 0.2)
    press_and_look(b"f", 0.5)
    press_and_look(b"q", 0.5)
    process.wait(timeout=_PATIENCE_S)
    assert process.returncode == 0
    assert b"rozen" in screen or b"freeze" in screen


@live
@needs_jackd
@pytest.mark.parametrize("size", [1, 48000 * 8])
def test_ctrl_c_keeps_what_was_recorded(server: Server, tmp_path: Path, size: int) -> None:
    """Also the moment that there is a file, before the first key could be read."""
    night = tmp_path / "night.w64"
    process = start(server, tmp_path, "--record", str(night), "--quiet")
    wait_for(night, size)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=_PATIENCE_S)
    recorded, _ = soundfile.read(night, dtype="float32")
    take = load_take(night.with_suffix(".take"))
    assert take.warnings == []
    assert same_until_the_shorter_ends(recorded, take.path) == len(recorded)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nails_on_glas"], "nails_on_glass"),
        (["tap", "--device", "no such device"], "synth list devices"),
        (["tap", "--record", "x.mp3"], ".wav"),
        (["tap", "--calibration", "900"], "900"),
        (["tap", "--sample-rate", "8000"], "8000"),
        (["tap", "--inputs", "5"], "inputs = 5"),
        (["tap", "--seconds", "-1"], "seconds = -1"),
        (["tap", "--guard", "0"], "guard_hours"),
        (["tap", "--latency", "soon"], "soon"),
        (["tap"], "no sound device"),
    ],
)
def test_bad_words_are_one_line(
    words: list[str], expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "none")
    monkeypatch.chdir(tmp_path)
    assert main(["play", *words]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert expected in said[-1]
    assert not list(tmp_path.glob("x.*"))
