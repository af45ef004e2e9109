"""Files of frames: the same samples from lines, arrays and Python; bad lines are counted, told once, and change nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import synth
from synth.engine.engine import Engine
from synth.errors import InputError
from synth.io.stream_file import _Refused, parse_line, read_stream_file

RATE, PRESET = 48000, "tap"
SPACE = synth.space(PRESET)
PATHS = ("tap.hardness", "tap.azimuth_deg", "tap.level_db")


def frames(count: int = 100) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return np.arange(count) / 100, (rng.uniform(0, 1, (count, 3)) * [1, 90, -20]).astype(np.float32)


def lines(times: np.ndarray, values: np.ndarray) -> str:
    rows = (
        {"t": float(t), "values": dict(zip(PATHS, map(float, row), strict=True))} for t, row in zip(times, values, strict=True)
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_lines_arrays_columns_and_python_give_the_same_samples(tmp_path: Path) -> None:
    times, values = frames()
    (tmp_path / "a.jsonl").write_text(lines(times, values))
    np.savez(tmp_path / "a.npz", times_s=times, values=values, paths=np.array(PATHS), hash=np.array(SPACE.subset(PATHS).hash))
    whole = np.full((100, len(SPACE)), np.nan, np.float32)
    whole[:, [SPACE.index(path) for path in PATHS]] = values
    vectors = [
        {"t": float(t), "vector": [float(v) for v in row], "hash": SPACE.hash} for t, row in zip(times, whole, strict=True)
    ]
    (tmp_path / "vectors.jsonl").write_text("\n".join(json.dumps(row) for row in vectors))
    given = {"seconds": 1.2, "fade_in_s": 0, "fade_out_s": 0, "ears": "sphere"}
    renders = [synth.render(PRESET, stream=tmp_path / name, **given) for name in ("a.jsonl", "a.npz", "vectors.jsonl")]

    engine = Engine(RATE, "sphere")
    engine.load(synth.load_preset(PRESET))
    stream = engine.stream("model", PATHS, start=0, delay_s=0)
    latency, parts, at = engine.latency_frames, [], 0
    for block in range(0, len(renders[0]) + latency, 480):
        while at < 100 and times[at] * RATE <= block + 4800:  # as they come, some time ahead
            stream.push(values[at], time_s=times[at])
            at += 1
        parts.append(engine.process(480))
    played = np.concatenate(parts)[latency:][: len(renders[0])]
    assert not np.array_equal(renders[0], synth.render(PRESET, **given))
    for each in (*renders, played):
        assert np.array_equal(each, renders[0])


def test_a_parquet_file_is_read_where_pyarrow_is_installed(tmp_path: Path) -> None:
    times, values = frames()
    path = tmp_path / "a.parquet"
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        path.write_bytes(b"")
        with pytest.raises(InputError, match="pip install pyarrow"):
            read_stream_file(path, SPACE)
        return
    parquet.write_table(pyarrow.table({"t": times, **dict(zip(PATHS, values.T, strict=True))}), path)
    assert np.array_equal(read_stream_file(path, SPACE).values, values)


def test_bad_lines_are_counted_and_the_first_of_each_kind_is_told(tmp_path: Path) -> None:
    bad = ['{"t": 0', "[]", '{"t": "x", "vector": []}', '{"t": 1e99, "vector": []}', '{"t": 0, "vector": [1]}', '{"t": 0}']
    bad += ['{"t": 0, "values": {"tap.hardnes": 1}}', '{"t": 0, "values": {"tap.hardness": "much"}}', '{"t": 0, "values": 3}']
    bad += ['{"t": 0, "values": {}, "hash": "0000"}', "x" * 3_000_000, "[" * 100_000, "\x00\xff"]
    times, values = frames(3)
    path = tmp_path / "a.jsonl"
    path.write_text(lines(times, values) + "\n".join(bad * 3) + "\n\n")
    told: list[str] = []
    read = read_stream_file(path, SPACE, told.append)
    assert read.rejected == 3 * len(bad)
    assert np.array_equal(read.values, values)
    assert len(told) == 1 + len({"no JSON", "no frame", "no time", "wrong values", "another space", "too long"})
    assert "line 4 is left out: it is not JSON" in told[0]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["t", "values", "vector", "hash", *PATHS]), inner)
    ),
    max_leaves=12,
)


@given(st.text(max_size=40) | _JSON.map(json.dumps) | st.fixed_dictionaries({"t": _JSON, "values": _JSON}).map(json.dumps))
def test_whatever_a_line_says_it_is_a_frame_or_refused(text: str) -> None:
    try:
        time_s, vector = parse_line(text, SPACE)
    except _Refused as refused:
        kind, why = refused.args
        assert [kind, "\n" in why] == [str(kind), False]
    else:
        assert np.isfinite(time_s)
        assert vector.shape == (len(SPACE),)


@pytest.mark.parametrize(
    ("name", "held", "what"),
    [
        ("a.npz", {"values": np.zeros((2, 3))}, "lacks the array times_s"),
        ("a.npz", {"times_s": np.zeros(2), "values": np.zeros((2, 3)), "paths": np.array(["tap.x", "a", "b"])}, "unknown path"),
        ("a.npz", {"times_s": np.zeros(2), "values": np.zeros((2, 2)), "paths": np.array(PATHS)}, "shape"),
        ("a.npz", {"times_s": np.zeros(3), "values": np.zeros((2, 3)), "paths": np.array(PATHS)}, "stamps"),
        ("a.npz", {"times_s": np.zeros(2), "values": np.zeros((2, 3)), "paths": np.array(PATHS), "hash": np.array("1")}, "hash"),
        ("a.npz", {"times_s": np.zeros(0), "values": np.zeros((0, 3)), "paths": np.array(PATHS)}, "no frame"),
        ("a.npz", None, "no .npz file"),
        ("a.txt", None, "suffix"),
        ("b/a.jsonl", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_said(tmp_path: Path, name: str, held, what: str) -> None:
    if held is not None:
        np.savez(tmp_path / name, **held)
    elif "/" not in name:
        (tmp_path / name).write_text("x")
    with pytest.raises(InputError, match=what):
        read_stream_file(tmp_path / name, SPACE)


def test_stdin_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    times, values = frames()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines(times, values).encode())))
    assert np.array_equal(read_stream_file("-", SPACE).values, values)
