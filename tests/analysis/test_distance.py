"""Distances: zero to itself, more with more difference, by family; classes, and what a trigger or preset stands for."""

import math
from pathlib import Path

import numpy as np
import pytest

from synth.analysis.classes import apart, ranked, reference
from synth.analysis.comparison import most_off, with_class, with_sound
from synth.analysis.distance import FAMILIES, between, by_family, to_class, weighted
from synth.analysis.measure import mean_of
from synth.offline.measured import class_of, presets_of
from synth.parameters.errors import InputError
from synth.preset.library import init_preset, load_preset, preset_names
from synth.trigger import TRIGGERS

RAIN = reference().classes["rain"]


def shifted(families, by):
    heads = tuple(head for family in families for head in FAMILIES[family])
    return {name: value + by * reference().within[name] * name.startswith(heads) for name, value in RAIN.mean.items()}


@pytest.mark.parametrize("family", FAMILIES)
def test_one_family_off_by_one_spread_is_one_there_and_half_of_the_whole(family):
    off = shifted([family], 1)
    assert by_family(off, RAIN.mean, reference().within) == pytest.approx({f: float(f == family) for f in FAMILIES})
    assert to_class(off, RAIN.mean, reference().within) == pytest.approx(0.5)


def test_all_families_off_by_one_spread_is_one_and_far_off_is_five():
    assert to_class(shifted(FAMILIES, 1), RAIN.mean, reference().within) == pytest.approx(1)
    assert to_class(shifted(FAMILIES, -100), RAIN.mean, reference().within) == pytest.approx(5)


def test_readable_statistics_do_not_count():
    other = {name: value + 1000 * name.startswith("x.") for name, value in RAIN.mean.items()}
    assert to_class(other, RAIN.mean, reference().within) == 0


def test_two_draws_of_one_population_lie_one_apart():
    random = np.random.default_rng(0)
    names = [name for name in reference().spread if not name.startswith("x.")]
    draws = [{name: random.normal(0, reference().spread[name]) for name in names} for _ in range(20)]
    far = [between(one, other, reference().spread) for one, other in zip(draws[::2], draws[1::2], strict=True)]
    assert np.mean(far) == pytest.approx(1, abs=0.05)
    assert apart(draws[0], draws[1]) == far[0] == apart(draws[1], draws[0])


def test_what_is_lacking_is_left_out_and_nothing_is_infinitely_far():
    some = {name: value for name, value in shifted(FAMILIES, 1).items() if not name.startswith(("m.", "L.1"))}
    assert to_class(some | {"cv.1116": math.nan}, RAIN.mean, reference().within) == pytest.approx(1)
    assert to_class({}, RAIN.mean, reference().within) == math.inf


def test_the_squares_of_weighted_differences_add_up_to_the_squared_distance():
    some = {name: value for name, value in shifted(["level", "marginal"], 2).items() if not name.startswith(("m.", "L.1"))}
    for one in (shifted(FAMILIES, 1), shifted(["level"], -100), some):
        found = weighted(one, RAIN.mean, reference().spread)
        assert np.sqrt(np.nansum(np.square(found))) == pytest.approx(between(one, RAIN.mean, reference().spread))
    assert np.isnan(weighted({}, RAIN.mean, reference().spread)).all()


@pytest.mark.parametrize("name", reference().classes)
def test_the_mean_of_a_class_is_nearest_to_it(name):
    kind = reference().classes[name]
    assert next(iter(ranked(kind.mean).items())) == (name, 0)
    beside = with_class(kind.mean, name)
    assert (beside.rank, beside.distance) == (1, 0)
    assert all(difference.z == 0 for difference in beside.off)
    assert kind.recordings > 0
    assert (kind.real_median is None) == (kind.recordings < 3)


def test_what_is_most_off_comes_first():
    worse = {**RAIN.mean, "x.centroid_hz": RAIN.mean["x.centroid_hz"] + 3 * RAIN.sd["x.centroid_hz"], "x.crest_db": 0.0}
    found = most_off(worse, RAIN)
    assert {found[0].name, found[1].name} == {"x.centroid_hz", "x.crest_db"}
    assert next(d.z for d in found if d.name == "x.centroid_hz") == pytest.approx(3, rel=0.01)


def test_another_sound_beside():
    beside = with_sound(RAIN.mean, "twin", RAIN.mean)
    assert (beside.rank, beside.distance, beside.like.name) == (None, 0, "twin")


def test_an_unknown_class_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean 'crumple'"):
        with_class(RAIN.mean, "crumpel")


def test_the_mean_passes_over_what_is_not_measured():
    assert mean_of([{"a": 1.0, "b": math.nan}, {"a": 3.0, "b": 5.0}, {"a": 2.0}]) == {"a": 2, "b": 5}
    assert math.isnan(mean_of([{"a": math.nan}])["a"])


@pytest.mark.parametrize("name", TRIGGERS)
def test_a_trigger_stands_for_classes_that_there_are(name):
    trigger = TRIGGERS[name]
    assert set(trigger.classes) <= set(reference().classes)
    assert not (trigger.classes and trigger.hears)
    choices = {choice for parameter in trigger.parameters for choice in parameter.choices}
    assert {choice for some in trigger.classes.values() for choice in some} <= choices
    for kind, preset in presets_of(name).items():
        assert class_of(preset) == kind or not trigger.classes[kind]


def test_a_preset_stands_for_what_its_first_layer_is():
    assert class_of(init_preset("input")) == ""
    assert class_of(presets_of("tap")["tap_glass"]) == "tap_glass"
    for name in preset_names():
        layer = load_preset(name).layers[0]
        assert class_of(load_preset(name)) in {*TRIGGERS[layer.trigger].classes, ""}


def test_sources_and_licences_are_told_and_no_recording_ships():
    import synth.analysis

    folder = Path(synth.analysis.__file__).parent / "data"
    assert {path.name for path in folder.iterdir()} == {"reference.json", "PROVENANCE.md"}
    assert sum(path.stat().st_size for path in folder.iterdir()) < 300_000
    sources = [line for line in (folder / "PROVENANCE.md").read_text().splitlines() if line.startswith("### ")]
    assert len(sources) > 10
    assert all("MIT" in source or "CC" in source for source in sources)
