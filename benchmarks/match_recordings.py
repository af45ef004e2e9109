"""How `synth match` names real recordings: whether a trigger that stands for their class is first or second.

folder of CLASS_NUMBER.ogg -> match among all triggers -> found triggers in order, rank of the first that is right

Recordings whose class no trigger stands for are passed over. Which classes a trigger stands for it says itself (`classes`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synth.analysis.measure import texture_of
from synth.io.files.sound_reader import read_channels
from synth.offline.match.matcher import match_texture
from synth.offline.render import never, quiet
from synth.trigger import TRIGGERS

AMONG = 2


def right_kinds() -> dict[str, list[str]]:
    """Return the triggers that stand for each class."""
    found: dict[str, list[str]] = {}
    for name, trigger in TRIGGERS.items():
        for kind in trigger.classes:
            found.setdefault(kind, []).append(name)
    return found


def matched(folder: Path, seed: int) -> Iterator[dict[str, Any]]:
    """Yield what came of each recording; `rank` is that of the first right trigger, 0 if there is none."""
    kinds = right_kinds()
    for path in sorted(folder.glob("*.ogg")):
        right = kinds.get(path.stem.rpartition("_")[0], [])
        if not right:
            continue
        target = texture_of(*read_channels(path))
        begin = time.perf_counter()
        found = match_texture(target, None, seed=seed, progress=quiet, should_stop=never)
        order = [each.trigger for each in found]
        yield {
            "recording": path.stem,
            "right": right,
            "found": order,
            "rank": next((rank for rank, name in enumerate(order, 1) if name in right), 0),
            "distance": found[0].distance,
            "seconds": time.perf_counter() - begin,
        }


def heading() -> str:
    """Return the line over the rows."""
    return f"{'recording':17}{'rank':>5}{'distance':>10}{'s':>6}  found"


def row_text(row: dict[str, Any]) -> str:
    """Return a row for people."""
    return f"{row['recording']:17}{row['rank']:5d}{row['distance']:10.2f}{row['seconds']:6.0f}  {', '.join(row['found'])}"


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the numbers of all rows."""
    among = sum(0 < row["rank"] <= AMONG for row in rows)
    return {"first": sum(row["rank"] == 1 for row in rows), "among": among, "slowest_s": max(row["seconds"] for row in rows)}


def summary_text(rows: list[dict[str, Any]]) -> str:
    """Return the last line for people."""
    found, count = summary(rows), len(rows)
    return (
        f"right kind first in {found['first']}, first or second in {found['among']} of {count}"
        f" ({100 * found['among'] / count:.0f} %); slowest {found['slowest_s']:.0f} s"
    )
