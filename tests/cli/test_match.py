"""`synth match`: what it says to people and to programs, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

import synth
from synth.cli import match as command
from synth.cli.main import main
from synth.offline.match.matcher import Match


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "hiss.wav"
    soundfile.write(path, 0.1 * np.random.default_rng(1).normal(size=(48000, 2)), 48000)
    return path


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that has ended already."""

    def found(texture, trigger, **options):
        names = [trigger] if trigger else ["rain", "pour", "tap"]
        return [Match(name, synth.load_preset(name), 0.8 + 0.1 * rank) for rank, name in enumerate(names)]

    monkeypatch.setattr(command, "match_texture", found)


@pytest.mark.usefixtures("search")
def test_it_tells_the_best_and_that_nothing_fits(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", str(recording)]) == 0
    said = capsys.readouterr().out
    assert "nothing fits" in said
    assert [line.split()[0] for line in said.splitlines()[-3:]] == ["rain", "pour", "tap"]


@pytest.mark.usefixtures("search")
def test_it_writes_a_preset_that_loads(recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "like.toml"
    assert main(["match", str(recording), "--trigger", "rain", "-o", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["fits"] is False
    assert [each["trigger"] for each in facts["matches"]] == ["rain"]
    assert synth.load_preset(path).title == "Like hiss.wav"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--trigger", "rian"], "did you mean 'rain'"),
        (["-o", "like.wav"], "ends in .toml"),
        (["-o", "nowhere/like.toml"], "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(
    words: list[str], said: str, recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", str(recording), *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
