"""The engine's memory: every record of its state, the arena, and the table of addresses.

STATE (one record, the same for every preset) + arena (bytes: voices, emitters, by offset) = a snapshot when copied
TABLES (addresses of kernels and ears) stands apart: it holds for one process only
"""

from __future__ import annotations

import numpy as np

from hrtf.kernels.records import BUS, EARS, SOURCE
from hrtf.kernels.room import ROOM
from synth.control.midi.binding import BINDING, BINDINGS, MAPS
from synth.control.midi.messages import CHANNELS, DECODER, MESSAGE, OUT_MESSAGES
from synth.control.midi.packets import MIDI_RING, PORTS
from synth.control.midi.tempo import TEMPO
from synth.control.stream.record import STREAMS
from synth.dsp.band_limit import BAND
from synth.dsp.filters import SVF
from synth.dsp.limiter import LIMITER
from synth.dsp.steady_gain import STEADY_GAIN
from synth.engine.kernels.event_record import DUE, EVENT, EVENT_RING, HEAP, RESPONSE_RING
from synth.engine.kernels.gesture import GESTURE, MAX_GESTURE_PARAMETERS
from synth.engine.kernels.meters import METERS
from synth.engine.kernels.motion import MAX_MOTION_PARAMETERS, MOTION
from synth.parameters.parameter import MAX_PARAMETERS
from synth.rt.units import QUANTUM

MAX_LAYERS = 64
MAX_VOICES = 512
DRY_DELAY = 256
INPUTS = 2
TALK = 8192
"""Phones that may wait to be said on a layer, beside its text."""

# A layer's smoothed numbers, all of one kind: the trigger's parameters, then place and level, gesture and motion, and mute.
AZIMUTH, ELEVATION, DISTANCE, LEVEL = range(MAX_PARAMETERS, MAX_PARAMETERS + 4)
GESTURE_AT = LEVEL + 1
MOTION_AT = GESTURE_AT + MAX_GESTURE_PARAMETERS
AUDIBLE = MOTION_AT + MAX_MOTION_PARAMETERS
SLOTS = AUDIBLE + 1
# The master's.
MASTER_LEVEL, FADE, ROOM_LEVEL, GUARD, TRIM, SOFTEN, VOLUME, TINGLE = range(8)
MASTER_SLOTS = 8
MASTER_HELD = (MASTER_LEVEL, ROOM_LEVEL, SOFTEN)
"""Those that a morph, a stream or a cue moves: they stand still while it is held or frozen."""

STREAMED, DRIVEN, OVERRIDDEN, OVERRIDE_RELEASED = 1, 2, 4, 8
"""Bits of a number's `owner`: a stream has it as a target; drives it now; a performer took it; has just let it go."""
PANICKED = 2
"""As the state's `is_paused`: gestures pause because of a panic."""
CONTROL_PART, KERNELS_PART, EMITTERS_PART, EARS_PART, MASTER_PART = range(5)
"""Where a quantum's time goes: events, gestures and numbers; trigger kernels; placing and mixing emitters; filters; the rest."""
PARTS = 5

SMOOTH = np.dtype(
    [
        ("value", "f8"),  # at the end of the running quantum
        ("begin", "f8"),
        ("target", "f8"),
        ("start", "i8"),
        ("stop", "i8"),
        ("low", "f8"),
        ("high", "f8"),
        ("held_target", "f8"),  # where it goes on to when it is not paused any more ...
        ("held_frames", "i8"),  # ... in how long; 0: nothing waits
        ("own_frames", "i4"),
        ("is_circular", "i4"),
        ("is_discrete", "i4"),
        ("is_exponential", "i4"),
        ("is_eased", "i4"),  # the ramp begins and ends without a corner
        ("owner", "i4"),  # who has it: STREAMED ...
    ],
    align=True,
)

