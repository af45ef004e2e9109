"""Cues on their way: each comes at its frames once, in whatever pieces they are asked for, and asking costs only what comes."""

import time

from synth.engine.cues import Cues
from synth.engine.preset import Cue

RATE = 48000


def frames(cues, start, stops):
    """Return which cue comes at which frame."""
    coming = Cues([(cue, None) for cue in cues], start, RATE)
    return [(frame, values["number"]) for stop in stops for _, frame, _, values in coming.before(stop)]


def cue(number, at_s, every_s=0.0):
    return Cue(at_s, "x", {"number": number}, every_s=every_s)


def test_repetitions_fall_into_windows_once_each():
    cues = [cue(0, 1.7, 0.333), cue(1, 1.7), cue(2, 0.0, 1.7), cue(3, 0.0)]
    whole = frames(cues, 0, [480_000])
    assert [frame for frame, number in whole if number == 0] == [round((1.7 + n * 0.333) * RATE) for n in range(25)]
    assert [entry for entry in whole if entry[1] in (1, 3)] == [(0, 3), (round(1.7 * RATE), 1)]
    assert whole == sorted(whole)
    assert frames(cues, 0, range(640, 480_001, 640)) == whole
    assert frames(cues, 0, [480_000, 100, 480_000]) == whole
    assert frames(cues, 1000, [481_000]) == [(frame + 1000, number) for frame, number in whole]


def test_thousands_of_cues_that_are_far_away_cost_nothing():
    begin_s = time.process_time()
    assert frames([cue(n, 1000.0 + n) for n in range(4096)], 0, range(0, 4_000_000, 64)) == []
    assert time.process_time() - begin_s < 1.0
