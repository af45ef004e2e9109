"""Touches: what a finger does to a thing in one tap.  strike -> pad or nail -> perhaps a second finger -> the skin lifts off.

Each touch is a half-sine force (contact.py), and rough: skin and grain give way in steps, so part of the force is noise, which
reaches far above the smooth pulse. When the finger leaves, its skin peels off: a small noise without weight.
"""

from __future__ import annotations

import numpy as np

from synth.dsp import contact, noise
from synth.rt import kernel

TOUCHES = 3
FIRST, SECOND, LIFT = range(TOUCHES)

TOUCH = np.dtype(
    [
        ("rng", "u8"),
        ("contact", contact.CONTACT, (TOUCHES,)),
        ("wait", "i8", (TOUCHES,)),  # frames until it begins; -1: never
        ("weight", "f8", (TOUCHES,)),  # of the smooth force
        ("rough", "f8", (TOUCHES,)),  # of its noise
        ("force", "f8"),  # this sample's impulse, smooth ...
        ("noise", "f8"),  # ... and its rough part
    ],
    align=True,
)


@kernel
def start(touch, seed):
    """Begin without a touch."""
    touch.rng = seed
    for index in range(TOUCHES):
        touch.wait[index] = -1


@kernel
def strike(touch, index, after_s, velocity, contact_s, weight, rough, sample_rate):
    """Let one touch come after a while; its smooth force and its noise are scaled by `weight` and `rough`."""
    contact.strike(touch.contact[index], velocity, contact_s)
    touch.wait[index] = int(after_s * sample_rate)
    touch.weight[index] = weight
    touch.rough[index] = rough * noise.density(sample_rate)


@kernel
def step(touch, sample_rate):
    """Advance by one sample; then `force` and `noise` hold what passes in it."""
    touch.force = touch.noise = 0.0
    for index in range(TOUCHES):
        if touch.wait[index] > 0:
            touch.wait[index] -= 1
        elif touch.wait[index] == 0:
            force = contact.tick(touch.contact[index], sample_rate)
            if force == 0.0:
                touch.wait[index] = -1
                continue
            touch.noise += force * touch.rough[index] * float(noise.white(touch))
            touch.force += force * touch.weight[index]
