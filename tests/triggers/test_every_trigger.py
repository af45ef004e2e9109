"""What every registered trigger must do, those of other packages included.

One test a promise of docs/internals/adding-a-trigger.md.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.parameters.parameter import UNITS
from synth.rt.units import QUANTUM
from synth.trigger import TRIGGERS
from tests.support.dry import DryVoice
from tests.support.measures import HIGHEST_HZ, RATES
from tests.support.sizes import short_and_long

SILENCE = 10 ** (-110 / 20)
ROUNDING = 1e-6  # samples that are added up in another order differ in their last bits
MOST_SEEDS = 96
EXAMPLES = settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])

pytestmark = pytest.mark.parametrize("name", list(TRIGGERS))


def frames(seconds: float, sample_rate: float = 48000) -> int:
    return math.ceil(seconds * sample_rate / QUANTUM) * QUANTUM


def struck(
    name: str, seed: int = 1, sample_rate: float = 48000, velocity: float = 0.8, note: dict | None = None, **params
) -> DryVoice:
    voice = DryVoice(TRIGGERS[name], seed, sample_rate, **params)
    voice.set(**(note or {}))
    voice.strike(velocity)
    return voice


def spectrum(x: np.ndarray, sample_rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the energy in each hertz below 16 kHz, in units of amplitude^2 seconds, and the hertz."""
    hertz = np.fft.rfftfreq(x.size, 1 / sample_rate)
    energy = 2 * np.abs(np.fft.rfft(x.astype(float))) ** 2 / x.size / sample_rate
    return energy[hertz < HIGHEST_HZ], hertz[hertz < HIGHEST_HZ]


def any_params(name: str) -> st.SearchStrategy[dict]:
    """Any point of the parameter space, corners most of all."""

    def value(parameter):
        if parameter.choices:
            return st.sampled_from(parameter.choices)
        ends = st.sampled_from([parameter.low, parameter.high, parameter.default_number])
        return st.one_of(
            ends, ends, st.floats(0, 1).map(parameter.from_unit).map(lambda x: min(max(x, parameter.low), parameter.high))
        )

    return st.fixed_dictionaries({p.name: value(p) for p in TRIGGERS[name].parameters})


ANY_NOTE = st.fixed_dictionaries(
    {
        "pitch": st.sampled_from([-48.0, -12.0, 0.0, 12.0, 48.0]),
        "bend": st.sampled_from([-2.0, 0.0, 2.0]),
        "timbre": st.sampled_from([0.0, 0.5, 1.0]),
    }
)


def test_it_describes_itself(name: str) -> None:
    trigger = TRIGGERS[name]
    assert trigger.name == name
    assert trigger.doc
    assert len(trigger.summary) > 10
    assert 4 <= len(trigger.parameters) <= 12
    for parameter in trigger.parameters:
        suffix = max((unit for unit in UNITS if unit and parameter.name.endswith("_" + unit)), key=len, default="")
        assert len(parameter.doc) > 5, parameter.name
        assert parameter.unit == suffix, f"{parameter.name}: unit '{parameter.unit}', but the name says '{suffix}'"


def test_it_compiles_for_one_signature(name: str) -> None:
    voice = struck(name)
    voice.render(QUANTUM)
    voice.trigger.render(voice.state[0], voice.params[0], voice.gate, voice.sample_rate, voice.emitters[0], 0, QUANTUM)
    assert len(voice.trigger.strike.signatures) == 1
    assert len(voice.trigger.render.signatures) == 1


@short_and_long("examples", 20, 300)
def test_it_is_finite_everywhere(name: str, examples: int) -> None:
    @settings(EXAMPLES, max_examples=examples)
    @given(
        any_params(name),
        ANY_NOTE,
        st.sampled_from([0.0, 0.01, 0.5, 1.0]),
        st.sampled_from([32000, *RATES, 192000]),
        st.integers(1, 99),
    )
    def holds(params, note, velocity, sample_rate, seed):
        voice = struck(name, seed, sample_rate, velocity, note, **params)
        sound = [voice.render(frames(0.15, sample_rate))]
        voice.set(pressure=0.0)
        sound.append(voice.render(frames(0.03, sample_rate)))
        voice.release()
        sound = np.concatenate([*sound, voice.render(frames(0.05, sample_rate))], axis=1)
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() < 60
        assert voice.is_intact

    holds()


