"""A person who is asked, on a stage that is none: what is played, what is answered, and what breaks a trial off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

import synth
from synth.cli.exploring.asking import Asking, Timing
from synth.cli.exploring.live_listener import LiveListener
from synth.cli.exploring.sham import sham_inputs, sham_preset
from synth.cli.exploring.view import View, line_of
from synth.cli.exploring.wishes import Wishes
from synth.cli.terminal.key_codes import TELLS_RELEASES
from synth.engine.engine import Engine
from synth.explore.explorer import Explorer
from synth.explore.session import run_session
from synth.explore.trial import Trial, flat_noise

RATE = 1000.0
LATENCY = 60
TIMING = Timing(2.0, 1.0)


class Stage:
    """Keeps what was asked of it; its clock goes as it is told. The hold is `amount` from its frames on."""

    sample_rate = RATE

    def __init__(self) -> None:
        self.frame, self.is_playing = 0, True
        self.begun: list[tuple[int, Trial]] = []
        self.ones: list[tuple[int, synth.Preset]] = []
        self.fades: list[int] = []
        self.cleared: list[int] = []
        self.amounts: list[tuple[int, float]] = [(0, 0.0)]
        self.is_known = True

    def begin(self, trial: Trial, seconds: float) -> int:
        self.begun.append((self.frame + 7, trial))
        return self.frame + 7

    def begin_one(self, preset: synth.Preset, seed: int) -> int:
        self.ones.append((self.frame + 7, preset))
        return self.frame + 7

    def fade(self, at: int | None = None) -> None:
        self.fades.append(self.frame if at is None else at)

    def clear(self) -> None:
        self.cleared.append(self.frame)

    def hold(self, start: int, stop: int) -> npt.NDArray[np.float64] | None:
        if not self.is_known or self.frame < stop + LATENCY:
            return None
        frames = np.arange(start, stop, RATE / 50) + LATENCY
        at = np.array([frame for frame, _ in self.amounts])
        return np.array([amount for _, amount in self.amounts])[np.searchsorted(at, frames, side="right") - 1]


class Evening:
    """A listener before a stage, with what happens at which moment (in seconds since the beginning)."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.wishes = Wishes(self.act, lambda amount: self.act("tingle", amount))
        self.said: list[str] = []
        self.acts: list[tuple[str, float]] = []
        self.coming: list[tuple[float, Callable[[], object]]] = []
        self.asking = Asking(self.stage, self.wishes, self.attend, self.said.append, TIMING)
        self.listener = LiveListener(self.asking)

    def act(self, name: str, argument: float) -> None:
        self.acts.append((name, argument))
        if name == "tingle":
            self.stage.amounts.append((self.stage.frame, argument))

    def at(self, seconds: float, what: str | Callable[[], object]) -> None:
        self.coming.append((seconds, (lambda: self.wishes.press(what)) if isinstance(what, str) else what))

    def attend(self, seconds: float) -> bool:
        self.stage.frame += round(seconds * RATE)
        now_s = self.stage.frame / RATE
        assert now_s < 600, "it waits without end"
        due = [each for each in self.coming if each[0] <= now_s]
        self.coming = [each for each in self.coming if each[0] > now_s]
        for _, what in due:
            what()
        return True


@pytest.fixture
def evening() -> Evening:
    return Evening()


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Explorer("tap", prior=None).ask()


def test_a_hold_answers_the_sound_that_was_heard_when_it_was_said(evening: Evening, trial: Trial) -> None:
    evening.at(1.0, "space")
    evening.at(1.5, "space")
    answer = evening.listener.hear(trial)
    assert answer is not None
    assert not answer.disliked
    ((start, played),) = evening.stage.begun
    assert played is trial
    assert answer.hold.shape == (150,)  # three seconds at 50 Hz
    begins, ends = np.flatnonzero(np.diff(answer.hold)) / 50 + 1 / 50
    assert begins == pytest.approx((1.0 * RATE - start - LATENCY) / RATE, abs=0.04)
    assert ends - begins == pytest.approx(0.5, abs=0.04)


def test_a_sound_is_cleared_only_after_its_fade_and_before_the_next(evening: Evening, trial: Trial) -> None:
    for _ in range(3):
        evening.listener.hear(trial)
    starts = [start for start, _ in evening.stage.begun]
    assert len(evening.stage.fades) == len(evening.stage.cleared) == 3
    for start, fade, cleared in zip(starts, evening.stage.fades, evening.stage.cleared, strict=True):
        assert fade == start + 1700  # frames: 0.3 s before the two seconds are over
        assert cleared >= start + 2000
    assert all(after > cleared for after, cleared in zip(starts[1:], evening.stage.cleared, strict=False))
    assert np.diff(starts).min() >= 3000 + LATENCY  # the silence is kept


