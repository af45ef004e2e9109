"""Sound files for the layer `input`: one channel at the engine's rate, level and pitch as they were."""

import contextlib

import numpy as np
import pytest
import soundfile

from synth.io.files.sound_reader import LONGEST_S, read_channels, read_sound
from synth.parameters.errors import InputError

FORMATS = ["wav", "flac", "ogg", "mp3", "aiff", "w64", "caf", "au"]
TONE_HZ = 1000.0


def _tone(rate, seconds=1.0, frequency_hz=TONE_HZ, level=0.25):
    return level * np.sin(2 * np.pi * frequency_hz * np.arange(round(rate * seconds)) / rate)


def _written(path, samples, rate, subtype="FLOAT"):
    soundfile.write(path, samples, rate, subtype)
    return path


def _fit(samples, rate, frequency_hz):
    """Return the level of a tone, and what else there is as an RMS, both re the tone's 0.25; away from the ends."""
    middle = slice(len(samples) // 4, 3 * len(samples) // 4)
    phase = 2 * np.pi * frequency_hz * np.arange(len(samples))[middle] / rate
    waves = np.stack([np.sin(phase), np.cos(phase)], axis=1)
    weights = np.linalg.lstsq(waves, samples[middle].astype(float))[0]
    return np.hypot(*weights) / 0.25, (samples[middle] - waves @ weights).std() / 0.25


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read(tmp_path, kind):
    path = tmp_path / f"x.{kind}"
    soundfile.write(path, np.stack([_tone(48000)] * 2, axis=1), 48000)
    sound = read_sound(path, 48000)
    assert (sound.dtype, sound.shape) == (np.dtype(np.float32), (48000,))
    level, rest = _fit(sound, 48000, TONE_HZ)
    assert level == pytest.approx(1, abs=0.02)
    assert rest < 0.02


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_the_mean_of_the_channels_bit_for_bit(tmp_path, channels):
    samples = np.random.default_rng(0).uniform(-1.5, 1.5, (200_000, channels)).astype(np.float32)
    path = _written(tmp_path / "x.wav", samples, 48000)
    np.testing.assert_array_equal(read_sound(path, 48000), samples.mean(axis=1))


@pytest.mark.parametrize(
    ("rate", "wanted"), [(44100, 48000), (48000, 44100), (96000, 48000), (44100, 96000), (8000, 48000), (44101, 48000)]
)
def test_pitch_level_and_length_survive_another_rate(tmp_path, rate, wanted):
    for frequency_hz in (TONE_HZ, 0.85 * min(rate, wanted) / 2):
        sound = read_sound(_written(tmp_path / "x.wav", _tone(rate, frequency_hz=frequency_hz), rate), wanted)
        assert len(sound) == wanted
        level, rest = _fit(sound, wanted, frequency_hz)
        assert level == pytest.approx(1, abs=0.002)
        assert rest < 10 ** (-80 / 20)


def test_what_the_rate_cannot_hold_is_filtered_out(tmp_path):
    sound = read_sound(_written(tmp_path / "x.wav", _tone(96000, frequency_hz=26000), 96000), 48000)
    assert np.abs(sound[1000:-1000]).max() < 0.25 * 10 ** (-80 / 20)


def test_a_click_stays_at_its_time(tmp_path):
    click = np.zeros(44100)
    click[22050] = 1
    assert np.abs(read_sound(_written(tmp_path / "x.wav", click, 44100), 48000)).argmax() == 24000


def test_ten_minutes_and_no_more(tmp_path):
    silence = np.zeros(LONGEST_S * 8000 + 1, np.int16)
    assert len(read_sound(_written(tmp_path / "x.flac", silence[:-1], 8000, "PCM_16"), 8000)) == LONGEST_S * 8000
    with pytest.raises(InputError, match=r"y\.flac: is longer than 600 s"):
        read_sound(_written(tmp_path / "y.flac", silence, 8000, "PCM_16"), 8000)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -32768.0])
def test_what_is_no_sample_is_refused(tmp_path, value):
    samples = np.stack([_tone(48000)] * 2, axis=1)
    samples[30000, 1] = value
    with pytest.raises(InputError, match=r"x\.wav: near .* s is .*; samples must be numbers"):
        read_sound(_written(tmp_path / "x.wav", samples, 48000), 44100)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("x.wav", b"", "cannot be read as sound"),
        ("x.wav", b"no sound at all" * 100, "cannot be read as sound"),
        ("x.raw", bytes(1000), "cannot be read as sound"),
        ("x.toml", b"schema = 1", "cannot be read as sound"),
    ],
)
def test_another_file_is_refused(tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=problem) as caught:
        read_sound(tmp_path / name, 48000)
    assert str(caught.value).count(name) == 1


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere.wav", tmp_path / "\0.wav"):
        with pytest.raises(InputError, match="there is no such sound file"):
            read_sound(path, 48000)


def test_an_empty_sound_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no samples"):
        read_sound(_written(tmp_path / "x.wav", np.zeros(0), 48000), 48000)


@pytest.mark.parametrize("rate", [999, 2_000_000])
def test_a_strange_rate_is_refused(tmp_path, rate):
    with pytest.raises(InputError, match=f"sample rate is {rate} hz; allowed: 1000 .. 768000"):
        read_sound(_written(tmp_path / "x.wav", np.zeros(10), rate), 48000)


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3"])
def test_damage_raises_nothing_else(tmp_path, kind):
    rng = np.random.default_rng(0)
    path = tmp_path / f"x.{kind}"
    soundfile.write(path, _tone(8000, 0.2), 8000)
    content = path.read_bytes()
    for _ in range(100):
        broken = np.frombuffer(content, np.uint8)[: rng.integers(1, len(content) + 1)].copy()
        broken[rng.integers(0, min(len(broken), 200), 3)] = rng.integers(0, 256, 3)
        path.write_bytes(broken.tobytes())
        with contextlib.suppress(InputError):
            assert np.isfinite(read_sound(path, 8000)).all()


def test_channels_and_rate_can_be_kept_as_they_are(tmp_path):
    samples = np.random.default_rng(0).uniform(-1, 1, (70_000, 2)).astype(np.float32)
    kept, rate = read_channels(_written(tmp_path / "x.wav", samples, 44100))
    np.testing.assert_array_equal(kept, samples)
    assert rate == 44100
    with pytest.raises(InputError, match="no such sound file"):
        read_channels(tmp_path / "y.wav")
