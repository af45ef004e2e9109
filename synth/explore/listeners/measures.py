"""What a simulated ear takes in, by measures of its own.  audio -> 20 ms frames, bands by FFT -> six numbers.

nearness   level difference of the ears below 1.5 kHz and how unlike they hear: what is near has both
darkness   power below 1.5 kHz over that of 4 to 6.5 kHz, where listeners like less (Terashima, Tada and Kondo 2024)
pace       octaves above 1 Hz of the middle of the envelope's movement between 0.4 and 16 Hz
evenness   how peaked that movement is: a clock or chance
wandering  how much the level difference changes over seconds
roughness  share of the envelope's movement between 16 and 25 Hz and above, in dB
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NAMES = ("nearness", "darkness", "pace", "evenness", "wandering", "roughness")
_FRAME_S = 0.01
_TINY = 1e-12


def hear(audio: npt.ArrayLike, sample_rate: float) -> Floats:
    """Return what a sound (frames, 2) is to these ears, (6,); finite for whatever is heard."""
    samples = np.asarray(audio, float)
    length = round(_FRAME_S * sample_rate)
    count = len(samples) // length
    frames = samples[: count * length].reshape(count, length, 2)
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(length)[:, None], axis=1)))
    hertz = np.fft.rfftfreq(length, 1 / sample_rate)
    low, high = power[:, (hertz >= 100) & (hertz < 1500)].sum(1), power[:, (hertz >= 4000) & (hertz < 6500)].sum(1)
    whole = power.sum(1)
    slow = low[: count // 25 * 25].reshape(-1, 25, 2).sum(1)
    heard = slow.sum(1) > 1e-3 * slow.sum(1).max(initial=_TINY)
    ild_db = 10 * np.log10((slow[heard, 0] + _TINY) / (slow[heard, 1] + _TINY)) if heard.any() else np.zeros(1)
    rate, peak, rough = _movement(np.sqrt(whole.sum(1)))
    total = power.sum((0, 2))
    return np.array(
        [
            np.abs(ild_db).mean() + 6 * (1 - _likeness(samples)),
            10 * np.log10((low.sum() + _TINY) / (high.sum() + _TINY)) if total.any() else 0.0,
            rate,
            peak,
            ild_db.std(),
            rough,
        ]
    )


def _likeness(samples: Floats) -> float:
    """Return the correlation of the ears' samples, 0 for silence."""
    left, right = samples[:, 0], samples[:, 1]
    return float(left @ right / np.sqrt((left @ left) * (right @ right) + _TINY))


def _movement(envelope: Floats) -> tuple[float, float, float]:
    """Return where the envelope's movement lies, in octaves, how peaked it is, and how much of it is rough."""
    level = np.sqrt(envelope / (envelope.max(initial=0) + _TINY) + 1e-4)
    level = level - level.mean()
    power = np.square(np.abs(np.fft.rfft(level * np.hanning(level.size), 4 * level.size)))
    hertz = np.fft.rfftfreq(4 * level.size, _FRAME_S)
    inside, rough = (hertz >= 0.4) & (hertz < 16), hertz >= 16
    weight = power[inside] * 1.0
    total = weight.sum() + _TINY
    rate = float((weight @ np.log2(hertz[inside])) / total)
    peak = float(np.log10(weight.max(initial=0) / (weight.mean() + _TINY) + _TINY))
    return rate, peak, float(10 * np.log10((power[rough].sum() + _TINY) / total + 1e-6))
