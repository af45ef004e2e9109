"""Recordings: what was written can be read, whatever ended the writing."""

import itertools
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import wavfile

from synth.io.files import append_file, wav_recorder
from synth.io.files.append_file import AppendFile, free_path
from synth.io.files.wav_recorder import Recording, w64_head, wav_head
from synth.parameters.errors import InputError
from tests.io.files.test_sound_writer import full_disk
from tests.support.processes import killed_at_last

SUFFIXES = [".wav", ".w64"]
RATE = 48000


def _noise(frames, channels=2):
    return (0.1 * np.random.default_rng(frames).standard_normal((frames, channels))).astype(np.float32)


def _read(path):
    return soundfile.read(path, dtype="float32", always_2d=True)[0]


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 3000), max_size=20),
    channels=st.integers(1, 2),
    suffix=st.sampled_from(SUFFIXES),
    largest=st.sampled_from([wav_recorder.LARGEST_RIFF_BYTES, 0, 30_000]),
)
def test_any_blocks_come_back_while_growing_and_after(sizes, channels, suffix, largest):
    samples = _noise(sum(sizes), channels)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(wav_recorder, "LARGEST_RIFF_BYTES", largest)
        path = Path(folder) / f"x{suffix}"
        with Recording(path, 1000, channels) as night:
            done = 0
            for size in sizes:
                night.write(samples[done : done + size])
                done += size
                assert night.frames == done
                assert soundfile.info(path).frames == done
            np.testing.assert_array_equal(_read(path), samples)
        info = soundfile.info(path)
        assert (info.samplerate, info.channels, info.subtype) == (1000, channels, "FLOAT")
        np.testing.assert_array_equal(_read(path), samples)


@settings(max_examples=80, deadline=None)
@given(
    data=st.data(),
    tail=st.sampled_from(["noise", "silence", "full scale", "text"]),
    suffix=st.sampled_from(SUFFIXES),
    large=st.booleans(),
    channels=st.integers(1, 2),
)
def test_a_kill_between_any_two_bytes_loses_at_most_half_a_second(data, tail, suffix, large, channels):
    """Every state in which the file can be left: a data write torn anywhere, a header written or not (it is one small write)."""
    blocks = {
        "noise": _noise(2100, channels),
        "silence": np.zeros((2100, channels), np.float32),
        "full scale": np.ones((2100, channels), np.float32),
        "text": np.full(
            (2100, channels), np.frombuffer(b"abc>", "<f4")[0], np.float32
        ),  # 0.22, and reads like the name of a chunk
    }
    writes = []
    put = AppendFile._put
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(AppendFile, "_put", lambda file, piece, at: (writes.append((at, bytes(piece))), put(file, piece, at)))
        if large:
            patch.setattr(wav_recorder, "LARGEST_RIFF_BYTES", 5000)
        path = Path(folder) / f"x{suffix}"
        with Recording(path, 1000, channels) as night:
            for block in (_noise(200, channels), blocks[tail]):
                night.write(block)
        last = data.draw(st.integers(1, len(writes) - 1))
        place, torn = writes[last]
        cut = data.draw(st.integers(0, len(torn))) if place else len(torn)
        content = bytearray()
        for at, piece in [*writes[:last], (place, torn[:cut])]:
            content[at : at + len(piece)] = piece
        path.write_bytes(content)
        head_bytes = len(writes[0][1])
        in_file = (len(content) - head_bytes) // (4 * channels)
        assert in_file - 500 <= soundfile.info(path).frames <= in_file
        np.testing.assert_array_equal(_read(path), np.concatenate([_noise(200, channels), blocks[tail]])[: len(_read(path))])


WRITER = """
import sys, time
import numpy as np
from synth.io.files.wav_recorder import Recording
frames = 0
night = Recording(sys.argv[1], 48000)
while True:
    ramp = np.arange(frames, frames + 480, dtype=np.float32)
    night.write(np.stack([ramp, -ramp], axis=1))
    frames += 480
    print(frames, flush=True)
    time.sleep(0.001)
"""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_after_kill_9_the_file_opens_and_nothing_acknowledged_is_missing(tmp_path, suffix):
    path = tmp_path / f"night{suffix}"
    for patience_s in (0.02, 0.11):
        path.unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        with killed_at_last(process):
            assert process.stdout.readline()
            time.sleep(patience_s)
            process.send_signal(signal.SIGKILL)
            said = process.stdout.read().split()
        samples = _read(path)
        assert len(samples) >= int(said[-1] if said else 480)
        np.testing.assert_array_equal(samples[:, 0], np.arange(len(samples), dtype=np.float32))
        np.testing.assert_array_equal(samples[:, 1], -samples[:, 0])


def _grow_by_a_hole(night, frames):
    night._file.length += frames * night.channels * 4


