"""A gain that never steps, wherever it is told to go.  targets, one a quantum -> triangular mean -> quadratic spline -> gain.

Its own changes take 20 ms, so that the second difference of a tone through it stays what it was; after them it is exactly the
target. While nothing sounds it may be told to be there at once.
"""

from __future__ import annotations

import numpy as np

from synth.rt import kernel
from synth.rt.units import QUANTUM

_MEAN_S = 0.016
_LONGEST = 48  # quanta: of the mean at 192 kHz
STEADY_GAIN = np.dtype(
    [
        ("length", "i8"),
        ("targets", "f8", (_LONGEST,)),  # the newest first
        ("knots", "f8", (3,)),  # of the spline
    ],
    align=True,
)


@kernel
def tune(gain, sample_rate):
    """Set how long a change takes."""
    gain.length = min(max(int(_MEAN_S * sample_rate / QUANTUM), 1), _LONGEST)


@kernel
def jump(gain, target):
    """Be there at once."""
    for index in range(_LONGEST):
        gain.targets[index] = target
    for knot in range(3):
        gain.knots[knot] = target


@kernel
def advance(gain, target):
    """Go on by a quantum, towards a target."""
    length, total, weights = gain.length, 0.0, 0.0
    for index in range(length - 1, 0, -1):
        gain.targets[index] = gain.targets[index - 1]
    gain.targets[0] = target
    for index in range(length):
        weight = float(min(index + 1, length - index))
        weights += weight
        total += weight * gain.targets[index]
    gain.knots[0], gain.knots[1] = gain.knots[1], gain.knots[2]
    gain.knots[2] = total / weights


@kernel
def gain_at(gain, n):
    """Return the gain of frame n of the quantum, 0..63."""
    t = (n + 1.0) / QUANTUM
    knots = gain.knots
    curve = 0.5 * (knots[0] + knots[2]) - knots[1]
    return 0.5 * (knots[0] + knots[1]) + (knots[1] - knots[0]) * t + curve * t * t
