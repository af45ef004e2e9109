"""Make the data that ship: spreads of the sound numbers, and the prior.

python -m synth.explore.fit_prior [spreads|prior]
presets x positions -> renders -> numbers -> mean, spread | simulated listeners -> holds -> ridge
The presets of the bench are not among them, nor are its listeners.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

import synth
from synth.explore.hold import SILENCE_S, SOUND_S, score_of
from synth.explore.listeners.family import listener_of
from synth.explore.listeners.measures import NAMES as EARS
from synth.explore.listeners.measures import hear
from synth.explore.listeners.taste import Ground
from synth.explore.macros import NAMES, grid
from synth.explore.prior import FILE, refit
from synth.explore.sound_numbers import NAMES as NUMBERS
from synth.explore.sound_numbers import raw_numbers, scaled
from synth.explore.sounds import Floats, Sounds, node_index

PRESETS = (
    "wood_tapping",
    "slow_brushing",
    "scalp_scratch",
    "whispers_ear_to_ear",
    "paper_crumpling",
    "rain_on_tent",
    "foil_unwrapping",
    "phone_tapping",
)
_MORE, _LISTENERS, _FIRST_LISTENER = 40, 60, 100_000
_LEAST_SPREAD = 1e-3
_DATA = Path(__file__).parent / "data" / "sound_numbers.json"


def positions() -> np.ndarray:
    """Return the rows of the grid of three macros that are rendered: ends and middles, and some in between."""
    some = np.random.default_rng(0).choice(len(grid(3)), _MORE, replace=False)
    return np.unique(np.concatenate([node_index(3), some]))


def _names(number: int) -> tuple[str, ...]:
    """Return three macros; movement takes the place of another in every other preset."""
    return NAMES[:3] if number % 2 == 0 else (NAMES[0], NAMES[2], NAMES[3])


def _told(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def fit_spreads() -> None:
    """Measure presets and write mean and spread of every number."""
    rows = []
    for number, name in enumerate(PRESETS):
        _told(f"numbers of {name}")
        rows.append(_sounds_of(name, number).rows(positions()))
    table = np.vstack(rows)[:, : len(NUMBERS)]
    mean, spread = np.nanmean(table, 0), np.maximum(np.nanstd(table, 0), _LEAST_SPREAD)
    numbers = {name: [float(f"{m:.6g}"), float(f"{s:.6g}")] for name, m, s in zip(NUMBERS, mean, spread, strict=True)}
    facts = {"of": list(PRESETS), "sounds": len(table), "numbers": numbers}
    _DATA.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _sounds_of(name: str, number: int) -> Sounds:
    """Return a preset's sounds as numbers, and after them as simulated ears have them: each is rendered once."""
    columns = len(NUMBERS) + len(EARS)
    return Sounds(synth.load_preset(name), _names(number), _both, "numbers and simulated ears 1", columns)


def _both(audio: np.ndarray, sample_rate: float) -> Floats:
    return np.concatenate([raw_numbers(audio, sample_rate), hear(audio, sample_rate)])


def fit_prior(presets: tuple[str, ...] = PRESETS) -> None:
    """Let simulated listeners hear presets, and write the prior that their holds give."""
    prior = refit(sessions(presets), "simulated listeners (synth.explore.listeners), no people")
    prior.save(FILE)


def sessions(presets: tuple[str, ...]) -> list[tuple[tuple[str, ...], Floats, Floats, Floats]]:
    """Return one session for each preset: the mean hold of many listeners at each position."""
    found = []
    at = positions()
    middle = len(grid(3)) // 2
    for name in presets:
        number = PRESETS.index(name)
        _told(f"listeners of {name}")
        names = _names(number)
        sounds = _sounds_of(name, number)
        rows, usual = sounds.rows(at), sounds.rows([middle])
        numbers = scaled(rows[:, : len(NUMBERS)]) - scaled(usual[:, : len(NUMBERS)])
        ears = rows[:, len(NUMBERS) :]
        ground = Ground.of(ears)
        holds = np.zeros(len(at))
        for who in range(_LISTENERS):
            listener = listener_of("graded", _FIRST_LISTENER + who, ground)
            order = np.random.default_rng(who).permutation(len(at))
            for i in order:
                holds[i] += score_of(listener.respond(ears[i], SOUND_S, SOUND_S + SILENCE_S), listener.lag_s).value / _LISTENERS
        found.append((names, grid(3)[at], numbers, holds))
    return found


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "both"
    if what in ("spreads", "both"):
        fit_spreads()
    if what in ("prior", "both"):
        fit_prior()
