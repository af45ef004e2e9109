"""Motions: how a layer's place moves by itself.  phase -> azimuth, elevation and distance added to the place.

Each kind is a row of parameters and a branch of one kernel; phases are integrated, so no change of a parameter makes the place
jump.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise, spline
from synth.parameters.parameter import Parameter
from synth.rt import kernel

_PERIOD = Parameter("period_s", 0.5, 600, 12, "s", curve="exp", smoothing_s=0.1, doc="time of one round")
_SPAN = Parameter("span_deg", 0, 360, 120, "deg", smoothing_s=0.5, doc="from one end to the other")
_HEIGHT = Parameter("height_deg", 0, 160, 0, "deg", smoothing_s=0.5, doc="from the lowest to the highest point")
_APPROACH = Parameter("approach", 0, 0.9, 0, smoothing_s=0.5, doc="how much of its distance it comes closer and goes away again")

_EIGHT_HEIGHT = Parameter("height_deg", 0, 160, 40, "deg", smoothing_s=0.5, doc=_HEIGHT.doc)
_TURN = Parameter("turn", default="left", choices=("left", "right"), doc="which way round")

KINDS: dict[str, tuple[str, tuple[Parameter, ...]]] = {
    "still": ("stays at the layer's place", ()),
    "orbit": ("round the head, always the same way", (_PERIOD, _TURN, _HEIGHT, _APPROACH)),
    "sweep": (
        "from one end to the other and back, slower at the ends; with a span of 180, ear to ear",
        (_PERIOD, _SPAN, _HEIGHT, _APPROACH),
    ),
    "eight": (
        "a lying figure eight: up and down twice while it goes from end to end and back",
        (_PERIOD, _SPAN, _EIGHT_HEIGHT, _APPROACH),
    ),
    "drift": ("wanders without aim or end, drawn from the seed, near the place", (_PERIOD, _SPAN, _HEIGHT, _APPROACH)),
}
"""Each kind: where it goes, and its parameters in the order in which the kernel reads them: a period first, an approach last."""
MOTIONS = {kind: parameters for kind, (_, parameters) in KINDS.items()}
STILL, ORBIT, SWEEP, EIGHT, DRIFT = range(len(KINDS))
MAX_MOTION_PARAMETERS = 4
assert all(
    len(parameters) in (0, MAX_MOTION_PARAMETERS) for parameters in MOTIONS.values()
)  # `advance` reads the last as approach

MOTION = np.dtype(
    [
        ("rng", "u8"),
        ("kind", "i8"),
        ("phase", "f8"),
        ("knots", "f8", (3, 4)),  # drift: four values each of azimuth, elevation, distance, between which it wanders
        ("azimuth_deg", "f8"),
        ("elevation_deg", "f8"),
        ("distance_ratio", "f8"),
    ],
    align=True,
)


@kernel
def begin(motion, kind, seed):
    """Start a motion of one kind with its own stream, at its middle."""
    motion.kind = kind
    motion.rng = seed
    motion.phase = 0.0
    motion.azimuth_deg = 0.0
    motion.elevation_deg = 0.0
    motion.distance_ratio = 1.0
    for axis in range(3):
        for knot in range(4):
            motion.knots[axis, knot] = 0.0 if knot < 2 else noise.between(motion, -1.0, 1.0)


@kernel
def advance(motion, parameters, duration_s):
    """Move on by a duration; leaves what is to be added to azimuth and elevation and multiplied to the distance.

    Parameters
    ----------
    motion : a MOTION record.
    parameters : f8 (4,), in the order of `MOTIONS`.
    duration_s : seconds since the last call.
    """
    kind = motion.kind
    if kind == STILL:
        return
    rounds = duration_s / max(parameters[0], 1e-3)
    motion.phase += -rounds if kind == ORBIT and parameters[1] >= 0.5 else rounds  # turned round, it goes back the way it came
    if motion.phase >= 1.0 or motion.phase < 0.0:
        motion.phase -= math.floor(motion.phase)
        if kind == DRIFT:
            for axis in range(3):
                spline.shift(motion.knots[axis], noise.between(motion, -1.0, 1.0))
    turn = 2.0 * math.pi * motion.phase
    approach = parameters[3]
    closeness = 0.5 - 0.5 * math.cos(turn)
    if kind == ORBIT:
        motion.azimuth_deg = 360.0 * motion.phase
        motion.elevation_deg = 0.5 * parameters[2] * math.sin(turn)
    elif kind == SWEEP:
        motion.azimuth_deg = 0.5 * parameters[1] * math.sin(turn)
        motion.elevation_deg = 0.5 * parameters[2] * math.cos(turn)
    elif kind == EIGHT:
        motion.azimuth_deg = 0.5 * parameters[1] * math.sin(turn)
        motion.elevation_deg = 0.5 * parameters[2] * math.sin(2.0 * turn)
    elif kind == DRIFT:
        motion.azimuth_deg = 0.5 * parameters[1] * spline.value(motion.knots[0], motion.phase)
        motion.elevation_deg = 0.5 * parameters[2] * spline.value(motion.knots[1], motion.phase)
        closeness = 0.5 + 0.5 * spline.value(motion.knots[2], motion.phase)
    motion.distance_ratio = 1.0 - approach * closeness
