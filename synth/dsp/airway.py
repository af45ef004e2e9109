"""An airway: noise of throat and lips, each source with a flutter of its own, through resonances that slide.

speed of the air -> eddies in the throat -> three low resonances | eddies at either corner of the lips -> three high ones, hiss

Noise goes with the square of the speed, and its colour rises with it (eddies pass as speed / width). Bands do not move together:
recordings of breath have envelopes of bands five apart that correlate by 0.8 above 4 kHz and by 0.5 below 700 Hz.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, noise, wander
from synth.rt import kernel

FORMANTS = 3
_SLOW_HZ, _FAST_HZ, _SWELL_HZ = 3.7, 13.0, 7.0  # how often a source, and each of its bands, changes its mind
_SLIDE_HZ, _SLIDE = 1.1, 0.07  # how often a resonance is elsewhere, and by how much
_EVERY = 64  # samples: how often the flutter is looked up; it glides between

SOURCE = np.dtype(
    [
        ("rng", "u8"),
        ("eddies", filters.ONE_POLE, (2,)),
        ("formant", filters.SVF, (FORMANTS,)),
        ("slow", wander.WANDER),
        ("fast", wander.WANDER),
        ("slide", wander.WANDER, (FORMANTS,)),
        ("swell", wander.WANDER, (FORMANTS,)),
        ("gain", "f8", (FORMANTS,)),
        ("push", "f8"),
        ("step", "f8"),
    ],
    align=True,
)


@kernel
def start(source, seed):
    """Begin with streams of its own."""
    source.rng = seed
    wander.start(source.slow, noise.split(source))
    wander.start(source.fast, noise.split(source))
    for formant in range(FORMANTS):
        wander.start(source.slide[formant], noise.split(source))
        wander.start(source.swell[formant], noise.split(source))
    source.push = 0.0


@kernel
def advance(source, seconds):
    """Let its flutter and its resonances move on."""
    wander.advance(source.slow, _SLOW_HZ * seconds)
    wander.advance(source.fast, _FAST_HZ * seconds)
    for formant in range(FORMANTS):
        wander.advance(source.slide[formant], _SLIDE_HZ * seconds)
        wander.advance(source.swell[formant], _SWELL_HZ * seconds)


@kernel
def colour(source, eddies_hz, sample_rate):
    """Set above which frequency the noise falls, by 12 dB an octave."""
    filters.tune_one_pole(source.eddies[0], eddies_hz, sample_rate)
    filters.tune_one_pole(source.eddies[1], eddies_hz, sample_rate)


@kernel
def tune(source, formant, hertz, q, gain, unevenness, sample_rate):
    """Set one resonance about a frequency; it slides and swells by the unevenness, 0..1."""
    slid_hz = hertz * math.exp(_SLIDE * unevenness * wander.value(source.slide[formant]))
    filters.tune(source.formant[formant], slid_hz, q, sample_rate)
    source.gain[formant] = gain * math.exp(0.8 * unevenness * wander.value(source.swell[formant]) - 0.3 * unevenness * unevenness)


@kernel
def flutter(source, unevenness):
    """Return what its speed is times just now."""
    wave = 0.2 * wander.value(source.slow) + 0.14 * wander.value(source.fast)
    return math.exp(unevenness * wave - 0.09 * unevenness * unevenness)  # its square's mean stays about the same


@kernel
def aim(source, push, samples):
    """Glide to another strength in so many samples."""
    source.step = (push - source.push) / samples


@kernel
def tick(source, leak, sample_rate):
    """Return the next sample; `leak` of the noise gets by the resonances."""
    source.push += source.step
    air = filters.smooth(source.eddies[0], source.push * noise.density(sample_rate) * noise.white(source))
    air = filters.smooth(source.eddies[1], air)
    total = leak * air
    for formant in range(FORMANTS):
        total += source.gain[formant] * filters.band(source.formant[formant], air)
    return total
