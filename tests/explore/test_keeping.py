"""What is kept: nothing is lost by saving, full disks, removed folders or second writers, and nothing wrong is read."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from synth.explore import journal
from synth.explore.explorer import Explorer
from synth.explore.journal import FILE
from synth.explore.refit import prior_of
from synth.explore.table import rows_of
from synth.parameters.errors import InputError


def _explorer(folder: Path | None = None, seed: int = 0) -> Explorer:
    return Explorer("tap", seed, prior=None, folder=folder)


def _told(folder: Path) -> list[int]:
    lines = map(json.loads, (folder / FILE).read_text().splitlines())
    return [line["number"] for line in lines if line["event"] == "told"]


@pytest.mark.parametrize("spelling", ["own", "x/../own", "link"])
def test_saving_into_its_own_folder_loses_nothing_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "own")
    monkeypatch.chdir(tmp_path)
    explorer = _explorer(Path("own"))
    explorer.save(spelling)
    explorer.tell(explorer.ask(), 0.5)
    monkeypatch.chdir(tmp_path / "x")
    explorer.save(tmp_path / spelling)
    explorer.tell(explorer.ask(), 0.5)
    assert _told(tmp_path / "own") == [0, 1]


def test_another_session_is_not_saved_over(tmp_path: Path) -> None:
    other, explorer = _explorer(seed=1), _explorer()
    other.tell(other.ask(), 0.5)
    other.save(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(InputError, match="holds another session"):
        explorer.save(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    other.tell(other.ask(), 0.5)
    other.save(tmp_path)  # its own, gone on with
    assert _told(tmp_path) == [0, 1]


def test_on_a_full_disk_nothing_is_half_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = _explorer(tmp_path)
    trial, write = explorer.ask(), os.write
    before = (tmp_path / FILE).read_bytes()
    parts = iter([9, 0])

    def full(file: int, data: Any) -> int:
        if count := next(parts):
            return write(file, data[:count])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.os, "write", full)
    with pytest.raises(InputError, match="No space left"):
        explorer.tell(trial, 0.7)
    monkeypatch.undo()
    assert (tmp_path / FILE).read_bytes() == before
    assert not explorer.history.told
    assert not explorer.history.model.observations
    explorer.tell(trial, 0.7)
    assert _told(tmp_path) == [0]


def test_a_removed_folder_is_said_and_written_whole_again(tmp_path: Path) -> None:
    explorer = _explorer(tmp_path / "kept")
    explorer.tell(explorer.ask(), 0.5)
    trial = explorer.ask()
    shutil.rmtree(tmp_path / "kept")
    with pytest.raises(InputError, match="has been removed"):
        explorer.tell(trial, 0.5)
    explorer.save(tmp_path / "kept")
    explorer.tell(trial, 0.5)
    assert _told(tmp_path / "kept") == [0, 1]


def test_only_one_writes_in_a_folder_and_reading_leaves_it_alone(tmp_path: Path) -> None:
    explorer = _explorer(tmp_path)
    for _ in range(2):
        explorer.tell(explorer.ask(), 0.5)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"ev')
    before = (tmp_path / FILE).read_bytes()
    read = Explorer.open(tmp_path, is_new_session=False, is_kept=False)
    read.tell(read.ask(), 0.5)
    assert (tmp_path / FILE).read_bytes() == before
    explorer.close()
    explorer.close()
    with (tmp_path / FILE).open() as other:  # as another program does
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another synth holds this session"):
            Explorer.open(tmp_path)
        with pytest.raises(InputError, match="another synth holds this session"):
            explorer.save(tmp_path)
    assert len(Explorer.open(tmp_path).history.told) == 2


def test_in_one_program_the_explorer_that_opened_last_writes(tmp_path: Path) -> None:
    first = _explorer(tmp_path)
    first.tell(first.ask(), 0.5)
    second = Explorer.open(tmp_path)
    second.tell(second.ask(), 0.5)
    with pytest.raises(InputError, match="another explorer keeps its answers"):
        first.tell(first.ask(), 0.5)
    with pytest.raises(InputError, match="holds"):
        first.save(tmp_path)
    assert _told(tmp_path) == [0, 1]


def test_a_prior_is_made_of_a_session_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = _explorer(tmp_path)
    explorer.tell(explorer.ask(), 0.5)
    from synth.explore import refit
    from synth.explore.sound_numbers import NAMES

    numbers = refit.np.zeros((9**3, len(NAMES)))
    monkeypatch.setattr(refit, "numbers_over_grid", lambda preset, macros: numbers)
    assert prior_of([tmp_path], "nobody").facts["trials"] == 1
    explorer.tell(explorer.ask(), 0.5)
    assert _told(tmp_path) == [0, 1]


GOOD: dict[str, Any] = {"event": "told", "number": 5, "kind": "trial", "vector": [0.5] * 3, "hold": [0.5]}


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": "5"},
        {"kind": "foo"},
        {"kind": ["trial"]},
        {"kind": "duel"},
        {"kind": "pair"},
        {"vector": [0.5]},
        {"vector": [9, 9, 9]},
        {"vector": [0.51, 0.5, 0.5]},
        {"vector": "abc"},
        {"hold": [7]},
        {"hold": [float("nan")]},
        {"hold": []},
        {"hold": None},
        {"disliked": "no"},
        {"event": "verify", "index": 99999},
        {"event": "verify"},
        {"event": ["told"]},
        {"event": "foo"},
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    explorer = _explorer(tmp_path)
    explorer.tell(explorer.ask(), 0.5)
    explorer.close()
    whole = (tmp_path / FILE).read_text()
    number = len(whole.splitlines()) + 1
    (tmp_path / FILE).write_text(whole + json.dumps(GOOD | change) + "\n")
    with pytest.raises(InputError, match=rf"{FILE}: line {number}: .*; remove that line"):
        Explorer.open(tmp_path)
    (tmp_path / FILE).write_text(whole + json.dumps(GOOD) + "\n")
    assert len(Explorer.open(tmp_path).history.told) == 2


@pytest.mark.parametrize("line", ["[" * 100000, "", '{"ev'])
def test_a_line_that_is_no_json_is_named(tmp_path: Path, line: str) -> None:
    _explorer(tmp_path).close()
    with (tmp_path / FILE).open("a") as file:
        file.write(line + "\n")
    with pytest.raises(InputError, match="line 2 is not JSON; remove that line"):
        Explorer.open(tmp_path)


def test_the_last_line_twice_is_refused(tmp_path: Path) -> None:
    explorer = _explorer(tmp_path)
    explorer.tell(explorer.ask(), 0.5)
    explorer.close()
    with (tmp_path / FILE).open("a") as file:
        file.write((tmp_path / FILE).read_text().splitlines()[-1] + "\n")
    with pytest.raises(InputError, match="line 4: number = 0"):
        Explorer.open(tmp_path)


def _with(**change: Any) -> Callable[[str], str]:
    return lambda text: json.dumps(json.loads(text) | change)


@pytest.mark.parametrize(
    "change",
    [
        *(_with(seed=seed) for seed in ("x", None, 1.5, -1)),
        *(_with(policy=policy) for policy in ("zz", [1])),
        *(_with(macros=macros) for macros in (["a"], None, [1], ["pace", "pace"])),
        *(_with(**{name: 3}) for name in ("prior", "questions", "preset", "schema")),
        lambda text: "[" * 100000,
    ],
)
def test_a_wrong_head_is_refused(tmp_path: Path, change: Callable[[str], str]) -> None:
    _explorer(tmp_path).close()
    head = tmp_path / "session.json"
    head.write_text(change(head.read_text()))
    with pytest.raises(InputError):
        Explorer.open(tmp_path)


def test_what_is_only_read_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export or a refit of many folders need not render each preset's 27 sounds."""
    explorer = Explorer("tap", folder=tmp_path / "mine")
    event = {"event": "told", "number": 0, "kind": "trial", "vector": [0.5, 0.5, 0.5], "hold": [0.25]}
    explorer._add(event)
    monkeypatch.setattr("synth.explore.expected.numbers_over_grid", lambda *_: pytest.fail("it was measured"))
    assert [row["score"] for row in rows_of(Explorer.open(tmp_path / "mine", is_kept=False))] == [0.25]


@pytest.mark.parametrize(("name", "value", "near"), [("policy", "explor", "mean 'explore'"), ("questions", "some", "known")])
def test_a_head_that_names_what_is_not_known_is_refused_by_its_file(tmp_path: Path, name: str, value: str, near: str) -> None:
    Explorer("tap", prior=None).save(tmp_path)
    head = json.loads((tmp_path / "session.json").read_text())
    (tmp_path / "session.json").write_text(json.dumps(head | {name: value}))
    with pytest.raises(InputError, match=f"session.json: unknown {name}") as refused:
        Explorer.open(tmp_path)
    assert near in str(refused.value)
