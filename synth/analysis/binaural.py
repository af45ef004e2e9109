"""What two ears make of a sound: how alike they hear it (IACC), how much louder one is (ILD) and how that moves.

seconds -> normalised cross-correlation within 1 ms -> mean
frames of 0.25 s, pauses left out -> level difference -> mean, sd, max
A second is about as long as a place is heard as one; over longer times a source that moves would count as two.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from synth.analysis.frames import frame_power, frames_of

_LAG_S = 0.001
_IACC_FRAME_S, _ILD_FRAME_S = 1.0, 0.25
_PAUSE_DB = -40.0  # under the loudest frame: there a difference is heard by nobody
_EMPTY = 1e-12  # of full scale's power, added to either ear: 120 dB down, so that a silent ear is a number


def binaural(channels: npt.NDArray[np.float32], sample_rate: float) -> dict[str, float]:
    """Return `iacc`, and `ild_mean_db` (positive: left is louder), `ild_sd_db` and `ild_max_db` over time; NaN without two ears.

    Parameters
    ----------
    channels : (frames, channels); left and right ear are the first two.
    """
    if channels.shape[1] < 2 or not channels[:, :2].any():
        return dict.fromkeys(("iacc", "ild_mean_db", "ild_sd_db", "ild_max_db"), math.nan)
    return {"iacc": iacc(channels, sample_rate), **_ild(channels, sample_rate)}


def iacc(channels: npt.NDArray[np.float32], sample_rate: float) -> float:
    """Return the largest normalised cross-correlation of the ears at delays of up to 1 ms: 1 for the same sound in both.

    Mean over seconds, each weighed by its power.
    """
    from scipy import fft

    left, right = (frames_of(channels[:, ear], sample_rate, _IACC_FRAME_S) for ear in (0, 1))
    lag = max(1, round(_LAG_S * sample_rate))
    size = fft.next_fast_len(left.shape[1] + lag, real=True)
    r = fft.irfft(fft.rfft(left, size) * np.conj(fft.rfft(right, size)), size)
    best = np.abs(np.concatenate([r[:, : lag + 1], r[:, -lag:]], axis=1)).max(axis=1)
    energy = np.square(left, dtype=float).sum(axis=1), np.square(right, dtype=float).sum(axis=1)
    weight = energy[0] + energy[1]
    return float((best / np.sqrt(energy[0] * energy[1] + 1e-30) * weight).sum() / (weight.sum() + 1e-30))


def _ild(channels: npt.NDArray[np.float32], sample_rate: float) -> dict[str, float]:
    left, right = (frame_power(channels[:, [ear]], sample_rate, _ILD_FRAME_S) for ear in (0, 1))
    heard = left + right > (left + right).max() * 10 ** (_PAUSE_DB / 10)
    db = 10 * np.log10((left[heard] + _EMPTY) / (right[heard] + _EMPTY)) if heard.any() else np.array([math.nan])
    return {"ild_mean_db": float(db.mean()), "ild_sd_db": float(db.std()), "ild_max_db": float(np.abs(db).max())}
