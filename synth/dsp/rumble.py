"""A rumble: what is too low and too many to tell apart in water.  noise -> bands, each swelling on its own -> out.

Single bubbles reach down here only with the skirts of what they are, and so would thump all low bands in one envelope.
What sounds there in truth is the whole: clouds of bubbles that ring together far below any one of them (Carey, Fitzgerald,
Monahan, Wang, 1993), and water that churns. In recordings of pouring low bands five apart correlate by .3 only.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, noise, wander
from synth.dsp.gain_ramp import gain_at
from synth.rt import kernel
from synth.rt.units import F32

BANDS = 3
_RATIO, _Q = 2.2, 0.75  # of neighbouring bands; they overlap 4 dB down
_UNEVEN, _CHANGES_HZ = 0.3, 3.0  # how much each band swells, as a logarithm, and how often: chosen
RUMBLE = np.dtype(
    [
        ("noise", noise.RNG),
        ("band", filters.SVF, (BANDS,)),
        ("wave", wander.WANDER, (BANDS,)),
        ("present", "f8"),  # 0..1: it comes and goes with the gate
        ("gain", "f8", (BANDS, 2)),  # at the beginning and at the end of the quantum
    ],
    align=True,
)


@kernel
def start(rumble, stream):
    """Begin with streams of its own."""
    rumble.noise.rng = noise.split(stream)
    for band in range(BANDS):
        wander.start(rumble.wave[band], noise.split(stream))


@kernel
def move(rumble, seconds):
    """Let the bands swell and ease for so long."""
    for band in range(BANDS):
        wander.advance(rumble.wave[band], (1.0 + 0.4 * band) * _CHANGES_HZ * seconds)


@kernel
def tune(rumble, level, lowest_hz, tilt, sample_rate):
    """Once a quantum: set the level to reach at the quantum's end, and the colour.

    Parameters
    ----------
    rumble : the state.
    level : rms of its middle band.
    lowest_hz : centre of its lowest band; the others lie 2.2 and 4.8 times as high.
    tilt : by what each band is louder than the one below it, a factor.
    sample_rate : hertz.
    """
    for band in range(BANDS):
        centre_hz = lowest_hz * _RATIO ** float(band)
        filters.tune(rumble.band[band], centre_hz, _Q, sample_rate)
        white = math.sqrt(3.0 * 48000.0 * _Q / (math.pi * centre_hz)) * noise.density(sample_rate)  # of rms 1 in the band
        swell = math.exp(_UNEVEN * wander.value(rumble.wave[band]))
        rumble.gain[band, 0] = rumble.gain[band, 1]
        rumble.gain[band, 1] = level * tilt ** (band - 1.0) * white * swell


@kernel
def add(rumble, gate, presence_s, drive, out, start, stop, sample_rate):
    """Add frames start..stop to an emitter's f4 `out` and to the f8 `drive` that excites what is around."""
    settle = 1.0 - math.exp(-1.0 / (presence_s * sample_rate))
    present = rumble.present
    for n in range(start, stop):
        present += settle * (gate - present)
        white = present * noise.white(rumble.noise)
        total = 0.0
        for band in range(BANDS):
            total += gain_at(rumble.gain[band, 0], rumble.gain[band, 1], n) * filters.band(rumble.band[band], white)
        out[n] += F32(total)
        drive[n] += total
    rumble.present = present
