"""What real recordings are like, class by class.  data/reference.json -> classes -> ranked by distance.

How the numbers were made, and of which recordings: synth/analysis/data/PROVENANCE.md. No recording is part of this package.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from synth.analysis.distance import Measured, between, to_class
from synth.parameters.errors import unknown

_FILE = Path(__file__).parent / "data" / "reference.json"


@dataclass(frozen=True)
class SoundClass:
    """Recordings of one kind of thing.

    Attributes
    ----------
    recordings : how many were measured.
    mean, sd : of each statistic over them, by the names that `measure` uses.
    real_median, real_p90 : how far a recording lies from the mean of the others: the middle one, and the one that 90 % do not
        pass; None of classes of less than three.
    """

    name: str
    recordings: int
    mean: Measured
    sd: Measured
    real_median: float | None
    real_p90: float | None


@dataclass(frozen=True)
class Reference:
    """All classes by name, and two standard deviations of each statistic.

    `within`: inside a class, pooled over all of them. `spread`: over recordings of all classes.
    """

    classes: Mapping[str, SoundClass]
    within: Measured
    spread: Measured

    def named(self, name: str) -> SoundClass:
        """Return a class.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        if name not in self.classes:
            raise unknown("class of sounds", name, self.classes)
        return self.classes[name]


@lru_cache(maxsize=1)
def reference() -> Reference:
    """Return what is known of real recordings."""
    content = json.loads(_FILE.read_text(encoding="utf-8"))

    def table(values: list[float | None]) -> dict[str, float]:
        named = zip(content["names"], values, strict=True)
        return {name: math.nan if value is None else float(value) for name, value in named}

    def sound_class(name: str, facts: dict[str, Any]) -> SoundClass:
        return SoundClass(name, **facts | {key: table(facts[key]) for key in ("mean", "sd")})

    found = {name: sound_class(name, facts) for name, facts in content["classes"].items()}
    return Reference(found, table(content["within"]), table(content["spread"]))


def ranked(measured: Measured) -> dict[str, float]:
    """Return every class's distance from a sound, the nearest first."""
    known = reference()
    found = {name: to_class(measured, kind.mean, known.within) for name, kind in known.classes.items()}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def apart(one: Measured, other: Measured) -> float:
    """Return how far two sounds lie apart: about 1 for two recordings of whatever, less than 0.4 for twins."""
    return between(one, other, reference().spread)
