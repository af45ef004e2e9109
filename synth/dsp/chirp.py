"""A damped chirp: the ring of one bubble or one bursting film.  strike -> phasor turned by a phasor that itself turns -> out.

z <- z w, w <- w c, out = Im z: the frequency rises linearly and the amplitude falls exponentially without a sine per sample
(measured 60 times cheaper; docs/internals/physics.md, cost of a ringing bubble). Exact at every sample rate.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel
from synth.rt.units import F32

_PHASORS = ("z_re", "z_im", "w_re", "w_im", "c_re", "c_im")
CHIRP = np.dtype(
    [*((name, "f8") for name in _PHASORS), *((name, "i8") for name in ("begin", "rising", "left", "emitter"))], align=True
)
"""In frames: `begin` until it sounds, `rising` while its frequency rises, `left` while it sounds; `emitter` is its owner's."""
HIGHEST_HZ = 16000.0
_TOP_HZ = 18000.0  # where a rise ends: below half of every sample rate, so nothing folds back
_SILENT = 1e-6


@kernel
def strike(chirp, amplitude, frequency_hz, decay_per_s, rise_hz_s, begin, sample_rate):
    """Begin amplitude * e^(-decay t) * sin(2 pi (f t + rise t^2 / 2)), `begin` frames from now, to end at -120 dBFS."""
    frequency_hz = min(frequency_hz, HIGHEST_HZ)
    angle = 2.0 * math.pi * (frequency_hz + 0.5 * rise_hz_s / sample_rate) / sample_rate  # the mean over the first sample
    turn = 2.0 * math.pi * rise_hz_s / (sample_rate * sample_rate)
    shrink = math.exp(-decay_per_s / sample_rate)
    chirp.z_re, chirp.z_im = amplitude, 0.0
    chirp.w_re, chirp.w_im = shrink * math.cos(angle), shrink * math.sin(angle)
    chirp.c_re, chirp.c_im = math.cos(turn), math.sin(turn)
    chirp.begin = begin
    chirp.rising = int((_TOP_HZ - frequency_hz) / max(rise_hz_s, 1.0) * sample_rate)
    chirp.left = int(math.log(max(abs(amplitude), _SILENT) / _SILENT) / decay_per_s * sample_rate)


@kernel
def add(chirp, out, drive, start, stop):
    """Add frames start..stop to an emitter's f4 `out` and to the f8 `drive`, which excites what is around; count down.

    It is over once `left` is 0.
    """
    wait = min(chirp.begin, stop - start)
    chirp.begin -= wait
    first = start + wait
    last = min(stop, first + chirp.left)
    chirp.left -= last - first
    bend = min(last, first + chirp.rising)
    chirp.rising -= bend - first
    z_re, z_im, w_re, w_im, c_re, c_im = chirp.z_re, chirp.z_im, chirp.w_re, chirp.w_im, chirp.c_re, chirp.c_im
    for n in range(first, bend):
        out[n] += F32(z_im)
        drive[n] += z_im
        z_re, z_im = z_re * w_re - z_im * w_im, z_re * w_im + z_im * w_re
        w_re, w_im = w_re * c_re - w_im * c_im, w_re * c_im + w_im * c_re
    for n in range(bend, last):
        out[n] += F32(z_im)
        drive[n] += z_im
        z_re, z_im = z_re * w_re - z_im * w_im, z_re * w_im + z_im * w_re
    chirp.z_re, chirp.z_im, chirp.w_re, chirp.w_im = z_re, z_im, w_re, w_im


@kernel
def is_over(chirp):
    """Whether nothing of it is left."""
    return chirp.left <= 0
