"""An exploration beside the recorder's sessions: listed, exported, erased."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from synth.cli.main import main
from synth.explore.explorer import Explorer
from synth.io.files.tingle_folder import owned, tingle_folder


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path / "state"))
    where = owned(tingle_folder()) / "tap.explore"
    explorer = Explorer("tap", prior=None, folder=where)
    for _ in range(3):
        explorer.tell(explorer.ask(), np.full(1000, 0.5))
    return where


def test_it_is_listed_with_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tingle", "list", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["name"], row["preset"], row["seconds"], row["ended"]) == ("tap.explore", "tap", 60.0, False)


@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_it_is_exported_and_stays(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    before = (folder / "trials.jsonl").read_bytes()
    words = ["tingle", "export", "tap", "-o", str(tmp_path / "out"), "--format", kind]
    assert main([*words, "--json"]) == 0
    names = {Path(path).name for path in json.loads(capsys.readouterr().out)}
    assert names == {"session.json", "usual.toml", "trials.jsonl"} | ({"trials.parquet"} if kind == "parquet" else set())
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out" / folder.name).iterdir()} == {0o600}
    assert (folder / "trials.jsonl").read_bytes() == before == (tmp_path / "out" / folder.name / "trials.jsonl").read_bytes()
    assert main(words) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_damaged_one_is_shown_and_leaves_no_export(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (folder / "trials.jsonl").open("a") as file:
        file.write("no JSON\n")
    assert main(["tingle", "list"]) == 0
    assert "cannot be read" in capsys.readouterr().out
    assert main(["tingle", "export", "tap", "-o", str(tmp_path / "out"), "--format", "parquet"]) == 2
    assert list((tmp_path / "out").iterdir()) == []


def test_it_is_erased(folder: Path) -> None:
    assert main(["tingle", "erase", "tap.explore"]) == 0
    assert not folder.exists()
