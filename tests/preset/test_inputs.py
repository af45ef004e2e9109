"""Layers that hear: a live channel or a sound file goes around the head like any trigger, from a preset or by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile

import hrtf
import synth
from synth.cli.main import main
from synth.dsp import emitter
from synth.engine.engine import Engine
from synth.engine.layer import Input
from synth.parameters.errors import InputError
from synth.preset.assignments import with_values
from synth.preset.inputs import inputs_of
from synth.preset.library import dump, load_preset
from synth.rt import kernel
from synth.rt.units import QUANTUM
from synth.trigger import TRIGGERS, Trigger

RATE = 48000
FLAT = {"low_cut_hz": 20}


def noise(frames: int, seed: int = 1, level: float = 0.02) -> np.ndarray:
    return (level * np.random.default_rng(seed).standard_normal(frames)).astype(np.float32)


def tone(frames: int, frequency_hz: float = 480.0) -> np.ndarray:
    return (0.05 * np.sin(2 * np.pi * frequency_hz * np.arange(frames) / RATE)).astype(np.float32)


def random_blocks(total: int, seed: int) -> list[int]:
    rng, blocks = np.random.default_rng(seed), []
    while sum(blocks) < total:
        blocks.append(int(min(rng.choice([1, 7, 63, 64, 65, 128, 480]), total - sum(blocks))))
    return blocks


def fed(engine: Engine, coming: np.ndarray, blocks: list[int]) -> np.ndarray:
    """Return what an engine makes of live input that comes in blocks."""
    edges = np.cumsum([0, *blocks])
    return np.concatenate([engine.process(n, coming[at : at + n]) for at, n in zip(edges, blocks, strict=False)])


def sounding(sound: np.ndarray, frames: int, is_loop: bool = False, azimuth_deg: float = 0.0, ears: str = "ku100") -> np.ndarray:
    """Return a sound played at a place that does not move, without the latency."""
    engine = Engine(RATE, ears)
    engine.set_master(at=0, ramp_s=0, soften_db=0)
    layer = engine.add("input", input=Input(sound=sound, is_loop=is_loop), azimuth_deg=azimuth_deg, distance_m=0.25, **FLAT)
    engine.strike(layer, 1.0, at=0)
    return engine.process(frames + engine.latency_frames)[engine.latency_frames :]


# ---- live


@kernel
def _begin_wire(state, params, velocity, sample_rate):
    pass


@kernel
def _render_wire(state, params, gate, sample_rate, emitters, start, stop):
    emitter.hold(emitters, 0, emitter.DRY_LEFT, 0.0, 0.0, 0.0)
    for n in range(start, stop):
        emitters.slot[0].out[n] += emitters.input[n]


@pytest.fixture
def wire() -> Iterator[str]:
    """A trigger that hands on what it hears, past the head into the left ear."""
    state = np.dtype([("rng", "u8")], align=True)
    with TRIGGERS.register(Trigger("wire", (), state, _begin_wire, _render_wire, hears=True)):
        yield "wire"


@pytest.mark.parametrize("at", [6400, 6401, 6463, 6500])
def test_live_input_is_heard_a_quantum_and_the_latency_later(wire: str, at: int) -> None:
    """On the very sample, whatever the blocks."""
    coming = np.zeros((12800, 2), np.float32)
    coming[at, 1] = 0.5
    for seed in range(3):
        engine = Engine(RATE, "sphere")
        engine.strike(engine.add(wire, input=Input(channel=1)), at=0)
        out = np.abs(fed(engine, coming, random_blocks(12800, seed)))
        heard_at = at + QUANTUM + engine.latency_frames
        assert out[:heard_at].max() == 0
        assert out[heard_at, 0] > 0.1  # the end of the band spreads it over the frames that follow
        assert out[:, 1].max() == 0


def test_a_live_channel_and_the_same_samples_as_a_sound_are_the_same_bits() -> None:
    """What comes in at frame n is what a sound has 64 frames later, in any blocks; moving, gated, struck inside a quantum."""
    frames, struck_at = RATE // 2, 1003
    coming = np.stack([noise(frames, seed=2), noise(frames, seed=3)], axis=1)
    settings = {"azimuth_deg": 70, "distance_m": 0.12, "gate_db": -35, "motion": {"kind": "orbit", "period_s": 1}}

    def play(given: Input, blocks: list[int]) -> np.ndarray:
        engine = Engine(RATE, seed=4)
        layer = engine.add("input", input=given, **settings)
        engine.release(engine.strike(layer, 0.8, at=struck_at), at=20011)
        return fed(engine, coming, blocks)

    live = play(Input(channel=0), [frames])
    assert np.abs(live).max() > 0.01
    for seed in range(3):
        assert np.array_equal(play(Input(channel=0), random_blocks(frames, seed)), live)
    sound = np.ascontiguousarray(coming[struck_at - QUANTUM :, 0])
    assert np.array_equal(play(Input(sound=sound), [frames]), live)


# ---- a sound around the head


@pytest.mark.parametrize("azimuth_deg", [0, 30, 90, -60, 180])
def test_a_sound_lies_where_it_is_put(azimuth_deg: float) -> None:
    """The engine's output is the sound through the ears' own impulse response at that place: level, time and colour."""
    sound = noise(RATE // 2)
    out = sounding(sound, len(sound), azimuth_deg=azimuth_deg)
    response = hrtf.load("ku100").impulse_response(azimuth_deg, 0, 0.25)
    settled = slice(RATE // 10, RATE // 2 - 1000)
    for ear in range(2):
        expected = np.convolve(sound, response[ear])[: len(out)]
        lag = np.argmax(np.correlate(out[settled, ear], expected[RATE // 10 - 400 : RATE // 2 - 600], "valid")) - 400
        hertz = np.fft.rfftfreq(settled.stop - settled.start, 1 / RATE)
        band = (hertz > 200) & (hertz < 12000)
        spectra = [np.abs(np.fft.rfft(x[settled]))[band] for x in (out[:, ear], np.roll(expected, lag))]
        assert 10 * np.log10(np.square(spectra[0]).sum() / np.square(spectra[1]).sum()) == pytest.approx(0, abs=0.2)
        assert np.corrcoef(spectra)[0, 1] > 0.99


def test_a_sound_moves_from_ear_to_ear() -> None:
    engine = Engine(RATE)
    layer = engine.add("input", input=Input(sound=noise(RATE)), azimuth_deg=90, distance_m=0.2)
    engine.strike(layer, 1.0, at=0)
    engine.set(layer, at=RATE // 2, ramp_s=1.0, azimuth_deg=-90)
    out = engine.process(2 * RATE).reshape(8, -1, 2)
    left_db = 20 * np.log10(out[..., 0].std(axis=1) / out[..., 1].std(axis=1))
    assert left_db[1] > 10
    assert left_db[7] < -10
    assert (np.diff(left_db[1:7]) < 1).all()
    assert abs(left_db[3] + left_db[4]) < 2  # in front half-way


def test_a_loop_has_no_gap() -> None:
    """A second of whole waves, again and again, is the tone that goes on: bit for bit, and no corner at the seams."""
    second = tone(RATE)
    looped = sounding(second, 3 * RATE + 100, is_loop=True)
    assert np.array_equal(looped, sounding(np.tile(second, 4), 3 * RATE + 100))
    corners = np.abs(np.diff(looped[RATE // 2 :].astype(float), 2, axis=0)).max(axis=1)
    assert corners.max() < 1.05 * corners[: RATE // 4].max()


def test_a_loop_of_any_length_goes_on() -> None:
    for frames in (1, 63, 1000):
        sound = noise(frames)
        assert np.array_equal(sounding(sound, 4000, is_loop=True), sounding(np.tile(sound, 8000 // frames), 4000))


def test_a_sound_that_ends_is_followed_by_silence_and_its_voice_ends_with_the_note() -> None:
    engine = Engine(RATE)
    layer = engine.add("input", input=Input(sound=tone(4800), is_loop=False), distance_m=0.2)
    note = engine.strike(layer, 1.0, at=0)
    assert np.abs(engine.process(4800)).max() > 0.01
    engine.process(36000)  # the master's high-pass settles
    assert np.abs(engine.process(4800)).max() < 1e-5
    assert engine.counters["sounding"] == 1
    engine.release(note)
    engine.process(RATE // 4)
    assert engine.counters["sounding"] == 0


def test_every_note_plays_the_sound_from_its_beginning() -> None:
    sound = noise(9600)
    engine = Engine(RATE)
    layer = engine.add("input", input=Input(sound=sound, is_loop=False), distance_m=0.2)
    engine.strike(layer, 1.0, at=0)
    engine.strike(layer, 1.0, at=128 * 100)
    out = engine.process(2 * 128 * 100)
    np.testing.assert_allclose(out[128 * 100 :][2000:9000], out[2000:9000], atol=2e-4)  # the high-pass remembers the first


# ---- what cannot be heard


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"channel": 2}, "channel = 2; allowed: 0 .. 1"),
        ({"channel": -1}, "channel = -1"),
        ({"channel": True}, "channel = True"),
        ({"channel": 0.0}, "channel = 0.0"),
        ({"sound": np.zeros(10)}, r"\(10,\) of float64; it must be an array \(frames,\) of float32"),
        ({"sound": np.zeros((10, 2), np.float32)}, r"\(10, 2\) of float32"),
        ({"sound": [0.0]}, "sound = list"),
        ({"sound": np.zeros(0, np.float32)}, "empty"),
        ({"sound": np.zeros(10, np.float32)[::2]}, "strided"),
    ],
)
def test_what_is_no_input_is_refused(given: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Input(**given)


def test_a_trigger_that_hears_nothing_takes_no_input() -> None:
    engine = Engine(RATE)
    with pytest.raises(InputError, match="trigger 'tap' hears nothing"):
        engine.add("tap", input=Input(channel=0))
    assert engine.layers == ()


# ---- presets

PRESET = """
schema = 1
[[layer]]
name = "rain"
trigger = "input"
sound = { file = "sounds/rain.wav", loop = false }
gesture = { kind = "hold", velocity = 1, swell = 0 }
motion = { kind = "still" }
place = { azimuth_deg = 90, distance_m = 0.25 }
[[layer]]
name = "voice"
trigger = "input"
sound = { channel = 2 }
[[layer]]
name = "nails"
trigger = "tap"
gesture = { kind = "none" }
"""


@pytest.fixture
def path(tmp_path):
    """A preset beside a folder with the sound that it plays."""
    (tmp_path / "sounds").mkdir()
    soundfile.write(tmp_path / "sounds" / "rain.wav", noise(RATE), RATE, "FLOAT")
    path = tmp_path / "night.toml"
    path.write_text(PRESET)
    return path


def test_a_layer_hears_a_file_beside_its_preset_or_a_channel(path, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(path.parent.parent)
    rain, voice, nails = load_preset(f"{tmp_path.name}/night.toml").layers
    assert rain.sound == {"file": str(tmp_path / "sounds" / "rain.wav"), "loop": False}
    assert (voice.sound, nails.sound) == ({"channel": 2}, {})
    inputs = inputs_of(load_preset(path), RATE)
    assert list(inputs) == ["rain"]
    np.testing.assert_array_equal(inputs["rain"].sound, noise(RATE))
    assert not inputs["rain"].is_loop


def test_without_a_word_it_hears_the_first_channel() -> None:
    for name, trigger in TRIGGERS.items():
        assert load_preset(name).layers[0].sound == ({"channel": 1} if trigger.hears else {})
    engine = Engine(RATE)
    assert engine.load(load_preset("input"))["input"].input.channel == 0


def test_it_comes_back_and_bears_changes(path, tmp_path) -> None:
    preset = load_preset(path)
    elsewhere = tmp_path / "sounds" / "night.toml"
    elsewhere.write_text(dump(preset))
    assert load_preset(elsewhere) == preset
    changed = with_values(preset, ["rain.gate_db=-50", "voice.azimuth_deg=-90"])
    assert [layer.sound for layer in changed.layers] == [layer.sound for layer in preset.layers]
    assert changed.layers[0].params == {"gate_db": -50}


def test_a_file_is_read_when_it_is_played_not_before(path) -> None:
    sound = path.parent / "sounds" / "rain.wav"
    sound.unlink()
    preset = load_preset(path)
    for play in (lambda: inputs_of(preset, RATE), lambda: synth.render(preset, 1.0)):
        with pytest.raises(InputError, match=f"^preset 'night': layer 'rain': {sound}: there is no such sound file$"):
            play()
    engine = Engine(RATE)
    tap = engine.add("tap")
    with pytest.raises(InputError, match=r"layer 'rain' plays '.*rain.wav'; hand it in: .*inputs_of"):
        engine.load(preset)
    with pytest.raises(InputError, match="inputs: unknown layer 'rian'; did you mean 'rain'"):
        engine.load(preset, inputs={"rian": Input(channel=0)})
    assert engine.layers == (tap,)
    assert engine.load(preset, inputs={"rain": Input(channel=0)})["rain"].input.channel == 0


@pytest.mark.parametrize("sample_rate", [44100, 48000])
def test_a_render_plays_the_file(path, sample_rate: float) -> None:
    """At any rate, on the side where it was put, for as long as it lasts; and in its stem."""
    audio = synth.render(path, 1.5, sample_rate=sample_rate, fade_in_s=0, fade_out_s=0, stems=True)
    out, second = audio["mix"], round(sample_rate)
    levels = out[second // 10 : second - 1000].std(axis=0)
    assert levels[0] > 3 * levels[1] > 0
    assert np.abs(out[second + second // 3 :]).max() < 1e-4  # the high-pass settles
    np.testing.assert_array_equal(audio["rain"], out)
    assert np.abs(audio["voice"]).max() == 0


def test_a_file_that_is_read_once_is_shared(path) -> None:
    rain = load_preset(path).layers[0]
    twice = dataclasses.replace(load_preset(path), layers=(rain, dataclasses.replace(rain, name="more rain")))
    inputs = inputs_of(twice, RATE)
    assert inputs["rain"].sound is inputs["more rain"].sound


def test_the_command_line_says_that_a_live_channel_is_silent(path, tmp_path, capsys) -> None:
    arguments = ["--seconds", "0.5", "--ears", "sphere"]
    assert main(["render", str(path), "-o", str(tmp_path / "night.wav"), *arguments]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "live input" in line]
    assert len(said) == 1
    assert "voice" in said[0]
    assert "rain," not in said[0]
    (path.parent / "sounds" / "rain.wav").write_bytes(b"no sound")
    assert main(["render", str(path), "-o", str(tmp_path / "night.flac"), *arguments]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "preset 'night': layer 'rain': " in said


WRONG = {
    "": "layer 'x': sound = {}; it must be { file = PATH, loop = true } or { channel = 1 }",
    "file = 'a.wav', channel = 1": "it must be { file = PATH",
    "loop = true": "it must be { file = PATH",
    "fiel = 'a.wav'": "sound: unknown key 'fiel'; did you mean 'file'?",
    "file = 3": "sound: file = 3 is not a text",
    "file = ''": "file = '' is no path",
    "file = 'a.wav', loop = 1": "loop = 1; allowed: true or false",
    "channel = 0": "channel = 0; allowed: 1 or 2",
    "channel = 3": "channel = 3; allowed: 1 or 2",
    "channel = true": "channel = True; allowed",
    "channel = 1.5": "channel = 1.5; allowed",
    "channel = [1]": "channel = [1]; allowed",
    "channel = 1, loop = true": "loop = True: only a file is looped",
}


@pytest.mark.parametrize("table", WRONG)
def test_a_sound_that_is_none_is_refused_in_one_line(tmp_path, table: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(f"schema = 1\n[[layer]]\nname = 'x'\ntrigger = 'input'\nsound = {{ {table} }}\n")
    with pytest.raises(InputError) as caught:
        load_preset(path)
    assert str(caught.value).startswith(f"{path}: layer 'x': ")
    assert WRONG[table] in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trigger = 'tap'\nsound = { channel = 1 }", "layer 'x': sound = .*: trigger 'tap' hears nothing; leave it out"),
        ("trigger = 'tap'\nsound = {}", "trigger 'tap' hears nothing"),
        ("trigger = 'input'\nsound = 'rain.wav'", "sound = 'rain.wav' is not a table"),
    ],
)
def test_a_wrong_input_is_refused_in_the_file_it_stands_in(tmp_path, text: str, message: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(f"schema = 1\n[[layer]]\nname = 'x'\n{text}\n")
    with pytest.raises(InputError, match=message):
        load_preset(path)


def test_a_path_of_anything_is_said_in_one_line(tmp_path) -> None:
    for name in ("\\u0000.wav", "a" * 5000, "..", "/", "\\n.wav"):
        path = tmp_path / "wrong.toml"
        path.write_text(f'schema = 1\n[[layer]]\ntrigger = "input"\nsound = {{ file = "{name}" }}\n')
        with pytest.raises(InputError) as caught:
            inputs_of(load_preset(path), RATE)
        assert len(str(caught.value).splitlines()) == 1
