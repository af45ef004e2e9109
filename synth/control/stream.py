"""A stream of parameter frames on its way to the quantum: the contract.  ring -> frame of each -> waiting room -> due, phases.

The ring has one layout wherever it lies: in this process, or in memory shared with another one. Its writer only writes; its
reader trusts nothing it finds there: how many values and items there are it knows by itself, and a counter that makes no sense
only costs the frames in the ring. Everything else of a stream lies in memory that no other process sees.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from synth.jit import kernel
from synth.jit.native import address_of, load_acquire, pointer, store_release

STREAMS = 8
"""That an engine hears at once."""
MAX_VALUES = 1024
WAITING = 512
"""Frames that may wait for their time; when there are more, the oldest is dropped."""
ACTS = 1024
"""What a stream has done and a take has not yet taken in."""
_MOST_A_QUANTUM = 2048  # items taken out of the ring, so that no writer can hold up the sound
_LONGEST_STAMP_S = 1e9
_LATEST_FRAME = 1 << 61
NEVER = 1 << 62
_LONG_AGO = -NEVER
_BLEND = 1.0 / 16.0  # of a new interval in the measured rate and jitter (as RFC 3550, 6.4.1)

STAMPED, ARRIVED, AT, REPLAYED = range(4)
"""An item's kind: its time is its sender's stamp, its arrival, an absolute frame, or what a take says."""
FRAME, HOME, RELEASE, CLOSE = range(4)
"""What a stream does: set its values; glide to the preset's; let go until it returns; end."""
UNUSED, DRIVING, STALLED, GOING_HOME, RELEASED = range(5)
"""A stream's phase."""
PHASES = ("unused", "driving", "stalled", "going home", "released")
MAGIC = 0x53594E5448535431
"""What a ring in shared memory begins with: SYNTHST1."""

RING = np.dtype(
    [
        ("magic", "u8"),
        ("hash", "u8"),  # of the parameter space
        ("values", "i8"),
        ("capacity", "i8"),  # items, a power of two
        ("sample_rate", "f8"),
        ("paths_bytes", "i8"),  # JSON, behind the items
        ("owner", "i8"),  # process of the engine
        ("is_closed", "i8"),
        ("written", "i8"),
        ("lost", "i8"),  # found no room; the writer's
        ("_written_line", "i8", (6,)),
        ("read", "i8"),
        ("frame", "i8"),  # the engine's clock
        ("_read_line", "i8", (6,)),
    ],
    align=True,
)
"""The head of a ring; its items follow."""
ITEM = np.dtype(
    [
        ("kind", "i4"),
        ("act", "i4"),  # REPLAYED
        ("is_eased", "i4"),  # REPLAYED
        ("_padding", "i4"),
        ("frame", "i8"),  # AT, REPLAYED
        ("stamp_s", "f8"),  # STAMPED: since the stream's start
        ("ramp_frames", "i8"),  # REPLAYED
        ("hash", "u8"),  # of the space that the sender means; 0: it does not say
    ],
    align=True,
)
"""The head of a frame; its values, f4, follow."""
PENDING = np.dtype([("frame", "i8"), ("arrived", "i8"), ("ramp_frames", "i8"), ("act", "i4"), ("is_eased", "i4")], align=True)
ACT = np.dtype([("frame", "i8"), ("ramp_frames", "i8"), ("act", "i4"), ("is_eased", "i4")], align=True)
"""What a take keeps of what a stream did, with the values, f4, behind it."""
TARGET = np.dtype(
    [
        ("generation", "i8"),
        ("layer", "i4"),  # -1: the master
        ("slot", "i4"),
        ("low", "f8"),
        ("high", "f8"),
        ("home", "f8"),  # the preset's value
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
        ("count", "i8"),  # frames that wait, those that act in this quantum among them ...
        ("acting", "i8"),  # ... and those
        ("acts_written", "i8"),
        ("acts_read", "i8"),
        # the contract
        ("start", "i8"),
        ("is_pinned", "i8"),
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
        ("is_closing", "i8"),
        ("is_closed", "i8"),
        # counters
        ("received", "i8"),
        ("applied", "i8"),
        ("late", "i8"),
        ("early", "i8"),
        ("dropped", "i8"),
        ("rejected", "i8"),
        ("fouled", "i8"),
        ("not_numbers", "i8"),
        ("stalls", "i8"),
        ("dropped_acts", "i8"),
        ("last_arrival", "i8"),
        ("interval", "f8"),
        ("jitter", "f8"),
        ("longest_wait", "i8"),
    ],
    align=True,
)