LAYER = np.dtype(
    [
        ("generation", "i8"),
        ("is_active", "i4"),
        ("is_ending", "i4"),
        ("is_paused", "i4"),
        ("parameters", "i4"),
        ("emitters", "i4"),
        ("first_voice", "i4"),
        ("polyphony", "i4"),
        ("voices", "i4"),  # polyphony and spare ones, in which stolen notes fade
        ("tail_frames", "i8"),
        ("state_bytes", "i8"),
        ("rng_at", "i8"),  # of the voice's random stream in its state, bytes
        ("seed", "u8"),
        ("strikes", "i8"),
        ("slots", SMOOTH, (SLOTS,)),
        ("gesture", GESTURE),
        ("gesture_values", "f8", (MAX_GESTURE_PARAMETERS,)),
        ("gesture_note", "i8"),
        ("gesture_pressure", "f8"),
        ("motion", MOTION),
        ("motion_values", "f8", (MAX_MOTION_PARAMETERS,)),
        ("trim", "f8"),  # the trigger's own level
        ("hears", "i4"),  # what its kernel has as input: a live channel 0 .., SOUND, or NOTHING
        ("is_loop", "i4"),  # SOUND, text: begins anew at its end
        ("speaks", "i4"),  # its kernel says phones
        ("text_at", "i8"),  # in the arena, its preset's: so many PHONEs, of which the next phrase begins at `text_next`
        ("text_phones", "i8"),
        ("text_next", "i8"),
        ("talk_at", "i8"),  # in the arena, a ring of TALK PHONEs: what is to be said beside, its counters only grow
        ("talk_read", "i8"),
        ("talk_written", "i8"),
        ("x_m", "f8"),  # the place at the end of the running quantum
        ("y_m", "f8"),
        ("z_m", "f8"),
        ("axes", "f8", (3, 3)),  # rows: away from the head, left, up
        ("gain", "f8"),  # at the end of the running quantum
        ("gain_before", "f8"),
        ("is_placed", "i4"),
    ],
    align=True,
)

NOTHING, SOUND = -1, INPUTS
"""As a layer's `hears`: no input, or the sound in its place of TABLES."""
IDLE, SOUNDING, FADING = range(3)
VOICE = np.dtype(
    [
        ("life", "i4"),
        ("layer", "i4"),
        ("note", "i8"),
        ("gate", "f8"),
        ("order", "i8"),
        ("struck", "i8"),
        ("released", "i8"),
        ("rendered", "i8"),  # frames of the running quantum already rendered
        ("heard", "i8"),  # frames of the layer's sound already played
        ("phrase_at", "i8"),  # the phone that it is saying, in the layer's text or its talk ...
        ("phrase_stop", "i8"),
        ("is_talk", "i4"),
        ("is_cut", "i4"),  # the phone that it is saying ends at once
        ("is_talker", "i4"),  # struck by nobody: it ends when nothing waits to be said
        ("quiet_frames", "i8"),
        ("faded_quanta", "i8"),
        ("fade", "f8"),
        ("fade_step", "f8"),
        ("level", "f8"),  # mean square of the last quantum
        ("own", SMOOTH, (4,)),  # the note's pitch, bend, pressure, timbre
        ("state_at", "i8"),
        ("params_at", "i8"),
        ("emitters_at", "i8"),
        ("points_at", "i8"),
    ],
    align=True,
)
POINT = np.dtype(
    [("source", SOURCE), ("is_placed", "i4"), ("quiet", "i4"), ("distance_gain", "f8"), ("_padding", "u1", (48,))], align=True
)
"""What the engine keeps for an emitter: its source in the ears, on a cache line; whether it has a place, quanta of silence."""

KEYBOARD = np.dtype(
    [
        ("decoder", DECODER),
        ("pedals", "i8"),  # channels whose pedal is down, a bit each
        ("waiting", "u4", (CHANNELS, 4)),  # keys let go while it is, a bit each
        ("frame", "i8"),  # of the last packet
    ],
    align=True,
)
"""A port as it is played: its decoder, and what its sustain pedal holds."""

ROOMS = 2
ROOM_STRIP = np.dtype(
    [
        ("room", ROOM),
        ("is_open", "i8"),  # what is sent goes into it
        ("opened", "f8"),  # 0..1, how far
        ("quanta", "i8"),  # that it still rings
    ],
    align=True,
)
"""A room, and how much of what is sent it hears: one that is left rings on while the next is heard already."""

