"""The kernels in WebAssembly make what the processor makes: presets, other seeds, cues, files, hands and MIDI; in node."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from synth.engine import event
from synth.engine.midi_map import MidiMap
from synth.page.ears import SAMPLE_RATE
from synth.preset.default_midi import mapping_of
from synth.preset.library import load_preset, preset_names
from synth.rt.records import Samples
from tests.support import pages
from tests.support.needs import needs_node, needs_wasm
from tests.support.sizes import short_and_long

pytestmark = [needs_wasm, needs_node, pytest.mark.xdist_group("page")]

_OWN = """
schema = 1
level_db = -6
[[layer]]
name = "own.sound"
trigger = "input"
sound = { file = "sound.wav" }
gesture = { kind = "hold" }
[[layer]]
name = "tap"
trigger = "tap"
motion = { kind = "orbit", period_s = 2 }
[[cue]]
at_s = 0.3
every_s = 0.7
over_s = 0.1
layer = "tap"
set = { distance_m = 1.5 }
[[cue]]
at_s = 0.6
every_s = 0.7
layer = "tap"
set = { distance_m = 0.1 }
"""


def _apart(found: Samples, wanted: Samples) -> float:
    assert np.abs(wanted).max() > 1e-3, "nothing is heard"
    return float(np.abs(found - wanted).max())


def test_presets_sound_as_they_do_natively(page: Path, tmp_path: Path) -> None:
    frames = 4 * SAMPLE_RATE
    cases = [
        ("tap", 0, "sphere"),
        ("nails_on_glass", 7, "ku100"),
        ("whispers_ear_to_ear", -3, "sphere"),
        ("rain_on_tent", 2**62, "ku100"),
    ]
    jobs = [{"preset": name, "seed": str(seed), "ears": ears, "frames": frames} for name, seed, ears in cases]
    for (name, seed, ears), (found, counted) in zip(cases, pages.rendered(page, tmp_path, jobs), strict=True):
        assert _apart(found, pages.native(name, seed, ears).process(frames)) < pages.CLOSE, name
        assert counted["scrubbed"] == counted["muted"] == counted["dropped_events"] == 0


@short_and_long("names", preset_names()[5:6], preset_names())
def test_every_preset_sounds_as_it_does_natively(names: list[str], wasm: Path, tmp_path: Path) -> None:
    page = pages.exported(tmp_path / "page", wasm, names)
    frames = 10 * SAMPLE_RATE if len(names) > 1 else 2 * SAMPLE_RATE
    jobs = [{"preset": name, "seed": "11", "frames": frames} for name in names]
    far = {}
    for name, (found, _) in zip(names, pages.rendered(page, tmp_path, jobs), strict=True):
        apart = _apart(found, pages.native(name, 11).process(frames))
        if not apart < pages.CLOSE:
            far[name] = apart
    assert far == {}


def test_cues_and_sound_files_of_a_preset_of_ones_own(wasm: Path, tmp_path: Path) -> None:
    import soundfile

    soundfile.write(tmp_path / "sound.wav", 0.2 * np.sin(np.arange(30000) * 0.05), SAMPLE_RATE)
    preset = tmp_path / "own.toml"
    preset.write_text(_OWN)
    page = pages.exported(tmp_path / "page", wasm, [str(preset)])
    frames = 3 * SAMPLE_RATE
    [(found, _)] = pages.rendered(page, tmp_path, [{"preset": "own", "seed": "0", "frames": frames}])
    assert _apart(found, pages.native(str(preset)).process(frames)) < pages.CLOSE


def test_hands_and_midi_do_what_they_do_natively(page: Path, tmp_path: Path) -> None:
    engine = pages.native("nails_on_glass", 5)
    MidiMap(engine, mapping_of(load_preset("nails_on_glass")), {layer.name: layer for layer in engine.layers}, {0: "page"})
    layer = engine.layers[0]
    slot, _ = layer.slot("azimuth_deg")
    sent = event.set_number(layer, slot, -80.0, 24000, 0)
    struck = event.strike(layer, 1 << 20, 0.9, 0.0)
    as_told = [{name: value for name, value in each._asdict().items() if name != "frame"} for each in (sent, struck)]
    keys = [0x90, 72, 100, 0xB0, 7, 90]
    job = {
        "preset": "nails_on_glass",
        "seed": "5",
        "frames": 3 * SAMPLE_RATE,
        "events": [[48000, as_told[0]], [60032, as_told[1]]],
    }
    [(found, _)] = pages.rendered(page, tmp_path, [{**job, "midi": [[24064, keys]]}])
    parts = [engine.process(24064)]
    engine.push_midi(0, bytes(keys))
    parts.append(engine.process(48000 - 24064))
    engine.set(layer, ramp_s=0.5, azimuth_deg=-80)
    parts.append(engine.process(60032 - 48000))
    engine.strike(layer, 0.9)
    parts.append(engine.process(3 * SAMPLE_RATE - 60032))
    assert _apart(found, np.concatenate(parts)) < pages.CLOSE


def test_another_seed_is_another_performance(page: Path, tmp_path: Path) -> None:
    jobs = [{"preset": "demo", "seed": str(seed), "frames": SAMPLE_RATE} for seed in (1, 2)]
    (first, _), (second, _) = pages.rendered(page, tmp_path, jobs)
    assert _apart(first, second) > 1e-3


@pytest.mark.soak
def test_a_multiply_add_that_rounds_once_leaves_nearly_nothing(tmp_path: Path) -> None:
    names = ("tap", "nails_on_glass", "rain_on_tent", "demo")
    page = pages.exported(tmp_path / "page", pages.built(tmp_path / "exact.wasm", "--exact"), names)
    frames = 10 * SAMPLE_RATE
    for name, (found, _) in zip(
        names, pages.rendered(page, tmp_path, [{"preset": name, "frames": frames} for name in names]), strict=True
    ):
        assert _apart(found, pages.native(name).process(frames)) < 1e-7, name
