"""`synth match`: whether it finds what it is given back, and with --recordings how it names real sounds.

python benchmarks/bench_match.py                        renders of triggers at random parameters (match_renders.py)
python benchmarks/bench_match.py --recordings FOLDER    recordings, CLASS_NUMBER.ogg (match_recordings.py)
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import match_recordings, match_renders
from benchmarks.timing import machine


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20, help="renders")
    parser.add_argument("--recordings", type=Path, metavar="FOLDER", help="match these instead of renders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    mode = match_recordings if given.recordings else match_renders
    source = (
        match_recordings.matched(given.recordings, given.seed)
        if given.recordings
        else match_renders.matched(given.count, given.seed)
    )
    rows = []
    if not given.json:
        print(machine())
        print(mode.heading(), flush=True)
    for row in source:
        rows.append(row)
        if not given.json:
            print(mode.row_text(row), flush=True)
    if given.json:
        print(json.dumps({"machine": machine()} | mode.summary(rows) | {"matches": rows}))
    else:
        print(mode.summary_text(rows))


if __name__ == "__main__":
    main()
