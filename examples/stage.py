"""What the live examples share: --seconds and --device, a status line, a clean end."""

import argparse
import math
import sys
from contextlib import suppress

import synth

COUNTED = (
    *("phase", "received", "applied", "waiting", "late", "early", "dropped", "rejected", "non_finite"),
    *("corrupt", "stalls", "age_s", "longest_wait_s"),
)


def status(text):
    """Show a line instead of the one before."""
    print(f"\r{text}", end="", flush=True)


def tell(stream, live, **more):
    """Print what a stream and the sound device have counted."""
    stats, counters = stream.stats, live.engine.counters
    told = more | {name: stats[name] for name in COUNTED} | {name: counters[name] for name in ("muted", "scrubbed")}
    told |= {"gaps": live.stats.gaps, "frames": live.stats.frames}
    print("\n" + ", ".join(f"{name} {round(value, 4) if isinstance(value, float) else value}" for name, value in told.items()))


def run(play, doc, **positional):
    """Call `play` with the command line's arguments; what the synthesizer cannot use ends it with one line, Ctrl-C with none."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    for name, nargs in positional.items():
        parser.add_argument(name, nargs=nargs)
    parser.add_argument("--seconds", type=float, default=math.inf, help="default: for ever")
    parser.add_argument("--device", help="name or part of it; jack; default: the system's")
    with suppress(KeyboardInterrupt):
        try:
            play(parser.parse_args())
        except synth.InputError as error:
            sys.exit(f"{parser.prog}: {error}")
