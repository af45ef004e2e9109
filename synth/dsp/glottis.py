"""A glottis that sounds: pulses of air, their derivative.  F0 with vibrato and jitter -> pulses of an open quotient -> soft tilt.

Flow opens as x^2 - x^3 and closes at once (Klatt and Klatt 1990, KLGLOTT88); x runs from 0 to 1 while the glottis is open. The
step where it closes is smoothed over two samples, so that hardly anything is aliased. Periods differ by the jitter, and pulses by
as much in level.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, noise
from synth.rt import kernel
from synth.rt.units import QUANTUM

GLOTTIS = np.dtype(
    [
        ("rng", "u8"),
        ("phase", "f8"),
        ("f0_hz", "f8"),
        ("f0_step", "f8"),
        ("vibrato_phase", "f8"),
        ("period", "f8"),  # this one's length and level, times
        ("shimmer", "f8"),
        ("open", "f8"),
        ("jitter", "f8"),
        ("level", "f8"),
        ("level_step", "f8"),
        ("tilt", filters.ONE_POLE),
    ],
    align=True,
)


@kernel
def start(glottis, seed, f0_hz):
    """Begin silent, at a pitch."""
    glottis.rng = seed
    glottis.f0_hz, glottis.period, glottis.shimmer, glottis.open = f0_hz, 1.0, 1.0, 0.6
    glottis.vibrato_phase = noise.uniform(glottis)


@kernel
def aim(glottis, f0_hz, level, open_quotient, jitter, vibrato_hz, vibrato, tilt_hz, seconds, sample_rate):
    """Glide to a pitch and a level within a quantum.

    Parameters
    ----------
    glottis : a GLOTTIS record.
    f0_hz : the pitch, vibrato left out.
    level : peak of the pulses.
    open_quotient : share of a period in which it is open: 0.4 pressed, 0.9 breathy.
    jitter : standard deviation of a period's length; 0.005 in a healthy voice.
    vibrato_hz, vibrato : how fast, and by which share of F0 either way.
    tilt_hz : above this it falls by 6 dB an octave more.
    seconds : of a quantum, or 0.
    sample_rate : hertz.
    """
    glottis.vibrato_phase += vibrato_hz * seconds
    glottis.vibrato_phase -= math.floor(glottis.vibrato_phase)
    wanted_hz = f0_hz * (1.0 + vibrato * math.sin(2.0 * math.pi * glottis.vibrato_phase))
    glottis.f0_step = (wanted_hz - glottis.f0_hz) / QUANTUM
    glottis.level_step = (level - glottis.level) / QUANTUM
    glottis.open, glottis.jitter = open_quotient, jitter
    filters.tune_one_pole(glottis.tilt, tilt_hz, sample_rate)


@kernel
def fill(glottis, out, start, stop, sample_rate):
    """Write frames of the derivative of the flow; 1 where it falls fastest."""
    for n in range(start, stop):
        glottis.f0_hz += glottis.f0_step
        glottis.level += glottis.level_step
        step = glottis.f0_hz / (glottis.period * sample_rate)
        glottis.phase += step
        if glottis.phase >= 1.0:
            glottis.phase -= 1.0
            draw = max(min(noise.gaussian(glottis), 2.5), -2.5)
            glottis.period = 1.0 + glottis.jitter * draw
            glottis.shimmer = 1.0 + 4.0 * glottis.jitter * max(min(noise.gaussian(glottis), 2.5), -2.5)
        x = glottis.phase / glottis.open
        pulse = x * (2.0 - 3.0 * x) if x < 1.0 else 0.0
        past = (glottis.phase - glottis.open) / step  # samples since it closed
        if 0.0 <= past < 1.0:
            pulse -= 0.5 * (1.0 - past) ** 2
        elif -1.0 < past < 0.0:
            pulse += 0.5 * (1.0 + past) ** 2
        out[n] = filters.smooth(glottis.tilt, glottis.level * glottis.shimmer * pulse)
