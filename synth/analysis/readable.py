"""What a sound designer reads off a spectrum and a waveform: where the power lies, how it slopes, how it peaks, in plain units.

mean power, samples -> x.centroid_hz, x.tilt_..., x.below_150_pct, ..., x.dip_5k_db, x.crest_db
These are told, not compared: no distance holds them.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import Floats
from synth.analysis.spectrum import HZ

_OCTAVES_HZ = (250, 500, 1000, 2000, 4000)
_TOP_HZ, _DIP_TOP_HZ = 12500, 11500  # a recording must reach so far up for its top, its dip at 5 kHz, to be measured
_PARTS_HZ = {"below_150": (20, 150), "150_600": (150, 600), "600_2500": (600, 2500), "2500_8000": (2500, 8000)}


def spectral(power: Floats, bandwidth_hz: float) -> dict[str, float]:
    """Return what the mean power spectrum of a sound says.

    Parameters
    ----------
    power : at each frequency of `spectrum.HZ`.
    bandwidth_hz : where the recording ends.
    """
    whole = power.sum()
    has_top, has_dip = bandwidth_hz > _TOP_HZ, bandwidth_hz > _DIP_TOP_HZ
    octaves = [_level_db(power, hz / 2**0.5, hz * 2**0.5) for hz in _OCTAVES_HZ]
    slope = (_level_db(power, 8000, 12000) - _level_db(power, 3500, 5000)) / math.log2(10000 / 4200)
    beside = (_level_db(power, 1700, 3300) + _level_db(power, 7200, 11000)) / 2
    inner = power[(HZ > 100) & (min(bandwidth_hz, 14000) > HZ)]
    found = {
        "bandwidth_hz": bandwidth_hz,
        "centroid_hz": (HZ * power).sum() / whole,
        "rolloff85_hz": HZ[np.searchsorted(np.cumsum(power) / whole, 0.85)],
        "tilt_250_4k_db_oct": np.polyfit(np.arange(len(octaves)), octaves, 1)[0],
        "tilt_above_4k_db_oct": slope if has_top else np.nan,
        **{f"{name}_pct": 100 * _within(power, *ends).sum() / whole for name, ends in _PARTS_HZ.items()},
        "above_8k_pct": 100 * _within(power, 8000, 20000).sum() / whole if has_top else np.nan,
        "dip_5k_db": _level_db(power, 3800, 6300) - beside if has_dip else np.nan,
        "flatness": np.exp(np.log(inner + 1e-15).mean()) / inner.mean(),
    }
    return {f"x.{name}": float(value) for name, value in found.items()}


def peaks(sound: npt.NDArray[np.float32]) -> dict[str, float]:
    """Return how a sound of RMS 1 peaks."""
    fourth = np.square(np.square(sound, dtype=float)).mean()
    return {"x.crest_db": 20 * math.log10(float(np.abs(sound).max())), "x.kurtosis_log": math.log10(fourth)}


def _within(power: Floats, low_hz: float, high_hz: float) -> Floats:
    return power[(low_hz <= HZ) & (high_hz > HZ)]


def _level_db(power: Floats, low_hz: float, high_hz: float) -> float:
    return float(10 * np.log10(_within(power, low_hz, high_hz).mean() + 1e-15))
