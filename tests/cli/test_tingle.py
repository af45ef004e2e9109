"""`synth tingle` and `synth play --tingle` as a listener meets them: consent first; then it is kept, listed, erased."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from synth.cli.listening import Listening
from synth.cli.main import main
from synth.io.files.tingle_folder import new_session, tingle_folder


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path / "state"))
    return tingle_folder()


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(list(words)) == code
    found = capsys.readouterr()
    return found.err if code else found.out


def kept(folder: Path, day: int = 1) -> Path:
    path = new_session(folder, "tap", datetime(2026, 11, day))
    facts = {
        "preset": "tap",
        "sample_rate": 48000,
        "frames": 96000,
        "began_frame": 0,
        "alignment": {"total_s": 0.0, "output_s": 0.0},
        "signals": {"heart": {}},
        "ended_at": "x",
    }
    (path / "session.json").write_text(json.dumps(facts))
    (path / "hold.jsonl").write_text('{"frame": 0, "hold": 0.5}\n')
    return path


def test_nothing_is_kept_of_a_listener_without_consent(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    error = said(capsys, "play", "tap", "--tingle", "--json", code=2)
    assert "--consent" in error
    assert error.count("\n") == 1
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--signal", "heart=ble"], "with --tingle only"),
        (["--consent"], "goes with --tingle"),
        (["--signal", "hold=ble"], "hold comes from pressure"),
    ],
)
def test_a_signal_is_kept_with_tingle_only(capsys: pytest.CaptureFixture[str], folder: Path, words: list[str], what: str) -> None:
    assert what in said(capsys, "play", "tap", *words, code=2)
    assert not folder.exists()


def test_consent_is_shown_and_given(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert "Not agreed to yet" in said(capsys, "tingle", "consent")
    facts = json.loads(said(capsys, "tingle", "consent", "--consent", "--json"))
    assert facts["is_given"]
    assert facts["folder"] == str(folder)
    assert "Agreed." in said(capsys, "tingle", "consent")


def test_sessions_are_listed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert said(capsys, "tingle", "list").strip() == "none"
    kept(folder)
    (row,) = json.loads(said(capsys, "tingle", "list", "--json"))
    assert (row["preset"], row["seconds"], row["signals"], row["ended"]) == ("tap", 2.0, "hold, heart", True)


def test_one_or_all_are_exported(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    kept(folder, 1), kept(folder, 2)
    written = json.loads(said(capsys, "tingle", "export", "2026-11-01", "-o", str(tmp_path / "one"), "--json"))
    assert [Path(path).name for path in written] == ["hold.json", "session.json"]
    assert set(json.loads(Path(written[0]).read_text())["hold"]) == {0.5}
    said(capsys, "tingle", "export", "-o", str(tmp_path / "all"))
    assert len(list((tmp_path / "all").iterdir())) == 2
    assert "unknown session" in said(capsys, "tingle", "export", "nobody", code=2)


def test_a_damaged_session_is_shown_and_stops_no_other(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    kept(folder, 1)
    facts = {"sample_rate": 48000, "frames": None, "signals": None, "alignment": {"total_s": 0, "output_s": 0}}
    for day, text in enumerate(("{", json.dumps(facts), '{"sample_rate": "x", "frames": "y"}', '{"sample_rate": 0}'), 2):
        (kept(folder, day) / "session.json").write_text(text)
    assert said(capsys, "tingle", "list").count("cannot be read") == 4
    out = tmp_path / "all"
    error = said(capsys, "tingle", "export", "-o", str(out), code=2)
    assert "4 could not be exported" in error
    assert len(error.splitlines()) == 5
    assert [path.name for path in out.iterdir()] == ["2026-11-01-000000-tap"]
    assert "unknown format" in said(capsys, "tingle", "export", "--format", "xls", code=2)


def test_one_is_erased_or_everything(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    first, second = kept(folder, 1), kept(folder, 2)
    said(capsys, "tingle", "consent", "--consent")
    for words in ([], ["x", "--all"]):
        assert "say which session, or --all" in said(capsys, "tingle", "erase", *words, code=2)
    said(capsys, "tingle", "erase", first.name)
    assert (first.exists(), second.exists()) == (False, True)
    said(capsys, "tingle", "erase", "--all")
    assert not folder.exists()
    assert "Not agreed to yet" in said(capsys, "tingle", "consent")


def test_what_taps_is_a_controller(capsys: pytest.CaptureFixture[str]) -> None:
    for signal in ("heart=ble", "hold=lsl:x"):
        assert "what taps is a controller" in said(capsys, "tingle", "calibrate", "--signal", signal, code=2)


def test_a_session_that_never_began_leaves_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    words = ["--tingle", "--consent", "--device", "no such device", "--midi", "none", "--quiet"]
    assert "no such device" in said(capsys, "play", "tap", *words, code=2)
    assert [path.name for path in folder.iterdir() if path.is_dir()] == []


def test_the_take_is_where_it_was_wished_or_in_the_folder() -> None:
    kept = Listening(path=Path("folder"))
    assert kept.take_beside(None) == Path("folder/performance.take")
    assert kept.take_beside(Path("mine.take")) == Path("mine.take")
    assert Listening().take_beside(None) is None
