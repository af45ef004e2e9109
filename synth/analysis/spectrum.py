"""The long-term spectrum, and where a recording ends on top.  sound -> Hann windows of 85 ms -> mean power.

A codec or a slow sampler leaves a wall in the spectrum. What lies above it says nothing about the sound, and is not measured.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import RATE_HZ, Floats

FRAMES = 4096
HZ: Floats = np.fft.rfftfreq(FRAMES, 1 / RATE_HZ)
_HANN = np.hanning(FRAMES)
_WALL_DB, _BACK_DB = 25.0, 15.0  # it falls by so much within 700 Hz, and nothing comes back within so much of the level below


def mean_power(sound: npt.NDArray[np.float32]) -> Floats:
    """Return the mean power at each of `HZ` of a sound at 48 kHz; one that is too short is filled up with silence."""
    from scipy import fft

    if len(sound) < 2 * FRAMES:
        sound = np.pad(sound, (0, max(FRAMES - len(sound), 0)))
    cut = np.lib.stride_tricks.sliding_window_view(sound, FRAMES)[:: FRAMES // 2]
    spectra = fft.rfft(cut * _HANN, axis=1)
    power: Floats = (np.square(spectra.real) + np.square(spectra.imag)).mean(axis=0)
    return power


def bandwidth_hz(power: Floats) -> float:
    """Return where the spectrum of a sound of RMS 1 ends in a wall; half the sample rate if it has none."""
    db = 10 * np.log10(power + 1e-16)
    for edge in np.arange(3500.0, 16500.0, 250.0):
        under = db[(edge - 700 < HZ) & (edge > HZ)].mean()
        over = db[(edge + 400 < HZ) & (edge + 1100 > HZ)].mean()
        if under - over > _WALL_DB and db[edge + 400 < HZ].max() < under - _BACK_DB:
            return float(edge)
    return RATE_HZ / 2
