"""`synth page` as a listener starts it, beside a JACK server: two pages, a storm, a server killed and back, Ctrl-C."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidMessage
from websockets.sync.client import connect

from synth.page import frame
from tests.support.jack_server import Server, running
from tests.support.needs import live, needs_jackd
from tests.support.page_rig import Page, socket_url
from tests.support.page_storm import malformed
from tests.support.sizes import short_and_long

pytestmark = [live, needs_jackd]
_TRIES = 3
_PATIENCE_S = 60.0
_LAYER = "left nails"
_OPEN: dict[str, Any] = {"max_queue": None, "ping_interval": None}  # a client's own pings wait behind what it floods


@pytest.fixture(scope="module")
def jack() -> Iterator[Server]:
    with running(48000, 512) as server:
        yield server


class Synth:
    """A `synth page` that runs."""

    def __init__(self, jack: Server, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "synth", *words, "--device", "jack", "--midi", "none", "--ears", "sphere"]
        environment = {"SYNTH_STATE_DIR": str(folder / "state")}
        self.process = jack.popen(command, environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip().removeprefix("the page: ")
        assert self.url.startswith("http://127.0.0.1:")

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.said = self.process.communicate(timeout=_PATIENCE_S)[1]
        return self.process.returncode


def serve(jack: Server, folder: Path, port: int = 0) -> Synth:
    return Synth(jack, folder, "page", "nails_on_glass", "--port", str(port))


@short_and_long("messages", 1_000, 100_000)
def test_two_pages_and_a_storm_of_malformed_messages_miss_no_cycle(jack: Server, tmp_path: Path, messages: int) -> None:
    """A shared machine may miss a cycle that is nobody's fault: then it is tried again."""
    rng, path = random.Random(2), f"{_LAYER}.hardness"
    for _ in range(_TRIES):
        synth = serve(jack, tmp_path)
        with connect(socket_url(synth.url), **_OPEN) as one, connect(socket_url(synth.url), **_OPEN) as two:
            first, second = Page(one), Page(two)
            first.wait("state")
            second.wait("state")
            missed, begin = jack.missed_cycles(), frame.unpacked(second.frame()).head
            for _ in range(messages):
                first.connection.send(malformed(rng))
            first.say(values={path: 0.125})
            second.wait("values", lambda values: values.get(path) == 0.125, _PATIENCE_S + messages / 200)  # cues move it too
            end = frame.unpacked(second.frames[-1]).head
        assert end["frame"] > begin["frame"]
        assert not any("preset" in message for message in second.messages[3:])
        faults = jack.missed_cycles() - missed + int(end["missed_blocks"] - begin["missed_blocks"])
        assert synth.stop() == 0
        if not faults:
            break
    assert not faults


def test_a_page_finds_its_server_again_after_a_kill(jack: Server, tmp_path: Path) -> None:
    synth = serve(jack, tmp_path)
    port = urlsplit(synth.url).port
    assert port is not None
    with connect(socket_url(synth.url)) as connection:
        Page(connection).wait("state")
        synth.stop(signal.SIGKILL)
        Page(connection).end()
    again = serve(jack, tmp_path, port)
    assert again.url == synth.url  # the token is kept
    end_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end_s:
        try:
            with connect(socket_url(synth.url)) as connection:
                assert Page(connection).wait("preset")["row"]["name"] == "nails_on_glass"
                break
        except (OSError, InvalidMessage):
            time.sleep(0.1)
    assert again.stop() == 0


def test_ctrl_c_leaves_nothing_behind(jack: Server, tmp_path: Path) -> None:
    before = set(jack.clients())
    synth = serve(jack, tmp_path)
    place = urlsplit(synth.url)
    with connect(socket_url(synth.url), **_OPEN) as connection:
        page = Page(connection)
        page.wait("state")
        assert synth.stop() == 0
        assert page.end() == 1012
    assert synth.said == ""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((place.hostname, place.port), 5)
    assert set(jack.clients()) == before
    assert [path.name for path in (tmp_path / "state").iterdir() if path.name.startswith(".")] == []


def test_without_a_preset_nothing_is_heard_until_a_page_asks(jack: Server, tmp_path: Path) -> None:
    synth = Synth(jack, tmp_path, "page", "--port", "0")
    with connect(socket_url(synth.url), **_OPEN) as connection:
        page = Page(connection)
        assert page.wait("state")["is_muted"] is True
        until_s = time.monotonic() + 1.0
        while time.monotonic() < until_s:
            assert frame.unpacked(page.frame()).head["peak_left"] < 1e-4
        page.say(preset="nails_on_glass")
        page.wait("preset", lambda preset: preset["row"]["name"] == "nails_on_glass")
        page.say(mute=True)
        page.wait("state", lambda state: state.get("is_muted") is False)
        while frame.unpacked(page.frame()).head["peak_left"] < 1e-3:
            pass
    assert synth.stop() == 0


def test_a_terminal_session_serves_its_page_beside(jack: Server, tmp_path: Path) -> None:
    synth = Synth(jack, tmp_path, "play", "nails_on_glass", "--page-at", "127.0.0.1:0", "--quiet")
    with connect(socket_url(synth.url), **_OPEN) as connection:
        page = Page(connection)
        page.wait("state")
        page.say(mute_layer=_LAYER)
        page.wait("state", lambda state: state.get("muted") == [_LAYER])
    assert synth.stop() == 0
