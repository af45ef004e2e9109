"""The family of simulated listeners that the bench hears from.  name, number -> kind -> listener of a preset.

It was fixed before any policy was tuned on it, and stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import synth
from synth.explore.listeners.listener import Kind, Listener
from synth.explore.listeners.measures import NAMES as MEASURES
from synth.explore.listeners.measures import hear
from synth.explore.listeners.taste import Floats, Ground, Taste
from synth.explore.macros import DEFAULT
from synth.explore.sounds import Progress, Sounds
from synth.parameters.errors import unknown

_SHARES = (0.0, 0.4, 0.7)  # of taste that is shared
_TEMPERS: tuple[dict[str, bool], ...] = ({}, {"is_drifting": True}, {"tires": True})


def _mixed(number: int, **more: object) -> Kind:
    """Return the kind at a number: every share of shared taste with every temper."""
    temper = _TEMPERS[number // len(_SHARES) % len(_TEMPERS)]
    return Kind(shared_share=_SHARES[number % len(_SHARES)], **temper, **more)  # type: ignore[arg-type]


FAMILIES = {
    "graded": lambda number: _mixed(number),
    "button": lambda number: _mixed(number, answers="button"),
    "oracle": lambda number: Kind(answers="oracle", shared_share=_SHARES[number % len(_SHARES)]),
    "null": lambda number: Kind(is_null=True, answers=("graded", "button")[number % 2]),
    "averse": lambda number: _mixed(number, is_averse=True),
    "deaf to pairs": lambda number: _mixed(number, choice_noise=0.3),
}


def ears_of(preset: synth.Preset, names: Sequence[str] = DEFAULT) -> Sounds:
    """Return what simulated ears make of a preset's sounds, measured when it is asked for."""
    return Sounds(preset, names, hear, "simulated ears 1", len(MEASURES))


def listener_of(family: str, number: int, ground: Ground) -> Listener:
    """Return the listener of a number in a family: the same one every time.

    Raises
    ------
    InputError
        If there is no such family.
    """
    if family not in FAMILIES:
        raise unknown("family of listeners", family, FAMILIES)
    kind = FAMILIES[family](number)
    taste = Taste.drawn(ground, np.random.default_rng([number, 5]), kind.shared_share)
    return Listener(kind, taste, number)


def ground_of(sounds: Sounds, progress: Progress = lambda share: None) -> tuple[Ground, Floats]:
    """Return what a preset can do to simulated ears, and the measures of its whole grid; hears all of it."""
    measures = sounds.rows(np.arange(len(sounds)), progress)
    return Ground.of(measures), measures


def graded(preset: synth.Preset, seed: int = 0) -> Listener:
    """Return a listener with a graded hold, for `--listener synth.explore.listeners.family:graded`."""
    return _alone("graded", preset, seed)


def button(preset: synth.Preset, seed: int = 0) -> Listener:
    """Return a listener with a key that is up or down."""
    return _alone("button", preset, seed)


def nothing(preset: synth.Preset, seed: int = 0) -> Listener:
    """Return a listener who feels nothing."""
    return _alone("null", preset, seed)


def averse(preset: synth.Preset, seed: int = 0) -> Listener:
    """Return a listener who cannot bear some sounds."""
    return _alone("averse", preset, seed)


def _alone(family: str, preset: synth.Preset, seed: int) -> Listener:
    """Return a listener whose ears have only heard the ends and middles of a preset's macros."""
    return listener_of(family, seed, Ground.of(ears_of(preset).nodes()))
