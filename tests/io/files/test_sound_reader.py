"""Sound files for the layer `input`: one channel at the engine's rate, level and pitch as they were."""

import contextlib
import tracemalloc

import numpy as np
import pytest
import soundfile

from synth.io.files import sound_reader
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


# ---- loops


def _round_and_round(path, rate, wanted):
    loop = read_sound(path, wanted, is_loop=True)
    return np.tile(loop, max(3, 2 * wanted // len(loop)))


@pytest.mark.parametrize(
    ("rate", "wanted"), [(44100, 48000), (48000, 44100), (48000, 96000), (96000, 44100), (44100, 32000), (8000, 48000)]
)
@pytest.mark.parametrize("frames", [441 * 20, 4410, 4001, 109, 70001])
def test_a_loop_has_no_seam_at_any_rate(tmp_path, rate, wanted, frames):
    periods = max(1, round(frames * TONE_HZ / rate))
    tone = 0.25 * np.sin(2 * np.pi * periods * np.arange(frames) / frames)
    heard = _round_and_round(_written(tmp_path / "loop.wav", tone, rate), rate, wanted)
    frequency_hz = periods * rate / frames
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) / len(heard) * 4
    place = np.argmax(spectrum)
    assert abs(place * wanted / len(heard) / frequency_hz - 1) < max(3e-5, 1.1 * wanted / len(heard) / frequency_hz)
    spectrum[max(place - 4, 0) : place + 5] = 0
    assert spectrum.max() < 1e-4
    assert np.abs(heard).max() == pytest.approx(0.25, rel=0.05)


def test_what_the_rate_cannot_hold_is_filtered_out_of_a_loop(tmp_path):
    noise = np.random.default_rng(1).standard_normal(48000) * 0.1
    loop = read_sound(_written(tmp_path / "loop.wav", noise, 96000), 32000, is_loop=True)
    assert len(loop) == 16000
    spectrum = np.abs(np.fft.rfft(loop)) / 16000
    assert spectrum[:7000].mean() == pytest.approx(np.abs(np.fft.rfft(noise))[:7000].mean() / 48000, rel=0.01)
    assert spectrum[-25:].max() < 0.01 * spectrum[:7000].mean()


@pytest.mark.parametrize(("rate", "wanted"), [(44100, 48000), (96000, 44100), (44056, 48000)])
def test_the_end_of_a_long_loop_goes_over_into_its_beginning(tmp_path, rate, wanted):
    frames = 70001
    tone = 0.25 * np.sin(2 * np.pi * 5000 * np.arange(frames) / frames)
    bends = np.diff(np.tile(read_sound(_written(tmp_path / "loop.wav", tone, rate), wanted, is_loop=True), 2), 2)
    length = (len(bends) + 2) // 2
    usual = np.abs(bends[: length // 2]).max()
    assert np.abs(bends[length - 5000 : length + 100]).max() < 1.001 * usual


# ---- files that would take the memory


@pytest.mark.parametrize("is_loop", [False, True])
@pytest.mark.parametrize("rate", [767_999, 44_101, 1_000])
def test_no_rate_takes_more_memory_than_its_samples(tmp_path, rate, is_loop):
    path = _written(tmp_path / "odd.wav", _tone(rate, 20_000 / rate, 100), rate)
    tracemalloc.start()
    heard = read_sound(path, 48000, is_loop)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert abs(len(heard) - 20_000 * 48000 / rate) < 1.5
    assert most < 150e6 + 16 * len(heard)


def test_a_file_of_more_samples_than_are_kept_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sound_reader, "_MOST_SAMPLES", 100_000)
    path = _written(tmp_path / "many.flac", np.zeros((60_000, 2)), 48000, "PCM_16")
    assert len(read_sound(path, 48000)) == 60_000  # one channel is kept of two
    with pytest.raises(InputError, match=r"holds more than 0\.1 million samples"):
        read_channels(path)


# ---- files as they are


def test_channels_that_cancel_each_other_are_heard(tmp_path):
    tone = _tone(48000)
    assert np.array_equal(
        read_sound(_written(tmp_path / "a.wav", np.stack([tone, -tone], 1), 48000), 48000), tone.astype(np.float32)
    )
    wide = np.random.default_rng(2).standard_normal((48000, 2)) * 0.1
    assert np.allclose(read_sound(_written(tmp_path / "b.wav", wide, 48000), 48000), wide.mean(axis=1), atol=1e-6)
    assert not read_sound(_written(tmp_path / "c.wav", np.zeros((100, 2)), 48000), 48000).any()


def _chunks(*chunks, riff=None):
    body = b"WAVE" + b"".join(name + size.to_bytes(4, "little") + data for name, size, data in chunks)
    return b"RIFF" + (len(body) if riff is None else riff).to_bytes(4, "little") + body


_FORMAT = (b"fmt ", 16, bytes.fromhex("0100010080bb00000077010002001000"))


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_file_whose_length_was_not_known_when_it_began_is_read_to_its_end(tmp_path, size):
    samples = np.arange(-3000, 3000, dtype="<i2")
    for riff in (0, 0xFFFFFFFF):
        (tmp_path / "x.wav").write_bytes(_chunks(_FORMAT, (b"data", size, samples.tobytes()), riff=riff))
        assert np.array_equal(read_sound(tmp_path / "x.wav", 48000), samples / np.float32(32768))


def test_a_chunk_that_is_not_padded_is_passed_over(tmp_path):
    samples = np.arange(-3000, 3000, dtype="<i2")
    (tmp_path / "x.wav").write_bytes(_chunks(_FORMAT, (b"LIST", 7, b"INFOabc"), (b"data", 12000, samples.tobytes())))
    assert np.array_equal(read_sound(tmp_path / "x.wav", 48000), samples / np.float32(32768))
