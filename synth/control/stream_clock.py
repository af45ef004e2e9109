"""A stream's clock: the frame at which what has come is to act.  stamp, arrival or frame -> frame; arrivals -> rate, jitter."""

from __future__ import annotations

import math

from synth.control.stream_ring import ARRIVED, AT, STAMPED
from synth.jit import kernel

_LONGEST_STAMP_S = 1e9
_LATEST_FRAME = 1 << 61
_BLEND = 1.0 / 16.0  # of a new interval in the measured rate and jitter (as RFC 3550, 6.4.1)


@kernel
def nearest_frame(start, delay, stamp_s, sample_rate):
    """Return the frame at which a stamp takes effect."""
    return math.floor(start + delay + stamp_s * sample_rate + 0.5)


@kernel
def frame_of(stream, item, now, sample_rate):
    """Return the frame at which an item is to act, -1 if it makes no sense."""
    kind, stamp_s, frame, meant = item.kind, item.stamp_s, item.frame, item.hash
    if stream.is_replay:
        return frame
    if meant != 0 and meant != stream.hash:
        return -1
    if kind == ARRIVED:
        return now + int(stream.delay)
    if kind == AT:
        return frame if 0 <= frame < _LATEST_FRAME else -1
    if kind != STAMPED or not (abs(stamp_s) < _LONGEST_STAMP_S):
        return -1
    if not stream.is_pinned:
        stream.is_pinned = 1
        stream.start = now - math.floor(stamp_s * sample_rate + 0.5)
    frame = max(nearest_frame(stream.start, stream.delay, stamp_s, sample_rate), 0)
    if stream.most_ahead > 0 and frame > now + stream.most_ahead:
        stream.early += 1
        return now + stream.most_ahead
    return frame


@kernel
def measure(stream, now):
    """Measure how often frames come, and how unevenly."""
    if stream.received > 0:
        gap = float(now - stream.last_arrival)
        stream.interval = gap if stream.received == 1 else stream.interval + _BLEND * (gap - stream.interval)
        stream.jitter += _BLEND * (abs(gap - stream.interval) - stream.jitter)
    stream.received += 1
    stream.last_arrival = now
