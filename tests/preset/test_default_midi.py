"""The automatic mapping: whatever a performer touches does something sensible, and nothing that it should not."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from synth.control.midi.binding import BINDINGS
from synth.control.midi.mapping import RELATIVES, TAKEOVERS, ActionBinding, ControlBinding, Mapping, NoteBinding, Source
from synth.engine.preset import Preset
from synth.preset.default_midi import KNOBS, RULES, automatic, mapping_of
from synth.preset.library import dump, load_preset, preset_names
from synth.trigger import TRIGGERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "midi.md"
EVERY = [*preset_names(), *TRIGGERS]


def _of(mapping: Mapping, number: int) -> list[ControlBinding]:
    return [control for control in mapping.controls if control.source.low == number]


@pytest.mark.parametrize("name", EVERY)
def test_every_key_strikes_one_layer_and_all_layers_are_within_reach(name):
    preset = load_preset(name)
    notes = automatic(preset).notes
    struck = [note.layer for key in range(128) for note in notes if note.source.low <= key <= note.source.high]
    assert len(struck) == 128
    names = [layer.name for layer in preset.layers]
    assert struck[36 : 36 + len(names)] == names
    counts = Counter(struck)
    assert set(counts) == set(names)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert {note.root for note in notes} == ({60} if len(names) == 1 else {None})


@pytest.mark.parametrize("name", EVERY)
def test_controls_move_what_is_there_and_leave_pedals_and_modes_alone(name):
    preset = load_preset(name)
    controls = automatic(preset).controls
    for control in controls:
        parameter = preset.hand_paths[control.layer][control.path]
        assert {parameter.number(control.low), parameter.number(control.high)} == {control.low, control.high}
        assert control.low != control.high
        number = control.source.low
        assert number == control.source.high
        assert number not in (0, 32, 74, *range(64, 70), *range(98, 102))
        assert number < 120
    assert [(c.layer, c.path, c.low, c.high) for c in _of(automatic(preset), 7)] == [("master", "volume_db", -60, 0)]
    assert [(c.layer, c.path, c.low, c.high) for c in _of(automatic(preset), 10)] == [
        (preset.layers[0].name, "azimuth_deg", 90, -90)
    ]


@pytest.mark.parametrize("name", EVERY)
def test_knobs_are_shared_fairly_in_the_order_of_use(name):
    preset = load_preset(name)
    knobs = [control for control in automatic(preset).controls if control.source.low in KNOBS]
    assert len({control.source for control in knobs}) == len(knobs)
    counts = Counter(control.layer for control in knobs)
    if len(preset.layers) <= len(KNOBS):
        assert set(counts) == {layer.name for layer in preset.layers}
        assert max(counts.values()) - min(counts.values()) <= 1
    for layer in preset.layers:
        moved = [control.path for control in knobs if control.layer == layer.name]
        in_order = [parameter.name for parameter in TRIGGERS[layer.trigger].parameters]
        assert moved[: len(in_order)] == in_order[: len(moved)]


def test_the_default_mapping_of_a_large_preset_fits(tmp_path):
    path = tmp_path / "many.toml"
    path.write_text("schema = 1\n" + "".join(f"[[layer]]\ntrigger = 'tap'\nname = '{number}'\n" for number in range(64)))
    found = automatic(load_preset(path))
    assert len(found.notes) + len(found.controls) + len(found.actions) <= BINDINGS


def test_the_wheel_comes_closer_and_the_pedal_never_goes_above_the_layers_own_level():
    preset = load_preset("nails_on_glass")
    mapping = automatic(preset)
    for layer, wheel, pedal in zip(preset.layers, _of(mapping, 1), _of(mapping, 11), strict=True):
        assert wheel.low == layer.value("distance_m") > wheel.high >= 0.05
        assert pedal.high == layer.level_db > pedal.low


@pytest.mark.parametrize("name", EVERY)
def test_programs_call_scenes_then_presets_at_their_own_numbers(name):
    preset = load_preset(name)
    actions = automatic(preset).actions
    assert [action.source.low for action in actions] == list(range(len(actions)))
    assert [action.name for action in actions if action.do == "scene"] == [scene.name for scene in preset.scenes]
    assert all(action.name == preset_names()[action.source.low] for action in actions if action.do == "preset")
    assert len(actions) >= len(preset_names())


@pytest.mark.parametrize("name", EVERY)
def test_it_can_be_written_into_a_preset(name, tmp_path):
    preset = load_preset(name)
    mapping = replace(automatic(preset), is_automatic=False)
    path = tmp_path / f"{name}.toml"
    path.write_text(dump(replace(preset, midi=mapping)), encoding="utf-8")
    found = load_preset(path).midi
    assert (found.notes, found.controls) == (mapping.notes, mapping.controls)
    assert found.actions == tuple(sorted(mapping.actions, key=lambda action: action.do != "scene"))


# ---- with a preset's own


def _with(preset: Preset, **own: object) -> Preset:
    return replace(preset, midi=Mapping(**own))


def test_what_a_preset_binds_is_kept_and_the_rest_is_automatic():
    preset = load_preset("rain")
    whole = automatic(preset)
    note = NoteBinding(Source("note", 0, 3), "rain")
    control = ControlBinding(Source("cc", 20, 20), "rain", "patter", 0, 1)
    action = ActionBinding(Source("cc", 21, 21), "freeze")
    assert mapping_of(_with(preset)) == whole
    assert mapping_of(_with(preset, notes=(note,))) == replace(whole, notes=(note,))
    assert mapping_of(_with(preset, controls=(control,))) == replace(whole, controls=(control,))
    acted = mapping_of(_with(preset, actions=(action,)))
    assert acted.actions == (action,)
    assert acted.notes == whole.notes
    assert set(whole.controls) - set(acted.controls) == set(_of(whole, 21)) != set()
    own = _with(preset, notes=(note,), controls=(control,), actions=(action,))
    assert mapping_of(own) == own.midi
    assert mapping_of(_with(preset, is_complete=True)) == Mapping(is_complete=True)


def test_sources_meet_where_one_message_could_come_from_both():
    knob = Source("cc", 20, 20, 3, "nanoKONTROL2")
    assert knob.meets(Source("cc", 20, 20))
    assert knob.meets(Source("cc", 20, 20, 3, "nano"))
    for other in (Source("cc", 21, 21), Source("cc", 20, 20, 4), Source("cc", 20, 20, 3, "other"), Source("nrpn", 20, 20)):
        assert not knob.meets(other)
        assert not other.meets(knob)


# ---- the page


def test_the_page_says_the_rules():
    text = PAGE.read_text(encoding="utf-8")
    for touched, what in RULES:
        assert f"| {touched} | {what} |" in text
    for word in (*TAKEOVERS, *RELATIVES):
        assert f"`{word}`" in text


def test_the_pages_examples_load(tmp_path):
    blocks = [block.partition("```")[0] for block in PAGE.read_text(encoding="utf-8").split("```toml\n")[1:]]
    assert blocks
    layers = "".join(f'[[layer]]\nname = "{name}"\ntrigger = "tap"\n' for name in ("left nails", "wandering nails"))
    path = tmp_path / "page.toml"
    path.write_text("schema = 1\n" + layers + "\n".join(blocks), encoding="utf-8")
    preset = load_preset(path)
    assert preset.scenes
    assert preset.midi.notes
    assert preset.midi.controls
    assert preset.midi.actions
