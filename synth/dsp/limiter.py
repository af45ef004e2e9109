"""The master: what every sample passes before an ear.  high-pass 20 Hz -> gain and fade -> scrub -> true-peak limiter -> clamp.

The limiter looks ahead: the gain that a peak needs is held as a minimum over the window before it and smoothed by a triangular
mean of the same length, so it has arrived when the peak does, without a step or a corner. Peaks between samples are found by
fourfold interpolation (ITU-R BS.1770-5, annex 2); half a decibel is kept for what fourfold misses near half the sample rate and
for the gain's own motion.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import hot, kernel
from synth.rt.units import F32, QUANTUM

CEILING_DB = -1.0
_MARGIN_DB = 0.5
_CEILING = 10 ** (CEILING_DB / 20)
_THRESHOLD = 10 ** ((CEILING_DB - _MARGIN_DB) / 20)
_WINDOW = 64
_WEIGHTS = (_WINDOW // 2) ** 2  # sum of the triangular mean's
_TAPS = 24
_CENTRE = 12  # the interpolator's delay
LATENCY = _WINDOW - 1 + _CENTRE
"""Frames from the limiter's input to its output."""
_RELEASE_S = 0.12
_HIGH_PASS_HZ = 20.0
_LOUDEST = 1000.0  # what is louder than this by mistake must not take the filter minutes to forget


def _interpolator() -> tuple[float, ...]:
    """Return three polyphase rows of a Kaiser-windowed sinc: 1/4, 1/2 and 3/4 of a sample after the centre."""
    rows = []
    for quarter in (1, 2, 3):
        t = np.arange(_TAPS) - (_TAPS - 1 - _CENTRE) - quarter / 4
        row = np.sinc(t) * np.i0(8.0 * np.sqrt(np.maximum(0, 1 - (t / 12.5) ** 2))) / np.i0(8.0)
        rows.extend((row / row.sum()).tolist())
    return tuple(rows)


_INTERPOLATOR = _interpolator()

MASTER_HIGH_PASS = np.dtype([(name, "f8") for name in ("b0", "b1", "b2", "a1", "a2", "s1", "s2")], align=True)
LIMITER = np.dtype(
    [
        ("samples", "f4", (2, _WINDOW + _TAPS + QUANTUM)),
        ("request", "f4", (_WINDOW + QUANTUM,)),
        ("held", "f4", (_WINDOW + QUANTUM,)),
        ("phase", "f4", (QUANTUM,)),
        ("peak", "f4", (QUANTUM,)),
        ("release", "f8"),
        ("level", "f8"),  # the held gain before the mean
        ("lowest_gain", "f8"),  # since somebody last looked
    ],
    align=True,
)


@kernel
def tune_high_pass(high_pass, sample_rate):
    """Set a second-order Butterworth high-pass at 20 Hz (bilinear transform)."""
    k = math.tan(math.pi * _HIGH_PASS_HZ / sample_rate)
    norm = 1.0 / (1.0 + math.sqrt(2.0) * k + k * k)
    high_pass.b0 = norm
    high_pass.b1 = -2.0 * norm
    high_pass.b2 = norm
    high_pass.a1 = 2.0 * (k * k - 1.0) * norm
    high_pass.a2 = (1.0 - math.sqrt(2.0) * k + k * k) * norm


@hot
def remove_infrasound(high_pass, samples):
    """Filter a quantum in place; returns how many samples were not finite and had to be replaced by silence."""
    s1, s2, scrubbed = high_pass.s1, high_pass.s2, 0
    for n in range(QUANTUM):
        x = float(samples[n])
        if not (abs(x) < math.inf):
            x = 0.0
            scrubbed += 1
        x = min(max(x, -_LOUDEST), _LOUDEST)
        y = high_pass.b0 * x + s1
        s1 = high_pass.b1 * x - high_pass.a1 * y + s2
        s2 = high_pass.b2 * x - high_pass.a2 * y
        samples[n] = F32(y)
    high_pass.s1 = s1
    high_pass.s2 = s2
    return scrubbed


