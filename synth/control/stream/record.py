"""A stream of parameter frames in the quantum: what is agreed on, where it stands.  frames -> phases -> what a take keeps.

Frames come through a ring (`stream_ring`), get their frame (`stream_clock`) and wait for it (`waiting_room`). All of a stream but
its ring lies in memory that no other process sees.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from synth.control.stream.ring import ITEM, REJECTIONS
from synth.rt import kernel
from synth.rt.intrinsics import address_of, load_acquire, pointer, store_release

STREAMS = 8
"""That an engine hears at once."""
ACTS = 1024
"""What a stream has done and a take has not yet taken in."""
NEVER = 1 << 62
_LONG_AGO = -NEVER

FRAME, HOME, RELEASE, CLOSE = range(4)
"""What a stream does: set its values; glide to the preset's; let go until it returns; end."""
UNUSED, DRIVING, STALLED, GOING_HOME, RELEASED = range(5)
"""A stream's phase."""
PHASES = ("unused", "driving", "stalled", "going home", "released")
ACT = np.dtype([("frame", "i8"), ("ramp_frames", "i8"), ("act", "i4"), ("is_eased", "i4")], align=True)
"""What a take keeps of what a stream did, with the values, f4, behind it."""
TARGET = np.dtype(
    [
        ("generation", "i8"),
        ("layer", "i4"),  # -1: the master
        ("slot", "i4"),
        ("low", "f8"),
        ("high", "f8"),
        ("preset_value", "f8"),  # the preset's value
        ("glide_stop", "i8"),  # until when it glides back after a hand has given it back
    ],
    align=True,
)
STREAM = np.dtype(
    [
        ("ring", "i8"),  # addresses: RING and items ...
        ("targets", "i8"),  # ... TARGET, one a value
        ("pending", "i8"),  # ... PENDING, WAITING of them
        ("vectors", "i8"),  # ... f4 (WAITING, values)
        ("order", "i8"),  # ... i4 (WAITING,): which of them wait, by frame, then which are free
        ("acts", "i8"),  # ... ACT with values, ACTS of them
        ("values", "i8"),
        ("capacity", "i8"),
        ("item_bytes", "i8"),
        ("act_bytes", "i8"),
        ("hash", "u8"),
        ("is_replay", "i8"),
        ("read", "i8"),
        ("seen", "i8"),  # up to there items were in the ring ...
        ("seen_at", "i8"),  # ... at this frame
        ("count", "i8"),  # frames that wait, those that act in this quantum among them ...
        ("acting", "i8"),  # ... and those
        ("acts_written", "i8"),
        ("acts_read", "i8"),
        # the contract
        ("start", "i8"),
        ("is_synced", "i8"),
        ("is_start_given", "i8"),
        ("delay", "f8"),  # frames
        ("most_ahead", "i8"),  # frames that one may wait, 0: any
        ("ramp_frames", "i8"),
        ("is_eased", "i8"),
        ("slew", "f8"),  # of the range a second, 0: any
        ("timeout", "i8"),
        ("hold", "i8"),
        ("glide", "i8"),
        ("return_frames", "i8"),
        # where it stands
        ("phase", "i8"),
        ("last_act", "i8"),
        ("last_nominal", "i8"),
        ("return_stop", "i8"),
        ("glide_from", "i8"),  # what acts from there on is by a new pin
        ("out_of_window", "i8"),  # the last stamped frames came late: -1, in time: 0, early: 1 ...
        ("out_of_window_since", "i8"),
        ("out_of_window_count", "i8"),  # ... so many of them
        ("is_closing", "i8"),
        ("is_closed", "i8"),
        # counters
        ("received", "i8"),
        ("applied", "i8"),
        ("late", "i8"),
        ("early", "i8"),
        ("dropped", "i8"),
        ("merged", "i8"),
        ("rejected", "i8", (REJECTIONS,)),
        ("firsts", ITEM, (REJECTIONS,)),  # the first of each kind
        ("corrupt", "i8"),
        ("first_corrupt", "i8"),  # how many items its counters said were in the ring
        ("non_finite", "i8"),
        ("stalls", "i8"),
        ("syncs", "i8"),
        ("dropped_acts", "i8"),
        ("last_arrival", "i8"),
        ("interval", "f8"),
        ("jitter", "f8"),
        ("longest_wait", "i8"),
        ("room", "i8"),  # the least frames by which a stamp came before its time in this second, NEVER: none came ...
        ("room_before", "i8"),  # ... and in the one before
        ("room_since", "i8"),
    ],
    align=True,
)


def _offset(record: np.dtype[np.void], field: str) -> int:
    return int(record.fields[field][1]) if record.fields else 0


_ACTS_WRITTEN_AT, _ACTS_READ_AT = _offset(STREAM, "acts_written"), _offset(STREAM, "acts_read")
_ACT_HEAD_BYTES = ACT.itemsize


def act_bytes(values: int) -> int:
    """Return how long what a take keeps of a frame is."""
    return _ACT_HEAD_BYTES + -(-4 * values // 8) * 8


# ---- what happens, and what does when nothing comes


@kernel
def begin(stream, one, frame):
    """Let a frame act at an absolute frame: in a glide if the stream had stalled, or its sender's clock had gone astray."""
    if stream.is_replay:
        return
    stream.applied += 1
    stream.longest_wait = max(stream.longest_wait, frame - one.arrived)
    if stream.phase >= STALLED or one.frame >= stream.glide_from:
        stream.return_stop, stream.glide_from = frame + stream.return_frames, NEVER
    stream.phase, stream.last_act, stream.last_nominal = DRIVING, frame, one.frame
    if stream.return_stop > frame:
        one.ramp_frames = max(one.ramp_frames, stream.return_stop - frame)


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


# ---- what a take keeps


@kernel
def keep_act(stream, frame, act, ramp_frames, is_eased, slot):
    """Tell the Python side what the stream did; a full ring drops and counts."""
    read = load_acquire(address_of(stream) + _ACTS_READ_AT)
    written = stream.acts_written
    if written - read >= ACTS:
        stream.dropped_acts += 1
        return
    at = stream.acts + (written & (ACTS - 1)) * stream.act_bytes
    kept = carray(pointer(at), 1, ACT)[0]
    kept.frame, kept.act, kept.ramp_frames, kept.is_eased = frame, act, ramp_frames, is_eased
    to = carray(pointer(at + _ACT_HEAD_BYTES), stream.values, np.float32)
    vector = carray(pointer(stream.vectors + 4 * stream.values * slot), stream.values, np.float32)
    for n in range(stream.values):
        to[n] = vector[n] if act == FRAME else np.float32(0.0)
    store_release(address_of(stream) + _ACTS_WRITTEN_AT, written + 1)