@pytest.mark.parametrize("at_s", [0.5, 1.9, 2.5])
def test_a_dislike_ends_the_sound_and_is_told(evening: Evening, trial: Trial, at_s: float) -> None:
    evening.at(0.2, "space")
    evening.at(at_s, "x")
    answer = evening.listener.hear(trial)
    assert answer is not None
    assert answer.disliked
    assert len(evening.stage.begun) == len(evening.stage.fades) == 1
    assert answer.hold.shape == (150,)
    if at_s == 0.5:
        assert evening.stage.fades[0] <= 540
        assert not answer.hold[50:].any()  # of what was not heard nothing is made up
    following = evening.listener.hear(trial)
    assert following is not None
    assert not following.disliked


def test_the_end_comes_at_once_with_a_fade_and_no_answer(evening: Evening, trial: Trial) -> None:
    evening.at(0.7, "q")
    assert evening.listener.hear(trial) is None
    assert evening.stage.fades[-1] <= 760
    assert evening.stage.frame >= evening.stage.fades[-1] + 300  # it waits for the fade


def test_silence_breaks_off_and_the_same_sound_comes_again(evening: Evening, trial: Trial) -> None:
    evening.at(0.5, "escape")
    evening.at(5.0, "p")
    assert evening.listener.hear(trial) is not None
    assert [each for _, each in evening.stage.begun] == [trial, trial]
    assert evening.stage.cleared[0] <= 540
    assert evening.stage.begun[1][0] >= 5000
    assert "p goes on" in evening.said[0]


def test_a_pause_comes_between_trials(evening: Evening, trial: Trial) -> None:
    evening.at(0.5, "p")
    assert evening.listener.hear(trial) is not None
    assert len(evening.stage.begun) == 1  # it was played to its end
    evening.at(9.0, "p")
    assert evening.listener.hear(trial) is not None
    assert evening.stage.begun[1][0] >= 9000


def test_a_device_that_is_lost_and_found_costs_the_running_trial(evening: Evening, trial: Trial) -> None:
    evening.at(1.0, lambda: setattr(evening.stage, "is_playing", False))
    evening.at(4.0, lambda: setattr(evening.stage, "is_playing", True))
    assert evening.listener.hear(trial) is not None
    assert len(evening.stage.begun) == 2
    assert evening.stage.begun[1][0] >= 4000


def test_a_hold_that_is_not_known_is_no_answer(evening: Evening, trial: Trial) -> None:
    evening.stage.is_known = False
    evening.at(9.0, lambda: setattr(evening.stage, "is_known", True))
    assert evening.listener.hear(trial) is not None
    assert len(evening.stage.begun) == 2
    assert "it comes again" in evening.said[0]


def test_a_switch_that_was_left_on_is_off_for_the_next_sound_and_a_held_key_is_not(evening: Evening, trial: Trial) -> None:
    for has_releases, held in ((False, 0.0), (True, 1.0)):
        if has_releases:
            evening.wishes.press(TELLS_RELEASES)
        evening.wishes.press("space")
        evening.wishes.begin()
        assert evening.wishes.hold.amount == held


def test_the_volume_is_the_listeners(evening: Evening) -> None:
    for name in ("+", "-"):
        evening.wishes.press(name)
    assert evening.acts == [("level", 1.0), ("level", -1.0)]


def test_a_whole_session_ends_in_its_pairs(evening: Evening) -> None:
    explorer = Explorer("tap", prior=None)
    usual = explorer.preset

    def likes() -> None:  # whatever was moved tingles
        evening.coming.append((evening.stage.frame / RATE + 0.05, likes))
        playing = evening.stage.begun[-1][1] if evening.stage.begun else None
        wanted = float(playing is not None and playing.preset.layers != usual.layers)
        if evening.wishes.hold.amount != wanted:
            evening.wishes.press("9" if wanted else "0")

    evening.at(0.0, likes)
    report = run_session(explorer, evening.listener, 2.0)
    assert report.is_over
    assert report.verdict.outcome == "helped"
    assert len(evening.stage.begun) == report.trials == 6 + 32


def test_the_line_says_how_far_it_is() -> None:
    assert line_of(View("A tap", 3, 83, 0.5), None) == "sound 3 of 83  [##   ]"
    assert "sound 83 of 83" in line_of(View("A tap", 84, 83), None)
    assert "p goes on" in line_of(View("A tap", 3, 83, state="paused"), False)
    assert "q end" in line_of(View("A tap", 83, 83), True)[:79]


def test_the_sham_is_as_loud_as_the_noise_and_the_same_in_both_ears() -> None:
    engine = Engine(48000, "ku100")
    engine.load(sham_preset(), inputs=sham_inputs(1.0, 48000, 5))
    heard = engine.process(48000)
    ears = heard.std(axis=0)
    assert ears[0] == pytest.approx(ears[1], rel=0.1)
    assert 20 * np.log10(ears.mean() / flat_noise(1.0, 48000, 5).std()) == pytest.approx(0, abs=4)
    assert isinstance(sham_preset(), synth.Preset)
