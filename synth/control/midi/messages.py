"""What MIDI is decoded into, and the decoder's record.  bytes -> DECODER (one per source port) -> MESSAGE.

A MESSAGE says in natural units what a player did, and whom it concerns: a note, a channel, or all channels of an MPE zone.
"""

from __future__ import annotations

import numpy as np

CHANNELS = 16
OUT_MESSAGES = 32
"""The least length of `out`: one byte writes at most 21 messages."""
WAITING = 16
"""Most significant bytes that may wait for their other half at once."""

# The first seven in the order of their status bytes, 0x80 to 0xE0.
NOTE_OFF, NOTE_ON, POLY_PRESSURE, CONTROL, PROGRAM, CHANNEL_PRESSURE, BEND = range(7)
CONTROL_14, NRPN, RPN, NRPN_STEP, RPN_STEP, ZONE, PANIC, CLOCK, START, CONTINUE, STOP = range(7, 18)
"""Kinds of message.

NOTE_ON, NOTE_OFF : `number` the key, `value` the velocity 0..1 (releases as well; 64/127 when the device sends none).
POLY_PRESSURE, CHANNEL_PRESSURE : `value` 0..1; `number` the key, or 0.
BEND : `value` in semitones, signed, by the channel's bend range.
CONTROL, CONTROL_14 : `number` 0..127 or 0..31, `value` 0..1 from 7 or 14 bits. Both kinds of one number are one controller.
NRPN, RPN : `number` 0..16383, `value` 0..1. NRPN_STEP, RPN_STEP : `value` what to add, a step of 7 or 14 bits up or down.
PROGRAM : `number` 0..127.
ZONE : an MPE zone was set, `channel` its manager, `number` its member channels; the notes on `channels` end.
PANIC : `number` 120 or 123 to 127, the controller that says it; the notes on `channels` end.
CLOCK, START, CONTINUE, STOP : for the whole port.
"""

NOTE_SCOPE, CHANNEL_SCOPE, ZONE_SCOPE, PORT_SCOPE = range(4)
"""Whom a message concerns: a key's note, or what sounds on an MPE member channel; a channel; an MPE zone; everything."""

MESSAGE = np.dtype(
    [
        ("kind", "i8"),
        ("channel", "i8"),  # 0..15
        ("number", "i8"),
        ("scope", "i8"),
        ("channels", "i8"),  # the channels that it concerns, a bit each
        ("value", "f8"),
        ("frame", "i8"),
    ],
    align=True,
)

CHANNEL = np.dtype(
    [
        ("bend", "i8"),  # -8192..8191
        ("bend_range_cents", "i8"),
        ("pressure", "f8"),
        ("timbre", "f8"),  # CC 74
        ("is_14", "u4"),  # controllers 0..31 whose least significant bytes come, a bit each
        ("msb", "u1", (32,)),
        ("parameter_kind", "i8"),  # NRPN or RPN
        ("parameter_msb", "i8"),  # -1: not yet named
        ("parameter_lsb", "i8"),
    ],
    align=True,
)
_WAIT = np.dtype([("frame", "i8"), ("channel", "i8"), ("number", "i8"), ("value", "i8")], align=True)

DECODER = np.dtype(
    [
        ("status", "i8"),  # of the running message, 0: none
        ("missing", "i8"),  # data bytes still to come of a message begun
        ("data", "i8", (2,)),
        ("wait_frames", "i8"),
        ("waiting_count", "i8"),
        ("waiting", _WAIT, (WAITING,)),  # oldest first
        ("newest", _WAIT),  # the most significant byte that came last
        ("zone_members", "i8", (2,)),  # of the lower and the upper zone, 0: no zone
        ("channels", CHANNEL, (CHANNELS,)),
        ("stray", "i8"),  # data bytes that belong to no message
        ("truncated", "i8"),  # messages that another status byte cut short
        ("undefined", "i8"),  # status bytes without a meaning
        ("dropped", "i8"),  # messages for which `out` was too short
    ],
    align=True,
)
