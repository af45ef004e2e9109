"""A MIDI file plays a preset as hands would: at the exact frame, through the preset's own mapping, the same bytes every time."""

from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import example, given, settings

from synth.cli.options import RenderOptions
from synth.cli.render import export
from synth.control.midi.mapping import ControlBinding, Mapping, NoteBinding, Source
from synth.engine.engine import Engine
from synth.offline.job import job_of
from synth.offline.midi_player import MidiPlayer, remarks
from synth.offline.render import blocks, levelled, render
from synth.offline.stems import stems_of
from synth.parameters.errors import InputError
from synth.preset.default_midi import mapping_of
from synth.preset.library import load_preset
from synth.trigger import TRIGGERS
from tests.io.files.test_midi_file import CONTENT, broken, off, on, tempo, written

RATE = 48000
NAILS = Path(__file__).parents[1] / "support" / "nails.toml"
PLAIN = {"ears": "sphere", "seed": 3, "fade_in_s": 0, "fade_out_s": 0}
QUIET = {**PLAIN, "sets": ["master.level_db=-30"]}
"""So quiet that the limiter has nothing to do."""
SCENES = """
schema = 1
[[layer]]
name = "taps"
trigger = "tap"
[[scene]]
name = "far"
[scene.set.taps]
distance_m = 2.0
material = "stone"
[scene.set.master]
level_db = -20
"""


def control(number, value, time=0):
    return mido.Message("control_change", control=number, value=value, time=time)


def program(number, time=0):
    return mido.Message("program_change", program=number, time=time)


def by_hand(seconds, play, preset="tap"):
    """Render what `play` does with an engine and its first layer, all at exact frames."""
    engine = Engine(RATE, "sphere", 3)
    engine.pause(True)
    layers = engine.load(load_preset(preset))
    play(engine, next(iter(layers.values())))
    return engine.process(round(seconds * RATE) + engine.latency_frames)[engine.latency_frames :]


def test_notes_lie_on_their_exact_frames(tmp_path):
    path = written(tmp_path, [tempo(0, 500_000), on(0), on(960), tempo(0, 333_333), on(480), off(240)])

    def play(engine, layer):
        for begin, end in ((0, 48000), (48000, 64000), (64000, 72000)):
            engine.release(engine.strike(layer, 100 / 127, at=begin), at=end)

    np.testing.assert_array_equal(render("tap", 1.6, midi=path, **PLAIN), by_hand(1.6, play))


def test_a_held_key_is_released_on_its_frame(tmp_path):
    path = written(
        tmp_path, [mido.Message("note_on", note=64, velocity=80, time=100), mido.Message("note_off", note=64, time=900)]
    )

    def play(engine, layer):
        note = engine.strike(layer, 80 / 127, at=5000, pitch=4)
        engine.release(note, at=50000)

    np.testing.assert_array_equal(render("brush", 1.4, midi=path, **PLAIN), by_hand(1.4, play, "brush"))


def test_controllers_move_what_they_are_bound_to(tmp_path):
    bound = ControlBinding(Source("cc", 20, 20), "tap", "azimuth_deg", -90, 90, takeover="jump")
    preset = replace(load_preset("tap"), midi=Mapping(controls=(bound,)))
    path = written(tmp_path, [control(20, 127), control(20, 0, 480), on(480), off(480)])

    def play(engine, layer):
        engine.set(layer, at=0, azimuth_deg=90)
        engine.set(layer, at=24000, azimuth_deg=-90)
        engine.release(engine.strike(layer, 100 / 127, at=48000), at=72000)

    played = render(preset, 1.4, midi=path, **PLAIN)
    np.testing.assert_array_equal(played, by_hand(1.4, play))
    left, right = np.square(played).sum(axis=0)
    assert right > 4 * left


def test_the_wheel_bends_a_note_from_its_frame_on(tmp_path):
    path = written(tmp_path, [on(96), mido.Message("pitchwheel", pitch=8191, time=480), control(99, 0, 960)])
    bent = render("bowl", 1.2, midi=path, **PLAIN)
    plain = by_hand(1.2, lambda engine, layer: engine.strike(layer, 100 / 127, at=4800), "bowl")
    heard = 28800 - 64  # by the nearer ear, before the head's centre
    np.testing.assert_array_equal(bent[:heard], plain[:heard])
    assert not np.array_equal(bent[:28900], plain[:28900])


