"""A session as tables: on the clock of the sound, in files that pandas opens, beside what they are about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synth.io.files.tingle_folder import Session
from synth.live.tingle.session_tables import export, tables_of
from synth.parameters.errors import InputError

RATE = 48000
TOTAL_S, OUTPUT_S = 0.1, 0.04


@pytest.fixture
def session(tmp_path: Path) -> Session:
    path = tmp_path / "2026-11-30-213005-tap"
    path.mkdir()
    facts = {"sample_rate": RATE, "frames": 3 * RATE, "began_frame": 0, "alignment": {"total_s": TOTAL_S, "output_s": OUTPUT_S}}
    (path / "session.json").write_text(json.dumps(facts))
    (path / "performance.take").write_bytes(b"take")
    holds = [(RATE, 0.5), (2 * RATE, 0.0)]
    (path / "hold.jsonl").write_text("".join(f'{{"frame": {frame}, "hold": {amount}}}\n' for frame, amount in holds))
    heart = ['{"frame": 48000, "heart_rate_bpm": 60, "rr_s": [1.0, 0.9]}', '{"frame": null, "heart_rate_bpm": 61}', "{cut sho"]
    (path / "heart.jsonl").write_text("\n".join(heart))
    return Session(path, facts)


def test_a_hold_stands_at_the_time_of_the_sound_that_it_answers(session: Session) -> None:
    table = tables_of(session)["hold"]
    assert len(table["t"]) == len(table["hold"]) == 150
    at = dict(zip(table["t"], table["hold"], strict=True))
    assert at[round(1 - TOTAL_S, 6)] == 0.5
    assert at[round(0.98 - TOTAL_S, 6)] == 0
    assert sum(table["hold"]) == 25


def test_a_signal_stands_at_the_time_of_the_sound_that_was_heard(session: Session) -> None:
    table = tables_of(session)["heart"]
    assert table == {"t": [1 - OUTPUT_S, None], "frame": [RATE, None], "heart_rate_bpm": [60, 61], "rr_s": [[1.0, 0.9], None]}


def test_one_that_cannot_be_read_is_said(session: Session) -> None:
    with pytest.raises(InputError, match="sample_rate and alignment"):
        tables_of(Session(session.path, {}))


def test_pandas_opens_both_kinds_and_finds_the_same(session: Session, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    plain = {path.name: path for path in export(session, tmp_path / "j")}
    packed = {path.name: path for path in export(session, tmp_path / "p", "parquet")}
    assert plain.keys() == {"hold.json", "heart.json", "session.json", "performance.take"}
    assert plain["performance.take"].read_bytes() == b"take"
    for name in ("hold", "heart"):
        one, other = pandas.read_json(plain[f"{name}.json"]), pandas.read_parquet(packed[f"{name}.parquet"])
        assert list(one.columns) == list(other.columns)
        assert one["t"].tolist()[0] == other["t"].tolist()[0]
        assert len(one) == len(other)
    hold = pandas.read_parquet(packed["hold.parquet"])
    assert hold["hold"].mean() == pytest.approx(25 / 150)


def test_an_export_keeps_what_is_there_and_knows_its_formats(session: Session, tmp_path: Path) -> None:
    export(session, tmp_path / "out")
    with pytest.raises(InputError, match="is there already"):
        export(session, tmp_path / "out")
    with pytest.raises(InputError, match="json"):
        export(session, tmp_path / "other", "cvs")
