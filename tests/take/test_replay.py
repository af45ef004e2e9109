"""A take renders to the bytes that were heard, from Python and by `synth render --take`."""

import numpy as np
import pytest
import soundfile

import synth
from synth.cli.main import main
from synth.engine.engine import Engine
from synth.engine.midi_map import MidiMap
from synth.parameters.errors import InputError
from synth.preset.default_midi import mapping_of
from synth.preset.library import load_preset
from synth.take.reader import load_take
from synth.take.writer import TakeWriter
from tests.io.files.test_midi_file import on, written
from tests.live.test_live import Host, blocks
from tests.offline.test_midi_player import NAILS, RATE

KEY, WHEEL = bytes([0x90, 40, 90]), bytes([0xB0, 1, 70])


def _is_summary(text, path):
    """Whether a text is the one line with which a render ends, and nothing more."""
    return text.startswith(f"synth: {path}: ") and " dBFS, " in text and text.count("\n") == 1


def perform(engine, ask):
    """Play two presets by hand; `ask` renders so many frames. Returns what was heard."""
    preset = load_preset(NAILS)
    layers = engine.load(preset)
    MidiMap(engine, mapping_of(preset), layers, {})
    engine.set_master(ramp_s=0.1, fade=1)
    heard = [ask(1000)]
    engine.push_midi(0, KEY)
    engine.set(layers["left nails"], azimuth_deg=-40, at=9000)
    heard += [ask(frames) for frames in blocks(24000)]
    engine.push_midi(0, WHEEL, 30001)
    engine.freeze(True)
    heard += [ask(9000)]
    engine.load(load_preset("brush"), tails=True)
    engine.set_master(ramp_s=0.2, guard_db=-6)
    heard += [ask(frames) for frames in blocks(20000, seed=2)]
    return np.concatenate(heard)[engine.latency_frames :]


@pytest.fixture(scope="module")
def offline(tmp_path_factory):
    """Return a take's path and what was heard."""
    engine, path = Engine(RATE, "sphere", 5), tmp_path_factory.mktemp("take") / "night.take"
    writer = TakeWriter(path, engine)

    def ask(frames):
        samples = engine.process(frames)
        writer.flush(engine.frames_out)
        return samples

    heard = perform(engine, ask)
    writer.close()
    return path, heard


def test_a_take_gives_the_same_bytes(offline):
    path, heard = offline
    assert np.abs(heard).max() > 0.001
    np.testing.assert_array_equal(synth.replay(path), heard)


def test_what_an_audio_callback_played_renders_to_the_same_bytes(tmp_path):
    engine = Engine(RATE, "sphere", 6)
    writer = TakeWriter(tmp_path / "x.take", engine)
    host = Host(engine)

    def ask(frames):
        samples = host.ask(frames)
        engine.attend()
        writer.flush(int(host.record["frames"][0]))
        return samples

    heard = perform(engine, ask)
    writer.close()
    np.testing.assert_array_equal(synth.replay(tmp_path / "x.take"), heard)


def test_a_wav_of_it_holds_its_samples(offline, tmp_path, capsys):
    path, heard = offline
    assert main(["render", "--take", str(path), "-o", str(tmp_path / "x.wav")]) == 0
    samples, rate = soundfile.read(tmp_path / "x.wav", dtype="float32")
    assert rate == RATE
    np.testing.assert_array_equal(samples, heard)
    out, err = capsys.readouterr()
    assert out == ""
    assert _is_summary(err, tmp_path / "x.wav")


def test_one_cut_short_is_rendered_as_far_as_it_goes_and_says_so(offline, tmp_path, capsys):
    path, heard = offline
    short = tmp_path / "short.take"
    short.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert main(["render", "--take", str(short), "-o", str(tmp_path / "x.wav")]) == 0
    samples, _ = soundfile.read(tmp_path / "x.wav", dtype="float32")
    assert 0 < len(samples) < len(heard)
    np.testing.assert_array_equal(samples, heard[: len(samples)])
    warning, summary = capsys.readouterr().err.splitlines(keepends=True)
    assert warning.startswith(f"synth: '{short}' was cut short")
    assert _is_summary(summary, tmp_path / "x.wav")


def test_other_ears_are_refused(offline):
    with pytest.raises(InputError, match=r"heard with other ears than 'kemar' is here"):
        synth.replay(offline[0], ears="kemar")
    assert len(synth.replay(offline[0], ears="sphere")) == load_take(offline[0]).frames - Engine(RATE, "sphere").latency_frames


def test_a_take_without_a_sound_makes_no_file(tmp_path, capsys):
    TakeWriter(tmp_path / "x.take", Engine(RATE, "sphere")).close()
    assert main(["render", "--take", str(tmp_path / "x.take"), "-o", str(tmp_path / "x.wav")]) == 2
    assert "ends before its first sound" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["x.take"]
    assert synth.replay(tmp_path / "x.take").shape == (0, 2)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["tap"], "PRESET"),
        (["--seconds", "3"], "--seconds"),
        (["--seed", "0"], "--seed"),
        (["--set", "tap.hardness=1", "--sample-rate", "48000"], "--sample-rate, --set"),
        (["--stems"], "--stems"),
        (["--midi", "x.mid"], "--midi"),
        (["--fade-out", "3", "--loudness", "-20"], "--fade-out, --loudness"),
    ],
)
def test_nothing_of_a_take_can_be_changed(capsys, words, named):
    assert main(["render", "--take", "x.take", "-o", "x.wav", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"-o and --ears only, not with {named}\n" in err


def test_something_must_be_rendered(capsys, tmp_path):
    assert main(["render", "-o", "x.wav"]) == 2
    assert "Missing argument 'PRESET'; or name a take with --take" in capsys.readouterr().err
    assert main(["render", "--take", str(tmp_path / "none.take"), "-o", str(tmp_path / "x.wav")]) == 2
    assert "none.take" in capsys.readouterr().err


def test_a_midi_file_becomes_a_sound_file(tmp_path, capsys):
    path, out = written(tmp_path, [on(96), on(480)]), tmp_path / "x.wav"
    words = ["render", "tap", "--midi", str(path), "-o", str(out), "--ears", "sphere"]
    assert main([*words, "--seconds", "0.5"]) == 0
    samples, _ = soundfile.read(out, dtype="float32")
    np.testing.assert_array_equal(samples, synth.render("tap", 0.5, midi=path, ears="sphere"))
    remark, summary = capsys.readouterr().err.splitlines(keepends=True)
    assert remark == f"synth: '{path}' has notes: the preset's own gestures are paused\n"
    assert _is_summary(summary, out)
    path.write_bytes(b"MThd")
    assert main(words) == 2
    assert capsys.readouterr().err == f"synth: {path}: cannot be read as a MIDI file: it ends too early, in its header\n"
