"""Events and responses as records: their kinds, what each field holds, and the rings between the threads.

Python, MIDI, streams, gestures -> EVENT -> ring, heap, due -> what happens -> RESPONSE -> ring -> Python
"""

from __future__ import annotations

import numpy as np

from synth.rt.rings import ring_of

RING = 4096
HEAP = 16384
DUE = HEAP

SET, STRIKE, RELEASE, NOTE, ADD, REMOVE = range(6)
PANIC, MASTER, TUNE_ROOM, RELEASE_ALL, NOTE_ALL, HOLD, FREEZE, PAUSE, TAP, TEMPO_HZ, MAP, STREAM_ACT, RELEASE_OVERRIDE = range(
    6, 19
)
STEP_MASTER, SAY, TALK, HUSH = range(19, 23)
"""Kinds of event, those that concern a layer first. Takes hold these numbers: a new kind comes last.

SET a layer's number, NOTE a note's own, MASTER the master's: `slot`, `value`, `ramp_frames`; SET, MASTER: `owner`.
STEP_MASTER moves the master's by `value` from where it is going: of two steps both count, whoever makes them.
STRIKE : `note`, `velocity`, `pitch`. RELEASE : `note`. REMOVE : `keeps_tails`.
RELEASE_ALL, NOTE_ALL : every held note whose id agrees with `note` in the bits of `mask`, on whatever layer.
HOLD, FREEZE, PAUSE : `switch`. TAP : a beat at this frame. TEMPO_HZ : `value` in hertz. TUNE_ROOM : `value`, a T60 in seconds.
MAP : `table`. STREAM_ACT : what a `stream` does: act number `act` on its list of those that are due.
SAY : a phone waits to be said: its number in `slot`, its marks in `mask`, its seconds in `value`. TALK : a layer begins with it.
HUSH : it says nothing more of what waits.
RELEASE_OVERRIDE : a performer lets a number (`slot`, -1: all; `layer` ON_MASTER or ON_ALL) go back to its stream.
"""
BY_PYTHON, BY_CUE, BY_MIDI, BY_UNDO = range(4)
"""As an event's `owner`: whose change it is."""
OFF, ON, TOGGLE, FORGET = range(4)
"""As an event's `switch`: off, on, the other of the two; HOLD: off, and what was held is forgotten."""
OWN_RAMP = -1
"""As an event's `ramp_frames`: the number's own smoothing."""
ON_MASTER, ON_ALL = -1, -2
"""As a RELEASE_OVERRIDE's `layer`."""
ON_LAYER = (SET, STRIKE, RELEASE, NOTE, ADD, REMOVE, SAY, TALK, HUSH)
"""The kinds that concern a layer: their `generation` must be its own."""
TALKER = 1 << 50
"""A note that nobody struck, with which a layer says what waits."""
MIDI_NOTE = 1 << 40
"""A note that a key holds: this bit, and in the lowest ones port, channel and key. A gesture's notes are negative."""

EVENT = np.dtype(
    [
        ("frame", "i8"),  # -1: now
        ("sequence", "i8"),
        ("generation", "i8"),  # of the layer: an event for one that has ended must not reach the next in its place
        ("note", "i8"),
        ("mask", "i8"),
        ("ramp_frames", "i8"),
        ("value", "f8"),
        ("velocity", "f8"),
        ("pitch", "f8"),  # semitones
        ("kind", "i4"),
        ("layer", "i4"),
        ("slot", "i4"),
        ("owner", "i4"),
        ("switch", "i4"),
        ("keeps_tails", "i4"),  # what sounds ends by itself; 0: it fades
        ("table", "i4"),  # of bindings, the one that counts from now on
        ("stream", "i4"),
        ("act", "i4"),
    ],
    align=True,
)
STREAM_FIELDS = ("stream", "act")
"""Of an event, those that only a STREAM_ACT has."""

APPLIED, NOTE_ENDED, ASKED, CHANGED = range(4)
"""Kinds of response.

APPLIED : an `event`, with the frame at which it took effect. NOTE_ENDED : a `note` of a `layer`.
ASKED : a `binding` that only the Python side can follow, with the `number` of its message's key or program; its `note` is the
number of the table in which it stands.
CHANGED : an `event` by which a hand changes a number, which was on its way to `before`, and was a stream's or not.
"""
RESPONSE = np.dtype(
    [
        ("kind", "i4"),
        ("layer", "i4"),
        ("frame", "i8"),
        ("note", "i8"),
        ("binding", "i4"),
        ("number", "i4"),
        ("before", "f8"),
        ("was_streamed", "i8"),
        ("event", EVENT),
    ],
    align=True,
)
EVENT_RING, RESPONSE_RING = ring_of(EVENT, RING), ring_of(RESPONSE, RING)