@short_and_long("seeds", 3, 30)
def test_it_is_finite_while_everything_wanders(name: str, seeds: int) -> None:
    parameters = [p for p in TRIGGERS[name].parameters if not p.choices]
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        voice = struck(name, seed + 1, RATES[seed % 3])
        at = np.array([p.to_unit(p.default_number) for p in parameters])
        for step in range(250):
            at = np.clip(at + rng.normal(0, 0.15, at.size), 0, 1)
            note = {"pressure": rng.uniform(), "bend": rng.normal(0, 2), "pitch": rng.normal(0, 12)}
            values = {p.name: min(max(p.from_unit(x), p.low), p.high) for p, x in zip(parameters, at, strict=True)}
            voice.set(**values, **note)
            if step % 100 == 99:
                voice.release()
            sound = voice.render(QUANTUM)
            assert np.isfinite(sound).all(), (seed, step)
            assert np.abs(sound).max() < 60, (seed, step)
        assert voice.is_intact


def test_the_same_seed_gives_the_same_sound(name: str) -> None:
    first, again, other = (struck(name, seed).render(frames(0.4)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first).max() > 0
    assert (first != other).any()


def some_params(name: str, seed: int) -> dict:
    """A point of the parameter space: the defaults for seed 0, chosen by chance otherwise."""
    rng = np.random.default_rng(seed)
    positions = {p: rng.uniform() for p in TRIGGERS[name].parameters}
    return {p.name: min(max(p.from_unit(x), p.low), p.high) for p, x in positions.items()} if seed else {}


@pytest.mark.parametrize("split", [1, 23, 63])
@short_and_long("points", 3, 30)
def test_nothing_depends_on_where_a_quantum_is_split(name: str, split: int, points: int) -> None:
    for point in range(points):
        params, rate = some_params(name, point), RATES[point % 3]
        whole, parts = struck(name, 5, rate, **params), struck(name, 5, rate, **params)
        for expected, found in (
            (whole.render(frames(0.3)), parts.render(frames(0.3), split)),
            (whole.render_parts((0, 23, 64), 23), parts.render_parts((0, 5, 23, 24, 60, 64), 23)),
            (whole.render(frames(0.3)), parts.render(frames(0.3), split)),
        ):
            rounding = ROUNDING * max(1.0, np.abs(expected).max())
            np.testing.assert_allclose(found, expected, rtol=0, atol=rounding, err_msg=str(params))


@short_and_long("every", 3, 1)
def test_it_is_silent_within_its_tail(name: str, every: int) -> None:
    """At the default, with all parameters high or low, and with each of them, or every third, high or low by itself."""
    trigger = TRIGGERS[name]
    plain = [p for p in trigger.parameters if not p.choices]
    settings_ = [{}, {p.name: p.high for p in plain}, {p.name: p.low for p in plain}]
    settings_ += ([{p.name: p.high} for p in plain] + [{p.name: p.low} for p in plain])[::every]
    for seed, params in enumerate(settings_):
        voice = struck(name, seed + 1, velocity=1.0, **params)
        voice.render(frames(0.3))
        voice.release()
        voice.render(frames(trigger.tail_s))
        alive = voice.slots["life"] != 0
        assert np.abs(voice.render(frames(0.05))).max() < SILENCE, params
        leaked = alive & (voice.slots["follow"] == 0)
        assert not leaked.any(), f"{leaked.sum()} emitters never let go, with {params}"


@short_and_long("seeds", 12, 32)
def test_a_stronger_strike_is_louder(name: str, seeds: int) -> None:
    def level(velocity):
        return np.mean(
            [
                np.square(struck(name, seed, velocity=velocity).render(frames(0.5)).sum(0), dtype=float).mean()
                for seed in range(1, seeds + 1)
            ]
        )

    levels = [level(velocity) for velocity in (0.2, 0.45, 0.7, 1.0)]
    assert levels == sorted(levels)
    assert levels[-1] > 2 * levels[0]


@short_and_long("seeds", 12, 24)
def test_a_pitch_moves_the_spectrum_as_it_says_or_not_at_all(name: str, seeds: int) -> None:
    """Either the note's pitch changes nothing at all, or it moves the spectrum the way it says."""

    def energy(pitch):
        return functools.reduce(
            np.add,
            (
                spectrum(struck(name, seed, note={"pitch": pitch}).render(frames(0.5)).sum(0), 48000)[0]
                for seed in range(1, seeds + 1)
            ),
        )

    lower, same, higher = energy(-12.0), energy(0.0), energy(12.0)
    if np.array_equal(lower, same) and np.array_equal(higher, same):
        return
    hertz = np.arange(same.size) * 48000 / frames(0.5)
    for below, above in ((lower, same), (same, higher)):
        rise = (above * hertz).sum() / above.sum() / ((below * hertz).sum() / below.sum())
        assert rise > 1.1 or octave_up(below, above) > 0


def octave_up(before: np.ndarray, after: np.ndarray) -> float:
    """Return how much better a spectrum (0.5 s at 48 kHz) matches another an octave up than an octave down."""
    bands = 93
    edges = 60 * 2 ** (np.arange(bands + 1) / 12)
    hertz = np.arange(before.size) * 48000 / frames(0.5)
    shapes = []
    for energy in (before, after):
        level = np.log(np.histogram(hertz, edges, weights=energy)[0] + 1e-9 * energy.sum())
        shapes.append(level - np.convolve(np.pad(level, 9, mode="edge"), np.ones(19) / 19, "valid"))
    return sum(np.mean(shapes[1][lag:] * shapes[0][:-lag]) - np.mean(shapes[0][lag:] * shapes[1][:-lag]) for lag in range(9, 16))


def second_differences(name: str, parameter: str, value: float | None, seed: int, start: float | None = None) -> float:
    """Return the largest second difference within 20 ms of a glide that lasts its smoothing (or of none)."""
    voice = struck(name, seed)
    if start is not None:
        voice.set(**{parameter: start})
    voice.render(frames(0.1))
    sound = [voice.glide(parameter, value if value is not None else float(voice.params[parameter][0]))]
    sound.append(voice.render(frames(0.02)))
    return float(np.abs(np.diff(np.concatenate(sound, axis=1).astype(float), 2, axis=1)).max())


@short_and_long("seeds", 11, 20)
def test_a_step_of_a_parameter_does_not_click(name: str, seeds: int) -> None:
    trigger = TRIGGERS[name]
    ranges = {p.name: (p.low, p.high) for p in trigger.parameters if not p.choices} | {
        "pressure": (0.0, 1.0),
        "bend": (-2.0, 2.0),
    }
    clicks = {}
    for parameter, ends in ranges.items():
        for start, end in (ends, ends[::-1]):
            ratios = []
            for seed in range(1, seeds + 1):
                before = second_differences(name, parameter, None, seed, start)
                after = second_differences(name, parameter, None, seed, end)
                step = second_differences(name, parameter, end, seed, start)
                ratios.append(step / max(before, after, 1e-7))
            if np.median(ratios) > 1.5:
                clicks[f"{parameter} {start:g} -> {end:g}"] = round(float(np.median(ratios)), 2)
    assert not clicks


@functools.cache
def held_spectra(name: str) -> tuple[np.ndarray, ...]:
    """Return log level, log centroid and log births of many seeds at the three rates, each (seeds, 3)."""
    seconds = 1.5
    levels, centroids, births = [], [], []
    for seed in range(1, MOST_SEEDS + 1):
        row = []
        for rate in RATES:
            voice = struck(name, seed, rate)
            energy, hertz = spectrum(voice.render(frames(seconds, rate)).sum(0), rate)
            row.append((energy.sum(), (energy * hertz).sum() / energy.sum(), voice.births))
        level, centroid, born = zip(*row, strict=True)
        levels.append(10 * np.log10(level))
        centroids.append(np.log(centroid))
        births.append(np.log(born))
        if (
            seed >= 12
            and seed % 12 == 0
            and _error(levels) < 1 / 3
            and _error(centroids) < 0.05 / 3
            and _error(births) < 0.05 / 3
        ):
            break
    return np.array(levels), np.array(centroids), np.array(births)


def _error(rows: list) -> float:
    """Return the largest standard error of the differences between rates, seed by seed."""
    values = np.array(rows)
    return float((np.std(values - values[:, 1:2], axis=0, ddof=1) / math.sqrt(len(values))).max())


@pytest.mark.parametrize(("quantity", "bound"), [("level", 1.0), ("centroid", 0.05), ("events", 0.05)])
def test_it_is_the_same_at_every_sample_rate(name: str, quantity: str, bound: float) -> None:
    """Level within 1 dB, centroid and rate of micro-events within 5 %, seed by seed against 48 kHz."""
    values = held_spectra(name)[("level", "centroid", "events").index(quantity)]
    apart = (values - values[:, 1:2]).mean(axis=0)
    assert _error(values) <= bound / 3, "too few seeds to tell"
    assert np.abs(apart).max() < bound, dict(zip(RATES, apart.round(3), strict=True))
