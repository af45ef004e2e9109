"""A drop's impact: the force with which it strikes, and the noise of its bursting.  impulse -> two leaks in a row -> force.

The force of a drop rises at once and dies away exponentially (Philippi, Lagree and Antkowiak 2016; Mitchell et al. 2019),
here as t/tau^2 e^(-t/tau), whose integral is 1 at every sample rate; tau ~ D/v, 0.1 to 1 ms. Its noise lasts three times as
long.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel

SPLASH = np.dtype(
    [("pole", "f8"), ("first", "f8"), ("force", "f8"), ("noise_pole", "f8"), ("noise", "f8"), ("left", "i8")], align=True
)
_SILENT = 1e-6


@kernel
def strike(splash, impulse, noise_gain, tau_s, sample_rate):
    """Begin an impact; its force sums up to `impulse`, its noise begins at `noise_gain`."""
    splash.pole = math.exp(-1.0 / (tau_s * sample_rate))
    splash.first = impulse * (1.0 - splash.pole) ** 2
    splash.force = 0.0
    splash.noise_pole = math.exp(-1.0 / (3.0 * tau_s * sample_rate))
    splash.noise = noise_gain
    splash.left = int(math.log(max(noise_gain, impulse, _SILENT) / _SILENT) * 3.0 * tau_s * sample_rate)


@kernel
def step(splash):
    """Advance by one sample; then `force` and `noise` hold the impulse and the noise's gain of this sample."""
    splash.force = splash.pole * splash.force + splash.first
    splash.first *= splash.pole
    splash.noise *= splash.noise_pole
    splash.left -= 1
