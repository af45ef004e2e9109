"""A sound beside real ones: how far apart, in which family of statistics, which kinds are nearer, what differs most.

measured, class or other sound -> distance, families, rank, nearest classes, readable statistics most off
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from synth.analysis.classes import SoundClass, apart, ranked, reference
from synth.analysis.distance import Measured, by_family

MOST_OFF = 14
_OF_CODECS = "x.bandwidth_hz"  # says how a recording was kept, not what it is of


@dataclass(frozen=True)
class Difference:
    """A statistic in plain units: ours, the real mean and its spread, and how many spreads they lie apart."""

    name: str
    ours: float
    real: float
    sd: float
    z: float


@dataclass(frozen=True)
class Comparison:
    """A sound beside a class, or beside one other sound.

    Attributes
    ----------
    like : what it is compared with; of another sound, a class of one recording.
    distance : of a class, 1 is about what a recording of it scores; of another sound, about 1 for any two, under 0.4 for twins.
    rank : which of all classes, by distance, `like` is, from 1; None of another sound.
    families : root mean square z of each family of statistics.
    nearest : every class's distance, the nearest first.
    off : the readable statistics that differ most.
    """

    like: SoundClass
    distance: float
    rank: int | None
    families: Mapping[str, float]
    nearest: Mapping[str, float]
    off: list[Difference]


def with_class(measured: Measured, name: str) -> Comparison:
    """Compare a sound with the recordings of a class.

    Parameters
    ----------
    measured : what `synth.measure` returned, or the mean of several.
    name : a class of `synth.analysis.classes.reference()`, or "" for the nearest.

    Raises
    ------
    InputError
        If there is no such class.
    """
    nearest = ranked(measured)
    kind = reference().named(name or next(iter(nearest)))
    families = by_family(measured, kind.mean, reference().within)
    rank = list(nearest).index(kind.name) + 1
    return Comparison(kind, nearest[kind.name], rank, families, nearest, most_off(measured, kind))


def with_sound(measured: Measured, name: str, other: Measured) -> Comparison:
    """Compare a sound with another one."""
    kind = SoundClass(name, 1, other, dict.fromkeys(reference().within, 0.0), None, None)
    families = by_family(measured, other, reference().spread)
    return Comparison(kind, apart(measured, other), None, families, ranked(measured), most_off(measured, kind))


def most_off(measured: Measured, kind: SoundClass, count: int = MOST_OFF) -> list[Difference]:
    """Return the readable statistics in which a sound differs most from a class, the worst first."""
    within = reference().within
    found = []
    for name in (name for name in within if name.startswith("x.") and name != _OF_CODECS):
        ours, real, sd = (table.get(name, math.nan) for table in (measured, kind.mean, kind.sd))
        if math.isfinite(ours + real + sd):
            spread = max(sd, within[name] / 2, 1e-6)  # of three recordings that happen to agree, sd says little
            found.append(Difference(name, ours, real, sd, (ours - real) / spread))
    return sorted(found, key=lambda difference: -abs(difference.z))[:count]
