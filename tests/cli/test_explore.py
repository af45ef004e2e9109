"""`synth explore`: a session from the command line, its folder, and what it refuses."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

import synth
from synth.cli.main import main
from synth.parameters.errors import InputError

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
        (["tap"], "run it in a terminal, with --page"),
        (["tap", "--midi", "keys"], "--consent"),
        (["tap", "--midi", "keys", "--signal", "heart=ble"], "hold=pressure or hold=cc:NUMBER"),
        (["tap", "--midi", "keys", "--duels"], "for duels and knobs run it in a terminal, or with --page"),
        (["tap", "--midi", "keys", "--consent", "--minutes", "50"], "half an hour"),
        (["tap", "--listener", LISTENER, "--midi", "keys"], "--midi is for you who listen"),
        (["tap", "--listener", LISTENER, "--consent"], "--consent is for you who listen"),
        (["tap", "--repertoire", "5", "--page"], "--page is for you who listen"),
        (["tap", "--page-at", "nowhere:x", "--consent"], "--page-at nowhere:x"),
        (["tapp", "--listener", LISTENER], "did you mean 'tap'"),
        (["tap", "--listener", "nobody"], "MODULE:FACTORY"),
        (["tap", "--listener", LISTENER, "--policy", "luck"], "unknown policy"),
        (["tap", "--listener", LISTENER, "--macros", "pase"], "did you mean 'pace'"),
        (["tap", "--listener", LISTENER, "--minutes", "50"], "half an hour"),
        (["tap", "--listener", LISTENER, "--minutes", "nan"], "minutes = nan"),
        (["tap", "--minutes", "-3"], "minutes = -3"),
        (["tap", "--listener", LISTENER, "--minutes", "40", "--repertoire", "3"], "minutes = 40"),
        (["tap", "--listener", LISTENER, "--seed", "-1"], "0 or more"),
        (["tap", "--repertoire", "-5"], "1 or more"),
        (["tap", "--listener", "tests.explore.test_foreign:raises"], "KeyError: 'boom'"),
        (["tap", "--listener", "tests.explore.test_foreign:as_list", "--duels"], "no compare, which --duels needs"),
        (["bench", "--parts", "luck"], "unknown part"),
        (["bench", "--listeners", "0"], "1 or more"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path / "state"))
    assert main(["explore", *words, "--prior", "none", "-o", str(tmp_path / "mine")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "mine").exists()


def test_a_session_that_cannot_begin_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path / "state"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        words = ["--page-at", place, "--consent", "--prior", "none", "-o", str(tmp_path / "mine")]
        assert main(["explore", "tap", *words]) == 2
    assert "another program listens there" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_another_presets_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explorer = synth.Explorer("brush", prior=None, folder=tmp_path)
    explorer.save(tmp_path)
    assert main(["explore", "tap", "--listener", LISTENER, "-o", str(tmp_path), *QUICK]) == 2
    assert "holds a session of 'brush'" in capsys.readouterr().err


def test_nobody_is_asked_for_duels_on_a_folder_of_a_simulated_listener(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path / "state"))
    synth.Explorer("tap", prior=None, questions="auto", folder=tmp_path / "mine")
    assert main(["explore", "tap", "--midi", "keys", "--consent", "-o", str(tmp_path / "mine")]) == 2
    assert "duels and knobs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--policy", "sobol"], "--policy sobol"),
        (["--seed", "9", "--macros", "pace"], "--macros pace"),
        (["--prior", "shipped"], "--prior shipped"),
        (["--seed", "9"], "--seed 9"),
        (["--duels"], "--duels"),
    ],
)
def test_what_a_folder_was_made_with_is_not_changed_silently(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    synth.Explorer("tap", prior=None, seed=4, folder=tmp_path)
    before = (tmp_path / "trials.jsonl").read_bytes()
    assert main(["explore", "tap", "--listener", LISTENER, "-o", str(tmp_path), "--minutes", "1", "--no-pairs", *words]) == 2
    assert capsys.readouterr().err.startswith(f"synth: {said}: ")
    assert (tmp_path / "trials.jsonl").read_bytes() == before


def test_a_listener_gets_the_seed_of_the_folder_that_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from synth.cli import explore

    seeds = []

    def named(name: str, preset: synth.Preset, seed: int, needs: object) -> object:
        seeds.append(seed)
        raise InputError("heard enough")

    monkeypatch.setattr(explore, "listener_named", named)
    synth.Explorer("tap", prior=None, seed=4, folder=tmp_path)
    words = ["--seed", "4", "--prior", "none", "--macros", "pace,closeness,darkness"]  # as they are
    assert main(["explore", "tap", "--listener", LISTENER, "-o", str(tmp_path), *QUICK, *words]) == 2
    assert main(["explore", "tap", "--listener", LISTENER, "-o", str(tmp_path), *QUICK]) == 2
    assert seeds == [4, 4]


def test_a_listener_that_fails_is_said_and_what_was_told_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listener = "tests.cli.test_explore:Tires"
    assert main(["explore", "tap", "--listener", listener, "-o", str(tmp_path / "mine"), *QUICK]) == 2
    error = capsys.readouterr().err
    assert "listen(): RuntimeError: tired" in error
    assert "Traceback" not in error
    assert (tmp_path / "mine" / "trials.jsonl").read_text().count('"told"') == 1
    assert (tmp_path / "mine" / "found.toml").is_file()


def test_pairs_that_are_left_come_first_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explorer = synth.Explorer("tap", prior=None, folder=tmp_path)
    explorer.tell(explorer.trial([0.25, 0.5, 0.5]), 0.9)
    left = explorer.verify()
    assert left > 1
    for _ in range(left - 1):
        explorer.tell(explorer.ask(), 0.5)
    assert main(["explore", "tap", "--listener", LISTENER, "-o", str(tmp_path), *QUICK]) == 0
    said = capsys.readouterr()
    assert "1 sounds of its blind pairs are left" in said.err
    assert "blind pairs" in said.out


class Tires:
    """Answers once, by one number."""

    def __init__(self) -> None:
        self._heard = 0

    def listen(self, audio: object, sample_rate: float) -> float:
        self._heard += 1
        if self._heard > 1:
            raise RuntimeError("tired")
        return 0.5