def _offset(record: np.dtype[np.void], field: str) -> int:
    return int(record.fields[field][1]) if record.fields else 0


_WRITTEN_AT, _READ_AT, _FRAME_AT = (_offset(RING, name) for name in ("written", "read", "frame"))
_ACTS_WRITTEN_AT, _ACTS_READ_AT = _offset(STREAM, "acts_written"), _offset(STREAM, "acts_read")
_HEAD_BYTES, _ITEM_HEAD_BYTES, _ACT_HEAD_BYTES = RING.itemsize, ITEM.itemsize, ACT.itemsize


def item_bytes(values: int) -> int:
    """Return how long a frame of so many values is in a ring."""
    return _ITEM_HEAD_BYTES + -(-4 * values // 8) * 8


def act_bytes(values: int) -> int:
    """Return how long what a take keeps of a frame is."""
    return _ACT_HEAD_BYTES + -(-4 * values // 8) * 8


# ---- the writer's side


@kernel
def send(ring_address, values, capacity, heads_address, vectors_address, count):
    """Put frames into a ring; those that find no room are lost and counted.

    Parameters
    ----------
    ring_address : address of the RING.
    values, capacity : of the ring, as its writer knows them.
    heads_address, vectors_address : addresses of `count` ITEM and of f4 (count, values).
    count : how many.

    Returns
    -------
    int : how many found room.
    """
    ring = carray(pointer(ring_address), 1, RING)[0]
    heads = carray(pointer(heads_address), count, ITEM)
    vectors = carray(pointer(vectors_address), count * values, np.float32)
    size = _ITEM_HEAD_BYTES + (4 * values + 7) // 8 * 8
    written = ring.written
    room = capacity - (written - load_acquire(ring_address + _READ_AT))
    moved = min(max(room, 0), capacity, count)
    for index in range(moved):
        at = ring_address + _HEAD_BYTES + ((written + index) & (capacity - 1)) * size
        item, head = carray(pointer(at), 1, ITEM)[0], heads[index]
        item.kind, item.act, item.is_eased = head.kind, head.act, head.is_eased
        item.frame, item.stamp_s, item.ramp_frames, item.hash = head.frame, head.stamp_s, head.ramp_frames, head.hash
        to = carray(pointer(at + _ITEM_HEAD_BYTES), values, np.float32)
        for n in range(values):
            to[n] = vectors[index * values + n]
    ring.lost += count - moved
    store_release(ring_address + _WRITTEN_AT, written + moved)
    return moved


# ---- the waiting room


@kernel
def _copy(stream, slot, address):
    """Take in values; what is no number becomes NaN and is counted."""
    values = carray(pointer(address), stream.values, np.float32)
    vector = carray(pointer(stream.vectors + 4 * stream.values * slot), stream.values, np.float32)
    for n in range(stream.values):
        value = values[n]
        if not (abs(value) < math.inf):
            stream.not_numbers += not stream.is_replay
            value = np.float32(math.nan)
        vector[n] = value


@kernel
def _forget(stream, count):
    """Free the places of the first so many frames."""
    order = carray(pointer(stream.order), WAITING, np.int32)
    for _ in range(count):
        slot = order[0]
        for index in range(stream.count - 1):
            order[index] = order[index + 1]
        stream.count -= 1
        order[stream.count] = slot


@kernel
def _place_of(stream, frame, now):
    """Return the place in `order` where a frame belongs, whether it replaces the one there, -1 if it is not to be kept.

    Of late frames only the newest waits, of two for one frame the one that came later.
    """
    order = carray(pointer(stream.order), WAITING, np.int32)
    pending = carray(pointer(stream.pending), WAITING, PENDING)
    if stream.is_replay:
        return stream.count, False
    if frame < now:
        stream.late += 1
        if frame < stream.last_nominal:
            return -1, False
        if stream.count > 0 and pending[order[0]].frame < now:
            return (0, True) if frame >= pending[order[0]].frame else (-1, False)
        return 0, False
    place = stream.count
    while place > 0 and pending[order[place - 1]].frame > frame:
        place -= 1
    if place > 0 and pending[order[place - 1]].frame == frame:
        return place - 1, True
    return place, False


@kernel
def _keep(stream, item, address, frame, now):
    """Let a frame wait for its time."""
    place, is_instead = _place_of(stream, frame, now)
    if place < 0:
        stream.dropped += 1
        return
    order = carray(pointer(stream.order), WAITING, np.int32)
    if is_instead:
        stream.dropped += 1
    else:
        if stream.count == WAITING:
            _forget(stream, 1)
            stream.dropped += 1
            place = max(place - 1, 0)
        slot = order[stream.count]
        for index in range(stream.count, place, -1):
            order[index] = order[index - 1]
        order[place] = slot
        stream.count += 1
    slot = order[place]
    one = carray(pointer(stream.pending), WAITING, PENDING)[slot]
    one.frame, one.arrived, one.act, one.ramp_frames, one.is_eased = frame, now, FRAME, stream.ramp_frames, stream.is_eased
    if stream.is_replay:
        one.act, one.ramp_frames, one.is_eased = item.act, item.ramp_frames, item.is_eased
    _copy(stream, slot, address)


# ---- the reader's side


@kernel
def nearest_frame(start, delay, stamp_s, sample_rate):
    """Return the frame at which a stamp takes effect."""
    return math.floor(start + delay + stamp_s * sample_rate + 0.5)


@kernel
def _frame_of(stream, item, now, sample_rate):
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
def _time(stream, now):
    """Measure how often frames come, and how unevenly."""
    if stream.received > 0:
        gap = float(now - stream.last_arrival)
        stream.interval = gap if stream.received == 1 else stream.interval + _BLEND * (gap - stream.interval)
        stream.jitter += _BLEND * (abs(gap - stream.interval) - stream.jitter)
    stream.received += 1
    stream.last_arrival = now


@kernel
def listen(stream, now, sample_rate):
    """Take what has come out of the ring into the waiting room; `now` is the first frame not yet rendered."""
    _forget(stream, stream.acting)
    stream.acting = 0
    written = load_acquire(stream.ring + _WRITTEN_AT)
    coming = written - stream.read
    if coming < 0 or coming > stream.capacity:
        stream.fouled += 1
        stream.read = written
        coming = 0
    for _ in range(min(coming, _MOST_A_QUANTUM)):
        at = stream.ring + _HEAD_BYTES + (stream.read & (stream.capacity - 1)) * stream.item_bytes
        item = carray(pointer(at), 1, ITEM)[0]
        frame = _frame_of(stream, item, now, sample_rate)
        if frame < 0:
            stream.rejected += 1
        else:
            _time(stream, now)
            _keep(stream, item, at + _ITEM_HEAD_BYTES, frame, now)
        stream.read += 1
    store_release(stream.ring + _FRAME_AT, now)
    store_release(stream.ring + _READ_AT, stream.read)


@kernel
def find_due(stream, stop):
    """Return how many frames act before frame `stop`: the first ones in `order`; they stay until the next `listen`."""
    order = carray(pointer(stream.order), WAITING, np.int32)
    pending = carray(pointer(stream.pending), WAITING, PENDING)
    while stream.acting < stream.count and pending[order[stream.acting]].frame < stop:
        stream.acting += 1
    return stream.acting


@kernel
def begin(stream, one, frame):
    """Let a frame act at an absolute frame: it drives again if it had stalled, in a glide."""
    if stream.is_replay:
        return
    stream.applied += 1
    stream.longest_wait = max(stream.longest_wait, frame - one.arrived)
    if stream.phase >= STALLED:
        stream.return_stop = frame + stream.return_frames
    stream.phase, stream.last_act, stream.last_nominal = DRIVING, frame, one.frame
    if stream.return_stop > frame:
        one.ramp_frames = max(one.ramp_frames, stream.return_stop - frame)


# ---- what happens when nothing comes


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

    A sender that comes back may be another one: unless the start was given, its first stamp is pinned anew.
    """
    stream.phase += 1
    if stream.phase == STALLED:
        stream.stalls += 1
        stream.last_nominal = _LONG_AGO
        stream.is_pinned = stream.is_start_given
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
