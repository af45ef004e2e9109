"""Whether `synth match` finds what it is given back: renders of triggers at random parameters, matched among all triggers.

trigger, random position, seed -> 6 s -> match -> rank of the right trigger, distance beside that of another seed, seconds

The first run measures every trigger for its atlas, for minutes; that is not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.timing import machine
from synth.analysis.classes import apart
from synth.offline.match.atlas import atlas_of
from synth.offline.match.evaluation import statistics_of
from synth.offline.match.matcher import match_texture
from synth.offline.match.search_space import SearchSpace
from synth.trigger import TRIGGERS

_ALLOWED = 1.3  # times the distance between two seeds of the target


def _never() -> bool:
    return False


def _quiet(share: float) -> None:
    pass


def matched(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield what came of each render; triggers in drawn order, each once before any comes again."""
    rng = np.random.default_rng(seed)
    names = [name for name, trigger in TRIGGERS.items() if not trigger.hears]
    for name in names:
        atlas_of(SearchSpace(name), _quiet, _never)
    order = [name for _ in range(-(-count // len(names))) for name in rng.permutation(names)]
    for number, name in enumerate(order[:count]):
        search = SearchSpace(str(name))
        preset = search.preset_at(rng.uniform(size=len(search.space)))
        target, again = (statistics_of(preset, seed + 2 * number + turn, _never) for turn in range(2))
        begin = time.perf_counter()
        found = match_texture(target, None, seed=seed + number, progress=_quiet, should_stop=_never)
        seconds = time.perf_counter() - begin
        order_found = [each.trigger for each in found]
        rank = order_found.index(name) + 1 if name in order_found else 0
        yield {
            "trigger": str(name),
            "found": order_found,
            "rank": rank,
            "distance": found[0].distance,
            "between_seeds": apart(target, again),
            "seconds": seconds,
        }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows = []
    if not given.json:
        print(machine())
        print(f"{'trigger':15}{'rank':>5}{'distance':>10}{'two seeds':>11}{'ratio':>7}{'s':>6}  found", flush=True)
    for row in matched(given.count, given.seed):
        rows.append(row)
        if not given.json:
            ratio = row["distance"] / row["between_seeds"]
            figures = f"{row['distance']:10.2f}{row['between_seeds']:11.2f}{ratio:7.2f}{row['seconds']:6.0f}"
            print(f"{row['trigger']:15}{row['rank']:5d}{figures}  {', '.join(row['found'])}", flush=True)
    near = sum(row["distance"] <= _ALLOWED * row["between_seeds"] for row in rows)
    first = sum(row["rank"] == 1 for row in rows)
    if given.json:
        print(json.dumps({"machine": machine(), "first": first, "near": near, "matches": rows}))
    else:
        slowest = max(row["seconds"] for row in rows)
        print(
            f"right trigger first in {first} of {len(rows)}; within {_ALLOWED} times two seeds in {near}; slowest {slowest:.0f} s"
        )


if __name__ == "__main__":
    main()
