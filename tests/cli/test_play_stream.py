"""`synth play` driven by a model through each of its ways in: frames act, strikes sound, what was recorded replays."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile

import synth
from synth.control.stream.shared_memory import SharedMemory
from synth.take.reader import load_take, replay
from tests.support.jack_server import Server, running
from tests.support.needs import live, needs_jackd

_FRAMES, _RATE_HZ = 300, 100
_PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(48000, 256) as server:
        yield server


def start(server: Server, folder: Path, *words: str, **options) -> subprocess.Popen:
    return server.popen(
        [sys.executable, "-m", "synth", "play", *words, "--device", "jack"], {"SYNTH_STATE_DIR": str(folder)}, **options
    )


def recorded(server: Server, folder: Path, *words: str, **options) -> subprocess.Popen:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    contract = ("--contract", "interpolation=smooth", "--contract", "delay_s=0.06")
    return start(server, folder, "tap", "--record", str(folder / "x.wav"), "--json", *contract, *words, **pipes, **options)


def each_at_its_time(send: Callable[[float], object]) -> None:
    began_s = time.monotonic()
    for index in range(_FRAMES):
        time.sleep(max(0.0, began_s + index / _RATE_HZ - time.monotonic()))
        send(index / _RATE_HZ)


def values_at(time_s: float) -> dict[str, float]:
    return {"tap.azimuth_deg": 60 * np.sin(3 * time_s), "master.level_db": -6 + 5 * np.cos(2 * time_s)}


def checked(process: subprocess.Popen, folder: Path, name: str) -> dict:
    """End the session; return what it counted of the stream."""
    process.terminate()
    out, errors = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 0, errors
    told = json.loads(out)
    counted = told["streams"][name] | {"messages": told["messages"]}
    assert counted["received"] == _FRAMES
    assert counted["applied"] + counted["dropped"] + counted["merged"] + counted["waiting"] == _FRAMES
    assert counted["applied"] > _FRAMES / 2
    sound, _ = soundfile.read(folder / "x.wav", dtype="float32")
    again = np.concatenate(list(replay(load_take(folder / "x.take"))))
    np.testing.assert_array_equal(sound, again[: len(sound)])
    return counted


@live
@needs_jackd
def test_a_model_drives_by_shared_memory(server: Server, tmp_path: Path) -> None:
    name = f"test-{uuid.uuid4().hex[:8]}"
    process = recorded(server, tmp_path, "--stream", f"shm:{name}")
    with synth.connect(name, wait_s=_PATIENCE_S) as connection:
        each_at_its_time(lambda time_s: connection.push(values_at(time_s), time_s=time_s))
        sent, end_s = connection.frame, time.monotonic() + _PATIENCE_S
        while connection.frame < sent + 4800 and time.monotonic() < end_s:  # whatever was sent is taken in by then
            time.sleep(0.01)
        assert connection.is_open
    checked(process, tmp_path, name)


@live
@needs_jackd
def test_a_model_drives_by_lines(server: Server, tmp_path: Path) -> None:
    told, ready = os.pipe()
    process = recorded(server, tmp_path, "--stream", "-", "--ready-fd", str(ready), pass_fds=(ready,))
    os.close(ready)
    assert process.stdin is not None
    lines = process.stdin

    def send(time_s: float) -> None:
        lines.write(json.dumps({"t": time_s, "values": values_at(time_s)}).encode() + b"\n")
        lines.flush()

    with os.fdopen(told) as file:
        assert file.read() == "ready\n"
    each_at_its_time(send)
    for nonsense in (
        b"nonsense",
        b"more",
        b'{"t": 9, "values": {"tap.nothing": 1}}',
        b'{"preset": "./x.toml"}',
        b'{"strike": "tap"}',
    ):
        lines.write(nonsense + b"\n")
        lines.flush()
    time.sleep(0.3)
    counted = checked(process, tmp_path, "stdin")
    assert sum(" is left out: " in message for message in counted["messages"]) == 3  # the first of each kind
    assert counted["endpoint"] == {"lines": _FRAMES + 5, "frames": _FRAMES, "acts": 1, "rejected": 4}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def asked(port: int, path: str) -> dict:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return json.load(answer)


@live
@needs_jackd
def test_a_model_drives_by_osc(server: Server, tmp_path: Path) -> None:
    from pythonosc.osc_bundle_builder import OscBundleBuilder
    from pythonosc.osc_message_builder import OscMessageBuilder

    port = free_port()
    process = recorded(server, tmp_path, "--osc", f"{port}")
    end_s = time.monotonic() + _PATIENCE_S
    tree = None
    while tree is None:
        assert time.monotonic() < end_s
        with suppress(OSError):
            tree = asked(port, "/tap/azimuth_deg")
    assert tree["RANGE"] == [{"MIN": -360, "MAX": 360}]
    began_s = time.time()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:

        def send(time_s: float) -> None:
            bundle = OscBundleBuilder(began_s + time_s)
            for path, value in values_at(time_s).items():
                message = OscMessageBuilder("/" + path.replace(".", "/"))
                message.add_arg(value, "f")
                bundle.add_content(message.build())
            way.sendto(bundle.build().dgram, ("127.0.0.1", port))

        each_at_its_time(send)
    time.sleep(0.3)
    assert asked(port, "/tap/azimuth_deg?VALUE")["VALUE"] == [pytest.approx(60 * np.sin(3 * (_FRAMES - 1) / _RATE_HZ), abs=0.01)]
    counted = checked(process, tmp_path, "osc")
    assert counted["endpoint"]["packets"] == counted["endpoint"]["frames"] == _FRAMES


@live
@needs_jackd
def test_a_model_goes_on_when_the_performer_calls_another_preset(server: Server, tmp_path: Path) -> None:
    """On a terminal: the arrow calls the next preset; the model connects again and drives that one."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    terminal, theirs = pty.openpty()
    process = start(server, tmp_path, "tap", "--stream", f"shm:{name}", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    with synth.connect(name, wait_s=_PATIENCE_S) as connection:
        first = connection.space.hash
        os.write(terminal, b"\x1b[C")
        end_s = time.monotonic() + _PATIENCE_S
        while connection.is_open:
            assert time.monotonic() < end_s
            connection.push(connection.space.default)
            time.sleep(0.01)
        with pytest.raises(synth.InputError, match="connect again"):
            connection.push(connection.space.default)
    with synth.connect(name, wait_s=_PATIENCE_S) as connection:
        assert connection.space.hash != first
        frame = connection.frame
        while connection.frame < frame + 4800:
            connection.push(connection.space.default)
            time.sleep(0.01)
    screen = bytearray()
    os.write(terminal, b"q")
    with suppress(OSError):
        while piece := os.read(terminal, 65536):
            screen += piece
    assert process.wait(timeout=_PATIENCE_S) == 0
    assert name.encode()[:8] in screen
    os.close(terminal)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--stream", "shm:"], "--stream shm:"),
        (["--stream", "file"], "shm:NAME"),
        (["--stream", "shm:osc", "--osc", "9000"], "another name"),
        (["--stream", "shm:a b"], "letters"),
        (["--stream", "shm:../a"], "letters"),
        (["--osc", "9000", "--contract", "start=-1"], "start = -1"),
        (["--osc", "9000", "--contract", "delay_s=6"], "at rate_hz = 100: 0 .. 5.12"),
        (["--osc", "nowhere"], "--osc nowhere"),
        (["--stream", "-", "--stream", "-"], "two streams would be called 'stdin'"),
        (["--osc", "9000", "--contract", "delay_s=0.1", "--contract", "delay_s=0.2"], "delay_s is given twice"),
        (["--contract", "delay_s=0.1"], "--contract goes with --stream, --osc or --page"),
        (["--page", "--contract", "delay_s=-1"], "stream 'page': delay_s = -1"),
        (["--osc", "9000", "--contract", "delays=0.1"], "delay_s"),
        (["--osc", "9000", "--contract", "delay_s=x"], "a number"),
        (["--osc", "9000", "--contract", "delay_s=-1"], "delay_s = -1"),
        (["--osc", "9000", "--contract", "interpolation=cubic"], "cubic"),
    ],
)
def test_words_that_cannot_be_are_said_before_any_sound(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    from synth.cli.main import main

    assert main(["play", "tap", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_shared_memory_that_another_session_has_is_refused_before_any_sound(capsys: pytest.CaptureFixture[str]) -> None:
    from synth.cli.main import main

    name = f"test-{uuid.uuid4().hex[:8]}"
    other = SharedMemory(name, 1)
    assert main(["play", "tap", "--stream", f"shm:{name}"]) == 2
    other.remove()
    assert "in use" in capsys.readouterr().err
