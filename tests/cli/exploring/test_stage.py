"""The stage on a real engine, offline: silence between trials, fades in place, the hold of a stretch, the volume stays."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from synth.cli.exploring.asking import Asking, Timing
from synth.cli.exploring.live_listener import LiveListener
from synth.cli.exploring.stage import FADE_S, Stage
from synth.cli.exploring.wishes import Wishes
from synth.control.midi.mapping import Mapping
from synth.engine.engine import Engine
from synth.engine.kernels.state import VOLUME
from synth.explore.explorer import Explorer
from synth.explore.session import Answer
from synth.explore.trial import Trial
from synth.live.safety.exposure import Exposure
from synth.live.session import Session
from synth.live.tingle.hold_track import HoldTrack

RATE = 48000
TIMING = Timing(1.5, 0.7)
LOWEST_TONES = RATE // 5
"""Frames after a fade until what the master's high-pass keeps of it has died away."""


class Evening:
    """A session without a device: time passes by rendering."""

    def __init__(self, folder: Path) -> None:
        self.engine = Engine(RATE, "sphere")
        self.engine.set_master(ramp_s=0, fade=0.0, volume_db=-3.0)
        live: Any = SimpleNamespace(
            ports={}, recorder=None, engine=self.engine, event_latency_frames=656, is_playing=True, frame_of_now=lambda: None
        )
        mapping = Mapping(is_complete=True)
        session = Session(self.engine, live, [], Exposure(100.0, folder=folder), mapping_of=lambda _: mapping)
        self.parts: list[npt.NDArray[np.float32]] = []
        self.starts: list[int] = []
        self.wishes = Wishes(session.act, session.requests.effects["tingle"])
        self.session, self.stage = session, Stage(session, live, HoldTrack(self.engine))
        begin = self.stage.begin
        self.stage.begin = lambda trial, seconds: self.starts.append(begin(trial, seconds)) or self.starts[-1]  # type: ignore[func-returns-value,method-assign]
        begin_one = self.stage.begin_one
        self.stage.begin_one = lambda preset, seed: self.starts.append(begin_one(preset, seed)) or self.starts[-1]  # type: ignore[func-returns-value,method-assign]
        self.due: list[tuple[float, str]] = []

    def attend(self, seconds: float) -> bool:
        self.parts.append(self.engine.process(round(seconds * RATE)))
        self.session.attend()
        for at_s, key in [each for each in self.due if each[0] <= self.engine.frame / RATE]:
            self.due.remove((at_s, key))
            self.wishes.press(key)
        return True

    def hear(self, *trials: Trial) -> list[Answer | None]:
        listener = LiveListener(Asking(self.stage, self.wishes, self.attend, timing=TIMING))
        return [listener.hear(trial) for trial in trials]

    def between(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """Return what was heard of frames; the engine's latency is in what it hands out."""
        shift = self.engine.latency_frames
        return np.concatenate(self.parts)[start + shift : stop + shift]


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    explorer = Explorer("nails_on_glass", prior=None)
    sham = Trial(2, "sham", explorer.ask().vector, explorer.preset, explorer.macros)
    return [explorer.trial([0.5, 0.5, 0.5]), sham, explorer.trial([0.75, 0.25, 0.75]), explorer.trial([0.5, 0.5, 0.5])]


def test_each_sound_stands_between_silences(trials: list[Trial], tmp_path: Path) -> None:
    evening = Evening(tmp_path)
    answers = evening.hear(*trials)
    assert all(answer is not None and answer.hold.shape == (110,) for answer in answers)
    for start in evening.starts:
        stop = start + round(TIMING.sound_s * RATE)
        assert np.abs(evening.between(start + RATE // 2, stop - RATE // 2)).max() > 1e-4
        assert np.abs(evening.between(stop + LOWEST_TONES, stop + RATE // 2)).max() < 1e-5
        assert np.abs(evening.between(start, start + 96)).max() < 1e-3
    for start, following in zip(evening.starts, evening.starts[1:], strict=False):
        assert np.abs(evening.between(following - 4800, following)).max() < 1e-5
        assert following - start >= round((TIMING.sound_s + TIMING.silence_s) * RATE)
    assert float(evening.engine.state["master"][VOLUME]["target"]) == -3.0


def test_the_same_trial_sounds_the_same_again(trials: list[Trial], tmp_path: Path) -> None:
    """As a repeat and as a pair it is the same performance, whatever came between."""
    evening = Evening(tmp_path)
    evening.hear(trials[0], trials[2], trials[3])
    frames = round(TIMING.sound_s * RATE)
    levels = [
        np.sqrt(np.square(evening.between(start, start + frames)).reshape(-1, RATE // 10, 2).mean(axis=(1, 2)))
        for start in evening.starts
    ]
    apart = [float(np.abs(level - levels[0]).max() / levels[0].max()) for level in levels]
    assert apart[2] < 0.2 < apart[1]


def test_silence_comes_in_a_moment(trials: list[Trial], tmp_path: Path) -> None:
    evening = Evening(tmp_path)
    evening.due = [(1.0, "escape"), (2.0, "p")]
    evening.hear(trials[1])
    assert len(evening.starts) == 2
    before = np.abs(evening.between(RATE - 9600, RATE)).max()
    assert before > 1e-3
    assert np.abs(evening.between(RATE + 2400 + LOWEST_TONES, 2 * RATE)).max() < before / 100


def test_a_dislike_fades(trials: list[Trial], tmp_path: Path) -> None:
    evening = Evening(tmp_path)
    evening.due = [(0.7, "x")]
    (answer,) = evening.hear(trials[1])
    assert answer is not None
    assert answer.disliked
    begun = round(0.72 * RATE)
    assert np.abs(evening.between(begun, begun + 2400)).max() > 1e-4  # not cut off
    assert np.abs(evening.between(begun + round(FADE_S * RATE) + LOWEST_TONES, begun + round(0.9 * RATE))).max() < 1e-5


def test_both_sounds_of_a_duel_stand_alone_and_a_knob_never_falls_silent(trials: list[Trial], tmp_path: Path) -> None:
    usual, moved = trials[0], trials[2]
    vectors = np.array([usual.vector, moved.vector])
    duel, knob = (Trial(1, kind, usual.vector, usual.usual, usual.macros, vectors) for kind in ("duel", "knob"))
    evening = Evening(tmp_path)
    evening.due = [(5.3, "left")]
    (answer,) = evening.hear(duel)
    assert answer is not None
    assert answer.hold.tolist() == [0.0]
    for start in evening.starts:
        stop = start + round(1.5 * RATE)
        assert np.abs(evening.between(start + RATE // 2, stop - RATE // 2)).max() > 1e-4
        assert np.abs(evening.between(stop + LOWEST_TONES, stop + RATE // 2)).max() < 1e-5
    begun_s = evening.engine.frame / RATE
    evening.due = [(begun_s + 1.5, "left"), (begun_s + 1.52, "left"), (begun_s + 3.0, "right"), (begun_s + 4.5, "enter")]
    (answer,) = evening.hear(knob)
    assert answer is not None
    assert answer.hold.tolist() == [1.0]
    turned = evening.starts[-1]
    assert len(evening.starts) in (4, 5)  # it may have begun at the right end
    quarters = evening.between(turned - RATE // 2, turned + RATE).reshape(-1, RATE // 4 * 2)
    assert np.abs(quarters).max(axis=1).min() > 1e-5
