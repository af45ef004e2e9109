"""Duels and knobs as a person answers them, on a stage that is none."""

from __future__ import annotations

import numpy as np
import pytest

from synth.cli.exploring.asked_knob import turned_to
from synth.cli.exploring.asking import Question
from synth.cli.exploring.view import View, line_of
from synth.cli.exploring.wishes import Turn
from synth.explore.explorer import Explorer
from synth.explore.macros import grid
from synth.explore.trial import Trial
from tests.cli.exploring.test_live_listener import RATE, Evening

EACH_S = 1.5  # of a duel's sounds, at the least


@pytest.fixture
def evening() -> Evening:
    return Evening()


def asked(kind: str, count: int) -> Trial:
    explorer = Explorer("tap", prior=None)
    vectors = grid(3)[[0, 8][:count]] if kind == "duel" else grid(3)[np.arange(count) * 81]
    return Trial(5, kind, vectors[0], explorer.preset, explorer.macros, vectors)


@pytest.fixture(scope="module")
def duel() -> Trial:
    return asked("duel", 2)


@pytest.fixture(scope="module")
def knob() -> Trial:
    return asked("knob", 9)


@pytest.mark.parametrize(
    ("keys", "answer", "is_disliked"),
    [
        ([(6.0, "left")], 0.0, False),
        ([(6.0, "right")], 1.0, False),
        ([(6.0, "enter")], 0.5, False),
        ([(3.9, "right")], 1.0, False),  # while the second sounds
        ([(0.5, "left"), (6.0, "right")], 1.0, False),  # too early: only one was heard
        ([(0.5, "x")], 1.0, True),
        ([(3.5, "x")], 0.0, True),
        ([(0.5, "x"), (3.5, "x")], 0.5, True),
    ],
)
def test_a_duel_is_answered_once_both_were_heard(
    evening: Evening, duel: Trial, keys: list[tuple[float, str]], answer: float, is_disliked: bool
) -> None:
    for at_s, key in keys:
        evening.at(at_s, key)
    found = evening.listener.hear(duel)
    assert found is not None
    assert (found.hold.tolist(), found.disliked) == ([answer], is_disliked)
    assert [preset for _, preset in evening.stage.ones] == list(duel.presets)
    assert len(evening.stage.fades) == len(evening.stage.cleared) == 2


def test_each_sound_of_a_duel_fades_in_place(evening: Evening, duel: Trial) -> None:
    evening.at(7.0, "left")
    evening.listener.hear(duel)
    starts = [start for start, _ in evening.stage.ones]
    assert evening.stage.fades == [start + round((EACH_S - 0.3) * RATE) for start in starts]
    assert starts[1] - starts[0] >= (EACH_S + 1.0) * RATE


def test_a_duel_that_is_broken_off_begins_anew(evening: Evening, duel: Trial) -> None:
    evening.at(3.5, "escape")
    evening.at(5.0, "p")
    evening.at(12.0, "right")
    assert evening.listener.hear(duel) is not None
    assert len(evening.stage.ones) == 4


def test_a_knob_is_heard_where_it_is_turned_to_and_left_there(evening: Evening, knob: Trial) -> None:
    evening.at(1.0, lambda: evening.wishes.wish("turn", 0.5) or evening.wishes.take_in())  # type: ignore[func-returns-value]
    evening.at(2.0, "right")
    evening.at(2.05, "right")  # a quick turn passes over what lies between
    evening.at(4.0, "enter")
    found = evening.listener.hear(knob)
    assert found is not None
    assert found.hold.tolist() == [6 / 8]
    heard = [knob.presets.index(preset) for _, preset in evening.stage.ones]
    assert heard[1:] == [4, 6]
    assert evening.stage.cleared


def test_what_is_unpleasant_on_a_knob_is_told_with_its_place(evening: Evening, knob: Trial) -> None:
    evening.at(1.0, lambda: evening.wishes.wish("turn", 0.0) or evening.wishes.take_in())  # type: ignore[func-returns-value]
    evening.at(2.0, "x")
    found = evening.listener.hear(knob)
    assert found is not None
    assert (found.hold.tolist(), found.disliked) == ([0.0], True)