STATE = np.dtype(
    [
        ("bus", BUS),  # first, for it starts on a cache line
        ("frame", "i8"),  # first frame not yet rendered
        ("sample_rate", "f8"),
        ("sequence", "i8"),
        ("orders", "i8"),
        ("report_applied", "i8"),
        ("late", "i8"),
        ("dropped_events", "i8"),
        ("dropped_responses", "i8"),
        ("dropped_strikes", "i8"),
        ("stolen", "i8"),
        ("muted", "i8"),
        ("scrubbed", "i8"),
        ("sounding", "i8"),
        ("emitting", "i8"),
        ("cycles", "i8", (PARTS,)),  # of the processor, since the start, by part
        ("dry_delay", "i8"),  # frames by which the dry route waits for the ears
        ("handed", "i8"),  # frames of `out` already given to the host
        ("out", "f4", (2, QUANTUM)),
        ("dry", "f4", (2, DRY_DELAY + QUANTUM)),
        ("send", "f4", (QUANTUM,)),
        ("gains", "f4", (QUANTUM,)),
        ("master", SMOOTH, (MASTER_SLOTS,)),
        ("master_gain", STEADY_GAIN),
        ("room_gain", STEADY_GAIN),
        ("rooms", ROOM_STRIP, (ROOMS,)),
        ("jumps", "i8"),  # nothing sounds yet that could step: the gains are there at once
        ("room_t60_s", "f8"),  # of the room that is asked for, 0: none
        ("room_comes_at_once", "i8"),
        ("room_is_due", "i8"),  # it waits until the one before the last has died away
        ("room_is_on", "i8"),  # somebody hears what is sent
        ("sent", "f4", (QUANTUM,)),  # scratch
        ("soften", SVF, (2,)),
        ("soften_share", "f8"),
        ("band", BAND, (2,)),
        ("limiter", LIMITER),
        ("meters", METERS),
        ("incoming", "f4", (INPUTS, QUANTUM)),  # live input of the quantum that is handed out just now ...
        ("input", "f4", (INPUTS, QUANTUM)),  # ... and of the one before, which is what layers hear
        ("midi", MIDI_RING, (PORTS,)),
        ("keyboards", KEYBOARD, (PORTS,)),
        ("bindings", BINDING, (MAPS, BINDINGS)),
        ("bindings_count", "i8", (MAPS,)),
        ("bindings_number", "i8", (MAPS,)),  # each table's own, so that what it asks for later is not read from another
        ("bindings_at", "i8"),  # which table counts
        ("heard", MESSAGE, (OUT_MESSAGES,)),  # scratch
        ("last_message", MESSAGE),
        ("last_port", "i8"),
        ("messages", "i8"),
        ("follows_clock", "f8"),  # notes a beat, 0: does not
        ("tempo", TEMPO),  # of what is tapped ...
        ("clock_tempo", TEMPO),  # ... and of a MIDI clock: only the taps are part of a take
        ("tempo_hz", "f8"),
        ("is_held", "i8"),
        ("is_frozen", "i8"),
        ("is_paused", "i8"),  # gestures: 1 by hand, PANICKED by a panic
        ("events", EVENT_RING),
        ("responses", RESPONSE_RING),
        ("heap_count", "i8"),
        ("heap", EVENT, (HEAP + 1,)),  # the last place is for what finds no room
        ("due_count", "i8"),
        ("due", EVENT, (DUE,)),
        ("layers", LAYER, (MAX_LAYERS,)),
        ("voices", VOICE, (MAX_VOICES,)),
    ],
    align=True,
)
TABLES = np.dtype(
    [
        ("kernels", "i8", (MAX_LAYERS, 2)),
        ("sounds", "i8", (MAX_LAYERS, 2)),  # address of f4 samples, and how many
        ("arena", "i8"),
        ("streams", "i8", (STREAMS,)),  # addresses of STREAM records, 0: none
        ("ears", EARS),
    ],
    align=True,
)