def test_a_wav_beyond_4_gib_becomes_rf64_in_place(tmp_path):
    path = tmp_path / "night.wav"
    limit = (wav_recorder.LARGEST_RIFF_BYTES - 112) // 8
    first, across, last = _noise(1000), _noise(2000), _noise(3000)
    with Recording(path, RATE) as night:
        night.write(first)
        _grow_by_a_hole(night, limit - 2000)  # 1000 frames before the limit
        night.write(across[:1000])
        assert (soundfile.info(path).format, soundfile.info(path).frames) == ("WAV", limit)
        night.write(across[1000:])
        assert (soundfile.info(path).format, soundfile.info(path).frames) == ("RF64", limit + 1000)
        night.write(last)
    with soundfile.SoundFile(path) as file:
        assert file.frames == night.frames == limit + 4000
        np.testing.assert_array_equal(file.read(1000, dtype="float32"), first)
        file.seek(limit - 1000)
        np.testing.assert_array_equal(file.read(dtype="float32"), np.concatenate([across, last]))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_eight_hours_at_the_highest_rate(tmp_path, suffix):
    path = tmp_path / f"night{suffix}"
    frames = 8 * 3600 * 192_000
    with Recording(path, 192_000) as night:
        _grow_by_a_hole(night, frames)
        night.write(_noise(100))
    with soundfile.SoundFile(path) as file:
        assert file.frames == frames + 100
        file.seek(frames)
        np.testing.assert_array_equal(file.read(dtype="float32"), _noise(100))


