"""Other sample rates: samples as they are, and loops as what goes round for ever.

samples, rates -> a ratio of small numbers -> polyphase filter, or the spectrum of a short loop -> samples
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_LOBES = 32  # of the filter on either side: flat to 0.86 of the lower Nyquist frequency, 90 dB down from 1.04 on
_CUTOFF = 0.95
_KAISER_BETA = 9.0
_FLAT = 0.92  # of the lower Nyquist frequency: up to there a loop is as it was, at it nothing is left
_SHORT_LOOP, _EXACT = 1 << 16, 1e-5  # frames; deviation of the pitch
_FINEST = 48_000  # largest part of a ratio of rates; a finer one is taken to the nearest, true to 1e-5: filters grow with it
_STRETCHES = 64  # parts of a long loop, each between two filters that delay by up to half a frame; chosen


def at_rate(samples: Samples, rate_hz: int, wanted_hz: int) -> Samples:
    """Return samples (frames,) at another rate."""
    return _converted(samples, _simple(Fraction(wanted_hz, rate_hz)))


def loop_at_rate(samples: Samples, rate_hz: int, wanted_hz: int) -> Samples:
    """Return a loop (frames,) at another rate, with no seam that it did not have: it is periodic."""
    ratio = _simple(Fraction(wanted_hz, rate_hz))
    if ratio == 1:
        return samples
    return _by_spectrum(samples, ratio) if len(samples) <= _SHORT_LOOP else _by_filter(samples, ratio)


def _simple(ratio: Fraction) -> Fraction:
    """Return the nearest ratio whose parts are small enough to make a filter of."""
    return ratio.limit_denominator(_FINEST) if ratio < 1 else 1 / (1 / ratio).limit_denominator(_FINEST)


def _converted(samples: Samples, ratio: Fraction) -> Samples:
    """Return samples at another rate, through a polyphase filter."""
    if ratio == 1:
        return samples
    from scipy.signal import firwin, resample_poly

    up, down = ratio.numerator, ratio.denominator
    most = max(up, down)
    window = firwin(2 * _LOBES * most + 1, _CUTOFF / most, window=("kaiser", _KAISER_BETA)).astype(np.float32)
    converted: Samples = resample_poly(samples, up, down, window=window)  # type: ignore[call-overload]
    return converted


def _by_filter(samples: Samples, ratio: Fraction) -> Samples:
    """Return a long loop through the polyphase filter, its end before its beginning and its beginning behind its end.

    It then lasts no whole number of frames, and is stretched by up to half a frame until it does.
    """
    beyond = -(-2 * _LOBES * max(1, round(1 / ratio)) // ratio.denominator) * ratio.denominator  # frames in, whole frames out
    converted = _converted(np.concatenate([samples[-beyond:], samples, samples[:beyond]]), ratio)
    exact = len(samples) * ratio
    length = round(exact)
    late = np.linspace(0.0, float(exact - length), _STRETCHES + 1)
    edges = np.linspace(0, length, _STRETCHES + 1).astype(int)
    taps = np.arange(-_LOBES, _LOBES + 1) - late[:, None]
    filters = np.sinc(taps) * np.i0(_KAISER_BETA * np.sqrt(np.maximum(1 - (taps / (_LOBES + 1)) ** 2, 0))) / np.i0(_KAISER_BETA)
    loop = np.empty(length, np.float32)
    for part, (first, last) in enumerate(pairwise(edges)):
        around = converted[int(beyond * ratio) + first - _LOBES : int(beyond * ratio) + last + _LOBES]
        one, other = (np.convolve(around, kernel[::-1].astype(np.float32), "valid") for kernel in filters[part : part + 2])
        loop[first:last] = one + (other - one) * np.linspace(0, 1, last - first, endpoint=False, dtype=np.float32)
    return loop


def _by_spectrum(samples: Samples, ratio: Fraction) -> Samples:
    """Return a short loop by its spectrum.

    It has a whole number of samples, so it goes round several times, as often as brings its pitch near enough.
    """
    from scipy.fft import irfft, rfft

    rounds = max(1, min(_SHORT_LOOP // len(samples), 1000))
    errors = [(abs(round(n * len(samples) * ratio) / (n * len(samples) * ratio) - 1), n) for n in range(1, rounds + 1)]
    count = next((n for error, n in errors if error < _EXACT), min(errors)[1])
    looped = np.tile(samples, count)
    length = max(round(len(looped) * ratio), 1)
    spectrum = rfft(looped)
    kept = min(len(looped), length) // 2 + 1
    place = np.linspace(0.0, 1.0, kept)
    edge = np.clip((1.0 - place) / (1.0 - _FLAT), 0.0, 1.0)
    whole = np.zeros(length // 2 + 1, np.complex64)
    whole[:kept] = spectrum[:kept] * (0.5 - 0.5 * np.cos(np.pi * edge)).astype(np.float32)
    converted: Samples = irfft(whole, length).astype(np.float32) * np.float32(length / len(looped))
    return converted
