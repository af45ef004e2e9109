"""A soft palate that flutters: it shuts the throat and lets go, 30 to 100 times a second.  drive, rate -> pulses, bursts of air.

A flap in a stream flutters once the air is fast enough (Huang 1995; Auregan and Depollier 1995). It bursts open, air rushes
through and dies away until it shuts again. No two periods are alike, the rate wanders with the air, and now and then it stumbles:
every other pulse is lost. Pulses are those of a `glottis`, opened for a third of a period.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, glottis, noise, wander
from synth.rt import kernel
from synth.rt.units import QUANTUM

_OPEN, _TILT_HZ = 0.34, 1500.0
_JITTER = (0.02, 0.09)  # of a period, even and uneven: chosen
_WANDER_HZ, _WANDER = 4.0, 0.13
_STUMBLE_HZ, _STUMBLES = 3.0, 0.35  # how often it may, and above which value of a wave, over the unevenness, it does
_FASTER = (0.88, 0.24)  # rate at the smallest drive, and what it grows by
_BURST, _DIES, _SHUT = 2.8, 0.22, 0.05  # air as it lets go, share of a period to a third of it, what passes when shut
_SETTLES_HZ = 12.0

PALATE = np.dtype(
    [
        ("glottis", glottis.GLOTTIS),
        ("drive", filters.ONE_POLE),
        ("wave", wander.WANDER),
        ("stumble", wander.WANDER),
    ],
    align=True,
)


@kernel
def start(palate, stream, rate_hz, sample_rate):
    """Begin at rest."""
    glottis.start(palate.glottis, noise.split(stream), rate_hz)
    wander.start(palate.wave, noise.split(stream))
    wander.start(palate.stumble, noise.split(stream))
    filters.tune_one_pole(palate.drive, _SETTLES_HZ, sample_rate / QUANTUM)


@kernel
def flutter(palate, rate_hz, drive, level, unevenness, seconds, sample_rate):
    """Move on by a quantum; return what the air's noise is times at its end, about 1 on average.

    Parameters
    ----------
    palate : a PALATE record.
    rate_hz : how often it lets go.
    drive : 0..1, how far the air is faster than it takes.
    level : peak of the pulses at full drive.
    unevenness : 0..1.
    seconds : of a quantum, or 0.
    sample_rate : hertz.
    """
    drive = filters.smooth(palate.drive, drive)
    wander.advance(palate.wave, _WANDER_HZ * seconds)
    wander.advance(palate.stumble, _STUMBLE_HZ * seconds)
    wanted_hz = rate_hz * (_FASTER[0] + _FASTER[1] * drive) * math.exp(_WANDER * unevenness * wander.value(palate.wave))
    if wander.value(palate.stumble) > _STUMBLES / max(unevenness, 0.1):
        wanted_hz *= 0.5
    jitter = _JITTER[0] + unevenness * (_JITTER[1] - _JITTER[0])
    glottis.aim(palate.glottis, wanted_hz, level * drive, _OPEN, jitter, 0.0, 0.0, _TILT_HZ, seconds, sample_rate)
    phase = palate.glottis.phase + wanted_hz * seconds
    phase -= math.floor(phase)
    burst = _SHUT + _BURST * math.exp(-phase / _DIES)
    return 1.0 + drive * (burst - 1.0)


@kernel
def fill(palate, out, start, stop, sample_rate):
    """Write frames of its pulses."""
    glottis.fill(palate.glottis, out, start, stop, sample_rate)
