"""Bands: thirty half-cosines, evenly spaced on the ear's own scale, 50 Hz to 16 kHz.  hertz -> ERB number -> gain in each band.

The squares of neighbours add up to one, so the bands hold all of the power. ERB numbers after Glasberg and Moore (1990).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

RATE_HZ = 48000
COUNT, LOW_HZ, HIGH_HZ = 30, 50.0, 16000.0
REGIONS = {"low": range(10), "mid": range(10, 20), "high": range(20, COUNT)}
"""60 to 690 Hz, 820 to 3500 Hz, 4 to 14.4 kHz."""


def erb_number(hertz: npt.ArrayLike) -> Floats:
    """Return how many of the ear's bandwidths lie below a frequency."""
    return 9.265 * np.log1p(np.asarray(hertz, float) / 228.85)


def hertz(erb_number: npt.ArrayLike) -> Floats:
    """Return the frequency of an ERB number."""
    return 228.85 * np.expm1(np.asarray(erb_number, float) / 9.265)


_EDGES_ERB = np.linspace(erb_number(LOW_HZ), erb_number(HIGH_HZ), COUNT + 2)
_EDGES_HZ = hertz(_EDGES_ERB)
CENTRES_HZ = _EDGES_HZ[1:-1]
NAMES = tuple(f"{centre:.0f}" for centre in CENTRES_HZ)
"""What a band is called in the names of statistics: its centre in whole hertz."""


@lru_cache(maxsize=4)
def filters(frames: int) -> tuple[tuple[int, npt.NDArray[np.float32]], ...]:
    """Return each band as the first bin of a real spectrum that it lets through, and its gains from there on.

    Parameters
    ----------
    frames : samples at `RATE_HZ` of the sound whose spectrum it is; at least 0.1 s.
    """
    per_bin = RATE_HZ / frames
    found = []
    for low, centre, high in zip(_EDGES_HZ[:-2], _EDGES_ERB[1:-1], _EDGES_HZ[2:], strict=True):
        bins = np.arange(max(int(low / per_bin) + 1, 1), int(np.ceil(high / per_bin)))
        away = (erb_number(bins * per_bin) - centre) / (_EDGES_ERB[1] - _EDGES_ERB[0])
        found.append((int(bins[0]), np.cos(np.pi / 2 * away).astype(np.float32)))
    return tuple(found)
