"""A simulated listener.  audio -> measures -> utility, less habit, with drift -> held after a lag -> hold at 50 Hz.

graded  as strongly as it tingles, sd 0.15 from trial to trial     oracle  exactly so
button  down or up: two states with hazards that make 8, 50 and 82 % of utilities 0.2, 0.7 and 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.explore.listeners.measures import hear
from synth.explore.listeners.taste import Taste

Floats = npt.NDArray[np.float64]
RATE_HZ = 50
ANSWERS = ("graded", "button", "oracle")
_NOISE, _JITTER = 0.15, 0.04  # of a graded hold: from trial to trial, within one
_LAPSES = 0.03
_LAG_S, _LAG_SPREAD, _LAG_JITTER_S = 1.1, 0.49, 0.08
_RISE_S, _FALL_S = 0.8, 0.4
_SWITCHES_HZ, _FALSE_HZ, _LET_GO_HZ = 0.5, 0.005, 2.0
_DRIFT_SD, _DRIFT_S = 0.1, 300.0
_HABIT, _HABIT_S, _HABIT_WIDTH, _HABIT_MOST = 0.15, 240.0, 1.0, 0.35
_NULL = 0.08
_DISLIKES = 0.95


@dataclass(frozen=True)
class Kind:
    """What sort of listener it is.

    Attributes
    ----------
    answers : one of `ANSWERS`. shared_share : of the broad taste. is_drifting, tires : as it says.
    is_null : feels nothing, whatever is heard. is_averse : cannot bear the sounds around one place.
    choice_noise : sd by which utilities are blurred when two sounds are compared.
    """

    answers: str = "graded"
    shared_share: float = 0.4
    is_drifting: bool = False
    tires: bool = False
    is_null: bool = False
    is_averse: bool = False
    choice_noise: float = 0.05


class Listener:
    """Hears and holds.

    Parameters
    ----------
    kind : what sort. taste : what it likes. seed : of everything else about it.

    Attributes
    ----------
    lag_s : how late it answers. disliked : whether the last sound was unbearable, of two compared the one that lost.
    """

    def __init__(self, kind: Kind, taste: Taste, seed: int) -> None:
        self.kind, self.taste = kind, taste
        self._rng = np.random.default_rng([seed, 7])
        self.lag_s = float(np.clip(_LAG_S * np.exp(_LAG_SPREAD * self._rng.normal()), 0.3, 2.8))
        self.disliked = False
        self._at_s, self._drift = 0.0, 0.0
        self._heard: list[tuple[float, Floats]] = []
        reachable = taste.ground.reachable
        self._averse_at = reachable[self._rng.integers(len(reachable))]
        away = np.sort(np.linalg.norm(reachable - self._averse_at, axis=1))
        self._averse_within = float(away[int(0.06 * len(away))])

    def listen(self, audio: npt.ArrayLike, sample_rate: float) -> Floats:
        """Return the hold (n,) at 50 Hz of audio (frames, 2), from its begin to its end; silence at the end is not held."""
        samples = np.asarray(audio)
        loud = np.flatnonzero(np.abs(samples).max(axis=1) > 1e-4)
        sound_s = (loud[-1] + 1) / sample_rate if loud.size else 0.0
        whole_s = len(samples) / sample_rate
        return self.respond(hear(samples[: max(round(sound_s * sample_rate), 1)], sample_rate), sound_s, whole_s)

    def utility(self, measures: Floats) -> Floats:
        """Return what sounds (..., measures) are worth to it when it is rested: the truth that nobody is told."""
        if self.kind.is_null:
            return np.full(np.shape(measures)[:-1], _NULL)
        found = self.taste.utility(measures)
        return np.where(self.is_unbearable(measures), 0.0, found)

    def is_unbearable(self, measures: Floats) -> Any:
        """Return whether sounds (..., measures) are what it cannot bear."""
        away = np.linalg.norm(self.taste.ground.z(measures) - self._averse_at, axis=-1)
        return (away <= self._averse_within) & self.kind.is_averse

    def respond(self, measures: Floats, sound_s: float, whole_s: float) -> Floats:
        """Return the hold of a sound that has these measures and lasts for `sound_s`, with silence up to `whole_s`."""
        worth = float(self.utility(measures)) if sound_s else 0.0
        self.disliked = bool(self.is_unbearable(measures)) and self._rng.uniform() < _DISLIKES
        worth = self._now(worth, measures, whole_s)
        lag_s = max(self.lag_s + _LAG_JITTER_S * self._rng.normal(), 0.1)
        count = round(whole_s * RATE_HZ)
        if self._rng.uniform() < _LAPSES and self.kind.answers != "oracle":
            return np.zeros(count)
        begin, end = round(lag_s * RATE_HZ), round((sound_s + lag_s) * RATE_HZ)
        if self.kind.answers == "button":
            return self._pressed(worth, count, begin, end)
        noise = _NOISE * self._rng.normal() if self.kind.answers == "graded" else 0.0
        return self._graded(float(np.clip(worth + noise, 0, 1)), count, begin, end)

    def compare(self, one: npt.ArrayLike, other: npt.ArrayLike, sample_rate: float) -> int:
        """Return which of two sounds (frames, 2) tingles more: 0 or 1."""
        return self.choose(hear(one, sample_rate), hear(other, sample_rate))

    def turn_knob(self, sounds: Sequence[npt.ArrayLike], sample_rate: float) -> int:
        """Return at which of sounds (frames, 2) along a line a knob is left."""
        return self.turn(np.array([hear(sound, sample_rate) for sound in sounds]))

    def choose(self, one: Floats, other: Floats) -> int:
        """Return which of two sounds of these measures tingles more: 0 or 1."""
        apart = float(self.utility(other)) - float(self.utility(one))
        chosen = int(apart + self.kind.choice_noise * np.sqrt(2) * self._rng.normal() > 0)
        lost = one if chosen else other
        self.disliked = bool(self.is_unbearable(lost)) and self._rng.uniform() < _DISLIKES
        return chosen

    def turn(self, measures: Floats) -> int:
        """Return where along sounds (n, measures) a knob is left."""
        worth = self.utility(measures)
        self.disliked = False  # it is left where it can be borne
        return int(np.argmax(worth + self.kind.choice_noise * self._rng.normal(size=len(worth))))

    def rest(self) -> None:
        """Another day: habits are gone, and the mood is another."""
        self._heard.clear()
        self._drift = _DRIFT_SD * self._rng.normal() * self.kind.is_drifting
        self._at_s += 86400

    # ---- within

    def _now(self, worth: float, measures: Floats, whole_s: float) -> float:
        """Return what a sound is worth in this moment, and let time pass."""
        if self.kind.is_null:
            return worth
        keep = np.exp(-whole_s / _DRIFT_S)
        self._drift = keep * self._drift + np.sqrt(1 - keep**2) * _DRIFT_SD * self._rng.normal()
        z = self.taste.ground.z(measures)
        habit = sum(
            _HABIT * np.exp(-(self._at_s - at_s) / _HABIT_S) * np.exp(-np.square(z - other).sum() / (2 * _HABIT_WIDTH**2))
            for at_s, other in self._heard[-60:]
        )
        self._heard.append((self._at_s, z))
        self._at_s += whole_s
        worth *= 1 - min(float(habit), _HABIT_MOST) * self.kind.tires
        return float(np.clip(worth + self._drift * self.kind.is_drifting, 0, 1))

    def _graded(self, worth: float, count: int, begin: int, end: int) -> Floats:
        at = np.arange(count)
        rise = 1 - np.exp(-np.maximum(at - begin, 0) / (_RISE_S * RATE_HZ))
        fall = np.exp(-np.maximum(at - end, 0) / (_FALL_S * RATE_HZ))
        hold = worth * rise * fall
        if self.kind.answers == "graded":
            wander = np.convolve(self._rng.normal(size=count + 24), np.full(25, 0.2), "valid") * _JITTER
            hold = hold + wander * (hold > 0.02)
        return np.asarray(np.clip(hold, 0, 1))

    def _pressed(self, worth: float, count: int, begin: int, end: int) -> Floats:
        share = 1 / (1 + np.exp(-5 * (worth - 0.7)))
        draws = self._rng.uniform(size=count)
        hold, is_down = np.zeros(count), False
        for at in range(count):
            inside = begin <= at < end
            on_hz = _SWITCHES_HZ * share if inside else _FALSE_HZ
            off_hz = _SWITCHES_HZ * (1 - share) if inside else _LET_GO_HZ
            if draws[at] < (off_hz if is_down else on_hz) / RATE_HZ:
                is_down = not is_down
            hold[at] = is_down
        return hold
