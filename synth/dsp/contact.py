"""A contact: the force of one body striking another, as a half-sine pulse of a known length.

velocity -> contact time (Hertz: ~ v^-1/5) -> force pulse of the same impulse at every sample rate

Sources: contact times 0.2..1 ms for a nail, 1..4 ms for a finger pad; a sphere on a plane after Hertz has T ~ v^(-1/5).
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel

CONTACT = np.dtype([("time_s", "f8"), ("duration_s", "f8"), ("peak", "f8")], align=True)
_HERTZ_EXPONENT = -0.2


@kernel
def strike(contact, velocity, duration_s):
    """Begin a contact that lasts `duration_s` at velocity 1, longer when softer; its impulse grows with the velocity."""
    speed = max(velocity, 1e-3)
    contact.duration_s = duration_s * speed**_HERTZ_EXPONENT
    contact.peak = 0.5 * math.pi * speed / contact.duration_s
    contact.time_s = 0.0


@kernel
def tick(contact, sample_rate):
    """Return the impulse that passes in one sample, the integral of the force over it: the sum over the contact is the velocity.

    The exact integral of the half sine over the sample, so that a contact shorter than a sample keeps its impulse.
    """
    if contact.time_s >= contact.duration_s:
        return 0.0
    start = contact.time_s / contact.duration_s
    contact.time_s += 1.0 / sample_rate
    stop = min(contact.time_s / contact.duration_s, 1.0)
    return contact.peak * contact.duration_s / math.pi * (math.cos(math.pi * start) - math.cos(math.pi * stop))
