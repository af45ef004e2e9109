"""A stream's clock: the frame at which what has come is to act.  stamp, arrival or frame -> frame; arrivals -> room, rate.

A sender's stamps are synced to the engine's frames where the first of them arrives. A clock that drifts, or jumps, moves away
from that: when nothing but late frames has come for a while, or nothing but early ones, the next stamp is synced anew.
"""

from __future__ import annotations

import math

from synth.control.frame_numbers import NEVER
from synth.control.stream.record import DRIVING
from synth.control.stream.ring import ARRIVED, AT, LATEST_FRAME, LONGEST_STAMP_S, NO_KIND, NO_TIME, STAMPED, WRONG_HASH
from synth.rt import kernel

RESYNC_S = 1.0
"""After so long in which every stamped frame came late, or every one early, the next is synced anew ..."""
RESYNC_FRAMES = 8
"""... if there were at least so many."""
ROOM_S = 1.0
"""Over the last so many seconds, or up to twice as many, the least room is kept."""
_BLEND = 1.0 / 16.0  # of a new interval in the measured rate and jitter (as RFC 3550, 6.4.1)


@kernel
def nearest_frame(start, delay, stamp_s, sample_rate):
    """Return the frame at which a stamp takes effect."""
    return math.floor(start + delay + stamp_s * sample_rate + 0.5)


@kernel
def _sync(stream, stamp_s, arrived, sample_rate):
    """Let a stamp mean the frame at which it arrived; what it does while the stream drives is done in a glide."""
    if stream.syncs > 0 and stream.phase == DRIVING:
        stream.glide_from = arrived + int(stream.delay)
    stream.is_synced, stream.syncs, stream.out_of_window = 1, stream.syncs + 1, 0
    stream.start = arrived - math.floor(stamp_s * sample_rate + 0.5)
    stream.room = stream.room_before = NEVER
    stream.room_since = arrived


@kernel
def _note_room(stream, room, arrived, sample_rate):
    """Keep how much earlier than needed a frame came: the least of this second, and of the one before."""
    second = int(ROOM_S * sample_rate)
    if arrived - stream.room_since >= second:
        stream.room_before = stream.room if arrived - stream.room_since < 2 * second else NEVER
        stream.room, stream.room_since = NEVER, arrived
    stream.room = min(stream.room, room)


@kernel
def _heed(stream, side, arrived, sample_rate):
    """Take note that a stamped frame came late (-1), in time (0) or early (1); let go of a sync that is no good any more."""
    if side != stream.out_of_window:
        stream.out_of_window, stream.out_of_window_since, stream.out_of_window_count = side, arrived, 0
    stream.out_of_window_count += 1
    is_long = arrived - stream.out_of_window_since >= RESYNC_S * sample_rate and stream.out_of_window_count >= RESYNC_FRAMES
    if side != 0 and is_long and not stream.is_start_given:
        stream.is_synced = 0


@kernel
def _stamped_frame(stream, stamp_s, arrived, now, sample_rate):
    if not stream.is_synced:
        _sync(stream, stamp_s, arrived, sample_rate)
    frame = nearest_frame(stream.start, stream.delay, stamp_s, sample_rate)
    _note_room(stream, frame - arrived, arrived, sample_rate)
    if stream.most_ahead > 0 and frame > arrived + stream.most_ahead:
        stream.early += 1
        _heed(stream, 1, arrived, sample_rate)
        return max(arrived + stream.most_ahead, now)
    _heed(stream, -1 if frame < arrived else 0, arrived, sample_rate)
    return max(frame, 0)


@kernel
def frame_of(stream, item, arrived, now, sample_rate):
    """Return the frame at which an item is to act, or -1 less the kind of its rejection."""
    kind, stamp_s, frame, meant = item.kind, item.stamp_s, item.frame, item.hash
    if stream.is_replay:
        return frame
    if meant != 0 and meant != stream.hash:
        return -1 - WRONG_HASH
    if kind == ARRIVED:
        return max(arrived + int(stream.delay), now)
    if kind == AT:
        return frame if 0 <= frame < LATEST_FRAME else -1 - NO_TIME
    if kind != STAMPED:
        return -1 - NO_KIND
    if not (abs(stamp_s) < LONGEST_STAMP_S):
        return -1 - NO_TIME
    return _stamped_frame(stream, stamp_s, arrived, now, sample_rate)


@kernel
def measure(stream, arrived):
    """Measure how often frames come, and how unevenly."""
    if stream.received > 0:
        gap = float(arrived - stream.last_arrival)
        stream.interval = gap if stream.received == 1 else stream.interval + _BLEND * (gap - stream.interval)
        stream.jitter += _BLEND * (abs(gap - stream.interval) - stream.jitter)
    stream.received += 1
    stream.last_arrival = arrived
