"""Sound files: complete under their name, or not there."""

import contextlib
import resource

import numpy as np
import pytest
import soundfile

from synth.io.files.sound_writer import FORMATS, Stopped, Writer, path_for
from synth.parameters.errors import InputError

TITLED = sorted(set(FORMATS) - {".w64"})


def _noise(frames=48000):
    return (0.1 * np.random.default_rng(0).standard_normal((frames, 2))).astype(np.float32)


def _write(path, samples, **texts):
    with Writer(path, 48000, len(samples), **texts) as writer:
        for piece in np.split(samples, 4):
            writer.write(piece)


@contextlib.contextmanager
def full_disk(room):
    """No file of this process may grow beyond `room` bytes: writing fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_comes_back(tmp_path, suffix):
    samples = _noise()
    _write(tmp_path / f"x{suffix}", samples)
    read, rate = soundfile.read(tmp_path / f"x{suffix}", dtype="float32")
    assert rate == 48000
    assert [path.name for path in tmp_path.iterdir()] == [f"x{suffix}"]
    if suffix in (".wav", ".w64"):
        np.testing.assert_array_equal(read, samples)
    elif suffix == ".flac":
        np.testing.assert_allclose(read, samples, atol=2**-23)
    else:
        assert read.shape == samples.shape
        assert np.abs(read - samples).std() < 0.05


@pytest.mark.parametrize("suffix", TITLED)
def test_title_and_seed_are_kept(tmp_path, suffix):
    _write(tmp_path / f"x{suffix}", _noise(), title="Nails ö", comment="seed 7")
    with soundfile.SoundFile(tmp_path / f"x{suffix}") as file:
        assert (file.title, file.comment) == ("Nails ö", "seed 7")


@pytest.mark.parametrize("suffix", [".wav", ".w64", ".flac", ".mp3"])
def test_same_samples_same_bytes(tmp_path, suffix):
    for name in "ab":
        _write(tmp_path / f"{name}{suffix}", _noise())
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("room", [0, 1000, 100_000])
def test_a_full_disk_leaves_nothing(tmp_path, suffix, room):
    if suffix in (".ogg", ".mp3") and room == 100_000:
        room = 10_000
    with full_disk(room), pytest.raises(InputError, match=rf"x\{suffix}: cannot be written: File too large"):
        _write(tmp_path / f"x{suffix}", _noise())
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "x.flac"
    path.write_text("old")
    with full_disk(1000), pytest.raises(InputError):
        _write(path, _noise())
    assert path.read_text() == "old"
    _write(path, _noise())
    assert soundfile.info(path).frames == 48000


@pytest.mark.parametrize("suffix", FORMATS)
def test_ctrl_c_keeps_what_was_rendered_under_another_name(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    with pytest.raises(Stopped, match=rf"first 0\.5 s are kept in '.*x\.partial\{suffix}'"), Writer(path, 48000, 48000) as writer:  # noqa: PT012
        writer.write(_noise(24000))
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == [f"x.partial{suffix}"]
    assert soundfile.info(tmp_path / f"x.partial{suffix}").frames == 24000


def test_ctrl_c_before_anything_leaves_nothing(tmp_path):
    with pytest.raises(Stopped, match="nothing was rendered"), Writer(tmp_path / "x.wav", 48000, 100):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_other_errors_leave_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), Writer(tmp_path / "x.wav", 48000, 100) as writer:  # noqa: PT012
        writer.write(_noise(8))
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_wav_beyond_4_gib_becomes_w64(tmp_path):
    assert path_for(tmp_path / "x.wav", 8 * 3600 * 48000).name == "x.w64"
    assert path_for(tmp_path / "x.wav", 3 * 3600 * 48000 // 2).name == "x.wav"
    assert path_for(tmp_path / "x.flac", 8 * 3600 * 48000).name == "x.flac"


def test_the_longest_name(tmp_path):
    name = "ö" * 125 + "x.wav"
    _write(tmp_path / name, _noise())
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with pytest.raises(Stopped), Writer(tmp_path / name, 48000, 48000) as writer:  # noqa: PT012
        writer.write(_noise())
        raise KeyboardInterrupt
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "ö" * 121 + ".partial.wav"])


def test_a_title_that_is_no_text_does_not_stop_the_file(tmp_path):
    _write(tmp_path / "x.flac", _noise(), title="\udcff")
    assert soundfile.info(tmp_path / "x.flac").frames == 48000


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("\udcff.wav", "must be UTF-8 text"),
        ("a\0b.wav", "must be UTF-8 text"),
        (f"{'ö' * 126}.wav", "longer than 255 bytes"),
        ("x.aiff", "unknown output format '.aiff'; known: .flac, .mp3, .ogg, .w64, .wav"),
        ("x.waw", "did you mean '.wav'"),
        ("x", "unknown output format ''; known"),
        ("nowhere/x.wav", "there is no folder"),
        ("file/x.wav", "there is no folder"),
        ("folder.wav", "is a folder"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused(tmp_path, path, message):
    (tmp_path / "file").touch()
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(InputError, match=message):
        path_for(tmp_path / path, 10)


def test_a_format_that_cannot_hold_the_rate(tmp_path):
    with pytest.raises(InputError, match=r"x\.mp3: cannot be written: MP3 cannot hold 192000 Hz"):
        Writer(tmp_path / "x.mp3", 192000, 10).__enter__()
    with pytest.raises(InputError, match=r"x\.flac: cannot be written: FLAC cannot hold 96001 Hz"):
        Writer(tmp_path / "x.flac", 96001, 10).__enter__()
    assert list(tmp_path.iterdir()) == []