def test_a_knob_sounds_for_a_minute_and_waits_for_its_answer(evening: Evening, knob: Trial) -> None:
    evening.at(30.0, "right")
    evening.at(90.0, "enter")
    assert evening.listener.hear(knob) is not None
    assert "a minute" in evening.said[0]
    assert len(evening.stage.ones) == 2
    assert evening.stage.fades[0] == pytest.approx(60 * RATE, abs=RATE)


def test_what_is_said_before_anything_was_heard_is_no_answer(evening: Evening, knob: Trial, duel: Trial) -> None:
    """A key that is pressed twice, or held, answers one question."""
    for at_s in (0.1, 0.5, 2.0):
        evening.at(at_s, "enter")
    evening.at(3.0, "right")
    evening.at(3.05, "enter")  # before the new place is heard: it waits for it
    found = evening.listener.hear(knob)
    assert found is not None
    assert len(evening.stage.ones) == 2
    begun_s = evening.stage.frame / RATE
    evening.at(begun_s + 2.7, "enter")  # the second sound has just begun
    evening.at(begun_s + 8.0, "left")
    found = evening.listener.hear(duel)
    assert found is not None
    assert found.hold.tolist() == [0.0]


@pytest.mark.parametrize("keys", [[(0.5, "x"), (0.65, "escape")], [(0.5, "escape"), (1.5, "x")]])
def test_what_is_unpleasant_and_broken_off_is_told_and_not_played_again(evening: Evening, keys: list[tuple[float, str]]) -> None:
    for at_s, key in keys:
        evening.at(at_s, key)
    evening.at(3.0, "p")
    found = evening.listener.hear(Explorer("tap", prior=None).ask())
    assert found is not None
    assert found.disliked
    assert len(evening.stage.begun) == 1


def test_of_a_duel_that_is_broken_off_what_is_unpleasant_is_not_played_again(evening: Evening, duel: Trial) -> None:
    for at_s, key in ((0.5, "x"), (0.7, "escape"), (2.0, "p")):
        evening.at(at_s, key)
    found = evening.listener.hear(duel)
    assert found is not None
    assert (found.hold.tolist(), found.disliked) == ([1.0], True)
    assert [preset for _, preset in evening.stage.ones] == list(duel.presets)


def test_what_a_waiting_duel_hears_of_dislike_is_of_the_second(evening: Evening, duel: Trial) -> None:
    evening.at(7.0, "x")
    found = evening.listener.hear(duel)
    assert found is not None
    assert (found.hold.tolist(), found.disliked) == ([0.0], True)


def test_silence_between_two_sounds_is_not_passed_over(evening: Evening, knob: Trial) -> None:
    evening.at(1.0, "right")
    evening.at(2.0, "enter")
    evening.at(2.15, "escape")  # in the fade of the answer
    assert evening.listener.hear(knob) is not None
    count = len(evening.stage.ones)
    evening.at(evening.stage.frame / RATE + 5.0, "q")
    assert evening.listener.hear(knob) is None
    assert len(evening.stage.ones) == count  # nothing more was played


def test_a_knob_begins_at_places_that_differ_from_trial_to_trial(knob: Trial) -> None:
    firsts = {int(np.random.default_rng([0, number]).integers(9)) for number in range(30)}
    assert len(firsts) > 5


def test_turns_end_at_the_ends() -> None:
    assert [turned_to(0, Turn(by=-1), 8), turned_to(8, Turn(by=1), 8), turned_to(3, Turn(to=1.0), 8)] == [0, 8, 8]


def test_the_line_says_what_is_asked() -> None:
    for question, what in ((Question("duel", 1), "the second sound"), (Question("duel"), "which tingled more?")):
        line = line_of(View("A tap", 83, 83, question=question), False)
        assert what in line
        assert "enter neither" in line[:79]
    line = line_of(View("A tap", 83, 83, question=Question("knob", None, 0.25, 9)), True)
    assert "(--o------)" in line
    assert "enter it stays here" in line[:79]


def test_nobody_leaves_a_knob_where_it_is_unpleasant() -> None:
    explorer = Explorer("tap", prior=None, questions="auto")
    vectors = [vector.tolist() for vector in grid(3)[np.arange(9) * 81]]
    event = {"event": "told", "number": 0, "kind": "knob", "vector": vectors[0], "vectors": vectors, "hold": [0.5]}
    explorer.history.add(event | {"disliked": True})
    assert len(explorer.history.model.comparisons) == 0
    explorer.history.add(event | {"number": 1})
    assert len(explorer.history.model.comparisons) > 0
