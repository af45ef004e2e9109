"""`synth explore` beside a JACK server, short: by keys on a terminal, and by a controller whose listener hears what is played."""

from __future__ import annotations

import json
import os
import pty
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.sync.client import connect

import synth
from tests.support.explore_presser import REACTION_S
from tests.support.jack_server import Server, running
from tests.support.needs import live, needs_jackd
from tests.support.page_rig import socket_url

PAIRS, SOUND_S, SILENCE_S = 2, 2.3, 0.5
TRIALS = 3  # a minute
SCENE = [sys.executable, "-m", "tests.support.explore_scene", str(PAIRS), str(SOUND_S), str(SILENCE_S)]
WORDS = ["tap", "--prior", "none", "--minutes", "1", "--device", "jack"]
LEAVES = ((1, False), (1, True), (99, False))
_PATIENCE_S = 90.0

pytestmark = [live, needs_jackd]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(48000, 256) as found:
        yield found


def events_in(folder: Path) -> list[dict[str, Any]]:
    """Return what a journal holds that may be growing just now."""
    path = folder / "trials.jsonl"
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def told_in(folder: Path) -> list[dict[str, Any]]:
    return [event for event in events_in(folder) if event["event"] == "told"]


def check_kept(folder: Path) -> None:
    """The folder is its owner's, and what was found plays."""
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert np.abs(synth.render(folder / "found.toml", seconds=1.0)).max() > 0


def test_from_consent_to_verdict_by_keys(server: Server, tmp_path: Path) -> None:
    """Whatever was moved tingles: a listener who agrees, presses, leaves once, is killed once, and goes on to the end."""
    folder = tmp_path / "tingle" / "tap.explore"
    screens = [play_by_keys(server, tmp_path, folder, leaves_after, is_killed) for leaves_after, is_killed in LEAVES]
    assert b"Are you 18 or older" in screens[0]
    assert b"Are you 18 or older" not in screens[1]
    assert f"sound 1 of {TRIALS + 2 * PAIRS}".encode() in screens[0]
    assert b"going on after 1 trials" in screens[1]
    assert b"going on after 2 trials" in screens[2]
    assert b"helped" in screens[2]
    for screen in screens:
        assert b"sham" not in screen
        assert b"Traceback" not in screen
    assert len(told_in(folder)) == 2 + TRIALS + 2 * PAIRS
    pairs = [told for told in told_in(folder) if told["kind"] == "pair"]
    assert {told["side"]: max(told["hold"]) for told in pairs} == {"best": 1.0, "usual": 0.0}
    check_kept(folder)


