"""Offline rendering: the same score, the same bytes, from its frame 0 to its last."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import synth
from synth.dsp.loudness import Loudness
from synth.engine.engine import Engine
from synth.offline.job import job_of
from synth.offline.render import blocks, levelled, render
from synth.offline.stems import stems_of
from synth.parameters.errors import InputError
from synth.preset.assignments import with_values
from synth.preset.library import Cue, load_preset

RATE = 48000
PRESET = Path(__file__).parents[1] / "support" / "nails.toml"
QUIET = ["master.level_db=-30"]
"""So quiet that the limiter has nothing to do."""


@pytest.fixture(scope="module")
def reference():
    return render(PRESET, 1.0, seed=3, ears="sphere")


def test_a_render_is_what_was_asked_for(reference):
    assert reference.shape == (RATE, 2)
    assert reference.dtype == np.float32
    assert np.isfinite(reference).all()
    assert 0.01 < np.abs(reference).max() < 10 ** (-1 / 20)


def test_the_same_seed_gives_the_same_samples(reference):
    np.testing.assert_array_equal(render(PRESET, 1.0, seed=3, ears="sphere"), reference)


def test_another_seed_is_another_performance(reference):
    assert not np.array_equal(render(PRESET, 1.0, seed=4, ears="sphere"), reference)


@pytest.mark.parametrize("frames", [1, 7, 64, 100, 480, 4096])
def test_any_block_size_gives_the_same_samples(frames):
    def play(size, total=9600):
        engine = Engine(RATE, "sphere", 3)
        engine.load(load_preset(PRESET))
        return np.concatenate([engine.process(min(size, total - at)) for at in range(0, total, size)])

    np.testing.assert_array_equal(play(frames), play(9600))


@pytest.mark.parametrize("sample_rate", [44100, 48000, 96000])
def test_frame_0_is_the_scores(sample_rate):
    """Without fades a render is the engine's output without its latency."""
    preset = load_preset("tap")
    engine = Engine(sample_rate, "ku100", 0)
    engine.load(preset)
    whole = engine.process(engine.latency_frames + sample_rate)
    rendered = render(preset, 1.0, sample_rate=sample_rate, fade_in_s=0, fade_out_s=0)
    begin = sample_rate // 50  # the engine's own fade-in is over
    np.testing.assert_allclose(rendered[begin:], whole[engine.latency_frames :][begin:], atol=1e-6)