def _riff_chunks(content):
    """Return the chunks of a wav, (place of the body, body), by name, as a strict reader walks them."""
    chunks, at = {}, 12
    while at < len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        size = len(content) - at - 8 if size == 0xFFFFFFFF else size
        chunks[name] = (at + 8, content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    assert at == len(content)
    return chunks


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("large", [False, True])
def test_the_chunks_of_a_wav(monkeypatch, channels, large):
    if large:
        monkeypatch.setattr(wav_recorder, "LARGEST_RIFF_BYTES", 0)
    frame_bytes = 4 * channels
    content = wav_head(10, RATE, channels) + bytes(10 * frame_bytes)
    riff, size, wave = struct.unpack_from("<4sI4s", content)
    chunks = _riff_chunks(content)
    assert wave == b"WAVE"
    assert chunks[b"fmt "][1] == struct.pack("<HHIIHHH", 3, channels, RATE, RATE * frame_bytes, frame_bytes, 32, 0)
    assert chunks[b"data"][0] % 8 == 0
    if large:
        assert (riff, size) == (b"RF64", 0xFFFFFFFF)
        assert next(iter(chunks)) == b"ds64"
        assert chunks[b"ds64"][1] == struct.pack("<QQQI", len(content) - 8, 10 * frame_bytes, 10, 0)
        assert chunks[b"fact"][1] == b"\xff" * 4
    else:
        assert (riff, size) == (b"RIFF", len(content) - 8)
        assert len(chunks[b"JUNK"][1]) == 28
        assert chunks[b"fact"][1] == struct.pack("<I", 10)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_w64_begins_as_libsndfiles_own(tmp_path, channels):
    """The same names of chunks (libsndfile writes `fmt ` of 16 bytes, so the chunks are compared by name)."""
    soundfile.write(tmp_path / "x.w64", np.zeros((10, channels), np.float32), RATE, "FLOAT")
    theirs = (tmp_path / "x.w64").read_bytes()
    ours = w64_head(10, RATE, channels) + bytes(40 * channels)
    assert struct.unpack_from("<Q", ours, 16) == (len(ours),)
    for guid in (ours[:16], ours[24:40], ours[40:56], ours[88:104], ours[120:136]):
        assert guid in theirs


@pytest.mark.parametrize("large", [False, True])
def test_scipy_reads_the_same_samples(tmp_path, monkeypatch, large):
    if large:
        monkeypatch.setattr(wav_recorder, "LARGEST_RIFF_BYTES", 0)
    with Recording(tmp_path / "x.wav", RATE) as night:
        night.write(_noise(1000))
    rate, samples = wavfile.read(tmp_path / "x.wav")
    assert rate == RATE
    np.testing.assert_array_equal(samples, _noise(1000))


def test_a_block_may_be_of_any_memory_layout(tmp_path):
    samples = _noise(1000)
    with Recording(tmp_path / "x.wav", RATE) as night:
        night.write(np.asfortranarray(samples))
        night.write(samples.astype(">f4"))
        night.write(samples[::-1])
    np.testing.assert_array_equal(_read(tmp_path / "x.wav"), np.concatenate([samples, samples, samples[::-1]]))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("room", [200, 50_003])
def test_a_full_disk_keeps_what_came_before(tmp_path, suffix, room):
    path = tmp_path / f"night{suffix}"
    night = Recording(path, RATE)
    with full_disk(room):
        kept = rf"night\{suffix}: cannot grow: File too large; what was written before is kept"
        with pytest.raises(InputError, match=kept):  # noqa: PT012
            for _ in range(100):
                night.write(_noise(480))
        with pytest.raises(InputError, match="is closed"):
            night.write(_noise(480))
        night.close()
    assert night.frames == soundfile.info(path).frames == (room - 144) // 3840 * 480
    np.testing.assert_array_equal(_read(path), np.tile(_noise(480), (night.frames // 480, 1)))


def test_a_disk_that_is_full_at_once_leaves_nothing(tmp_path):
    with full_disk(10), pytest.raises(InputError, match=r"night\.wav: cannot be written: File too large"):
        Recording(tmp_path / "night.wav", RATE)
    assert list(tmp_path.iterdir()) == []


def test_no_space_left_on_the_device(tmp_path):
    """`/dev/full` takes the place of the disk while the file grows."""
    path = tmp_path / "night.wav"
    night = Recording(path, RATE)
    night.write(_noise(480))
    full = os.open("/dev/full", os.O_RDWR)
    os.dup2(full, night._file._file.fileno())
    with pytest.raises(InputError, match="No space left on device"):
        night.write(_noise(480))
    os.close(full)
    assert soundfile.info(path).frames == night.frames == 480


def test_the_disk_is_waited_for_now_and_then_and_at_the_end(tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr(append_file.os, "fsync", waits.append)
    clock = itertools.count()
    monkeypatch.setattr(append_file.time, "monotonic", lambda: next(clock) / 100)
    with Recording(tmp_path / "x.wav", RATE) as night:
        for _ in range(1000):
            night.write(_noise(480))
        assert len(waits) == 2
    assert len(waits) == 3


def test_an_error_of_others_keeps_the_recording(tmp_path):
    path = tmp_path / "x.wav"
    with pytest.raises(ZeroDivisionError), Recording(path, RATE) as night:  # noqa: PT012
        night.write(_noise(8))
        raise ZeroDivisionError
    np.testing.assert_array_equal(_read(path), _noise(8))
    night.close()


def test_an_existing_file_is_kept(tmp_path):
    path = tmp_path / "night.wav"
    path.write_text("old")
    with pytest.raises(
        InputError, match=r"night\.wav: is there already and is kept; give another name, such as '.*night-2\.wav'"
    ):
        Recording(path, RATE)
    assert path.read_text() == "old"


def test_a_recording_takes_the_next_free_name(tmp_path):
    assert free_path(tmp_path / "night.wav") == tmp_path / "night.wav"
    (tmp_path / "night.wav").touch()
    (tmp_path / "night-2.wav").symlink_to(tmp_path / "nowhere")
    assert free_path(tmp_path / "night.wav") == tmp_path / "night-3.wav"
    (tmp_path / "night-3.take").touch()
    assert free_path(tmp_path / "night.wav", ".take") == tmp_path / "night-4.wav"
    (tmp_path / "2026-01-31.wav").touch()
    assert free_path(tmp_path / "2026-01-31.wav").name == "2026-01-31-2.wav"


@pytest.mark.parametrize(
    ("name", "numbers", "problem"),
    [
        ("x.flac", (RATE,), r"x\.flac: unknown recording format '\.flac'; .*known: \.w64, \.wav"),
        ("x", (RATE,), r"x: unknown recording format ''"),
        ("nowhere/x.wav", (RATE,), "there is no folder"),
        ("\0.wav", (RATE,), "UTF-8 text"),
        ("n" * 260 + ".wav", (RATE,), "longer than 255 bytes"),
        ("x.wav", (44100.5,), r"sample_rate = 44100\.5; it must be whole hertz"),
        ("x.wav", (0,), "sample_rate = 0"),
        ("x.wav", (float("nan"),), "sample_rate = nan"),
        ("x.wav", (1e12,), "sample_rate"),
        ("x.wav", (RATE, 3), r"channels = 3; it must be 1 \.\. 2"),
    ],
)
def test_what_cannot_be_recorded_is_refused(tmp_path, name, numbers, problem):
    with pytest.raises(InputError, match=problem):
        Recording(tmp_path / name, *numbers)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("shape", [(10,), (10, 1), (2, 10), (10, 2, 1)])
def test_a_block_of_another_shape_is_refused(tmp_path, shape):
    with Recording(tmp_path / "x.wav", RATE) as night:
        with pytest.raises(InputError, match=r"must be \(frames, 2\)"):
            night.write(np.zeros(shape, np.float32))
        night.write(_noise(8))
    assert night.frames == 8
