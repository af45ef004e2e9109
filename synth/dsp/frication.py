"""Frication: noise of air that a narrow place makes turbulent.  white noise -> high-pass -> three bands of that place -> level.

What lies before the constriction does not sound below its own resonance, so the noise falls steeply below the first band. Its
power is what it is told, whatever the bands are: they share it. Bands glide, and each flutters on its own.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filter_pass, filters, noise, wander
from synth.rt import kernel
from synth.rt.units import QUANTUM

BANDS = 3
_FLUTTER_HZ, _FLUTTER = (17.0, 23.0, 31.0), 0.16  # how often a band changes its mind, and by how much (nepers): chosen
_STEEP = 0.85  # of the first band's frequency: where the high-pass lies
_HIGHEST_HZ = 14000.0

FRICATION = np.dtype(
    [
        ("rng", "u8"),
        ("high", filters.SVF),
        ("band", filters.SVF, (BANDS,)),
        ("gain", "f8", (BANDS,)),
        ("step", "f8", (BANDS,)),
        ("wave", wander.WANDER, (BANDS,)),
        ("frames", "f8", (QUANTUM,)),
    ],
    align=True,
)


@kernel
def start(frication, seed):
    """Begin silent, with streams of its own."""
    frication.rng = seed
    for band in range(BANDS):
        wander.start(frication.wave[band], noise.split(frication))


@kernel
def aim(frication, level, hertz, q, gain, scale, seconds, sample_rate):
    """Glide to a level, rms, and tune the bands.

    Parameters
    ----------
    frication : a FRICATION record.
    level : rms of the noise.
    hertz, q, gain : of the bands; arrays of BANDS.
    scale : what the frequencies are multiplied with.
    seconds : of a quantum, or 0.
    sample_rate : hertz.
    """
    filters.tune(frication.high, _STEEP * hertz[0] * scale, 0.8, sample_rate)
    power = 1e-9
    for band in range(BANDS):
        power += gain[band] * gain[band] * hertz[band] * scale / q[band]
    # white noise of variance 1/3 below half the rate; a band-pass lets pi/2 of its bandwidth through
    made_up = level * math.sqrt(3.0 * 24000.0 / (0.5 * math.pi * power))
    for band in range(BANDS):
        wave = frication.wave[band]
        wander.advance(wave, _FLUTTER_HZ[band] * seconds)
        wanted = made_up * gain[band] * math.exp(_FLUTTER * wander.value(wave))
        frication.step[band] = (wanted - frication.gain[band]) / QUANTUM
        filters.tune(frication.band[band], min(hertz[band] * scale, _HIGHEST_HZ), q[band], sample_rate)


@kernel
def add(frication, air, out, start, stop):
    """Add what the place makes of frames of white noise, which it changes."""
    filter_pass.high(frication.high, air, start, stop)
    for band in range(BANDS):
        gain, step = frication.gain[band], frication.step[band]
        frication.gain[band] = filter_pass.add_band(frication.band[band], gain, step, air, out, start, stop)
