"""A short live session of `synth explore`, from the command line's words on: fewer and shorter trials, otherwise as it is.

python -m tests.support.explore_scene PAIRS SOUND_S SILENCE_S WORDS...; prints the facts as the command does with --json.
"""

from __future__ import annotations

import sys

import synth.cli.exploring.command
import synth.explore.explorer
import synth.explore.schedule
import synth.explore.verdict
from synth.cli.exploring.asking import Timing
from synth.cli.main import main

_OF_PAIRS = (synth.explore.verdict, synth.explore.schedule, synth.explore.explorer, synth.cli.exploring.command)


def scene(pairs: int, timing: Timing, words: list[str]) -> int:
    """Run `synth explore` with so many pairs and such trials; return its exit status."""
    import synth.cli.explore as loop

    for module in _OF_PAIRS:
        module.PAIRS = pairs  # type: ignore[attr-defined]
    usual = loop.explore
    loop.explore = lambda options, should_stop, given=(): usual(options, should_stop, timing, given=given)  # type: ignore[assignment,misc]
    return main(["explore", *words])


if __name__ == "__main__":
    pairs, sound_s, silence_s, *words = sys.argv[1:]
    sys.exit(scene(int(pairs), Timing(float(sound_s), float(silence_s)), words))
