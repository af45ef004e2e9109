"""Consent: asked for once, by word or by answer, kept with its date and its text; without it nothing is recorded."""

from __future__ import annotations

import json
import stat
from datetime import datetime
from pathlib import Path

import pytest

from synth.live.tingle import consent
from synth.parameters.errors import InputError


def test_nothing_is_recorded_without(tmp_path: Path) -> None:
    folder = tmp_path / "tingle"
    with pytest.raises(InputError, match="--consent"):
        consent.require(folder, False)
    for answer in ("", "no", "n", "yes please", "17"):
        with pytest.raises(InputError, match="nothing is recorded"):
            consent.require(folder, False, lambda _, answer=answer: answer)
    assert not folder.exists()


@pytest.mark.parametrize("answer", ["yes\n", " YES ", "y"])
def test_it_is_asked_for_once_and_shown_whole(tmp_path: Path, answer: str) -> None:
    folder, shown = tmp_path / "tingle", []
    consent.require(folder, False, lambda text: shown.append(text) or answer)
    consent.require(folder, False, lambda _: pytest.fail("asked twice"))
    assert consent.text(folder) in shown[0]


def test_it_is_kept_with_its_date_for_its_owner_alone(tmp_path: Path) -> None:
    path = consent.keep(tmp_path / "tingle", datetime(2026, 11, 30, 21, 5).astimezone())
    facts = json.loads(path.read_text())
    assert path.name == "consent-2026-11-30.json"
    assert facts["at"].startswith("2026-11-30T21:05:00")
    assert facts["is_adult"] is True
    assert facts["text"] == consent.text(tmp_path / "tingle")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "facts", ["", "{", "[]", '{"version": 0, "is_adult": true, "agrees": true}', '{"version": 1, "is_adult": 1, "agrees": true}']
)
def test_another_text_or_half_a_file_is_no_consent(tmp_path: Path, facts: str) -> None:
    (tmp_path / "consent-2026-01-01.json").write_text(facts)
    assert not consent.is_given(tmp_path)


def test_the_text_says_what_where_how_to_erase_and_claims_nothing() -> None:
    text = consent.text(Path("/here/tingle"))
    for part in ("18 or older", "/here/tingle", "synth tingle erase", "Nothing is sent", "--signal", "stop"):
        assert part in text
    assert not any(word in text.lower() for word in ("therap", "treat", "heal ", "cure", "anxiety", "sleep better", "stress"))
