"""A vessel that something sounds in: a band of noise, and the air that answers all of it.  noise + drive -> air column -> out."""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import cavity, chirp, filters, noise
from synth.dsp.gain_ramp import gain_at
from synth.rt import kernel
from synth.rt.units import F32

_RESONANCES = 4
_Q = 0.6  # of both ends of the band
VESSEL = np.dtype(
    [
        ("noise", noise.RNG),
        ("low", filters.SVF),
        ("high", filters.SVF),
        ("column", cavity.column_dtype(_RESONANCES)),
        ("present", "f8"),  # 0..1: the noise comes and goes with the gate
        ("noise_gain", "f8", (2,)),  # at the beginning and at the end of the quantum
        ("column_gain", "f8", (2,)),
    ],
    align=True,
)


@kernel
def tune(vessel, low_hz, high_hz, noise_gain, column_gain, sample_rate):
    """Once a quantum: set the noise's band and the gains to reach at the quantum's end; the column is the caller's to tune."""
    filters.tune(vessel.low, min(high_hz, chirp.HIGHEST_HZ), _Q, sample_rate)
    filters.tune(vessel.high, low_hz, _Q, sample_rate)
    vessel.noise_gain[0], vessel.column_gain[0] = vessel.noise_gain[1], vessel.column_gain[1]
    vessel.noise_gain[1], vessel.column_gain[1] = noise_gain, column_gain


@kernel
def add(vessel, gate, presence_s, drive, share, out, start, stop, sample_rate):
    """Add frames start..stop to an emitter's f4 `out`; a share of `drive` (f8, one quantum) moves the column with the noise."""
    settle = 1.0 - math.exp(-1.0 / (presence_s * sample_rate))
    for n in range(start, stop):
        vessel.present += settle * (gate - vessel.present)
        gain = gain_at(vessel.noise_gain[0], vessel.noise_gain[1], n) * vessel.present
        hiss = filters.high(vessel.high, filters.low(vessel.low, gain * noise.white(vessel.noise)))
        answer = gain_at(vessel.column_gain[0], vessel.column_gain[1], n)
        out[n] += F32(hiss + answer * cavity.tick_column(vessel.column, share * drive[n] + hiss))
