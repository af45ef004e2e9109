"""What a stream's counters say: its record -> numbers by name, and in words why something was rejected."""

from __future__ import annotations

import math
from typing import Any

from synth.control.frame_numbers import NEVER
from synth.control.stream.record import PHASES
from synth.control.stream.ring import LATEST_FRAME, LONGEST_STAMP_S, NO_KIND, NO_TIME, STAMPED, WRONG_HASH

ANOTHER_SPACE, NO_SUCH_KIND, NO_SUCH_TIME, NO_SENSE = "another space", "no such kind", "no time", "counters without sense"
COUNTED = ("received", "applied", "late", "early", "dropped", "merged", "rejected", "non_finite", "corrupt", "stalls", "syncs")
"""Those that add up over several streams."""
_OLD_NAMES = {"fouled": "corrupt", "not_numbers": "non_finite", "joined": "merged", "pins": "syncs"}
_KINDS = {ANOTHER_SPACE: WRONG_HASH, NO_SUCH_KIND: NO_KIND, NO_SUCH_TIME: NO_TIME}


def rejections(record: Any) -> dict[str, int]:
    """Return how many of each kind the quantum could not use."""
    return {name: int(record["rejected"][kind]) for name, kind in _KINDS.items()} | {NO_SENSE: int(record["corrupt"])}


def reason(record: Any, kind: str) -> str:
    """Return what was wrong with the first of a kind."""
    if kind == NO_SENSE:
        coming, capacity = int(record["first_corrupt"]), int(record["capacity"])
        return f"the ring's counters say that {coming} frames are in it; it has room for {capacity}. What it held is lost"
    item = record["firsts"][_KINDS[kind]]
    if kind == ANOTHER_SPACE:
        return f"a frame of the space {int(item['hash']):016x}; this stream's is {int(record['hash']):016x}"
    if kind == NO_SUCH_KIND:
        return f"an item of kind {int(item['kind'])}; there are 0 (with a stamp), 1 (without), 2 (with an absolute frame)"
    if int(item["kind"]) == STAMPED:
        return f"the stamp {float(item['stamp_s'])!r}; it must be seconds, less than {LONGEST_STAMP_S:g} of them either way"
    return f"the frame {int(item['frame'])}; it must be 0 or more, and less than {LATEST_FRAME}"


def with_old_names(stats: dict[str, Any]) -> dict[str, Any]:
    """Return counters under the names of the version before too; they go with the next one."""
    return stats | {old: stats[name] for old, name in _OLD_NAMES.items() if name in stats}


def counters(record: Any, now: int, sample_rate: float) -> dict[str, Any]:
    """Return the counters of a STREAM record, `now` the first frame not yet rendered; see `Stream.stats`."""
    numbers: dict[str, Any] = {name: int(record[name]) for name in COUNTED if name != "rejected"}
    is_timed = numbers["received"] > 1 and record["interval"] > 0
    room = min(int(record["room"]), int(record["room_before"]))
    return numbers | {
        "rejected": int(record["rejected"].sum()),
        "rejections": rejections(record),
        "waiting": int(record["count"] - record["acting"]),
        "phase": PHASES[int(record["phase"])],
        "age_s": (now - int(record["last_arrival"])) / sample_rate if numbers["received"] else math.inf,
        "room_s": math.inf if room == NEVER else room / sample_rate,
        "rate_hz": sample_rate / float(record["interval"]) if is_timed else 0.0,
        "jitter_s": float(record["jitter"]) / sample_rate,
        "longest_wait_s": int(record["longest_wait"]) / sample_rate,
    }
