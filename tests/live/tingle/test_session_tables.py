"""A session as tables: on the clock of the sound, in files that pandas opens, beside what they are about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def test_an_export_is_its_owners_alone(session: Session, tmp_path: Path) -> None:
    for path in export(session, tmp_path / "out"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == path.parent.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "row",
    [
        '{"frame": "x", "hold": 1}',
        '{"x": 1}',
        '{"frame": null, "hold": 0.5}',
        '{"frame": 100, "hold": NaN}',
        '{"frame": 100, "hold": 1e999}',
        '{"frame": 100, "hold": 7}',
        '{"frame": 5000000000000, "hold": 1}',
        '{"frame": -1, "hold": 1}',
        "[1]",
        "{cut",
        "[" * 100000,
    ],
)
def test_a_row_that_makes_no_sense_is_left_out_and_counted(session: Session, row: str) -> None:
    whole, said = tables_of(session)["hold"], list[str]()
    with (session.path / "hold.jsonl").open("a") as file:
        file.write(row + "\n")
    assert tables_of(session, said.append)["hold"] == whole
    assert len(said) == 1
    assert "1 of 3 rows" in said[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sample_rate": 0},
        {"sample_rate": "x"},
        {"sample_rate": float("nan")},
        {"frames": None},
        {"frames": 5e12},
        {"began_frame": -1},
        {"began_frame": 1e300},
        {"alignment": {"total_s": 1e300, "output_s": 0}},
        {"alignment": None},
    ],
)
def test_a_clock_that_cannot_be_is_refused_and_leaves_no_folder(session: Session, tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"session\.json: "):
        export(Session(session.path, session.facts | wrong), tmp_path / "out")
    assert not (tmp_path / "out" / session.name).exists()


def test_what_fails_in_the_middle_leaves_no_folder(session: Session, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    (session.path / "heart.jsonl").write_text('{"frame": 1, "rr_s": [1]}\n{"frame": 2, "rr_s": "x"}\n')
    with pytest.raises(InputError, match="parquet"):
        export(session, tmp_path / "out", "parquet")
    assert list((tmp_path / "out").iterdir()) == []
