"""What a sound is like to two ears, as one fixed vector.  audio -> synth.measure -> chosen numbers -> z by stored spreads.

The same ruler as `synth measure` and `synth match`: texture by region, loudness, IACC, level differences, spectrum, roughness
(the share of fast modulation), how often something begins and how evenly. The response model, its prior and the repertoire know
sounds by this vector alone. Means and spreads are those of shipped presets moved by their macros (`synth.explore.fit_prior`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

import synth
from synth.analysis.bands import NAMES as BANDS
from synth.analysis.bands import REGIONS

Floats = npt.NDArray[np.float64]
_FILE = Path(__file__).parent / "data" / "sound_numbers.json"
_FARTHEST = 4.0  # of a z: beyond it nothing is more unlike
_SILENT_LUFS = -80.0


@dataclass(frozen=True)
class _Number:
    """A number of the vector: the mean of what `measure` calls `sources`, through `shape`."""

    name: str
    sources: tuple[str, ...]
    shape: Callable[[float], float] = float


def _log(value: float) -> float:
    return math.log10(max(value, 1e-3))


def _plain(*names: str) -> list[_Number]:
    return [_Number(name.removeprefix("x."), (name,)) for name in names]


def _logs(*names: str) -> list[_Number]:
    return [_Number(f"log {name.removeprefix('x.')}", (name,), _log) for name in names]


def _regions(head: str) -> list[_Number]:
    return [_Number(f"{head} {region}", tuple(f"{head}.{BANDS[i]}" for i in bands)) for region, bands in REGIONS.items()]


_NUMBERS = (
    *_plain("loudness_lufs", "iacc", "ild_sd_db"),
    _Number("ild_side_db", ("ild_mean_db",), abs),
    *_logs("x.centroid_hz", "x.flatness", "x.onsets_per_s", "x.below_150_pct", "x.above_8k_pct"),
    *_plain("x.tilt_250_4k_db_oct", "x.dip_5k_db", "x.crest_db", "x.kurtosis_log", "x.env_sd_db", "x.silent_pct"),
    *_plain("x.onset_gap_cv", "x.regularity", "x.mod_0.3_3_pct", "x.mod_3_10_pct", "x.mod_10_40_pct", "x.mod_above_40_pct"),
    *(each for head in ("L", "cv", "skew", "kurt") for each in _regions(head)),
    *(_Number(f"r {region}", (f"r.{region}.1", f"r.{region}.3")) for region in REGIONS),
    *(_Number(f"m {region} {hz}", (f"m.{region}.{hz}",)) for region in REGIONS for hz in (1, 4, 16, 64)),
)
NAMES = tuple(each.name for each in _NUMBERS)


def raw_numbers(audio: npt.ArrayLike, sample_rate: float) -> Floats:
    """Return the vector in plain units, NaN where it cannot be measured; for `scaled`."""
    measured = synth.measure(audio, sample_rate)
    return np.array([_number(each, measured) for each in _NUMBERS])


def _number(each: _Number, measured: Mapping[str, float]) -> float:
    if each.name == "loudness_lufs":
        return max(measured["loudness_lufs"], _SILENT_LUFS)
    found = [measured[name] for name in each.sources if math.isfinite(measured.get(name, math.nan))]
    return each.shape(float(np.mean(found))) if found else math.nan


def scaled(raw: npt.ArrayLike) -> Floats:
    """Return vectors (..., numbers) as z: of the stored spreads, 0 where nothing could be measured, never NaN."""
    mean, spread = spreads()
    z = np.clip((np.asarray(raw, float) - mean) / spread, -_FARTHEST, _FARTHEST)
    return np.nan_to_num(z, nan=0.0)


def sound_numbers(audio: npt.ArrayLike, sample_rate: float) -> Floats:
    """Say what a sound is like, as one vector.

    Parameters
    ----------
    audio : (frames, 2), left and right ear; best 6 s or more.
    sample_rate : hertz.

    Returns
    -------
    (len(NAMES),) in units of the stored spreads, 0 where something cannot be measured; never NaN.

    Raises
    ------
    InputError
        If it is shorter than 0.1 s or holds what is no number.
    """
    return scaled(raw_numbers(audio, sample_rate))


@lru_cache(maxsize=1)
def spreads() -> tuple[Floats, Floats]:
    """Return the stored mean and spread (numbers,) of the vector in plain units."""
    table = json.loads(_FILE.read_text(encoding="utf-8"))["numbers"]
    return np.array([table[name][0] for name in NAMES]), np.array([table[name][1] for name in NAMES])
