"""A smooth walk: a uniform cubic B-spline past four knots, the newest last.  knots, position -> value.

Smooth in speed, and within what the knots are within. (A `surface` is the same curve past a lattice that is hashed, not drawn.)
"""

from __future__ import annotations

from synth.rt import kernel


@kernel
def value(knots, t):
    """Return the value at t, 0..1, between the second and the third of f8 (4,)."""
    s = 1.0 - t
    rising = 3.0 * t * t * t - 6.0 * t * t + 4.0
    falling = 3.0 * s * s * s - 6.0 * s * s + 4.0
    return (s * s * s * knots[0] + rising * knots[1] + falling * knots[2] + t * t * t * knots[3]) / 6.0


@kernel
def shift(knots, newest):
    """Go on to the next knot."""
    for knot in range(3):
        knots[knot] = knots[knot + 1]
    knots[3] = newest
