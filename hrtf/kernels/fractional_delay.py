"""The fractional-delay filter: a delay between two frames, flat to 16 kHz.  sample rate -> table of filters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

DELAY_TAPS = 8
LEAD = 3
"""Taps of the fractional-delay filter that lie ahead of the delay's whole part."""
PHASES = 256
"""Steps of the filter table within one frame; the filter is interpolated between them."""
_FLAT_HZ = 16000.0


def fractional_filters(sample_rate: float) -> npt.NDArray[np.float32]:
    """Return the fractional-delay filters, flat up to 16 kHz: row p delays by LEAD + p / PHASES frames.

    Least squares up to 16 kHz (at most 0.8 of half the rate; Laakso et al. 1996, section 3.2), weighted toward low
    frequencies: within 0.02 dB below 4 kHz, 0.2 dB at 16 kHz (48 kHz). Row PHASES - p is row p reversed.

    Returns
    -------
    float32 (PHASES + 1, DELAY_TAPS)
    """
    top = min(_FLAT_HZ, 0.4 * sample_rate)
    frequency = (np.arange(400) + 0.5) / 400 * top
    importance = 1 + (0.5 * top / frequency) ** 2
    taps = np.arange(DELAY_TAPS)
    wanted = LEAD + np.arange(PHASES // 2 + 1) / PHASES
    turn = 2 * np.pi * frequency / sample_rate
    gram = (importance * np.cos(np.subtract.outer(taps, taps)[..., None] * turn)).mean(axis=-1)
    right = (importance * np.cos(np.subtract.outer(taps, wanted)[..., None] * turn)).mean(axis=-1)
    half = np.linalg.solve(gram + 1e-10 * np.eye(DELAY_TAPS), right).T
    half /= half.sum(axis=1, keepdims=True)
    return np.ascontiguousarray(np.concatenate([half, half[-2::-1, ::-1]])).astype(np.float32)
