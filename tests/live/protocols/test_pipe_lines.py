"""Lines live: what comes down a pipe moves and strikes at its stamp, whatever cannot be used is told, and nobody waits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import synth
from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.live.protocols.before_sound import Settling
from synth.live.protocols.pipe_lines import Lines
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError

TAP = {parameter.name: parameter.default for parameter in synth.TRIGGERS["tap"].parameters}

RATE = 48000
PRESET = synth.load_preset("tap")
PATIENCE_S = 20.0


class Session:
    """An engine with a preset, a drive, and a door whose pipe a test holds."""

    def __init__(self, **contract: Any) -> None:
        self.engine = Engine(RATE, "sphere", seed=1)
        self.engine.pause(True)
        self.layer = self.engine.load(PRESET)["tap"]
        self.session_stream = SessionStream("model", **({"interpolation": "hold"} | contract))
        self.session_stream.aim(self.engine)
        self.told: list[str] = []
        self.done: list[tuple[Any, ...]] = []
        self.requests = EngineCommands(self.engine)
        names = ("panic", "preset", "scene", "release_override")
        table: dict[str, Callable[..., object]] = {name: lambda *a, name=name: self.done.append((name, *a)) for name in names}
        table |= {"strike": self._strike, "release": self.requests.release, "pause": self.engine.pause}
        read, self.pipe = os.pipe()
        self.file = os.fdopen(read, "rb")
        self.endpoint = Lines(self.session_stream, self.file, self.told.append, table)

    def _strike(self, layer: str, **how: Any) -> None:
        self.done.append(("strike", layer, how))
        self.requests.strike(layer, **how)

    def send(self, *lines: dict[str, Any] | bytes) -> None:
        """Write lines, and wait until the door has taken them in."""
        expected = self.endpoint.stats["lines"] + len(lines)
        os.write(self.pipe, b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines))
        self.wait(lambda: self.endpoint.stats["lines"] == expected and self.is_idle())

    def is_idle(self) -> bool:
        """Whether the last line has been dealt with: whatever is counted is counted after that."""
        counted = self.endpoint.stats
        return counted["frames"] + counted["rejected"] + self.alone >= counted["lines"]

    alone = 0  # lines that are no frames: those with nothing in them, or with an act alone

    def wait(self, is_so: Callable[[], bool]) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end_s, (self.endpoint.stats, self.told)
            time.sleep(0.001)

    def play(self, frames: int = 64) -> np.ndarray:
        return self.engine.process(frames)

    @property
    def hardness(self) -> float:
        slot, _ = self.layer.slots["hardness"]
        return float(self.engine.state["layers"][self.layer.index]["slots"][slot]["target"])

    def close(self) -> None:
        with suppress(OSError):
            os.close(self.pipe)
        self.file.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Session]]:
    opened: list[Session] = []

    def make(**contract: Any) -> Session:
        opened.append(Session(**contract))
        opened[-1].endpoint.__enter__()
        return opened[-1]

    yield make
    for session in opened:
        if session.endpoint._thread.is_alive():
            session.endpoint.__exit__(None, None, None)
        session.close()


def test_a_line_moves_what_it_names(start: Callable[..., Session]) -> None:
    session = start(delay_s=0)
    session.send({"values": {"tap.hardness": 0.25}})
    session.play()
    assert session.hardness == 0.25
    session.send({"values": {"tap.hardness": None}}, {"vector": [float("nan")] * len(session.session_stream.space)})
    session.play()
    assert session.hardness == 0.25
    assert session.session_stream.stats["applied"] == 2
    assert not session.told


def test_stamps_act_to_the_frame(start: Callable[..., Session]) -> None:
    session = start(delay_s=0.01, start=100)
    session.send({"t": 0.02, "values": {"tap.hardness": 1}}, {"t": 0.03, "values": {"tap.hardness": 0}})
    acted = []
    for _ in range(100):
        before = session.hardness
        session.play()
        if session.hardness != before:
            acted.append(session.engine.frame - 64)
    assert acted == [(100 + 480 + 960) // 64 * 64, (100 + 480 + 1440) // 64 * 64]


def test_a_line_without_a_stamp_acts_after_the_delay_with_its_strike(start: Callable[..., Session]) -> None:
    session = start(delay_s=0.01)
    session.play(640)
    session.alone = 1
    session.send({"strike": "tap", "velocity": 0.5, "values": {"tap.hardness": 1}}, {"strike": "tap"})
    session.wait(lambda: session.endpoint.stats["acts"] == 2)
    assert session.done == [
        ("strike", "tap", {"velocity": 0.5, "pitch": 0.0, "at": 640 + 480}),
        ("strike", "tap", {"velocity": 0.7, "pitch": 0.0, "at": 640 + 480}),
    ]
    assert not np.abs(session.play(480)).max()
    assert np.abs(session.play(4800)).max() > 0.001
    assert session.hardness == 1


@pytest.mark.parametrize("first", [{"strike": "tap"}, {"values": {"tap.hardness": 1}}])
@pytest.mark.parametrize("is_live", [False, True])
def test_stamped_strikes_act_at_their_stamps_from_the_first_line_on(
    start: Callable[..., Session], is_live: bool, first: dict[str, Any]
) -> None:
    """Live the stamps are synced by the quantum that hears the first one: the door waits for that."""
    session = start(delay_s=0.05)
    session.play(6400)
    if is_live:
        session.session_stream.stream.go_live(True)
    session.alone = 3
    lines = [{"t": 7.5} | first, {"t": 7.5, "strike": "tap"}, {"t": 7.51, "strike": "tap"}, {"t": 7.52, "release": "tap"}]
    os.write(session.pipe, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    session.wait(lambda: session.endpoint.stats["frames"] == 1)
    if is_live:
        session.play()
    session.wait(lambda: session.endpoint.stats["acts"] == 3 + ("strike" in first))
    struck = [how["at"] for *_, how in session.done]
    assert struck[-2:] == [6400 + 2400, 6400 + 2400 + 480]
    assert struck[0] == 6400 + 2400
    assert session.session_stream.stats["dropped"] == 0
    session.play(4800)
    assert session.hardness == (1 if "values" in first else TAP["hardness"])


def test_a_device_that_stands_still_is_waited_for_once(start: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> None:
    session = start(delay_s=0.05)
    session.session_stream.stream.go_live(True)
    waited = []
    monkeypatch.setattr(session.endpoint._acts, "_wait_for_sync", lambda stream: bool(waited.append(stream)))
    session.send(*[{"t": n, "values": {}, "strike": "tap"} for n in range(50)])
    assert len(waited) == 1
    session.wait(lambda: len(session.done) == 50)


def test_what_is_done_to_the_whole(start: Callable[..., Session]) -> None:
    session = start()
    session.alone = 5
    lines = [
        {"panic": True},
        {"preset": "rain_on_tent"},
        {"scene": 2},
        {"release_override": "tap.size"},
        {"release_override": True},
    ]
    session.send(*lines)
    session.wait(lambda: session.endpoint.stats["acts"] == 5)
    assert session.done == [
        ("panic",),
        ("preset", "rain_on_tent"),
        ("scene", 2),
        ("release_override", "tap.size"),
        ("release_override", None),
    ]
    assert session.endpoint.stats == {"lines": 5, "frames": 0, "acts": 5, "rejected": 0}


def test_what_cannot_be_used_is_counted_and_told_once(start: Callable[..., Session]) -> None:
    session = start()
    session.alone = 2
    session.send(b"", b"  \r", *[b"{", b"\xff", b'{"strike": "tab"}', b'{"values": {"tap.size": "x"}}', b"x" * 3_000_00] * 3)
    os.write(session.pipe, b"y" * 60_000)
    for _ in range(20):
        os.write(session.pipe, b"y" * 60_000)
    session.send(b"")
    assert session.endpoint.rejections.counts == {
        "no JSON": 6,
        "no UTF-8": 3,
        "unknown layer": 3,
        "wrong value": 3,
        "too long": 1,
    }
    assert len(session.told) == 5
    assert session.told[0] == "stdin: line 3 is left out: it is not JSON"
    session.send({"values": {"tap.hardness": 0}})  # and goes on
    assert session.endpoint.stats["frames"] == 1


def test_what_a_session_throws_ends_nothing(start: Callable[..., Session]) -> None:
    session = start()

    def fail(*_: Any) -> None:
        raise InputError("no such scene") if len(session.told) == 0 else RuntimeError("boom")

    session.endpoint._acts._effects["scene"] = fail  # type: ignore[index]
    session.send({"scene": 1}, {"scene": 1}, {"values": {}})
    assert session.told == [
        "stdin: line 1 is left out: no such scene",
        "stdin: line 2 is left out: RuntimeError: boom",
    ]
    assert session.endpoint.rejections.counts == {"refused": 1, "failed": 1}


def test_between_two_presets_lines_are_left_out_and_go_to_the_same_paths_afterwards(start: Callable[..., Session]) -> None:
    session = start(delay_s=0)
    before = session.session_stream.space
    session.send({"values": {}})
    session.session_stream.release()
    session.send({"values": {"tap.hardness": 1}}, {"strike": "tap"}, {"values": {"tap.hardnes": 1}})
    session.alone = 1
    session.send({"panic": True})
    assert session.endpoint.rejections.counts == {"no preset": 2, "unknown path": 1}
    assert session.told[0] == "stdin: line 2 is left out: no preset plays at the moment"
    assert session.done == [("panic",)]
    session.engine.load(synth.load_preset("rain"))
    session.session_stream.aim(session.engine)
    session.send({"values": {"tap.hardness": 1}}, {"values": {"master.level_db": -9}, "hash": before.hash})
    assert session.endpoint.rejections.counts == {"no preset": 2, "unknown path": 2, "another space": 1}
    session.send({"values": {"master.level_db": -9}})
    session.play()
    assert session.engine.state["master"][0]["target"] == -9


def test_before_the_first_preset_nothing_is_known() -> None:
    session_stream, told = SessionStream("model"), []
    read, write = os.pipe()
    with os.fdopen(read, "rb") as file, Lines(session_stream, file, told.append) as endpoint:
        endpoint.hear(b'{"values": {}}\n')
    os.close(write)
    assert told[0] == "stdin: line 1 is left out: no preset plays yet"


def test_the_end_is_told_once_and_the_last_line_needs_none(start: Callable[..., Session]) -> None:
    session = start(delay_s=0)
    os.write(session.pipe, b'{"values": {"tap.hardness": 0.25}}\n{"values": {"tap.hardness": 0.75}}')
    os.close(session.pipe)
    session.wait(lambda: session.endpoint.has_ended)
    session.play()
    assert session.hardness == 0.75
    session.wait(lambda: bool(session.told))
    assert session.told == ["stdin has ended after 2 lines; the stream stalls as its contract says"]
    session.play(int(6 * RATE))
    assert session.session_stream.stats["phase"] == "released"


def test_half_a_line_holds_up_nobody(start: Callable[..., Session]) -> None:
    session = start()
    os.write(session.pipe, b'{"values": {"tap.hard')
    ended = threading.Thread(target=session.endpoint.__exit__, args=(None, None, None))
    ended.start()
    ended.join(PATIENCE_S)
    assert not ended.is_alive()
    assert session.told == []


def test_a_flood_does_not_hold_up_the_end(start: Callable[..., Session]) -> None:
    session = start()
    flood = json.dumps({"t": 1, "vector": [0] * len(session.session_stream.space)}).encode() + b"\n"

    def pour() -> None:
        with suppress(OSError):
            while True:
                os.write(session.pipe, flood * 100)

    pouring = threading.Thread(target=pour, daemon=True)
    pouring.start()
    session.wait(lambda: session.endpoint.stats["lines"] > 1000)
    session.endpoint.__exit__(None, None, None)
    assert not session.endpoint._thread.is_alive()
    session.file.close()
    pouring.join(PATIENCE_S)
    assert not pouring.is_alive()


_PROCESS = """
import sys
from synth.live.protocols.before_sound import Settling
from synth.live.protocols.pipe_lines import Lines
from synth.live.session_stream import SessionStream
with Lines(SessionStream("model"), sys.stdin.buffer, lambda text: print(text, flush=True)) as door:
    if sys.argv[1:] == ["leave"]:
        print("left", flush=True)
        raise SystemExit(door.__enter__ and 3)
    while not door.stats["lines"]:
        pass
