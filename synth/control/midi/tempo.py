"""Tempo: a beat tapped by hand, or counted by a MIDI clock.  frames of taps -> beats a second.

The mean of the last few intervals; a pause, or a tap far off the beat, begins anew.
"""

from __future__ import annotations

import numpy as np

from synth.rt import kernel

CLOCKS_A_BEAT = 24
_TAPS = 5
_LONGEST_S = 3.0
_SHORTEST_S = 0.1
_FAR_OFF = 0.35
"""A tap that differs from the beat by more than this share of it begins a new one."""

TEMPO = np.dtype([("taps", "i8", (_TAPS,)), ("count", "i8"), ("clocks", "i8")], align=True)


@kernel
def tap(tempo, frame, sample_rate):
    """Take a tap; return the tempo in hertz, or 0.0 before the second one.

    Parameters
    ----------
    tempo : a TEMPO record, zeroed at first.
    frame : when.
    sample_rate : hertz.
    """
    taps, count = tempo.taps, tempo.count
    if count > 0:
        gap = frame - taps[count - 1]
        if gap < _SHORTEST_S * sample_rate:
            return 0.0  # a key that bounced
        beat = (taps[count - 1] - taps[0]) / (count - 1) if count > 1 else float(gap)
        if gap > _LONGEST_S * sample_rate or abs(gap - beat) > _FAR_OFF * beat:
            count = 0
    if count == _TAPS:
        for index in range(_TAPS - 1):
            taps[index] = taps[index + 1]
        count -= 1
    taps[count] = frame
    tempo.count = count + 1
    return count * sample_rate / (taps[count] - taps[0]) if count > 0 else 0.0


@kernel
def clock(tempo, frame, sample_rate):
    """Take one tick of a MIDI clock, 24 a beat; return the tempo in hertz at each beat, and 0.0 between."""
    tempo.clocks += 1
    if tempo.clocks % CLOCKS_A_BEAT != 1:
        return 0.0
    return tap(tempo, frame, sample_rate)


@kernel
def start(tempo):
    """Begin a clock's bar: the next tick is a beat."""
    tempo.clocks = 0
    tempo.count = 0
