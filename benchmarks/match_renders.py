"""Whether `synth match` finds what it is given back: renders of triggers at random parameters, matched among all triggers.

trigger, random position, seed -> 6 s -> match -> rank of the right trigger, distance beside that of another seed, seconds

The first run measures every trigger for its atlas, for minutes; that is not counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from synth.analysis.classes import apart
from synth.offline.match.atlas import atlas_of
from synth.offline.match.evaluation import statistics_of
from synth.offline.match.matcher import match_texture
from synth.offline.match.search_space import SearchSpace
from synth.offline.render import never, quiet
from synth.trigger import TRIGGERS

ALLOWED = 1.3  # times the distance between two seeds of the target


def matched(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield what came of each render; triggers in drawn order, each once before any comes again."""
    rng = np.random.default_rng(seed)
    names = [name for name, trigger in TRIGGERS.items() if not trigger.hears]
    for name in names:
        atlas_of(SearchSpace(name), quiet, never)
    order = [name for _ in range(-(-count // len(names))) for name in rng.permutation(names)]
    for number, name in enumerate(order[:count]):
        search = SearchSpace(str(name))
        preset = search.preset_at(rng.uniform(size=len(search.space)))
        target, again = (statistics_of(preset, seed + 2 * number + turn, never) for turn in range(2))
        begin = time.perf_counter()
        found = match_texture(target, None, seed=seed + number, progress=quiet, should_stop=never)
        seconds = time.perf_counter() - begin
        order_found = [each.trigger for each in found]
        yield {
            "trigger": str(name),
            "found": order_found,
            "rank": order_found.index(name) + 1 if name in order_found else 0,
            "distance": found[0].distance,
            "between_seeds": apart(target, again),
            "seconds": seconds,
        }


def heading() -> str:
    """Return the line over the rows."""
    return f"{'trigger':15}{'rank':>5}{'distance':>10}{'two seeds':>11}{'ratio':>7}{'s':>6}  found"


def row_text(row: dict[str, Any]) -> str:
    """Return a row for people."""
    ratio = row["distance"] / row["between_seeds"]
    figures = f"{row['distance']:10.2f}{row['between_seeds']:11.2f}{ratio:7.2f}{row['seconds']:6.0f}"
    return f"{row['trigger']:15}{row['rank']:5d}{figures}  {', '.join(row['found'])}"


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the numbers of all rows."""
    near = sum(row["distance"] <= ALLOWED * row["between_seeds"] for row in rows)
    return {"first": sum(row["rank"] == 1 for row in rows), "near": near, "slowest_s": max(row["seconds"] for row in rows)}


def summary_text(rows: list[dict[str, Any]]) -> str:
    """Return the last line for people."""
    found = summary(rows)
    within = f"within {ALLOWED} times two seeds in {found['near']}"
    return f"right trigger first in {found['first']} of {len(rows)}; {within}; slowest {found['slowest_s']:.0f} s"
