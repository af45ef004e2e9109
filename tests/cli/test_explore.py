"""`synth explore`: a session from the command line, its folder, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import synth
from synth.cli.main import main

LISTENER = "tests.explore.test_session:_Loud"
QUICK = ["--prior", "none", "--minutes", "1", "--no-pairs", "--quiet"]


def test_a_session_is_kept_gone_on_with_and_its_preset_plays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explore", "tap", "--listener", LISTENER, "-o", str(tmp_path / "mine"), *QUICK]
    assert main([*words, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["trials"] == 3
    assert facts["is_over"]
    assert set(facts["best"]) == {"closeness", "darkness", "pace"}
    assert synth.render(facts["preset"], seconds=0.5).shape == (24000, 2)
    assert main(words) == 0
    said = capsys.readouterr()
    assert "after 6 trials" in said.out
    assert "not enough data" in said.out
    assert "going on after 3 trials" in said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tap"], "--listener MODULE:FACTORY"),
        (["tapp", "--listener", LISTENER], "did you mean 'tap'"),
        (["tap", "--listener", "nobody"], "MODULE:FACTORY"),
        (["tap", "--listener", LISTENER, "--policy", "luck"], "unknown policy"),
        (["tap", "--listener", LISTENER, "--macros", "pase"], "did you mean 'pace'"),
        (["tap", "--listener", LISTENER, "--minutes", "50"], "half an hour"),
        (["bench", "--parts", "luck"], "unknown part"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", *words, "--prior", "none", "-o", str(tmp_path / "mine")]) == 2
    assert said in capsys.readouterr().err


def test_another_presets_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explorer = synth.Explorer("brush", prior=None, folder=tmp_path)
    explorer.save(tmp_path)
    assert main(["explore", "tap", "--listener", LISTENER, "-o", str(tmp_path), *QUICK]) == 2
    assert "holds a session of 'brush'" in capsys.readouterr().err
