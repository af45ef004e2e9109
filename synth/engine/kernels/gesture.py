"""Gestures: what plays a layer by itself.  beats in humanised time -> notes with velocity, length and pressure.

A gesture counts beats in cycles of its rate and draws in seconds, so one seed plays the same notes at every sample rate, and a
change of rate takes hold at once. People drift: part of each deviation is carried over to the next beat, as in tapping studies
(Gilden et al. 1995: 1/f noise). A stroke starts hard and dies away, its way back is weaker, and the hand is never quite steady.
Rates: tapping 2..8 Hz with 5..15 % irregularity, strokes .3..3 Hz, breath 12..18 a minute (docs/internals/physics.md, rhythms).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise, spline
from synth.parameters.parameter import Parameter
from synth.rt import kernel

_VELOCITY = Parameter("velocity", 0, 1, 0.7, doc="how hard or fast, on average")
_RHYTHM = (
    Parameter("rate_hz", 0.01, 20, 1, "hz", curve="exp", smoothing_s=0.1, doc="notes a second"),
    Parameter("irregularity", 0, 1, 0.1, doc="how much the time between notes varies: its standard deviation over its mean"),
    _VELOCITY,
    Parameter("dynamics", 0, 1, 0.3, doc="how much the velocity varies from note to note"),
    Parameter("phrase_s", 0, 600, 0, "s", doc="how long it plays before it pauses, about; 0: never"),
    Parameter("pause_s", 0, 600, 2, "s", doc="how long it pauses between phrases, about"),
)
_DUTY = Parameter("duty", 0.05, 0.98, 0.7, doc="share of the time between two notes that a note lasts")

KINDS: dict[str, tuple[str, tuple[Parameter, ...]]] = {
    "none": ("nothing: only keys and models strike the layer", ()),
    "hold": (
        "one note, held for as long as the layer is there; its pressure wanders",
        (
            Parameter("swell_hz", 0.005, 5, 0.1, "hz", curve="exp", smoothing_s=0.1, doc="how fast the pressure wanders"),
            Parameter("swell", 0, 1, 0.3, doc="how far the pressure wanders below the velocity"),
            _VELOCITY,
        ),
    ),
    "taps": (
        "short notes in a humanised beat, with several fingers if you like",
        (
            *_RHYTHM,
            Parameter("fingers", 1, 5, 1, "n", doc="strikes of one beat, one finger after the other"),
            Parameter("flam_s", 0.004, 0.2, 0.03, "s", curve="exp", doc="time between two fingers"),
        ),
    ),
    "strokes": (
        "long notes that start hard and die away, no two alike, the way back weaker: a hand's",
        (*_RHYTHM, _DUTY),
    ),
    "bursts": (
        "notes of uneven length whose pressure rises fast and falls slowly, as when something is crushed",
        (*_RHYTHM, _DUTY),
    ),
}
"""Each kind: what it plays, and its parameters in the order in which the kernels read them."""
GESTURES = {kind: parameters for kind, (_, parameters) in KINDS.items()}
NONE, HOLD, TAPS, STROKES, BURSTS = range(len(KINDS))
RATE, IRREGULARITY, VELOCITY, DYNAMICS, PHRASE, PAUSE, SHAPE, FLAM = range(8)
MAX_GESTURE_PARAMETERS = 8
FOR_EVER = -1
_TAP_S = 0.05  # a tap's key is let go after this
_CARRIED = 0.8  # of the drift from beat to beat
_DRIFT_SHARE = 0.36  # of the irregularity's variance
_TREMOR_KNOTS, _TREMOR = 8, 0.35

GESTURE = np.dtype(
    [
        ("rng", "u8"),
        ("kind", "i8"),
        ("notes", "i8"),  # struck so far
        ("is_holding", "i8"),  # HOLD: its note sounds
        ("cycles", "f8"),  # until the next beat
        ("phrase_s", "f8"),  # until the next pause
        ("fingers", "i8"),  # of this beat still to come
        ("flam_frames", "f8"),  # until the next one
        ("drift", "f8"),  # of the tempo, in standard deviations
        ("velocity", "f8"),  # of the newest note
        ("attack", "f8"),  # STROKES: share of the newest note in which the pressure rises ...
        ("decline", "f8"),  # ... how it falls after: 1 straight, more: it lasts ...
        ("tremor", "f8", (_TREMOR_KNOTS,)),  # ... and how the hand shakes on the way
        ("start", "i8"),  # of the newest note, absolute frame
        ("length", "i8"),  # of the newest note, frames
        ("phase", "f8"),  # of the swell
        ("knots", "f8", (4,)),
    ],
    align=True,
)


@kernel
def begin(gesture, kind, seed):
    """Start a gesture of one kind with its own stream."""
    gesture.kind = kind
    gesture.rng = seed
    gesture.notes = 0
    gesture.is_holding = 0
    gesture.cycles = 0.25 * noise.uniform(gesture) if kind == TAPS else 0.0
    gesture.phrase_s = -1.0
    gesture.fingers = 0
    gesture.flam_frames = 0.0
    gesture.drift = 0.0
    gesture.velocity = 0.0
    gesture.attack, gesture.decline = 0.2, 2.0
    gesture.start = 0
    gesture.length = 0
    gesture.phase = 0.0
    for knot in range(4):
        gesture.knots[knot] = noise.uniform(gesture)


@kernel
def _humanised(gesture, parameters):
    """Draw a positive factor of mean 1 whose standard deviation is the irregularity (log-normal); part of it drifts."""
    sigma = math.sqrt(math.log(1.0 + parameters[IRREGULARITY] ** 2))
    gesture.drift = _CARRIED * gesture.drift + math.sqrt(1.0 - _CARRIED * _CARRIED) * noise.gaussian(gesture)
    deviation = math.sqrt(_DRIFT_SHARE) * gesture.drift + math.sqrt(1.0 - _DRIFT_SHARE) * noise.gaussian(gesture)
    return math.exp(sigma * min(max(deviation, -3.0), 3.0) - 0.5 * sigma * sigma)


@kernel
def _draw_velocity(gesture, parameters):
    spread = 0.5 * parameters[DYNAMICS] * min(max(noise.gaussian(gesture), -2.0), 2.0)
    if gesture.kind == STROKES and gesture.notes % 2 == 1:  # the way back
        spread -= 0.5 * parameters[DYNAMICS]
    gesture.velocity = min(max(parameters[VELOCITY] * math.exp(spread), 0.01), 1.0)


@kernel
def _draw_stroke(gesture, parameters):
    """Draw how the next stroke presses: hard or soft start, short or long end, tremor; return its share of the time."""
    gesture.attack = 0.04 * math.exp(1.8 * noise.uniform(gesture))
    gesture.decline = noise.between(gesture, 1.0, 3.5)
    for knot in range(_TREMOR_KNOTS):
        gesture.tremor[knot] = _TREMOR * noise.uniform(gesture)
    spread = min(1.2 * parameters[IRREGULARITY], 0.5)
    return min(parameters[SHAPE] * math.exp(spread * min(max(noise.gaussian(gesture), -2.0), 2.0)), 0.98)


@kernel
def _beat(gesture, parameters, sample_rate):
    """Draw the time to the next beat, with a pause if the phrase is over, and the note's velocity and length."""
    gap_cycles = _humanised(gesture, parameters)
    gap_s = gap_cycles / parameters[RATE]
    _draw_velocity(gesture, parameters)
    if gesture.kind == TAPS:
        gesture.fingers = int(parameters[SHAPE] + 0.5) - 1
        gesture.flam_frames = parameters[FLAM] * _humanised(gesture, parameters) * sample_rate
        length_s = min(_TAP_S, 0.5 * gap_s)
    elif gesture.kind == STROKES:
        length_s = _draw_stroke(gesture, parameters) * gap_s
    else:
        length_s = min(parameters[SHAPE] * noise.between(gesture, 0.4, 1.6), 0.98) * gap_s
    gesture.length = max(int(length_s * sample_rate), 1)
    if parameters[PHRASE] > 0.0:
        if gesture.phrase_s < 0.0:
            gesture.phrase_s = parameters[PHRASE] * noise.between(gesture, 0.5, 1.5)
        gesture.phrase_s -= gap_s
        if gesture.phrase_s < 0.0:
            gap_cycles += parameters[PAUSE] * noise.between(gesture, 0.5, 1.5) * parameters[RATE]
    gesture.cycles += gap_cycles


