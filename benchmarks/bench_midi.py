"""How late Python learns of a MIDI message, and how much our stamps make good: python-rtmidi under JACK, Python idle and busy.

a program with a virtual port -> JACK -> rtmidi -> `io.midi.ports.Ports` in a busy Python -> our stamp, and when Python had it

Played at the stamp plus a constant latency, a message sounds on time if Python had it before that latency was over; else it is
late, and its lateness is heard. What is shown, counted from the sending in the other program (both read one clock):

- arrival: when Python had it. Played at once, this would be the jitter;
- stamp: what our stamps say. RtMidi stamps in JACK's process callback, so up to one period, evenly spread, is JACK's own;
- late: messages that Python had later than the default latency (two periods and 3 ms) after their stamp.

Usage: python benchmarks/bench_midi.py [--count 800] [--frames 256] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout that is not installed

from benchmarks import timing
from benchmarks.peer import SAMPLE_RATE
from benchmarks.referee import Referee, referee
from benchmarks.timing import PeerMissing

FOLDER = Path(__file__).resolve().parent
SOURCE = "bench-keys"
MOST = 1 << 14  # a note's key and velocity number it
SPARE_LATENCY_S = 0.003
PATIENCE_S = 300.0


class Case(NamedTuple):
    """What the listening Python does besides, and how long a thread may keep the GIL."""

    title: str
    switch_interval_s: float
    busy: tuple[str, ...] = ()


CASES = (
    Case("idle", 0.0005),
    Case("two threads spin, Python's own 5 ms", 0.005, ("spin",)),
    Case("two threads spin, our 0.5 ms", 0.0005, ("spin",)),
    Case("and one sorts a million floats", 0.0005, ("spin", "sort")),
)


def run(case: Case, frames: int, count: int) -> dict[str, Any]:
    """Send numbered notes to a listener and return how late they came.

    Raises
    ------
    PeerMissing
        If a program ends early; the message is its last line.
    """
    with referee(SAMPLE_RATE, frames) as server, start(server, "midi_source.py", SOURCE, count) as source:
        answer(source)
        with start(server, "midi_listener.py", SOURCE, case.switch_interval_s, *case.busy) as listener:
            heard = answer(listener)
            begin = server.moment
            sent_s = np.array(answer(source, "begin"))
            missed = server.verdict(begin, server.moment).missed
            came = answer(listener, "end")
        source.communicate("end\n")
    return {"ports": heard, "missed": missed, "load_average": os.getloadavg()[0]} | judge(sent_s, came, frames)


def start(server: Referee, script: str, *arguments: Any) -> subprocess.Popen[str]:
    """Start one of the two programs; they talk in lines."""
    command = [sys.executable, str(FOLDER / script), *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=server.environment, text=True, **pipes)


def answer(program: subprocess.Popen[str], word: str = "") -> Any:
    """Say a word, if any, and return the program's next line, of JSON but for the first word of the source."""
    assert program.stdin is not None
    assert program.stdout is not None
    if word:
        program.stdin.write(f"{word}\n")
        program.stdin.flush()
    watchdog = threading.Timer(PATIENCE_S, program.kill)
    watchdog.start()
    line = program.stdout.readline().strip()
    watchdog.cancel()
    if not line:
        complaint = program.communicate()[1].strip().splitlines()
        raise PeerMissing(f"{Path(program.args[1]).name} ended: {complaint[-1] if complaint else 'it said nothing'}")
    return line if line == "open" else json.loads(line)


def judge(sent_s: np.ndarray, came: list[tuple[int, float, float]], frames: int) -> dict[str, Any]:
    """Return the distributions of arrivals and stamps, in milliseconds after the sending, and how many were late or lost."""
    if not came:
        raise PeerMissing("no message arrived")
    numbers, stamps_s, arrivals_s = (np.array(column) for column in zip(*came, strict=True))
    latency_s = 2 * frames / SAMPLE_RATE + SPARE_LATENCY_S
    return {
        "sent": len(sent_s),
        "came": len(came),
        "in_order": bool(np.all(np.diff(numbers) > 0)),
        "arrival_ms": spread(1e3 * (arrivals_s - sent_s[numbers])),
        "stamp_ms": spread(1e3 * (stamps_s - sent_s[numbers])),
        "late": int(np.sum(arrivals_s - stamps_s > latency_s)),
        "latency_ms": 1e3 * latency_s,
    }


def spread(times_ms: np.ndarray) -> dict[str, float]:
    """Return the median, the 99th percentile, the largest and the standard deviation."""
    median, p99 = np.percentile(times_ms, (50, 99))
    return {"median": float(median), "p99": float(p99), "max": float(times_ms.max()), "sd": float(times_ms.std())}


def report(options: argparse.Namespace) -> dict[str, Any]:
    """Measure every case and return all figures."""
    found: dict[str, Any] = {"machine": timing.machine(), "cores": os.cpu_count(), "load_average": os.getloadavg()}
    found |= {"frames": options.frames, "cases": {}, "problems": []}
    for case in CASES:
        try:
            found["cases"][case.title] = run(case, options.frames, options.count)
        except PeerMissing as missing:
            found["problems"].append(f"{case.title}: {missing}")
    return found


def show(found: dict[str, Any]) -> None:
    """Print the figures as a table."""
    period_ms = 1e3 * found["frames"] / SAMPLE_RATE
    print(
        f"MIDI through JACK and rtmidi, {found['frames']} frames ({period_ms:.1f} ms); {found['machine']}, {found['cores']} cores"
    )
    heads = ("ms after sending:", "arrival: median", "99 %", "most", "sd", "stamp: median", "99 %", "most", "sd")
    print(f"\n{heads[0]:38}" + "".join(f"{head:>{len(head) + 2 if ':' in head else 8}}" for head in heads[1:]) + "   late of")
    for title, case in found["cases"].items():
        cells = "".join(
            f"{case[what]['median']:{width}.1f}{case[what]['p99']:8.1f}{case[what]['max']:8.1f}{case[what]['sd']:8.2f}"
            for what, width in (("arrival_ms", 17), ("stamp_ms", 15))
        )
        lost = f"  {case['sent'] - case['came']} lost" if case["came"] != case["sent"] else ""
        print(f"{title:38}{cells}   {case['late']} of {case['came']}{lost}{'' if case['in_order'] else '  out of order'}")
    for problem in found["problems"]:
        print(f"\n{problem}")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=800, help=f"messages per case, at most {MOST}")
    parser.add_argument("--frames", type=int, default=256, help="JACK's period")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if not 1 <= options.count <= MOST:
        parser.error(f"--count {options.count}; it must be 1 to {MOST}")
    timing.tell(report(options), show, as_json=options.json)


if __name__ == "__main__":
    main()
