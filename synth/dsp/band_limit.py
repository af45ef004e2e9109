"""The band that an ear is given: nothing below 20 Hz, nothing close to half the sample rate.  x -> high-pass -> low-pass.

Both are elliptic, of tenth order. The high-pass is 120 dB down at 20 Hz and below, so that infrasound at any gain stays below
-60 dBFS; it passes 40 Hz, and rings for 60 ms. The low-pass passes nine tenths of half the rate and is 80 dB down a little
above: what lies higher nobody hears, but its peaks lie so far between the samples that no meter of bounded length finds them.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import hot, kernel
from synth.rt.units import F32, QUANTUM

LOUDEST = 1e4
"""What is louder than this by mistake is cut off: filters would take long to forget it."""
_HIGH_PASS, _ALL = 5, 10  # sections
# Zero, pole, quality, of `scipy.signal.ellip(10, 1e-4, 120, 41.6, "high", analog=True)`, in hertz ...
_HIGH_PASS_HZ = (
    (3.33361188, 57.7007876, 0.523660265),
    (9.55858953, 49.5951182, 0.716335794),
    (14.6048258, 42.2900784, 1.16034846),
    (18.0600371, 38.021889, 2.19508264),
    (19.7917618, 36.1503889, 7.06278054),
)
# ... and of `ellip(10, 0.05, 80, 0.9)`, as the tangent of half the angle: the same at every rate.
_LOW_PASS = (
    (36.2558412, 2.87582664, 0.583360544),
    (13.251434, 4.3177013, 1.2012064),
    (9.28773519, 5.49693324, 2.65341479),
    (7.98174116, 6.14714137, 6.23745168),
    (7.53756521, 6.41682877, 22.6020747),
)
BIQUAD = np.dtype([(name, "f8") for name in ("b0", "b1", "a1", "a2", "s1", "s2")], align=True)
"""A section whose zeros lie on the unit circle: its b2 is its b0."""
BAND = np.dtype([("sections", BIQUAD, (_ALL,))], align=True)
"""One ear's filters."""


@kernel
def _tune(section, zero, pole, quality, gain):
    """Set gain (s^2 + zero^2) / (s^2 + pole / quality s + pole^2) by the bilinear transform."""
    norm = 1.0 / (1.0 + pole / quality + pole * pole)
    section.b0 = gain * (1.0 + zero * zero) * norm
    section.b1 = gain * 2.0 * (zero * zero - 1.0) * norm
    section.a1 = 2.0 * (pole * pole - 1.0) * norm
    section.a2 = (1.0 - pole / quality + pole * pole) * norm


@kernel
def tune(band, sample_rate):
    """Set one ear's filters, which must be zeroed."""
    for index in range(_HIGH_PASS):
        zero_hz, pole_hz, quality = _HIGH_PASS_HZ[index]
        zero, pole = math.tan(math.pi * zero_hz / sample_rate), math.tan(math.pi * pole_hz / sample_rate)
        _tune(band.sections[index], zero, pole, quality, 1.0)
    for index in range(_HIGH_PASS, _ALL):
        zero, pole, quality = _LOW_PASS[index - _HIGH_PASS]
        _tune(band.sections[index], zero, pole, quality, pole * pole / (zero * zero))


@kernel
def scrub(samples):
    """Replace what is no number by silence, in place; return how many samples were."""
    scrubbed = 0
    for n in range(QUANTUM):
        if not (abs(samples[n]) < math.inf):
            samples[n] = F32(0.0)
            scrubbed += 1
    return scrubbed


@hot
def limit_band(band, samples):
    """Filter a quantum of numbers in place."""
    for n in range(QUANTUM):
        y = min(max(float(samples[n]), -LOUDEST), LOUDEST)
        for index in range(_ALL):
            section = band.sections[index]
            x = y
            y = section.b0 * x + section.s1
            section.s1 = section.b1 * x - section.a1 * y + section.s2
            section.s2 = section.b0 * x - section.a2 * y
        samples[n] = F32(y)
