"""The folder of what a listener gave: its owner's alone, and what is erased is gone."""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from synth.io.files.tingle_folder import erase, erase_all, find, new_session, owned, sessions, tingle_folder
from synth.parameters.errors import InputError

NOW = datetime(2026, 11, 30, 21, 30, 5)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_lies_in_the_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYNTH_STATE_DIR", str(tmp_path / "state"))
    assert tingle_folder() == tmp_path / "state" / "tingle"
    assert not tingle_folder().exists()


def test_its_owner_alone_can_open_it_even_if_it_was_open_before(tmp_path: Path) -> None:
    folder = tmp_path / "tingle"
    folder.mkdir(mode=0o755)
    folder.chmod(0o777)
    session = new_session(folder, "rain on tent", NOW)
    assert mode(folder) == mode(session) == 0o700
    assert session.name == "2026-11-30-213005-rain-on-tent"


def test_a_link_into_elsewhere_is_no_such_folder(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        target = tmp_path / "theirs"
        target.mkdir()
        os.chown(target, 12345, -1)
        (tmp_path / "tingle").symlink_to(target)
        with pytest.raises(InputError, match="cannot be kept there"):
            owned(tmp_path / "tingle")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be kept there"):
        owned(tmp_path / "file")


@pytest.mark.parametrize("name", ["../../etc", "a/b", "", "ü", "x" * 500, "\0"])
def test_a_session_lies_in_the_folder_whatever_the_preset_is_called(tmp_path: Path, name: str) -> None:
    assert new_session(tmp_path / "t", name, NOW).parent == tmp_path / "t"
    assert new_session(tmp_path / "t", name, NOW).parent == tmp_path / "t"  # and a second one gets a name of its own
    assert len(sessions(tmp_path / "t")) == 2


def test_sessions_are_listed_in_order_and_found_by_their_beginning(tmp_path: Path) -> None:
    for day, name in ((3, "c"), (1, "a"), (2, "b")):
        path = new_session(tmp_path, name, NOW.replace(day=day))
        (path / "session.json").write_text(json.dumps({"preset": name}))
    (tmp_path / "consent-2026-11-30.json").write_text("{}")
    assert [session.facts["preset"] for session in sessions(tmp_path)] == ["a", "b", "c"]
    assert find(tmp_path, "2026-11-02").facts["preset"] == "b"
    with pytest.raises(InputError, match="3 begin so"):
        find(tmp_path, "2026-11")
    for name in ("x", "", "../x"):
        with pytest.raises(InputError, match="unknown session"):
            find(tmp_path, name)
    with pytest.raises(InputError, match="no session is kept"):
        find(tmp_path / "nowhere", "x")


def test_a_session_that_cannot_be_read_is_listed_still(tmp_path: Path) -> None:
    path = new_session(tmp_path, "a", NOW)
    (path / "session.json").write_text("{half")
    assert [session.facts for session in sessions(tmp_path)] == [{}]


def test_what_is_erased_is_gone_and_nothing_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    first, second = (new_session(tmp_path / "t", name, NOW) for name in "ab")
    (first / "hold.jsonl").write_text("{}")
    (first / "link").symlink_to(outside)
    (tmp_path / "t" / "elsewhere").symlink_to(outside)
    erase(find(tmp_path / "t", first.name))
    assert (not first.exists(), second.exists(), (outside / "precious").exists()) == (True, True, True)
    assert [session.name for session in sessions(tmp_path / "t")] == [second.name]
    erase_all(tmp_path / "t")
    assert (not (tmp_path / "t").exists(), (outside / "precious").exists()) == (True, True)
    erase_all(tmp_path / "t")  # twice does no harm