@kernel
def next_note(gesture, parameters, sample_rate, frame, stop):
    """Return the frame in frame..stop of the next note, or `stop` if none comes before.

    Call again with the returned frame until it returns `stop`. The note's `velocity` and `length` (frames, or `FOR_EVER`) are in
    the record then.
    """
    if gesture.kind == NONE or (gesture.kind == HOLD and gesture.is_holding):
        return stop
    if gesture.kind == HOLD:
        gesture.velocity = parameters[VELOCITY]
        gesture.length = FOR_EVER
        gesture.start = frame
        gesture.notes += 1
        gesture.is_holding = 1
        return frame
    per_frame = parameters[RATE] / sample_rate
    beat = gesture.cycles / per_frame
    is_finger = gesture.fingers > 0 and gesture.flam_frames < beat
    wait = gesture.flam_frames if is_finger else beat
    if wait >= stop - frame:
        gesture.cycles -= per_frame * (stop - frame)
        gesture.flam_frames -= stop - frame
        return stop
    frames = max(int(wait), 0)
    gesture.cycles -= per_frame * frames
    gesture.flam_frames -= frames
    if is_finger:
        gesture.fingers -= 1
        gesture.flam_frames += parameters[FLAM] * _humanised(gesture, parameters) * sample_rate
        _draw_velocity(gesture, parameters)
    else:
        _beat(gesture, parameters, sample_rate)
    gesture.start = frame + frames
    gesture.notes += 1
    return frame + frames


