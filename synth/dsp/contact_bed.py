"""A contact bed: what a near microphone hears of whatever touches, as long as it does.  pressure -> uneven noise in three bands.

touch -> thump; pressure -> rumble of the hand, skin and cloth on the body, air of the surface: each band has its own unevenness

Between the events of a sound that a hand makes there is no silence: recordings of scratching, brushing and crumpling spend a few
per cent of their time 40 dB under their peaks, and their lowest band holds up to half of the energy.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, noise, wander
from synth.rt import kernel

BANDS = 3
RUMBLE, BODY, AIR = range(BANDS)
_CENTRE_HZ, _Q = (70.0, 300.0, 3200.0), (0.8, 0.55, 0.45)
_UNEVEN_HZ = (2.5, 5.0, 11.0)  # how often each band changes its mind
_TOUCH_S, _LIFT_S = 0.012, 0.06
_THUMP_HZ, _THUMP_S = 55.0, 0.03
_UNEVENNESS = 0.75
_EVERY = 64  # samples: how often the unevenness is looked up; it glides between

CONTACT_BED = np.dtype(
    [
        ("rng", "u8"),
        ("press", "f8"),  # follows the pressure
        ("thump", filters.SVF),
        ("band", filters.SVF, (BANDS,)),
        ("gain", "f8", (BANDS,)),
        ("now", "f8", (BANDS,)),  # the gain with its unevenness ...
        ("step", "f8", (BANDS,)),  # ... and how it glides
        ("wave", wander.WANDER, (BANDS,)),
        ("age", "i8"),
        ("touch", "f8"),  # shares of a sample's way to a higher and a lower pressure
        ("lift", "f8"),
    ],
    align=True,
)


@kernel
def start(bed, seed, rumble, body, air, sample_rate):
    """Begin without a touch.

    Parameters
    ----------
    bed : a CONTACT_BED record, zeroed.
    seed : of a stream of its own.
    rumble, body, air : how loud each band is at full pressure, rms: below 150 Hz, around 300 Hz, 1..10 kHz.
    sample_rate : hertz.
    """
    bed.rng = seed
    bed.gain[RUMBLE], bed.gain[BODY], bed.gain[AIR] = rumble, body, air
    filters.tune(bed.thump, _THUMP_HZ, 1.2, sample_rate)
    for band in range(BANDS):
        wander.start(bed.wave[band], noise.split(bed))
        filters.tune(bed.band[band], _CENTRE_HZ[band], _Q[band], sample_rate)
        width_hz = _CENTRE_HZ[band] / _Q[band]
        bed.gain[band] *= math.sqrt(3.0 * 48000.0 / (math.pi * width_hz))  # white noise of variance 1/3 through a band-pass
        bed.now[band] = bed.gain[band] * _uneven(bed, band)
    bed.touch = 1.0 - math.exp(-1.0 / (_TOUCH_S * sample_rate))
    bed.lift = 1.0 - math.exp(-1.0 / (_LIFT_S * sample_rate))


@kernel
def _uneven(bed, band):
    return math.exp(_UNEVENNESS * wander.value(bed.wave[band]) - 0.5 * _UNEVENNESS * _UNEVENNESS)


@kernel
def tick(bed, pressure, sample_rate):
    """Return the next sample at a pressure of 0..1; it follows within 12 ms, and leaves within 60."""
    was = bed.press
    bed.press += (bed.touch if pressure > was else bed.lift) * (pressure - was)
    if bed.age % _EVERY == 0:
        for band in range(BANDS):
            wander.advance(bed.wave[band], _EVERY * _UNEVEN_HZ[band] / sample_rate)
            bed.step[band] = (bed.gain[band] * _uneven(bed, band) - bed.now[band]) / _EVERY
    bed.age += 1
    white = float(noise.white(bed)) * noise.density(sample_rate)
    total = 0.0
    for band in range(BANDS):
        bed.now[band] += bed.step[band]
        total += bed.now[band] * filters.band(bed.band[band], white)
    push = max(bed.press - was, 0.0) * sample_rate * _THUMP_S  # a touch pushes the body once
    return bed.press * total + 0.08 * bed.gain[RUMBLE] * filters.low(bed.thump, push)
