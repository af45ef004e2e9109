"""Events and pauses: how often something begins, how evenly, how fast a sound moves.  band envelopes -> one -> x.onsets_per_s ...

An onset is where the envelope over 10 ms rises above 1.6 times that of the 100 ms before. Regularity is the best
autocorrelation of the envelope at 0.12 to 2.5 s: 1 for a clock, near 0 for noise.
"""

from __future__ import annotations

import numpy as np

from synth.analysis.bands import Floats
from synth.analysis.envelope import RATE_HZ

_RISE, _FAINTEST = 1.6, 0.1
_FAST, _SLOW = 4, 40  # envelope samples: 10 and 100 ms
_FEWEST_GAPS = 5
_PERIODS_S = (0.12, 2.5)
_MODULATIONS_HZ = {"0.3_3": (0.3, 3), "3_10": (3, 10), "10_40": (10, 40), "above_40": (40, 200)}


def events(envelope: Floats) -> dict[str, float]:
    """Return what the sum of the bands' envelopes (bands, times) of a sound says about its events."""
    broad = np.sqrt(np.square(envelope).sum(axis=0))
    compressed = broad**0.3
    compressed -= compressed.mean()
    found = _steadiness(broad) | _onsets(broad) | {"regularity": _regularity(compressed)} | _modulation(compressed)
    return {f"x.{name}": float(value) for name, value in found.items()}


def _steadiness(broad: Floats) -> dict[str, float]:
    db = 20 * np.log10(broad / np.sqrt(np.square(broad).mean() + 1e-30) + 1e-4)
    return {"env_sd_db": np.maximum(db, -60).std(), "silent_pct": 100 * (db < np.percentile(db, 99) - 40).mean()}


def _onsets(broad: Floats) -> dict[str, float]:
    fast, slow = (np.convolve(broad, np.full(length, 1 / length), "same") for length in (_FAST, _SLOW))
    is_up = (fast > _RISE * np.roll(slow, _SLOW // 2)) & (fast > _FAINTEST * np.percentile(fast, 99.5))
    begins = np.flatnonzero(is_up & ~np.roll(is_up, 1))
    gaps = np.diff(begins)
    cv = gaps.std() / gaps.mean() if len(gaps) >= _FEWEST_GAPS else np.nan
    return {"onsets_per_s": len(begins) * RATE_HZ / len(broad), "onset_gap_cv": float(cv)}


def _regularity(compressed: Floats) -> float:
    """Return the highest autocorrelation beyond its first passage through zero."""
    count = len(compressed)
    r = np.fft.irfft(np.square(np.abs(np.fft.rfft(compressed, 2 * count))))[:count]
    r *= count / (r[0] + 1e-12) / (count - np.arange(count))
    low, high = (int(period * RATE_HZ) for period in _PERIODS_S)
    first, last = low + int(np.argmax(r[:low] < 0)), min(high, count // 2)
    return float(r[first:last].max()) if last > first else np.nan


def _modulation(compressed: Floats) -> dict[str, float]:
    power = np.square(np.abs(np.fft.rfft(compressed * np.hanning(len(compressed)))))
    hertz = np.fft.rfftfreq(len(compressed), 1 / RATE_HZ)
    whole = power[hertz > 0.2].sum() + 1e-30
    parts = {name: power[(hertz >= low) & (hertz < high)].sum() for name, (low, high) in _MODULATIONS_HZ.items()}
    return {f"mod_{name}_pct": 100 * part / whole for name, part in parts.items()}
