"""A stream's phases: what it does when a frame acts, and when nothing comes.  driving -> stalled -> going home -> released."""

from __future__ import annotations

from synth.control.frame_numbers import NEVER
from synth.control.stream.acts import HOME, RELEASE
from synth.control.stream.record import DRIVING, GOING_HOME, STALLED
from synth.rt import kernel

_LONG_AGO = -NEVER


@kernel
def drive(stream, due, nominal, arrived):
    """Let a frame act: in a glide if the stream had stalled, or its sender's clock had gone out of its window.

    Parameters
    ----------
    stream : a STREAM record.
    due : the DUE record of a FRAME; its `ramp_frames` grow to those of the glide.
    nominal, arrived : the frame at which it should act, and at which it came.
    """
    frame = due.frame
    stream.applied += 1
    stream.longest_wait = max(stream.longest_wait, frame - arrived)
    if stream.phase >= STALLED or nominal >= stream.glide_from:
        stream.return_stop, stream.glide_from = frame + stream.return_frames, NEVER
    stream.phase, stream.last_act, stream.last_nominal = DRIVING, frame, nominal
    if stream.return_stop > frame:
        due.ramp_frames = max(due.ramp_frames, stream.return_stop - frame)


@kernel
def next_turn(stream):
    """Return the frame at which the stream goes on to its next phase if nothing comes."""
    if stream.is_replay or stream.timeout == 0:
        return NEVER
    if stream.phase == DRIVING:
        return stream.last_act + stream.timeout
    if stream.phase == STALLED:
        return stream.last_act + stream.timeout + stream.hold
    if stream.phase == GOING_HOME:
        return stream.last_act + stream.timeout + stream.hold + stream.glide
    return NEVER


@kernel
def turn(stream):
    """Go on to the next phase; return what the stream does then, -1: nothing.

    A sender that comes back may be another one: unless the start was given, its first stamp is synced anew.
    """
    stream.phase += 1
    if stream.phase == STALLED:
        stream.stalls += 1
        stream.last_nominal = _LONG_AGO
        stream.is_synced = stream.is_start_given
        return -1
    return HOME if stream.phase == GOING_HOME else RELEASE
