"""Texture statistics after McDermott and Simoncelli (2011): what a listener keeps of a sound that lasts.

envelopes -> compression -> marginals of each band, correlations between bands, modulation of three regions
  L.HZ                    a band's power relative to the whole, dB
  cv.HZ  skew.HZ  kurt.HZ of its envelope: log10 sd / mean, skewness, log10 kurtosis: steady, noisy, sparse
  r.REGION.LAG            correlation between envelopes LAG bands apart: events that all bands share
  m.REGION.HZ             log10 share of the envelopes' variance in an octave of modulation
What cannot be measured, as a band above a recording's bandwidth, is NaN.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synth.analysis.bands import CENTRES_HZ, COUNT, NAMES, REGIONS, Floats
from synth.analysis.envelope import RATE_HZ, compressed

LAGS = (1, 2, 3, 5, 8, 12)
MODULATIONS_HZ = (0.5, 1, 2, 4, 8, 16, 32, 64, 128)
_LOWEST_DB = -70.0
_SKEWNESS = (-3.0, 8.0)
_KURTOSIS = 200.0
_SLOWEST_HZ = 0.3  # slower than this is not modulation


def texture(envelope: Floats, power: Floats, bandwidth_hz: float) -> dict[str, float]:
    """Return every texture statistic of a sound of RMS 1.

    Parameters
    ----------
    envelope, power : of each band, as `envelope.envelopes` returns them.
    bandwidth_hz : bands above it count as not measured.
    """
    is_heard = bandwidth_hz > CENTRES_HZ
    level = compressed(envelope)
    mean, sd = level.mean(axis=1), level.std(axis=1)
    standard = (level - mean[:, None]) / (sd[:, None] + 1e-9)
    found = _marginals(power, mean, sd, standard, is_heard)
    return found | _correlations(standard, is_heard) | _modulations(standard, is_heard)


def _marginals(power: Floats, mean: Floats, sd: Floats, standard: Floats, is_heard: npt.NDArray[np.bool_]) -> dict[str, float]:
    square = standard * standard
    columns = {
        "L": np.maximum(10 * np.log10(power / max(float(power[is_heard].sum()), 1e-30) + 1e-12), _LOWEST_DB),
        "cv": np.log10(sd / mean + 1e-3),
        "skew": np.clip((square * standard).mean(axis=1), *_SKEWNESS),
        "kurt": np.log10(np.clip((square * square).mean(axis=1), 1e-9, _KURTOSIS)),
    }
    return {
        f"{head}.{name}": float(value) if heard else np.nan
        for head, column in columns.items()
        for name, value, heard in zip(NAMES, column, is_heard, strict=True)
    }


def _correlations(standard: Floats, is_heard: npt.NDArray[np.bool_]) -> dict[str, float]:
    r = {lag: (standard[:-lag] * standard[lag:]).mean(axis=1) for lag in LAGS}
    found = {}
    for region, bands in REGIONS.items():
        for lag in (lag for lag in LAGS if bands[1] + lag < COUNT):
            pairs = [r[lag][band] for band in bands if band + lag < COUNT and is_heard[band + lag]]
            found[f"r.{region}.{lag}"] = float(np.mean(pairs)) if len(pairs) > 1 else np.nan
    return found


def _modulations(standard: Floats, is_heard: npt.NDArray[np.bool_]) -> dict[str, float]:
    power = np.square(np.abs(np.fft.rfft(standard * np.hanning(standard.shape[1]), axis=1)))
    hertz = np.fft.rfftfreq(standard.shape[1], 1 / RATE_HZ)
    inside = np.array([(hertz >= rate / 2**0.5) & (hertz < rate * 2**0.5) for rate in MODULATIONS_HZ])
    found = {}
    for region, bands in REGIONS.items():
        heard = [band for band in bands if is_heard[band]]
        mean = power[heard].mean(axis=0) if heard else np.full(hertz.shape, np.nan)
        shares = inside @ mean / (mean[hertz > _SLOWEST_HZ].sum() + 1e-30)
        for rate, share, bins in zip(MODULATIONS_HZ, shares, inside, strict=True):
            found[f"m.{region}.{rate}"] = float(np.log10(share + 1e-4)) if bins.any() else np.nan
    return found