def test_any_block_size_gives_the_same_samples(tmp_path):
    path = written(tmp_path, [on(5), program(0, 400), control(10, 80), on(77), program(1, 100), *[on(9)] * 40])
    scenes = tmp_path / "scenes.toml"
    scenes.write_text(SCENES)
    job = job_of(scenes, midi=path, **PLAIN)

    def pieces(sizes):
        engine, done, parts = Engine(RATE, "sphere", 3), 0, []
        midi_player = MidiPlayer(engine, job, job.midi)
        for size in sizes:
            parts.append(midi_player.process(size))
            done += size
        return np.concatenate([*parts, midi_player.process(80000 - done)])

    whole = pieces([])
    rng = np.random.default_rng(2)
    np.testing.assert_array_equal(pieces(rng.choice([1, 3, 63, 64, 65, 480, 1000], 100).tolist()), whole)
    assert np.abs(whole).max() > 0.001


def test_a_program_brings_its_scene_in_the_next_quantum(tmp_path):
    scenes = tmp_path / "scenes.toml"
    scenes.write_text(SCENES)
    path = written(tmp_path, [program(0, 96), on(96)])

    def play(engine, layer):
        engine.set(layer, at=4864, distance_m=2, material="stone")  # 4800 lies in the quantum from 4800 on
        engine.set_master(at=4864, level_db=-20)
        engine.release(engine.strike(layer, 100 / 127, at=9600), at=9600)  # for the file ends

    np.testing.assert_array_equal(render(scenes, 0.5, midi=path, **PLAIN), by_hand(0.5, play, scenes))