def test_fades_are_straight_and_end_in_silence():
    plain = render("breath", 2.0, fade_in_s=0, fade_out_s=0, sets=QUIET, ears="sphere")
    faded = render("breath", 2.0, fade_in_s=0.5, fade_out_s=1.0, sets=QUIET, ears="sphere")
    gain = np.interp(np.arange(2 * RATE), [0, RATE // 2, RATE, 2 * RATE - 64], [0, 1, 1, 0])[:, None]
    loud = np.abs(plain[:, 0]) > 0.1 * np.abs(plain).max()
    loud[:512] = False  # the engine's own fade-in
    np.testing.assert_allclose(faded[loud], (gain * plain)[loud], atol=2e-3 * np.abs(plain).max())
    peak = np.abs(plain).max()
    assert np.abs(faded[:16]).max() < 1e-3 * peak
    assert np.abs(faded[-8:]).max() < 1e-6 * peak


def test_a_render_never_ends_with_a_click():
    """Shorter than its usual fades, too."""
    for seconds in (0.01, 0.1, 1.0):
        samples = render("breath", seconds, ears="sphere")
        assert np.abs(samples[-1]).max() < 1e-6


def test_stems_add_up_to_the_mix_where_the_limiter_rests():
    rendered = render(PRESET, 1.0, stems=True, sets=QUIET, ears="sphere")
    assert list(rendered) == ["mix", "left nails", "wandering nails"]
    mix, *stems = rendered.values()
    assert all(np.abs(stem).max() > 0.01 * np.abs(mix).max() for stem in stems)
    np.testing.assert_allclose(sum(stems), mix, atol=1e-5 * np.abs(mix).max())


def test_a_stem_keeps_its_own_cues():
    preset = load_preset(PRESET)
    stems = stems_of(job_of(preset))
    assert {name: len(stem.preset.cues) for name, stem in stems.items()} == {"left nails": 2, "wandering nails": 0}


def test_a_quiet_preset_reaches_a_loudness_far_above_it():
    job = levelled(job_of("rain", seconds=4, ears="sphere", sets=["rain.level_db=-32"]), -20.0)
    assert job.gain_db > 24
    meter = Loudness(job.sample_rate)
    for block in blocks(job):
        meter.add(block)
    assert meter.integrated_lufs == pytest.approx(-20.0, abs=0.5)


def test_the_gain_of_a_render_is_beside_every_level_that_a_stream_sets(tmp_path):
    path = tmp_path / "x.jsonl"
    lines = (f'{{"t": {t / 10}, "values": {{"master.level_db": {level_db}}}}}\n' for t, level_db in enumerate((-60, -70, -50)))
    path.write_text("".join(lines))
    job = job_of("rain", seconds=0.5, ears="sphere", stream=path)
    plain, raised = (np.concatenate(list(blocks(dataclasses.replace(job, gain_db=gain_db)))) for gain_db in (0.0, 10.0))
    assert np.abs(plain).max() > 1e-5
    np.testing.assert_allclose(raised, plain * 10 ** (10 / 20), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("value", ["master.trim_db=3", "trim_db=3"])
def test_no_preset_and_no_stream_sets_the_gain_of_a_render(value):
    with pytest.raises(InputError):
        job_of("rain", sets=[value])
    engine = Engine(48000, "sphere")
    engine.add("tap")
    with pytest.raises(InputError, match="trim_db"):
        engine.stream("model", ["master.trim_db"])


@pytest.mark.parametrize("loudness_lufs", [-40.0, -30.0])
def test_loudness_is_reached(loudness_lufs):
    job = levelled(job_of("breath", seconds=4, ears="sphere"), loudness_lufs)
    meter = Loudness(RATE)
    for block in blocks(job):
        meter.add(block)
    assert meter.integrated_lufs == pytest.approx(loudness_lufs, abs=0.1)


def test_a_cue_acts_at_its_frame_and_again():
    """A level cue every 0.2 s, alternating with one that undoes it, cuts the breath into pieces."""
    still = dataclasses.replace(load_preset("breath"), room={})  # which would ring on
    off = Cue(0.1, "breath", {"level_db": -120.0}, 0.0, 0.4)
    on = Cue(0.3, "breath", {"level_db": 0.0}, 0.0, 0.4)
    cut = render(dataclasses.replace(still, cues=(off, on)), 2.0, fade_out_s=0, sets=QUIET, ears="sphere")
    whole = render(still, 2.0, fade_out_s=0, sets=QUIET, ears="sphere")
    for start_s in np.arange(0.1, 1.8, 0.4):
        silent = slice(round((start_s + 0.13) * RATE), round((start_s + 0.19) * RATE))
        sounding = slice(round((start_s + 0.25) * RATE), round((start_s + 0.39) * RATE))
        assert np.abs(cut[silent]).max() < 1e-2 * np.abs(whole).max()  # the high-pass settles after the rumble, for 0.1 s
        assert cut[sounding].std() == pytest.approx(whole[sounding].std(), rel=0.1)


def test_a_value_can_be_set():
    changed = render("tap", 0.5, sets=["tap.azimuth_deg=-90", "tap.motion.span_deg=0"], ears="sphere")
    other = render("tap", 0.5, sets=["tap.azimuth_deg=90", "tap.motion.span_deg=0"], ears="sphere")
    assert changed[:, 1].std() > 1.5 * changed[:, 0].std()
    assert other[:, 0].std() > 1.5 * other[:, 1].std()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seconds": 0}, r"seconds = 0 is out of range; allowed: 0\.001"),
        ({"seconds": float("nan")}, "seconds = nan"),
        ({"seconds": "ten"}, "seconds = 'ten' is not a number"),
        ({"seed": 1.5}, r"seed = 1\.5"),
        ({"sample_rate": 8000}, r"sample_rate = 8000 is out of range; allowed: 32000 \.\. 192000"),
        ({"sample_rate": float("nan")}, "sample_rate = nan is out of range"),
        ({"fade_in_s": -1}, "fade_in_s = -1 is out of range"),
        ({"fade_in_s": 6, "fade_out_s": 5}, "fade_in_s .* fade_out_s = 11 s is longer than the whole; allowed: at most 10 s"),
        ({"loudness_lufs": 3}, r"loudness_lufs = 3 is out of range; allowed: -60 \.\. -5"),
        ({"seconds": 0.2, "loudness_lufs": -23}, "nothing to measure"),
        ({"seconds": 1, "loudness_lufs": -23, "sets": ["tap.level_db=-120"]}, "nothing to measure"),
    ],
)
def test_what_cannot_be_rendered(arguments, message):
    with pytest.raises(InputError, match=message):
        synth.render("tap", **arguments)


def test_changes_leave_the_preset_as_it_was():
    preset = load_preset("tap")
    with_values(preset, ["tap.hardness=0.1"])
    assert preset == load_preset("tap")