print("over", flush=True)
"""


@pytest.mark.parametrize("how", ["end", "leave"])
def test_a_process_ends_while_its_stdin_waits(how: str) -> None:
    """Without a word on stderr: a thread that holds stdin's lock would be a fatal error when the interpreter ends."""
    command = [sys.executable, "-c", _PROCESS, how]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], **pipes) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"values": {}}\n{"half')
        process.stdin.flush()
        assert process.wait(60) == (3 if how == "leave" else 0)
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")
def test_the_terminal_is_no_stream() -> None:
    master, slave = os.openpty()
    with os.fdopen(slave, "rb") as file, pytest.raises(InputError, match="is the terminal, whose keys play"):
        Lines(SessionStream("model"), file, print)
    os.close(master)


def test_a_preset_change_by_a_line(start: Callable[..., Session]) -> None:
    """The function may do what it takes, the drive's own change of streams among it."""
    session = start(delay_s=0)

    def change(name: str) -> None:
        session.session_stream.release()
        session.engine.load(synth.load_preset(name))
        session.session_stream.aim(session.engine)

    session.endpoint._acts._effects["preset"] = change  # type: ignore[index]
    session.alone = 1
    session.send({"preset": "rain"}, {"values": {"rain.level_db": -20}})
    session.play()
    assert session.endpoint.stats == {"lines": 2, "frames": 1, "acts": 1, "rejected": 0}


# ---- what came before sound began


def _before(session: Session, *lines: dict[str, Any]) -> None:
    os.write(session.pipe, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    session.endpoint.__enter__()
    session.wait(lambda: session.endpoint.stats["lines"] == len(lines))
    session.wait(lambda: session.session_stream.stats["received"] > 0 or bool(session.play().size))


@pytest.fixture
def unopened() -> Iterator[Session]:
    session = Session(delay_s=0.01)
    yield session
    if session.endpoint._thread.is_alive():
        session.endpoint.__exit__(None, None, None)
    session.close()


def test_what_a_model_sent_before_sound_began_is_not_early(unopened: Session) -> None:
    """Thirty seconds of frames wait in the pipe: the newest means now, strikes of then are not struck."""
    frames = [{"t": t / 10, "values": {"tap.hardness": t / 1000}} for t in range(300)]
    frames[5]["strike"] = "tap"
    frames[7]["values"]["tap.level_db"] = -33.0
    _before(unopened, *frames)
    for _ in range(60):
        unopened.play()
    stats = unopened.session_stream.stats
    assert unopened.hardness == pytest.approx(0.299)
    assert unopened.engine.values(unopened.layer)["level_db"] == pytest.approx(-33)
    assert (stats["early"], stats["late"], unopened.done) == (0, 0, [])
    assert unopened.told == ["stdin: 300 lines came before sound began; the newest counts"]


def test_a_writer_that_waited_for_room_may_jump_once() -> None:
    now_s = [100.0]
    settling = Settling(2.0, 0.02, lambda: now_s[0])
    now_s[0] += 0.1
    assert settling.settled(2.11) == 2.11  # within what may be ahead
    now_s[0] += 0.1
    assert settling.settled(40.0) == pytest.approx(2.2)
    now_s[0] += 0.01
    assert settling.settled(40.01) == pytest.approx(2.21)
    now_s[0] += 5
    assert settling.settled(90.0) == pytest.approx(52.2)  # later on it is the sender's mistake, and told as early


def test_a_few_frames_that_came_before_act_at_their_stamps(unopened: Session) -> None:
    _before(unopened, {"t": 0.0, "values": {"tap.hardness": 0.5}}, {"t": 0.01, "values": {"tap.hardness": 1}, "strike": "tap"})
    for _ in range(60):
        unopened.play()
    assert unopened.hardness == 1
    assert [what[:2] for what in unopened.done] == [("strike", "tap")]
    assert not unopened.told
