"""Simulated listeners: they hear audio alone, answer by what they hear, late and with noise; some feel nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import synth.explore.listeners as listeners_package
from synth.explore.hold import score_of
from synth.explore.listeners.family import FAMILIES, listener_of
from synth.explore.listeners.measures import NAMES, hear
from synth.explore.listeners.taste import BROAD, Ground
from synth.explore.trial import flat_noise
from synth.parameters.errors import InputError

RATE_HZ = 48000


def _ground() -> Ground:
    rng = np.random.default_rng(0)
    return Ground.of(rng.uniform(-1, 1, (729, len(NAMES))) * [6, 10, 0.5, 0.2, 3, 4])


GROUND = _ground()
MEASURES = GROUND.reachable * GROUND.spread + GROUND.mean


def _noise(left: float, right: float, seconds: float = 2.0, rate_hz: float = 0.0) -> np.ndarray:
    rng, frames = np.random.default_rng(1), round(seconds * RATE_HZ)
    noise = rng.normal(size=(frames, 2)) * [left, right] * 0.05
    at_s = np.arange(frames) / RATE_HZ
    return (noise * (np.sin(2 * np.pi * rate_hz * at_s) > 0.5 if rate_hz else 1)[..., None]) if rate_hz else noise


def test_ears_measure_what_they_say() -> None:
    even, left = hear(_noise(1, 1), RATE_HZ), hear(_noise(1, 0.1), RATE_HZ)
    assert left[NAMES.index("nearness")] > even[NAMES.index("nearness")] + 10
    slow, quick = (hear(_noise(1, 1, 4, rate), RATE_HZ)[NAMES.index("pace")] for rate in (1.0, 6.0))
    assert quick - slow > 1
    white, pink = hear(_noise(1, 1), RATE_HZ), hear(flat_noise(2.0, RATE_HZ, 0), RATE_HZ)
    assert pink[NAMES.index("darkness")] > white[NAMES.index("darkness")]


@pytest.mark.parametrize("audio", [np.zeros((4800, 2)), np.ones((4800, 2)), np.eye(4800, 2)])
def test_ears_give_numbers_for_whatever_is_heard(audio: np.ndarray) -> None:
    assert np.isfinite(hear(audio, RATE_HZ)).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_listener_of_a_number_is_the_same_every_time(family: str) -> None:
    one, other = (listener_of(family, 3, GROUND) for _ in range(2))
    assert (one.respond(MEASURES[5], 17.0, 20.0) == other.respond(MEASURES[5], 17.0, 20.0)).all()
    assert not np.array_equal(one.utility(MEASURES), listener_of(family, 4, GROUND).utility(MEASURES)) or family == "null"


def test_utility_runs_from_0_to_1_and_its_peak_is_narrow() -> None:
    for number in range(9):
        listener = listener_of("graded", number, GROUND)
        worth = listener.utility(MEASURES)
        assert worth.min() >= 0
        assert 0.95 < worth.max() <= 1
        assert listener.taste.broad(MEASURES).max() == pytest.approx(BROAD)
        assert np.mean(listener.taste.on_peak(MEASURES) > 0.5) < 0.05


def test_holds_follow_utility_after_the_lag() -> None:
    for family in ("graded", "button", "oracle"):
        listener = listener_of(family, 1, GROUND)
        worth = listener.utility(MEASURES)
        good, bad = int(worth.argmax()), int(worth.argmin())
        means = [
            np.mean([score_of(listener.respond(MEASURES[at], 17.0, 20.0), listener.lag_s).value for _ in range(20)])
            for at in (good, bad)
        ]
        assert means[0] > means[1] + 0.3, family
        hold = listener.respond(MEASURES[good], 17.0, 20.0)
        assert hold.shape == (1000,)
        assert 0 <= hold.min() <= hold.max() <= 1


def test_who_feels_nothing_answers_alike_to_everything() -> None:
    listener = listener_of("null", 0, GROUND)
    assert np.ptp(listener.utility(MEASURES)) == 0
    assert listener.utility(MEASURES)[0] == pytest.approx(0.08)


def test_who_cannot_bear_something_says_so() -> None:
    listener = listener_of("averse", 2, GROUND)
    bad = np.flatnonzero(listener.is_unbearable(MEASURES))
    assert 0.03 < len(bad) / len(MEASURES) < 0.1
    said = []
    for _ in range(40):
        listener.respond(MEASURES[bad[0]], 17.0, 20.0)
        said.append(listener.disliked)
    assert np.mean(said) > 0.8


def test_habits_wear_off() -> None:
    listener = listener_of("graded", 6, GROUND)
    assert listener.kind.tires
    good = int(listener.utility(MEASURES).argmax())
    first = [score_of(listener.respond(MEASURES[good], 17.0, 20.0), listener.lag_s).value for _ in range(12)]
    listener.rest()
    rested = score_of(listener.respond(MEASURES[good], 17.0, 20.0), listener.lag_s).value
    assert np.mean(first[-4:]) < first[0] + 0.05
    assert rested > np.mean(first[-6:]) - 0.1


def test_listen_takes_audio_of_any_length() -> None:
    listener = listener_of("graded", 0, GROUND)
    audio = np.concatenate([_noise(1, 0.5, 3.0), np.zeros((RATE_HZ, 2))])
    hold = listener.listen(audio, RATE_HZ)
    assert hold.shape == (200,)
    assert hold[-5:].max() < 0.2 + hold.max()


def test_listeners_know_no_parameter_and_not_the_models_vector() -> None:
    folder = Path(listeners_package.__file__).parent
    for path in folder.glob("*.py"):
        names = {
            f"{node.module}" for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
        }
        assert not [name for name in names if "sound_numbers" in name or "response_model" in name or "analysis" in name], path


def test_a_family_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="unknown family"):
        listener_of("gradd", 0, GROUND)
