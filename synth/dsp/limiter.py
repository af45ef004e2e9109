"""The limiter, the last that every sample passes before an ear.  peaks between samples -> gain, held and smoothed -> clamp.

It looks ahead: the gain that a peak needs is held as a minimum over the window before it and smoothed by a triangular mean of
the same length, so it has arrived when the peak does, without a step or a corner. Peaks between samples are found by eightfold
interpolation, better than ITU-R BS.1770-5, annex 2, asks for. What comes must end below nine tenths of half the sample rate, as
`band_limit` sees to: then the interpolation misses 0.15 dB at most, and the gain's motion folds nothing back. Half a decibel is
kept for both.
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
_TAPS = 48
_CENTRE = 24  # the interpolator's delay
_PHASES = 8
_KAISER = 6.0
LATENCY = _WINDOW - 1 + _CENTRE
"""Frames from the limiter's input to its output."""
_RELEASE_S = 0.12


def _interpolator() -> tuple[float, ...]:
    """Return the polyphase rows of a Kaiser-windowed sinc: 1/8, 2/8 ... 7/8 of a sample after the centre."""
    rows = []
    for phase in range(1, _PHASES):
        t = np.arange(_TAPS) - (_TAPS - 1 - _CENTRE) - phase / _PHASES
        row = np.sinc(t) * np.i0(_KAISER * np.sqrt(np.maximum(0, 1 - (t / (_CENTRE + 0.5)) ** 2))) / np.i0(_KAISER)
        rows.extend((row / row.sum()).tolist())
    return tuple(rows)


_INTERPOLATOR = _interpolator()
_QUIET = _THRESHOLD / max(sum(map(abs, _INTERPOLATOR[at : at + _TAPS])) for at in range(0, len(_INTERPOLATOR), _TAPS))
"""If no sample is louder, no peak between them reaches the threshold, whatever they are."""

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
def tune_limiter(limiter, sample_rate):
    """Reset the limiter: gain 1, silence behind it."""
    limiter.release = 1.0 - math.exp(-1.0 / (_RELEASE_S * sample_rate))
    limiter.level = 1.0
    limiter.lowest_gain = 1.0
    for n in range(_WINDOW + QUANTUM):
        limiter.request[n] = F32(1.0)
        limiter.held[n] = F32(1.0)


@kernel
def _is_quiet(samples):
    """Whether none of an ear's samples is so loud that a peak between them could matter."""
    loudest = F32(0.0)
    for n in range(_WINDOW, _WINDOW + _TAPS + QUANTUM):
        loudest = max(loudest, abs(samples[n]))
    return loudest < F32(_QUIET)


@hot
def _find_peaks(limiter):
    """Fill `peak` with the largest magnitude at or within seven eighths of a sample after each sample, over both ears."""
    peak, phase = limiter.peak, limiter.phase
    for n in range(QUANTUM):
        peak[n] = F32(0.0)
    for ear in range(2):
        samples = limiter.samples[ear]
        if _is_quiet(samples):
            continue
        at = _WINDOW + 1
        for n in range(QUANTUM):
            peak[n] = max(peak[n], abs(samples[at + _TAPS - 1 - _CENTRE + n]))
        for row in range(_PHASES - 1):
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