def test_buttons_mute_and_solo_layers_in_the_mix_and_in_its_stems(tmp_path):
    actions = [(20, "mute_layer", "left nails"), (21, "solo_layer", "left nails"), (21, "mute_layer", "wandering nails")]
    text = "".join(f'[[midi.action]]\ncc = {cc}\ndo = "{do}"\nname = "{name}"\n' for cc, do, name in actions)
    (tmp_path / "two.toml").write_text(f"{NAILS.read_text()}\n{text}")
    preset = load_preset(tmp_path / "two.toml")
    assert [(action.source.low, action.do, action.name) for action in preset.midi.actions] == actions

    def played(job):
        return np.concatenate(list(blocks(job)))

    def mix_and_stems(*numbers):
        path = written(tmp_path, [control(number, 127) for number in numbers])
        job = job_of(preset, seconds=1.0, midi=path, **QUIET)
        return played(job), {name: played(stem) for name, stem in stems_of(job).items()}

    whole, stems = mix_and_stems()
    muted, muted_stems = mix_and_stems(20)
    soloed, soloed_stems = mix_and_stems(21)
    late = slice(RATE // 4, None)
    np.testing.assert_allclose(muted[late], stems["wandering nails"][late], atol=1e-6)
    np.testing.assert_allclose(soloed[late], stems["left nails"][late], atol=1e-6)
    assert np.abs(muted_stems["left nails"][late]).max() < 1e-6 < np.abs(muted_stems["wandering nails"][late]).max()
    assert np.abs(soloed_stems["wandering nails"][late]).max() < 1e-6 < np.abs(soloed_stems["left nails"][late]).max()
    assert np.abs(whole[late] - muted[late]).max() > 1e-4


def test_a_program_calls_a_preset_and_what_sounds_ends_by_itself(tmp_path):
    path = written(tmp_path, [on(0), program(3, 96), on(96)])
    both = render("bowl", 1.0, midi=path, **PLAIN)
    alone = written(tmp_path, [on(0), mido.Message("note_off", note=1, time=192)])  # a note lasts to the end of its file
    first = render("bowl", 1.0, midi=alone, **PLAIN)
    np.testing.assert_array_equal(both[:4800], first[:4800])
    assert not np.array_equal(both, first)


def test_gestures_are_paused_only_if_the_file_has_notes(tmp_path):
    controls, notes = written(tmp_path, [control(10, 0)]), tmp_path / "late.mid"
    assert np.abs(render(NAILS, 2, midi=controls, **PLAIN)).max() > 0.001
    assert remarks(job_of(NAILS, midi=controls)) == [f"'{controls}' has no note: the preset plays by itself"]
    written(tmp_path, [on(5000)]).rename(notes)
    assert np.abs(render(NAILS, 2, midi=notes, **PLAIN)).max() == 0
    assert remarks(job_of(NAILS, midi=notes)) == [f"'{notes}' has notes: the preset's own gestures are paused"]


def test_a_held_gesture_does_not_sound_either(tmp_path):
    assert np.abs(render("rain", 1, midi=written(tmp_path, [on(5000)]), **PLAIN)).max() == 0


def test_a_preset_that_no_key_strikes_is_said_to_be_silent(tmp_path):
    preset = load_preset("tap")
    deaf = replace(preset, midi=Mapping(notes=(NoteBinding(Source("note", 0, 20), "tap"),), is_complete=True))
    assert "may be silent" in remarks(job_of(deaf, midi=written(tmp_path, [on(0)])))[1]


def test_it_lasts_as_long_as_the_file_and_the_tail(tmp_path):
    notes = job_of("tap", midi=written(tmp_path, [on(960), off(960)]))
    assert notes.seconds == pytest.approx(2 + TRIGGERS["tap"].tail_s)
    assert job_of("tap", midi=written(tmp_path, [control(10, 3, 2880)])).seconds == pytest.approx(3)
    assert job_of("tap").seconds == 10


def test_what_is_held_when_the_file_ends_is_released(tmp_path):
    audio = render("rain", 6, midi=written(tmp_path, [on(0), control(99, 0, 480)]), **PLAIN)
    assert np.abs(audio[:24000]).max() > 0.001
    assert np.abs(audio[-RATE:]).max() < 0.001 * np.abs(audio).max()


def test_stems_add_up_to_the_mix(tmp_path):
    keys = [mido.Message("note_on", note=36 + number % 5, velocity=90, time=200) for number in range(12)]
    path = written(tmp_path, [control(1, 100), control(7, 0), control(7, 127), *keys, control(10, 20, 9)])
    job = job_of(NAILS, seconds=3, midi=path, **QUIET)
    mix, *parts = (np.concatenate(list(blocks(part))) for part in (job, *stems_of(job).values()))
    np.testing.assert_allclose(sum(parts), mix, atol=2e-7)
    assert all(np.abs(part).max() > 1e-4 for part in parts)


CALLS = """
schema = 1
level_db = {level_db}
[[layer]]
name = "taps"
trigger = "{trigger}"
[[layer]]
name = "far taps"
trigger = "tap"
place = {{ distance_m = 1.0 }}
[[midi.note]]
layer = "taps"
keys = [0, 60]
[[midi.note]]
layer = "far taps"
keys = [60, 127]
[[midi.control]]
cc = 7
set = "master.level_db"
range = [-50, -30]
[midi.program]
0 = "{there}"
"""


def calling(folder, name, there, trigger, level_db):
    path = folder / f"{name}.toml"
    path.write_text(CALLS.format(there=folder / f"{there}.toml", trigger=trigger, level_db=level_db))
    return path


def test_stems_of_presets_that_are_called_add_up_to_the_mix(tmp_path):
    here = calling(tmp_path, "here", "there", "tap", -36)
    calling(tmp_path, "there", "here", "bowl", -44)
    keys = [mido.Message("note_on", note=key, velocity=100, time=48) for key in (40, 80, 40)]
    path = written(tmp_path, [*keys, program(0, 48), *keys, control(7, 30), program(0, 48), *keys, program(0, 9), *keys])
    job = job_of(here, seconds=2, midi=path, **PLAIN)
    parts = stems_of(job)
    assert list(parts) == ["taps", "far taps", "there.taps", "there.far taps"]
    mix, *alone = (np.concatenate(list(blocks(part))) for part in (job, *parts.values()))
    np.testing.assert_allclose(sum(alone), mix, atol=2e-7)
    assert all(np.abs(part).max() > 1e-4 for part in alone)
    assert np.abs(alone[2][:4000]).max() == 0  # not called yet
    rendered = render(here, 2, midi=path, stems=True, **PLAIN)
    assert list(rendered) == ["mix", *parts]
    np.testing.assert_array_equal(rendered["there.taps"], alone[2])


def test_a_stream_drives_the_presets_that_are_called_too(tmp_path):
    here = calling(tmp_path, "here", "there", "tap", -36)
    calling(tmp_path, "there", "here", "tap", -36)
    path = written(tmp_path, [on(48), program(0, 48), on(96), on(300)])
    stream = tmp_path / "far.jsonl"
    stream.write_text('{"t": 0, "values": {"taps.level_db": -70, "far taps.level_db": -70}}\n{"t": 0.6, "strike": "taps"}\n')
    loud, quiet = (render(here, 1.0, midi=path, stream=driven, **PLAIN) for driven in (None, stream))
    assert np.abs(quiet[:24000]).max() < 0.1 * np.abs(loud[:24000]).max()
    before, after = np.abs(quiet[28000:28700]).max(), np.abs(quiet[28800:31200]).max()
    assert after > 2 * before  # struck in the preset that was called


def test_a_preset_that_cannot_be_called_is_said_before_anything_is_written(tmp_path):
    here, output = calling(tmp_path, "here", "nowhere", "tap", -36), tmp_path / "out"
    output.mkdir()
    midi = written(tmp_path, [on(0), program(0, 48)])
    with pytest.raises(InputError, match=r"played\.mid: at 0\.\d+ s: .*nowhere"):
        export(RenderOptions(preset=str(here), output=output / "x.wav", midi=midi, stems=True, **PLAIN))
    assert not list(output.iterdir())


def test_a_stem_is_written_for_each_layer_of_each_preset(tmp_path):
    here, output = calling(tmp_path, "here", "there", "tap", -36), tmp_path / "out"
    calling(tmp_path, "there", "here", "tap", -36)
    output.mkdir()
    midi = written(tmp_path, [on(0), program(0, 48), on(48)])
    options = RenderOptions(preset=str(here), output=output / "x.wav", seconds=0.3, midi=midi, stems=True, **PLAIN)
    names = [f"x{part}.wav" for part in ("", ".taps", ".far_taps", ".there_taps", ".there_far_taps")]
    assert [Path(each.path).name for each in export(options)] == names
    assert sorted(path.name for path in output.iterdir()) == sorted(names)


def test_loudness_is_reached_though_hands_move_the_level(tmp_path):
    path = written(tmp_path, [control(7, 10), control(7, 127, 48), *[on(96)] * 4])
    job = job_of("tap", seconds=2.5, midi=path, **PLAIN)
    louder = levelled(job, -35)
    a, b = (np.concatenate(list(blocks(part))) for part in (job, louder))
    np.testing.assert_allclose(b, a * 10 ** (louder.gain_db / 20), rtol=1e-3, atol=1e-5)


def test_hundreds_of_notes_at_once_lose_nothing(tmp_path):
    keys = [mido.Message("note_on", note=key, velocity=100, channel=channel) for key in range(128) for channel in range(16)]
    audio = render("tap", 0.5, midi=written(tmp_path, keys), **PLAIN)
    assert np.isfinite(audio).all()
    with pytest.raises(InputError, match=r"played.mid: at 0\.\d+ s: more .* at once"):
        render("tap", 0.5, midi=written(tmp_path, keys * 12), **PLAIN)


@settings(deadline=None, max_examples=25)
@given(broken())
@example(CONTENT)
def test_broken_files_sound_or_are_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "broken.mid"
    path.write_bytes(content)
    preset = load_preset("tap")
    no_programs = replace(
        preset, midi=replace(mapping_of(preset), actions=(), is_complete=True)
    )  # they would compile other sounds
    try:
        audio = render(no_programs, 0.2, midi=path, **PLAIN)
    except InputError:
        return
    assert np.isfinite(audio).all()


def test_it_ends_when_the_last_note_has_died_away(tmp_path) -> None:
    """A tail may last for seconds at the longest setting; this one is over before, and nothing audible is cut off."""
    midi = written(tmp_path, [on(0)])
    job = job_of("crinkle", midi=midi, ears="sphere")
    assert job.least_frames is not None
    short = np.concatenate(list(blocks(job)))
    whole = render("crinkle", job.seconds, midi=midi, ears="sphere")
    assert job.least_frames < len(short) < len(whole)
    np.testing.assert_array_equal(short, whole[: len(short)])
    assert np.abs(whole[len(short) :]).max() < 1e-5
    assert len(render("crinkle", 1.0, midi=midi, ears="sphere")) == RATE  # what was asked for is what comes


def test_an_empty_file_is_told_and_the_preset_plays(tmp_path) -> None:
    path = tmp_path / "empty.mid"
    mido.MidiFile(tracks=[mido.MidiTrack()]).save(path)
    job = job_of("tap", midi=path, ears="sphere")
    assert job.seconds == 10
    assert any("is empty: the preset plays by itself, for 10 s" in remark for remark in remarks(job))
