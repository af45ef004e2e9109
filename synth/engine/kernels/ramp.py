"""Smoothing: a number on its way from where it was to where it was set.  set at a frame -> ramp -> read at quantum ends.

One mechanism for a trigger's parameters, places, levels, gestures, motions, notes and the master. A ramp is straight on the
parameter's own curve: equal differences, or for what people hear in ratios (frequencies, times, distances) equal ratios.
"""

from __future__ import annotations

import math

from synth.rt import kernel
from synth.rt.units import wrapped_deg


@kernel
def place(smooth, value, low, high, own_frames, is_circular, is_discrete, is_exponential):
    """Set up a slot at rest."""
    smooth.value = value
    smooth.begin = value
    smooth.target = value
    smooth.start = 0
    smooth.stop = 0
    smooth.low = low
    smooth.high = high
    smooth.own_frames = own_frames
    smooth.is_circular = is_circular
    smooth.is_discrete = is_discrete
    smooth.is_exponential = is_exponential
    smooth.is_eased = 0
    smooth.owner = 0
    smooth.held_frames = 0


@kernel
def value_at(smooth, frame):
    """Return the value at an absolute frame at or after the last change."""
    if frame >= smooth.stop:
        return smooth.target
    if frame <= smooth.start:
        return smooth.begin
    way = (frame - smooth.start) / (smooth.stop - smooth.start)
    if smooth.is_eased:
        way *= way * (3.0 - 2.0 * way)
    if smooth.is_exponential:
        return smooth.begin * math.exp(way * math.log(smooth.target / smooth.begin))
    return smooth.begin + (smooth.target - smooth.begin) * way


@kernel
def change(smooth, target, frame, ramp_frames):
    """Start towards a target at an absolute frame; a negative ramp means the slot's own smoothing.

    A circular number (azimuth, degrees) takes the shorter way; at exactly half a turn the one through 0, the front.
    """
    if math.isnan(target):
        return
    begin = value_at(smooth, frame)
    target = min(max(target, smooth.low), smooth.high)
    if smooth.is_circular:
        begin = wrapped_deg(begin)
        way = wrapped_deg(target - begin)
        if abs(way) > 179.999999:
            way = -180.0 if begin > 0.0 else 180.0
        target = begin + way
    frames = 0 if smooth.is_discrete else (smooth.own_frames if ramp_frames < 0 else ramp_frames)
    smooth.begin = begin
    smooth.target = target
    smooth.start = frame
    smooth.stop = frame + frames
    smooth.is_eased = 0
    smooth.held_frames = 0


@kernel
def defer(smooth, target, ramp_frames):
    """Keep a change for later, when `go_on` is called."""
    smooth.held_target = target
    smooth.held_frames = max(smooth.own_frames if ramp_frames < 0 else ramp_frames, 1)


@kernel
def pause(smooth, frame):
    """Stop a ramp where it is at an absolute frame, and remember where it was going."""
    if frame < smooth.stop:
        target, frames, value = smooth.target, smooth.stop - max(frame, smooth.start), value_at(smooth, frame)
        smooth.begin, smooth.target, smooth.start, smooth.stop = value, value, frame, frame
        smooth.held_target, smooth.held_frames = target, frames


@kernel
def go_on(smooth, frame):
    """Take up what was paused or deferred."""
    if smooth.held_frames > 0:
        change(smooth, smooth.held_target, frame, smooth.held_frames)


@kernel
def advance(smooth, frame):
    """Read the value at the end of a quantum."""
    smooth.value = value_at(smooth, frame)
