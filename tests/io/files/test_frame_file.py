"""Files of frames: the same samples from lines, arrays and Python; what is written is read; bad lines change nothing."""

from __future__ import annotations

import io
import json
import pickle
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

import synth
from synth.engine.engine import Engine
from synth.io.files.frame_file import read_stream_file, write_stream_file
from synth.parameters.errors import InputError
from tests.io.files.test_sound_writer import full_disk

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


def test_a_parquet_file_is_read_whatever_wrote_it(tmp_path: Path) -> None:
    times, values = frames()
    path = tmp_path / "a.parquet"
    table = pyarrow.table({"t": times, **dict(zip(PATHS, values.T, strict=True))})
    parquet.write_table(table, path)
    assert np.array_equal(read_stream_file(path, SPACE).values, values)
    parquet.write_table(table.append_column("tap.ring_s", pyarrow.array([None] * 99 + [0.5])), path)  # null: left as it is
    read = read_stream_file(path, SPACE)
    assert read.paths == (*PATHS, "tap.ring_s")
    assert np.isnan(read.values[:99, 3]).all()
    assert read.values[99, 3] == 0.5


@pytest.mark.parametrize("suffix", [".jsonl", ".npz", ".parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    times, values = frames()
    part = SPACE.subset(PATHS)
    values[3:9, 1] = np.nan
    path = write_stream_file(tmp_path / f"a{suffix}", times + 0.1, values, part)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    read = read_stream_file(path, SPACE, pytest.fail)
    assert read.paths == PATHS
    assert np.array_equal(read.times_s, times + 0.1)
    assert np.array_equal(read.values, values, equal_nan=True)
    values[5, 0] = np.inf
    write_stream_file(path, times, values, part)
    assert np.isnan(read_stream_file(path, SPACE).values[5, 0])


@pytest.mark.parametrize("suffix", [".jsonl", ".npz", ".parquet"])
def test_what_was_written_for_another_space_is_refused(tmp_path: Path, suffix: str) -> None:
    """Paths of the same names whose ranges differ: only the hash can tell."""
    times, values = frames()
    there = SPACE.subset(PATHS)
    narrower = synth.Parameter("hardness", 0, 0.5, 0.25)
    other = type(there)(there.paths, (narrower, *there.parameters[1:]), np.zeros(3))
    told: list[str] = []
    with pytest.raises(InputError, match=r"hash|no frame that can be used"):
        read_stream_file(write_stream_file(tmp_path / f"a{suffix}", times, values, other), SPACE, told.append)
    assert suffix != ".jsonl" or "another space" in told[0]


@pytest.mark.parametrize(
    ("name", "times", "values", "what"),
    [
        ("a.txt", np.zeros(2), np.zeros((2, 3)), "suffix"),
        ("a.npz", np.zeros(2), np.zeros((2, 2)), r"shape \(2, 2\); it must be \(k, 3\)"),
        ("a.npz", np.zeros(3), np.zeros((2, 3)), "stamps"),
        ("a.npz", [0, np.nan], np.zeros((2, 3)), "a stamp is nan"),
        ("a.npz", np.zeros(2), [["a"] * 3] * 2, "not all numbers"),
        ("b/a.jsonl", np.zeros(2), np.zeros((2, 3)), "cannot be written: No such file"),
        ("b/a.npz", np.zeros(2), np.zeros((2, 3)), "cannot be written: No such file"),
        ("b/a.parquet", np.zeros(2), np.zeros((2, 3)), "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, times, values, what: str) -> None:
    with pytest.raises(InputError, match=what):
        write_stream_file(tmp_path / name, times, values, SPACE.subset(PATHS))
    assert not list(tmp_path.iterdir())


def test_a_column_whose_name_is_no_text_is_said(tmp_path: Path) -> None:
    times, values = frames(20)
    path = write_stream_file(tmp_path / "a.parquet", times, values, SPACE.subset(PATHS))
    path.write_bytes(path.read_bytes().replace(PATHS[0].encode(), b"\xf3" * len(PATHS[0])))
    with pytest.raises(InputError, match=r"no \.parquet file"):
        read_stream_file(path, SPACE)


@pytest.mark.parametrize("suffix", [".jsonl", ".npz", ".parquet"])
def test_a_file_is_whole_or_not_there(tmp_path: Path, suffix: str) -> None:
    times, values = frames(20_000)
    path = write_stream_file(tmp_path / f"a{suffix}", times[:10], values[:10], SPACE.subset(PATHS))
    before = path.read_bytes()
    with full_disk(10_000), pytest.raises(InputError, match="cannot be written: File too large"):
        write_stream_file(path, times, values, SPACE.subset(PATHS))
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [before]


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
def test_a_broken_file_is_said_to_be_one(tmp_path: Path, suffix: str) -> None:
    times, values = frames(20)
    whole = write_stream_file(tmp_path / f"a{suffix}", times, values, SPACE.subset(PATHS)).read_bytes()
    rng, path = random.Random(1), tmp_path / f"b{suffix}"
    refused = 0
    for n in range(300):
        broken = bytearray(whole[: rng.randrange(len(whole))] if n % 2 else whole)
        for _ in range(0 if n % 2 else rng.randrange(1, 8)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        path.write_bytes(broken)
        try:
            read_stream_file(path, SPACE)
        except InputError:
            refused += 1
    assert refused > 200


def test_strikes_in_a_file_are_heard_at_their_stamps(tmp_path: Path) -> None:
    """Equal to the same strikes by Python, values and choices of the same line among them; alone and in a stem."""
    given = {"seconds": 1.0, "fade_in_s": 0, "fade_out_s": 0, "ears": "sphere"}
    rows = [
        {"t": 0, "pause": True},
        {"t": 0.25, "strike": "tap", "velocity": 0.9, "values": {"tap.hardness": 0.1, "tap.material": "glass"}},
        {"t": 0.5001, "strike": "tap", "velocity": 7, "pitch": -3},
        {"t": 0.6, "release": "tap"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    heard = synth.render(PRESET, stream=path, stems=True, **given)

    engine = Engine(RATE, "sphere")
    layer = engine.load(synth.load_preset(PRESET))["tap"]
    engine.pause(True, 0)
    glass = SPACE.parameters[SPACE.index("tap.material")].number("glass")
    engine.stream("b", ["tap.hardness", "tap.material"], start=0, delay_s=0).push([0.1, glass], time_s=0.25)
    notes = [engine.strike(layer, 0.9, 12000), engine.strike(layer, 1.0, 24005, -3)]
    for note in notes:
        engine.release(note, 28800)
    played = engine.process(RATE + engine.latency_frames)[engine.latency_frames :]
    assert np.abs(played).max() > 0.01
    assert np.array_equal(heard["mix"], played)
    assert np.array_equal(heard["tap"], played)
    assert not np.abs(played[:11900]).max()


def test_bad_lines_are_counted_and_the_first_of_each_kind_is_told(tmp_path: Path) -> None:
    bad = ['{"t": 0', "[]", '{"t": "x", "vector": []}', '{"t": 1e99, "vector": []}', '{"t": 0, "vector": [1]}', '{"t": 0}']
    bad += ['{"t": 0, "values": {"tap.hardnes": 1}}', '{"t": 0, "values": {"tap.hardness": "much"}}', '{"t": 0, "values": 3}']
    bad += ['{"t": 0, "values": {}, "hash": "0000"}', "x" * 3_000_000, "[" * 100_000, "\x00\xff"]
    bad += ['{"values": {}}', '{"t": 0, "scene": 1}']
    times, values = frames(3)
    path = tmp_path / "a.jsonl"
    path.write_text(lines(times, values) + "\n".join(bad * 3) + "\n\n")
    told: list[str] = []
    read = read_stream_file(path, SPACE, told.append)
    assert read.rejected == 3 * len(bad)
    assert np.array_equal(read.values, values)
    assert told.pop() == (
        f"{path}: 45 left out: 9 x no JSON, 9 x no frame, 9 x no time, 3 x wrong length, 3 x unknown path, 3 x wrong value, "
        "3 x another space, 3 x too long, 3 x no such act"
    )
    assert len(told) == 9
    assert "line 4 is left out: it is not JSON" in told[0]


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


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("count", [1, 3])
def test_paths_may_be_an_array_of_objects(tmp_path: Path, protocol: int, count: int) -> None:
    times, values = frames()
    objects = np.array(PATHS[:count], object)
    pickled = io.BytesIO()
    np.lib.format.write_array_header_1_0(pickled, {"descr": "|O", "fortran_order": False, "shape": (count,)})
    pickled.write(pickle.dumps(objects, protocol))
    np.savez(tmp_path / "a.npz", times_s=times, values=values[:, :count])
    with zipfile.ZipFile(tmp_path / "a.npz", "a") as archive:
        archive.writestr("paths.npy", pickled.getvalue())
    read = read_stream_file(tmp_path / "a.npz", SPACE)
    assert read.paths == PATHS[:count]
    assert np.array_equal(read.values, values[:, :count])


class _Evil:
    def __reduce__(self) -> Any:
        return (Path("executed").touch, ())


def test_an_array_of_objects_is_never_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    times, values = frames()
    for paths in (np.array([_Evil(), *PATHS[1:]], object), np.array([*PATHS[1:], _Evil()], object), np.array([1, 2, 3], object)):
        np.savez(tmp_path / "a.npz", times_s=times, values=values, paths=paths)
        with pytest.raises(InputError, match=r"is no \.npz file of plain arrays|unknown path"):
            read_stream_file(tmp_path / "a.npz", SPACE)
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("suffix", [".JSONL", ".NPZ", ".Parquet"])
def test_a_suffix_may_be_in_any_case(tmp_path: Path, suffix: str) -> None:
    times, values = frames()
    path = write_stream_file(tmp_path / f"a{suffix}", times, values, SPACE.subset(PATHS))
    assert path.name == f"a{suffix}"
    assert np.array_equal(read_stream_file(path, SPACE).values, values)


def _npy(shape: tuple[int, ...], kind: str, content: bytes) -> bytes:
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": kind, "fortran_order": False, "shape": shape})
    return head.getvalue() + content


def test_a_small_file_of_gigabytes_is_refused_by_its_head(tmp_path: Path) -> None:
    path, count = tmp_path / "a.npz", 1 << 26
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("times_s.npy", _npy((count,), "<f8", bytes(8 * count)))
        archive.writestr("values.npy", _npy((10, 3), "<f4", bytes(120)))
    with pytest.raises(InputError, match=r"unpacked it would be 537 MB; at most 268 MB"):
        read_stream_file(path, SPACE)
    columns = {name: pyarrow.array(np.zeros(1 << 23)) for name in ("t", *PATHS, "tap.ring_s")}
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"unpacked it would be 336 MB; at most 268 MB"):
        read_stream_file(tmp_path / "a.parquet", SPACE)


def _varint(number: int, length: int = 1) -> bytes:
    """A number as Thrift writes it, of at least so many bytes."""
    rest, found = number << 1, bytearray()
    while rest or len(found) < length:
        found.append(rest & 127 | 128)
        rest >>= 7
    found[-1] &= 127
    return bytes(found)


def test_a_description_that_lies_about_its_pages_is_not_believed(tmp_path: Path) -> None:
    path, count = tmp_path / "a.parquet", (1 << 23) + 1
    columns = {name: pyarrow.array(np.zeros(count)) for name in ("t", *PATHS, "tap.ring_s")}
    parquet.write_table(pyarrow.table(columns), path, compression="zstd", use_dictionary=False, row_group_size=count)
    group = parquet.ParquetFile(path).metadata.row_group(0)
    sizes = {group.column(place).total_uncompressed_size for place in range(group.num_columns)}
    whole = path.read_bytes()
    begin = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    foot = whole[begin:-8]
    for honest in (count, group.total_byte_size, *sizes):
        told = _varint(honest)
        assert told in foot
        foot = foot.replace(told, _varint(10, len(told)))
    path.write_bytes(whole[:begin] + foot + whole[-8:])
    with pytest.raises(InputError, match=r"unpacked it would be 336 MB; at most 268 MB"):
        read_stream_file(path, SPACE)


def test_a_column_of_texts_is_refused_before_it_is_read(tmp_path: Path) -> None:
    columns = {"t": np.zeros(3), PATHS[0]: ["a", "b", "c"]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="does not hold numbers only"):
        read_stream_file(tmp_path / "a.parquet", SPACE)


def test_a_head_that_claims_more_than_there_is_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("times_s.npy", _npy((1 << 40,), "<f8", bytes(8)))
        archive.writestr("values.npy", _npy((1 << 40, 3), "<f4", bytes(12)))
    with pytest.raises(InputError, match=r"is no \.npz file of plain arrays"):
        read_stream_file(tmp_path / "a.npz", SPACE)
