"""Envelopes: how loud each band is at each moment.  spectrum -> band, moved down to 0 Hz -> magnitude -> 400 Hz -> compression.

A band's spectrum put at 0 Hz and transformed back is its analytic signal times a carrier, and its magnitude is the Hilbert
envelope. So no band needs more samples than it is wide.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synth.analysis import bands
from synth.analysis.bands import Floats

RATE_HZ = 400
_COMPRESSION = 0.3
_FLOOR = 10 ** (-60 / 20) * (2 / bands.COUNT) ** 0.5  # 60 dB under the sound: a room's noise below it is heard by nobody


def envelopes(sound: npt.NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Return each band's envelope and its power.

    Parameters
    ----------
    sound : (frames,) at 48 kHz.

    Returns
    -------
    (bands, times) at `RATE_HZ`, and (bands,).
    """
    from scipy import fft

    frames, times = len(sound), int(len(sound) * RATE_HZ / bands.RATE_HZ)
    spectrum = fft.rfft(sound)
    found, power = np.empty((bands.COUNT, times)), np.empty(bands.COUNT)
    for band, (first, gains) in enumerate(bands.filters(frames)):
        size = fft.next_fast_len(max(2 * len(gains), times))
        magnitude = np.abs(fft.ifft(spectrum[first : first + len(gains)] * gains, size)) * (2 * size / frames)
        power[band] = np.square(magnitude, dtype=float).mean() / 2
        found[band] = _slower(magnitude, times)
    return found, power


def _slower(envelope: Floats, times: int) -> Floats:
    """Return an envelope at fewer samples, by cutting its spectrum."""
    from scipy import fft

    kept = fft.rfft(envelope)[: times // 2 + 1]
    slower: Floats = fft.irfft(kept, times) * (times / len(envelope))
    return np.maximum(slower, 0)


def compressed(envelope: Floats) -> Floats:
    """Return envelopes of a sound of RMS 1 as an ear takes them in: a floor, then the power of 0.3."""
    level: Floats = np.sqrt(np.square(envelope) + _FLOOR**2) ** _COMPRESSION
    return level
