"""Files written whole: an older one is replaced and keeps its permissions; what fails leaves it, and nothing else, behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from synth.io.files.whole_file import PRIVATE, write_whole


def test_a_new_file_and_one_in_the_place_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    write_whole(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_that_are_asked_for_hold_whatever_was_there(tmp_path: Path) -> None:
    for path in (tmp_path / "new", tmp_path / "old"):
        if path.name == "old":
            write_whole(path, b"one")
        write_whole(path, b"two", PRIVATE)
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_fails_leaves_the_older_one_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    write_whole(path, b"one")

    def refuse(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="no"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]
