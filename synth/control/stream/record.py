"""A stream's record: where its memory is, what is agreed on, where it stands, what it has counted.

ring (`ring`) -> frame of each (`clock`) -> wait for it (`queue`) -> phases, due acts (`scheduler`) -> what a take keeps (`acts`)

All of a stream but its ring lies in memory that no other process sees.
"""

from __future__ import annotations

import numpy as np

from synth.control.stream.ring import ITEM, REJECTIONS

STREAMS = 8
"""That an engine hears at once."""
UNUSED, DRIVING, STALLED, GOING_HOME, RELEASED = range(5)
"""A stream's phase."""
PHASES = ("unused", "driving", "stalled", "going home", "released")
TARGET = np.dtype(
    [
        ("generation", "i8"),
        ("layer", "i4"),  # -1: the master
        ("slot", "i4"),
        ("low", "f8"),
        ("high", "f8"),
        ("preset_value", "f8"),  # the preset's value
        ("glide_stop", "i8"),  # until when it glides back after an override was released
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
        ("due", "i8"),  # ... DUE, `due_count` of them that act in this quantum
        ("acts", "i8"),  # ... of a ring of ACT with values
        ("values", "i8"),
        ("capacity", "i8"),
        ("item_bytes", "i8"),
        ("act_bytes", "i8"),
        ("hash", "u8"),
        ("number", "i8"),  # streams act in the order in which they were made, whatever place they have
        ("is_replay", "i8"),
        ("read", "i8"),
        ("seen", "i8"),  # up to there items were in the ring ...
        ("seen_at", "i8"),  # ... at this frame
        ("count", "i8"),  # frames that wait, those that act in this quantum among them ...
        ("acting", "i8"),  # ... and those
        ("due_count", "i8"),
        # the contract
        ("start", "i8"),
        ("is_synced", "i8"),
        ("is_start_given", "i8"),
        ("delay", "f8"),  # frames
        ("most_taken", "i8"),  # items out of the ring in one quantum ...
        ("most_acting", "i8"),  # ... and frames that act in one
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
        ("glide_from", "i8"),  # what acts from there on is by a new sync
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
