"""The recorder of a session: holds and signals at their frames, whatever ends it; nothing that was not asked for."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from synth.engine.engine import Engine
from synth.io.files.tingle_folder import Session
from synth.io.signals.sample import Sample
from synth.live.tingle.alignment import Latency
from synth.live.tingle.recorder import WAIT_S, TingleRecorder
from synth.live.tingle.session_tables import tables_of
from synth.live.tingle.signal_words import HEART, HOLD, SKIN, SignalWord
from synth.parameters.errors import InputError
from tests.support.listened import EVENT_FRAMES, OUTPUT_S, RATE, Listened


class Sender:
    """A signal whose samples the test makes."""

    def __init__(self) -> None:
        self.is_stalled, self.is_closed, self.facts = False, False, {"from": "test"}

    def open(self, deliver: Any, say: Any) -> Any:
        self.deliver, self.say = deliver, say
        return self

    def send(self, age_s: float = 0.0, **values: Any) -> None:
        self.deliver(Sample(age_s, values))

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def live() -> Listened:
    return Listened(Engine(RATE, "sphere"))


@pytest.fixture
def said() -> list[str]:
    return []


def recorder(path: Path, live: Listened, said: list[str], *words: SignalWord, measured: Any = None) -> TingleRecorder:
    path.mkdir(exist_ok=True)
    return TingleRecorder(path, live, words, said.append, measured or {}, {"preset": "tap", "take": "performance.take"})  # type: ignore[arg-type]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_change_of_the_hold_is_written_with_its_frame(tmp_path: Path, live: Listened, said: list[str]) -> None:
    with recorder(tmp_path, live, said) as writing:
        live.engine.set_master(at=4800, tingle=0.5)
        live.play(0.2)
        writing.attend()
        assert rows(tmp_path / "hold.jsonl") == [{"frame": 4800, "hold": 0.5}]  # already on the disk
        live.engine.set_master(at=14400, tingle=0)
        live.play(0.2)
    assert rows(tmp_path / "hold.jsonl") == [{"frame": 4800, "hold": 0.5}, {"frame": 14400, "hold": 0.0}]
    assert said == []


def test_what_nobody_asked_for_is_not_listened_to(tmp_path: Path, live: Listened, said: list[str]) -> None:
    with recorder(tmp_path, live, said):
        live.play(0.1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clock.jsonl", "hold.jsonl", "session.json"]
    assert json.loads((tmp_path / "session.json").read_text())["signals"] == {}


def test_a_signal_is_written_at_the_frame_at_which_it_was_taken(tmp_path: Path, live: Listened, said: list[str]) -> None:
    heart, skin = Sender(), Sender()
    words = SignalWord(HEART, "ble", heart.open), SignalWord(SKIN, "lsl:x", skin.open)
    with recorder(tmp_path, live, said, *words):
        live.play(1.0)
        now = live.engine.frame
        heart.send(heart_rate_bpm=60, rr_s=[1.0])
        skin.send(age_s=0.25, value=3.5)
        live.is_playing = False
        skin.send(value=3.6)
        live.is_playing = True
    assert rows(tmp_path / "heart.jsonl") == [{"frame": now, "heart_rate_bpm": 60, "rr_s": [1.0]}]
    assert rows(tmp_path / "skin.jsonl") == [{"frame": now - RATE // 4, "value": 3.5}, {"frame": None, "value": 3.6}]
    assert heart.is_closed
    assert skin.is_closed
    tables = tables_of(Session(tmp_path, json.loads((tmp_path / "session.json").read_text())))
    assert tables["skin"]["t"] == [pytest.approx(now / RATE - 0.25 - OUTPUT_S, abs=1e-5), None]


def test_a_hold_that_comes_as_a_signal_acts_as_late_as_any_other(tmp_path: Path, live: Listened, said: list[str]) -> None:
    hold = Sender()
    with recorder(tmp_path, live, said, SignalWord(HOLD, "lsl:x", hold.open)):
        live.play(0.5)
        now = live.engine.frame
        hold.send(age_s=0.004, value=0.75)
        live.play(0.1)
        for wrong in (1.5, "x", -1.0):
            hold.send(value=wrong)
        live.play(0.1)
    waits = EVENT_FRAMES + round(WAIT_S * RATE)
    assert rows(tmp_path / "hold.jsonl") == [{"frame": now - round(0.004 * RATE) + waits, "hold": 0.75}]
    assert len(said) == 1
    facts = json.loads((tmp_path / "session.json").read_text())
    assert (facts["holds_refused"], facts["holds_late"]) == (3, 0)
    assert round(facts["alignment"]["total_s"] * RATE) == waits + round(OUTPUT_S * RATE)


def test_one_whose_way_was_too_long_acts_late_and_is_counted(tmp_path: Path, live: Listened, said: list[str]) -> None:
    hold = Sender()
    with recorder(tmp_path, live, said, SignalWord(HOLD, "lsl:x", hold.open)):
        live.play(1.0)
        now = live.engine.frame
        for amount in (0.5, 0.25):
            hold.send(age_s=0.2, value=amount)
        live.play(0.1)
    assert [row["frame"] for row in rows(tmp_path / "hold.jsonl")] == [now, now]
    assert json.loads((tmp_path / "session.json").read_text())["holds_late"] == 2
    assert len(said) == 1


def test_a_hold_whose_sender_stalls_is_not_known(tmp_path: Path, live: Listened, said: list[str]) -> None:
    hold = Sender()
    with recorder(tmp_path, live, said, SignalWord(HOLD, "lsl:x", hold.open)) as writing:
        hold.send(value=1.0)
        live.play(1.0)
        hold.is_stalled = True
        writing.attend()
        live.play(1.0)
        hold.is_stalled = False
        writing.attend()
        live.play(1.0)
        (gap, *_) = writing.track.between(0, 2 * RATE).gaps
        assert (gap.stop - gap.start, gap.why) == (RATE, "its sender stalls")


def test_what_does_not_open_leaves_nothing_open(tmp_path: Path, live: Listened, said: list[str]) -> None:
    heart = Sender()

    def refuse(deliver: Any, say: Any) -> Any:
        raise InputError("no such stream")

    with (
        pytest.raises(InputError, match="no such stream"),
        recorder(tmp_path, live, said, SignalWord(HEART, "ble", heart.open), SignalWord(SKIN, "lsl:x", refuse)),
    ):
        pytest.fail("it opened")
    assert heart.is_closed


def test_it_says_with_which_latencies_and_whether_it_was_ended(tmp_path: Path, live: Listened, said: list[str]) -> None:
    measured = {"a device": Latency(0.2, 0.01, 12, "2026-11-30")}
    with recorder(tmp_path, live, said, measured=measured) as writing:
        begun = json.loads((tmp_path / "session.json").read_text())
        live.engine.set_master(at=round(0.5 * RATE) + round(0.2 * RATE), tingle=1)
        live.play(1.0)
        writing.attend()
        assert writing.track.between(0, RATE // 2 + 480).values.tolist() == [0] * 25 + [1]
    ended = json.loads((tmp_path / "session.json").read_text())
    assert begun["alignment"]["total_s"] == ended["alignment"]["total_s"] == 0.2
    assert ("ended_at" in begun, "ended_at" in ended) == (False, True)
    assert ended["frames"] >= RATE
    assert ended["versions"]["synth"]


def test_one_that_was_killed_is_read_as_far_as_it_was_written(tmp_path: Path, live: Listened, said: list[str]) -> None:
    writing = recorder(tmp_path, live, said)
    writing.__enter__()
    live.engine.set_master(at=4800, tingle=0.5)
    live.play(2.0)
    writing.attend()
    with (tmp_path / "hold.jsonl").open("a") as file:
        file.write('{"frame": 9')  # killed here
    writing._close_files()
    table = tables_of(Session(tmp_path, json.loads((tmp_path / "session.json").read_text())))["hold"]
    assert max(table["hold"]) == 0.5
    assert table["hold"].index(0.5) == 5


def test_a_disk_that_is_full_ends_a_file_and_is_said(tmp_path: Path, live: Listened, said: list[str]) -> None:
    with recorder(tmp_path, live, said) as writing:
        (tmp_path / "hold.jsonl").unlink()
        for amount in (0.5, 0.25):
            live.engine.set_master(tingle=amount)
            live.play(0.1)
            writing.attend()
    assert len([text for text in said if "hold.jsonl" in text]) == 1


def test_words_that_name_no_sender_are_not_opened(tmp_path: Path, live: Listened, said: list[str]) -> None:
    with recorder(tmp_path, live, said, SignalWord(HOLD, "pressure", control=SimpleNamespace())):  # type: ignore[arg-type]
        live.play(0.1)
    assert json.loads((tmp_path / "session.json").read_text())["hold_from"] == ["pressure"]
