"""Chunks: what comes out was put in, whatever happened to the file."""

import contextlib
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.io.files.chunk_file import END, Chunks, ChunkWriter
from synth.parameters.errors import InputError
from tests.io.files.test_sound_writer import full_disk
from tests.support.processes import killed_at_last

CHUNKS = [(b"HEAD", b"preset text"), (b"EVNT", bytes(range(256))), (b"EVNT", b""), (b"AUDI", b"\0" * 300)]
A_CHUNK = st.tuples(st.binary(min_size=4, max_size=4).filter(lambda kind: kind != END), st.binary(max_size=300))


def _write(path, chunks):
    with ChunkWriter(path) as writer:
        for kind, payload in chunks:
            writer.write(kind, payload)
    return path.read_bytes()


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return _write(tmp_path_factory.mktemp("take") / "x.take", CHUNKS)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """Return what reads a file of given bytes: its chunks and its reader."""
    path = tmp_path_factory.mktemp("damaged") / "x.take"

    def read(some_bytes):
        path.write_bytes(some_bytes)
        chunks = Chunks(path)
        return list(chunks), chunks

    return read


@settings(max_examples=100, deadline=None)
@given(chunks=st.lists(A_CHUNK, max_size=8))
def test_chunks_come_back(chunks):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.take"
        _write(path, chunks)
        reader = Chunks(path)
        for _ in range(2):
            assert list(reader) == chunks
            assert (reader.missing_bytes, reader.is_complete) == (0, True)


def test_every_truncation_yields_the_whole_chunks_before_it(content, damaged):
    line = content.index(b"\n") + 1
    ends = [line]
    for _, payload in CHUNKS:
        ends.append(ends[-1] + 16 + len(payload))
    for length in range(len(content)):
        if length < line:
            with pytest.raises(InputError, match="is no file of chunks"):
                damaged(content[:length])
            continue
        found, chunks = damaged(content[:length])
        whole = sum(end <= length for end in ends) - 1
        assert found == CHUNKS[:whole]
        assert chunks.missing_bytes == length - ends[whole]
        assert not chunks.is_complete


def test_every_flipped_bit_is_noticed(content, damaged):
    for bit in range(8 * len(content)):
        broken = bytearray(content)
        broken[bit // 8] ^= 1 << bit % 8
        if bit // 8 <= content.index(b"\n"):
            with pytest.raises(InputError, match=r"is no file of chunks|version [02-9]"):
                damaged(bytes(broken))
            continue
        found, chunks = damaged(bytes(broken))
        assert found == CHUNKS[: len(found)]
        assert chunks.missing_bytes > 0
        assert not chunks.is_complete


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_damage_yields_nothing_that_was_not_written(content, damaged, data):
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(broken)))
        stop = data.draw(st.integers(start, min(len(broken), start + 50)))
        broken[start:stop] = data.draw(st.binary(max_size=50))
    with contextlib.suppress(InputError):
        found, chunks = damaged(bytes(broken))
        assert found == CHUNKS[: len(found)]
        assert chunks.is_complete == (bytes(broken) == content)


def test_what_stands_behind_the_end_is_missing(content, damaged):
    found, chunks = damaged(content + b"more")
    assert (found, chunks.missing_bytes, chunks.is_complete) == (CHUNKS, 4, False)


def test_a_claimed_length_takes_no_memory(content, damaged):
    line = content.index(b"\n") + 1
    found, chunks = damaged(content[:line] + b"HEAD" + b"\xff" * 12)
    assert (found, chunks.missing_bytes) == ([], 16)


WRITER = """
import sys
from synth.io.files.chunk_file import ChunkWriter
writer = ChunkWriter(sys.argv[1])
for number in range(10**9):
    writer.write(b"EVNT", number.to_bytes(8, "little") * 100)
    print(number, flush=True)
"""


def test_after_kill_9_no_chunk_is_missing(tmp_path):
    path = tmp_path / "x.take"
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    with killed_at_last(process):
        for _ in range(100):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read().splitlines(keepends=True)
    written = max((int(line) for line in said if line.endswith("\n")), default=99)
    chunks = Chunks(path)
    numbers = [int.from_bytes(payload[:8], "little") for _, payload in chunks]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > written
    assert not chunks.is_complete


def test_a_full_disk_keeps_all_earlier_chunks(tmp_path):
    path = tmp_path / "x.take"
    writer = ChunkWriter(path)
    with full_disk(700):
        with pytest.raises(InputError, match=r"x\.take: cannot grow: File too large; what was written before is kept"):  # noqa: PT012
            for _ in range(10):
                writer.write(*CHUNKS[1])
        writer.close()
    chunks = Chunks(path)
    assert list(chunks) == [CHUNKS[1]] * 2
    assert (chunks.missing_bytes, chunks.is_complete) == (0, False)


def test_a_closed_file_takes_no_more(tmp_path):
    writer = ChunkWriter(tmp_path / "x.take")
    writer.flush()
    writer.close()
    writer.close()
    with pytest.raises(InputError, match="is closed"):
        writer.write(b"EVNT", b"")
    assert Chunks(writer.path).missing_bytes == 0


@pytest.mark.parametrize("kind", [b"", b"EVT", b"EVENT", END])
def test_what_is_no_kind_is_refused(tmp_path, kind):
    with ChunkWriter(tmp_path / "x.take") as writer, pytest.raises(InputError, match="must be 4 bytes"):
        writer.write(kind, b"")


def test_an_existing_file_is_kept(tmp_path):
    path = tmp_path / "x.take"
    path.write_text("old")
    with pytest.raises(InputError, match=r"is there already and is kept; .*x-2\.take"):
        ChunkWriter(path)
    assert path.read_text() == "old"


@pytest.mark.parametrize("name", ["nowhere/x.take", "n" * 300, "\0"])
def test_what_cannot_be_made_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="cannot be written"):
        ChunkWriter(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is no file of chunks; such a file begins with 'synth chunks 1'"),
        (b"RIFF\0\0\0\0WAVE", "is no file of chunks"),
        (b"synth chunks 2\n", "was written in version 2 of the format; this synth reads version 1"),
        (b"synth chunks 1", "is no file of chunks"),
        (b"synth chunks 123456789\n", "is no file of chunks"),
        (b"synth chunks one\n", "is no file of chunks"),
        (b"synth chunks \xb2\n", "is no file of chunks"),
    ],
)
def test_another_file_is_refused(tmp_path, content, problem):
    (tmp_path / "x.take").write_bytes(content)
    with pytest.raises(InputError, match=problem):
        Chunks(tmp_path / "x.take")


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "\0"):
        with pytest.raises(InputError, match="there is no such file"):
            Chunks(path)


def test_a_file_that_goes_away_is_named(tmp_path, content):
    path = tmp_path / "x.take"
    path.write_bytes(content)
    chunks = Chunks(path)
    path.unlink()
    with pytest.raises(InputError, match="there is no such file"):
        list(chunks)
