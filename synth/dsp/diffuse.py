"""A diffuse field: a body where its modes overlap, too many to tell apart.  force -> energy in bands -> noise that decays.

Above some frequency the modes of a damped body lie closer than they are wide; struck, it answers with noise whose energy dies
away in each band at that band's own rate (statistical energy analysis: Lyon and DeJong 1995, ch. 3). Each band has its own draws.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, modal, noise
from synth.rt import kernel

BANDS = 4
CENTRE_HZ = (900.0, 2200.0, 5000.0, 9000.0)
_Q = 0.9
_SILENT = 1e-7  # of a blow of impulse 1; what is left in its filter then is as silent

DIFFUSE = np.dtype(
    [
        ("rng", "u8"),
        ("level", "f8", (BANDS,)),
        ("decay", "f8", (BANDS,)),
        ("gain", "f8", (BANDS,)),
        ("band", filters.SVF, (BANDS,)),
    ],
    align=True,
)


@kernel
def start(diffuse, seed):
    """Begin at rest, with a stream of its own."""
    diffuse.rng = seed


@kernel
def tune(diffuse, band, t60_s, gain, sample_rate):
    """Set how fast a band dies away, and its root mean square after a force of impulse 1."""
    diffuse.decay[band] = math.exp(-modal.LN_1000 / (t60_s * sample_rate))
    g = math.tan(math.pi * CENTRE_HZ[band] / 48000.0)
    deviation = math.sqrt(g / _Q / (1.0 + g / _Q + g * g) / 3.0)  # of white noise through this band-pass at 48 kHz
    diffuse.gain[band] = gain / deviation * noise.density(sample_rate)
    filters.tune(diffuse.band[band], CENTRE_HZ[band], _Q, sample_rate)


@kernel
def tick(diffuse, force):
    """Advance by one sample, in which an impulse passes; return the field."""
    total = 0.0
    for band in range(BANDS):
        diffuse.level[band] = diffuse.decay[band] * diffuse.level[band] + force
        if abs(diffuse.level[band]) < _SILENT:
            continue
        white = diffuse.gain[band] * diffuse.level[band] * float(noise.white(diffuse))
        total += filters.band(diffuse.band[band], white)
    return total