@kernel
def tune_limiter(limiter, sample_rate):
    """Reset the limiter: gain 1, silence behind it."""
    limiter.release = 1.0 - math.exp(-1.0 / (_RELEASE_S * sample_rate))
    limiter.level = 1.0
    limiter.lowest_gain = 1.0
    for n in range(_WINDOW + QUANTUM):
        limiter.request[n] = F32(1.0)
        limiter.held[n] = F32(1.0)


@hot
def _find_peaks(limiter):
    """Fill `peak` with the largest magnitude at or within three quarters of a sample after each sample, over both ears."""
    peak, phase = limiter.peak, limiter.phase
    for n in range(QUANTUM):
        peak[n] = F32(0.0)
    for ear in range(2):
        samples = limiter.samples[ear]
        at = _WINDOW + 1
        for n in range(QUANTUM):
            peak[n] = max(peak[n], abs(samples[at + _TAPS - 1 - _CENTRE + n]))
        for row in range(3):
            for n in range(QUANTUM):
                phase[n] = F32(0.0)
            for tap in range(_TAPS):
                weight = F32(_INTERPOLATOR[row * _TAPS + tap])
                for n in range(QUANTUM):
                    phase[n] += weight * samples[at + tap + n]
            for n in range(QUANTUM):
                peak[n] = max(peak[n], abs(phase[n]))


@kernel
def _gain_is_one(limiter):
    """Shift the requests and take in the new ones; whether none of them asks for less than 1 and the last gain has recovered."""
    lowest = F32(1.0)
    for n in range(_WINDOW):
        limiter.request[n] = limiter.request[n + QUANTUM]
        limiter.held[n] = limiter.held[n + QUANTUM]
        lowest = min(lowest, min(limiter.request[n], limiter.held[n]))
    for n in range(QUANTUM):
        request = F32(_THRESHOLD) / max(limiter.peak[n], F32(_THRESHOLD))
        limiter.request[_WINDOW + n] = request
        lowest = min(lowest, request)
    return lowest >= F32(1.0) and limiter.level >= 1.0


@kernel
def _hold(limiter):
    """Hold each request for the window, let go slowly."""
    for n in range(QUANTUM):
        lowest = limiter.request[n + 1]
        for w in range(2, _WINDOW + 1):
            lowest = min(lowest, limiter.request[n + w])
        if lowest < limiter.level:
            limiter.level = lowest
        else:
            limiter.level += (lowest - limiter.level) * limiter.release
            if limiter.level > 0.99999:
                limiter.level = 1.0 if lowest >= F32(1.0) else limiter.level
        limiter.held[_WINDOW + n] = F32(limiter.level)
        limiter.lowest_gain = min(limiter.lowest_gain, limiter.level)


@hot
def limit(limiter, out):
    """Limit a quantum in place, `LATENCY` frames late.

    Parameters
    ----------
    limiter : a LIMITER record.
    out : f4 (2, 64), finite.
    """
    kept = _WINDOW + _TAPS
    for ear in range(2):
        samples = limiter.samples[ear]
        for n in range(kept):
            samples[n] = samples[n + QUANTUM]
        for n in range(QUANTUM):
            samples[kept + n] = out[ear, n]
    _find_peaks(limiter)
    late = kept - LATENCY
    if _gain_is_one(limiter):
        for n in range(QUANTUM):
            limiter.held[_WINDOW + n] = F32(1.0)
        for ear in range(2):
            for n in range(QUANTUM):
                out[ear, n] = limiter.samples[ear, late + n]
        return
    _hold(limiter)
    for n in range(QUANTUM):
        total = 0.0
        for w in range(1, _WINDOW):
            total += limiter.held[n + w] * min(w, _WINDOW - w)
        gain = F32(total / _WEIGHTS)
        for ear in range(2):
            y = limiter.samples[ear, late + n] * gain
            out[ear, n] = min(max(y, F32(-_CEILING)), F32(_CEILING))
