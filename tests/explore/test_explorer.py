"""The explorer: asks, learns, keeps, verifies; what it was told is there after whatever ends the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import synth
from synth.explore.explorer import Explorer
from synth.explore.journal import FILE
from synth.explore.macros import grid
from synth.explore.verdict import PAIRS, verdict_of
from synth.parameters.errors import InputError

HILL = 0.8 * np.exp(-np.square(grid(3) - [0.75, 0.25, 0.5]).sum(1) / (2 * 0.3**2))


def _explorer(folder: Path | None = None, seed: int = 0, policy: str = "explore", questions: str = "hold") -> Explorer:
    return Explorer("tap", seed, policy, prior=None, folder=folder, questions=questions)


def _worth(vector: np.ndarray) -> float:
    return float(0.8 * np.exp(-np.square(np.asarray(vector) - [0.75, 0.25, 0.5]).sum() / (2 * 0.3**2)))


def _answer(explorer: Explorer, count: int, rng: np.random.Generator) -> None:
    for _ in range(count):
        trial = explorer.ask()
        if trial.kind == "duel":
            explorer.tell(trial, float(_worth(trial.vectors[1]) > _worth(trial.vectors[0])))
        elif trial.kind == "knob":
            explorer.tell(trial, np.argmax([_worth(each) for each in trial.vectors]) / (len(trial.vectors) - 1))
        else:
            worth = 0.05 if trial.kind == "sham" else _worth(trial.vector)
            explorer.tell(trial, float(np.clip(worth + 0.1 * rng.normal(), 0, 1)))


def test_it_finds_what_is_liked_and_says_how_sure_it_is() -> None:
    explorer, rng = _explorer(), np.random.default_rng(0)
    _answer(explorer, 50, rng)
    best = explorer.best
    assert _worth(best.vector) > 0.55
    assert best.interval[0] < best.hold < best.interval[1]
    assert isinstance(best.preset, synth.Preset)
    assert best.preset != explorer.preset
    kinds = [told["kind"] for told in explorer.history.told]
    assert kinds.count("sham") == 5
    assert kinds.count("repeat") == 5
    hold, (low, high) = explorer.predict([0.0, 1.0, 1.0])
    assert low <= hold <= high
    assert hold < best.hold


def test_ask_is_the_same_until_told_and_a_trial_is_told_once() -> None:
    explorer = _explorer()
    trial = explorer.ask()
    assert explorer.ask() is trial
    explorer.tell(trial, np.full(1000, 0.3))
    with pytest.raises(InputError, match="trial 0 is told already"):
        explorer.tell(trial, 0.3)
    own = explorer.trial([0.2, 0.5, 0.9])
    assert own.vector.tolist() == [0.25, 0.5, 0.875]
    explorer.tell(own, 0.9)
    assert len(explorer.history.told) == 2


def test_two_dislikes_are_not_played_again() -> None:
    explorer = _explorer()
    for at in ([0.0, 0.0, 0.0], [0.375, 0.0, 0.0]):
        explorer.tell(explorer.trial(at), 0.0, disliked=True)
    with pytest.raises(InputError, match="disliked"):
        explorer.trial([0.0, 0.125, 0.0])
    rng = np.random.default_rng(0)
    for _ in range(30):
        trial = explorer.ask()
        assert np.abs(trial.vector - [0.1875, 0, 0]).max() > 0.26
        explorer.tell(trial, float(rng.uniform()))


def test_pairs_are_blind_balanced_and_alone_decide() -> None:
    explorer, rng = _explorer(), np.random.default_rng(1)
    _answer(explorer, 40, rng)
    assert explorer.verdict.outcome == "not enough data"
    assert explorer.verify() == 2 * PAIRS
    sides = []
    for number in range(2 * PAIRS):
        assert explorer.pairs_left == 2 * PAIRS - number
        trial = explorer.ask()
        assert trial.kind == "pair"
        sides.append(trial.side)
        explorer.tell(trial, float(np.clip(_worth(trial.vector) + 0.1 * rng.normal(), 0, 1)))
    assert all({one, other} == {"best", "usual"} for one, other in zip(sides[::2], sides[1::2], strict=True))
    assert 2 <= sides[::2].count("best") <= PAIRS - 2
    assert explorer.verdict.outcome == "helped"
    assert explorer.verdict.interval[0] > 0
    assert explorer.ask().kind != "pair"


def test_help_is_not_claimed_where_there_is_none() -> None:
    rng = np.random.default_rng(2)
    claims = [
        verdict_of(
            rng.uniform(size=PAIRS) * (rng.uniform(size=PAIRS) < 0.3), rng.uniform(size=PAIRS) * (rng.uniform(size=PAIRS) < 0.3)
        )
        for _ in range(400)
    ]
    assert np.mean([claim.outcome == "helped" for claim in claims]) < 0.05


def test_duels_and_knobs_come_where_choices_are_sharp() -> None:
    explorer, rng = _explorer(questions="auto"), np.random.default_rng(3)
    _answer(explorer, 60, rng)
    kinds = [told["kind"] for told in explorer.history.told]
    assert kinds.count("duel") > 10
    assert kinds.count("knob") >= 2
    assert explorer.history.model.choice_noise < 0.15
    assert _worth(explorer.best.vector) > 0.6


def test_a_folder_opens_where_it_was(tmp_path: Path) -> None:
    explorer, rng = _explorer(tmp_path / "kept", questions="auto"), np.random.default_rng(4)
    _answer(explorer, 25, rng)
    explorer.close()
    again = Explorer.open(tmp_path / "kept", is_new_session=False)
    assert [told["vector"] for told in again.history.told] == [told["vector"] for told in explorer.history.told]
    assert again.best.vector.tolist() == explorer.best.vector.tolist()
    assert again.best.hold == pytest.approx(explorer.best.hold)
    assert again.ask().vector.tolist() == explorer.ask().vector.tolist()
    explorer.save(tmp_path / "copy")
    copy = Explorer.open(tmp_path / "copy")
    assert copy.history.session == 1
    assert copy.best.vector.tolist() == explorer.best.vector.tolist()
    assert synth.load_preset(tmp_path / "copy" / "found.toml").layers == explorer.best.preset.layers
    with pytest.raises(InputError, match="holds a session already"):
        _explorer(tmp_path / "kept")


@pytest.mark.parametrize("tail", [b'{"event":"to', b'{"event":"told"}'])
def test_half_a_line_at_the_end_is_nothing(tmp_path: Path, tail: bytes) -> None:
    _answer(_explorer(tmp_path), 5, np.random.default_rng(0))
    with (tmp_path / FILE).open("ab") as file:
        file.write(tail)
    explorer = Explorer.open(tmp_path)
    assert len(explorer.history.told) == 5
    _answer(explorer, 1, np.random.default_rng(0))
    explorer.close()
    assert len(Explorer.open(tmp_path).history.told) == 6
    for line in (tmp_path / FILE).read_text().splitlines():
        assert json.loads(line)["event"]


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no explorer's session"):
        Explorer.open(tmp_path)
    _answer(_explorer(tmp_path), 2, np.random.default_rng(0))
    (tmp_path / FILE).write_text('{"event":"session"}\nnothing\n')
    with pytest.raises(InputError, match="line 2 is not JSON"):
        Explorer.open(tmp_path)


@pytest.mark.parametrize(("given", "said"), [({"policy": "luck"}, "unknown policy"), ({"macros": ["pac"]}, "unknown macro")])
def test_what_is_not_there_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Explorer("tap", prior=None, **given)


_KILLED = """
import sys
from pathlib import Path
from synth.explore.explorer import Explorer
folder = Path(sys.argv[1])
explorer = Explorer.open(folder) if (folder / "session.json").exists() else Explorer("tap", 1, prior=None, folder=folder)
while True:
    explorer.tell(explorer.ask(), [0.25] * 1000)
    print(len(explorer.history.told), flush=True)
"""


def test_killed_at_any_moment_it_loses_at_most_the_running_trial(tmp_path: Path) -> None:
    rng, told = np.random.default_rng(0), 0
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told = int(process.stdout.readline())
            time.sleep(rng.uniform(0, 0.2))
            os.kill(process.pid, signal.SIGKILL)
            told = max([told, *(int(line) for line in process.stdout.read().split())])
        explorer = Explorer.open(tmp_path)
        assert len(explorer.history.told) in (told, told + 1)
        _answer(explorer, 1, rng)
        explorer.close()