@kernel
def pressure(gesture, parameters, sample_rate, frame, frames):
    """Return the newest note's pressure at a frame, `frames` after the last call: a stroke's shape, the swell of what is held."""
    if gesture.kind == HOLD:
        gesture.phase += frames * parameters[RATE] / sample_rate
        while gesture.phase >= 1.0:
            gesture.phase -= 1.0
            spline.shift(gesture.knots, noise.uniform(gesture))
        swell = parameters[IRREGULARITY]
        return parameters[VELOCITY] * (1.0 - swell * (1.0 - spline.value(gesture.knots, gesture.phase)))
    position = (frame - gesture.start) / max(gesture.length, 1)
    if gesture.kind == TAPS:
        return gesture.velocity
    if position >= 1.0 or position <= 0.0:
        return 0.0
    if gesture.kind == BURSTS:
        return gesture.velocity * math.sin(math.pi * position**0.6)
    return gesture.velocity * _stroke(gesture, position)


@kernel
def _stroke(gesture, position):
    """Return how hard a stroke presses at 0..1 of its length, at most 1: it rises, dies away, and trembles between."""
    at = position * (_TREMOR_KNOTS - 1)
    knot = int(at)
    way = at - knot
    way *= way * (3.0 - 2.0 * way)
    tremor = gesture.tremor[knot] + way * (gesture.tremor[knot + 1] - gesture.tremor[knot])
    if position < gesture.attack:
        rise = math.sin(0.5 * math.pi * position / gesture.attack)
        return rise * rise
    gone = (position - gesture.attack) / (1.0 - gesture.attack)
    return (1.0 - gone**gesture.decline) * (1.0 - min(8.0 * gone, 1.0) * tremor)