def play_by_keys(server: Server, state: Path, folder: Path, leaves_after: int, is_killed: bool) -> bytes:
    """Answer as the journal says what plays, leave by q, or be killed, after so many answers more; return the screen."""
    terminal, theirs = pty.openpty()
    os.set_blocking(terminal, False)
    command = [*SCENE, *WORDS]
    process = server.popen(command, {"SYNTH_STATE_DIR": str(state), "TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen, answered, before, end_s = bytearray(), None, len(told_in(folder)), time.monotonic() + _PATIENCE_S
    has_agreed = False
    while process.poll() is None and time.monotonic() < end_s:
        try:
            screen.extend(os.read(terminal, 65536))
        except (BlockingIOError, OSError):
            time.sleep(0.02)
        if b"Type yes" in screen and not has_agreed:
            has_agreed = True
            os.write(terminal, b"yes\n")
        events = events_in(folder)
        asked = len(events) if events and events[-1]["event"] == "asked" else None
        if len(told_in(folder)) >= before + leaves_after:
            leaves_after = 999
            if is_killed:
                process.kill()
            else:
                os.write(terminal, b"q")
        elif asked and asked != answered and b"sound " in screen:
            time.sleep(0.2)  # until it plays
            os.write(terminal, b"9" if set(events[-1]["vector"]) != {0.5} else b"0")
            answered = asked
    assert process.wait(10) == (-signal.SIGKILL if is_killed else 0), bytes(screen)[-2000:]
    while True:
        try:
            screen.extend(os.read(terminal, 65536))
        except OSError:
            break
    os.close(terminal)
    return bytes(screen)


def test_from_consent_to_verdict_by_a_page(server: Server, tmp_path: Path) -> None:
    """Whatever was moved tingles: a listener with a browser, who goes once while he holds, and comes back."""
    folder = tmp_path / "mine"
    words = ["--page-at", "127.0.0.1:0", "--consent", "--json", "-o", str(folder)]
    state = {"SYNTH_STATE_DIR": str(tmp_path)}
    process = server.popen([*SCENE, *WORDS, *words], state, stdin=-3, stdout=-1, stderr=-1, text=True)
    assert process.stderr is not None
    while "the page: " not in (line := process.stderr.readline()):
        assert line
    url = socket_url(line.split("the page: ")[1].strip())
    assert hold_on_a_page(url, folder, leaves_after=1) == []
    ended = hold_on_a_page(url, folder)
    facts = json.loads(process.communicate(timeout=_PATIENCE_S)[0])
    assert process.returncode == 0
    assert facts["is_over"]
    assert facts["verdict"] in " ".join(ended)
    told = told_in(folder)
    assert len(told) == TRIALS + 2 * PAIRS
    pairs = [event for event in told if event["kind"] == "pair"]
    assert {event["side"]: max(event["hold"]) for event in pairs} == {"best": 0.75, "usual": 0.0}
    check_kept(folder)


def hold_on_a_page(url: str, folder: Path, leaves_after: int = 999) -> list[str]:
    """Answer as the journal says what plays, until it ends or so many answers more were told; return what is said at the end."""
    number, held, before, end_s = 0, 0.0, len(told_in(folder)), time.monotonic() + _PATIENCE_S
    with connect(url) as page:
        while time.monotonic() < end_s:
            with suppress(TimeoutError):
                message = json.loads(page.recv(timeout=0.05))
                number = message.get("trial", {"number": number})["number"]
                if "ended" in message:
                    ended: list[str] = message["ended"]
                    return ended
            events = events_in(folder)
            is_asked = bool(events) and events[-1]["event"] == "asked" and events[-1]["number"] == number - 1
            amount = 0.75 if is_asked and set(events[-1]["vector"]) != {0.5} else 0.0
            if amount != held:
                time.sleep(0.2 if amount else 0.0)  # until it plays
                held = amount
                page.send(json.dumps({"tingle": amount}))
            if held and len(told_in(folder)) >= before + leaves_after:
                break
    return []


def test_from_consent_to_verdict_by_a_controller(server: Server, tmp_path: Path) -> None:
    """He hears what is played and presses 0.2 s after each onset, sham or not."""
    folder = tmp_path / "mine"
    presser = server.start([sys.executable, "-m", "tests.support.explore_presser"])
    assert presser.stdout.readline() == "open\n"
    words = ["--midi", "presser:", "--consent", "--json", "-o", str(folder)]
    state = {"SYNTH_STATE_DIR": str(tmp_path)}
    process = server.popen([*SCENE, *WORDS, *words], state, stdin=-1, stdout=-1, text=True)
    end_s = time.monotonic() + _PATIENCE_S
    while not (ears := [port for port in server.ports() if port.startswith("synth:") and "out" in port]):
        assert time.monotonic() < end_s, server.ports()
        time.sleep(0.1)
    server.run(["jack_connect", ears[0], "presser:ear"])
    facts = json.loads(process.communicate(timeout=_PATIENCE_S)[0])
    presser.communicate(timeout=20)
    assert process.returncode == 0
    assert facts["is_over"]
    assert facts["verdict"] in ("helped", "did not help")
    told = told_in(folder)
    assert len(told) == facts["trials"] >= TRIALS
    firsts = [np.flatnonzero(event["hold"]) / 50 for event in told]
    assert sum(len(first) > 0 for first in firsts) >= len(told) - 2  # a sound may be too soft for him
    assert all(first[0] >= REACTION_S - 0.02 for first in firsts[1:] if len(first))  # nobody answers before he hears
    assert json.loads((folder / "session.json").read_text())["preset"] == "tap"
    assert any((tmp_path / "tingle").glob("consent-*.json"))
    synth.render(folder / "found.toml", seconds=0.5)
