"""Spectra of rendered responses and their third-octave levels."""

from __future__ import annotations

import numpy as np

THIRD_OCTAVES_HZ = 1000 * 2.0 ** (np.arange(-7, 13) / 3)  # 198 Hz to 16 kHz
FINE_HZ = np.linspace(150, 18500, 1600)


def spectrum(response, frequency_hz, sample_rate=48000, start=0):
    """(..., taps) -> complex (..., F); frame `start` is time zero."""
    times = (np.arange(response.shape[-1]) - start) / sample_rate
    return response.astype(float) @ np.exp(-2j * np.pi * np.outer(times, frequency_hz))


def band_levels_db(power):
    """Power at FINE_HZ (..., F) -> mean level in each third octave (..., 20)."""
    edge = 2 ** (1 / 6)
    bands = [(centre / edge <= FINE_HZ) & (centre * edge > FINE_HZ) for centre in THIRD_OCTAVES_HZ]
    return 10 * np.log10(np.stack([power[..., band].mean(axis=-1) for band in bands], axis=-1))


def polar_deg(vector):
    """Unit vector -> azimuth and elevation in degrees."""
    return float(np.degrees(np.arctan2(vector[1], vector[0]))), float(np.degrees(np.arcsin(np.clip(vector[2], -1, 1))))
