"""Onset: when each response begins, what is left of it without the silence before and the room after, and whose ear it is.

responses, delays -> onsets -> common delay removed, cropped -> left and right by what they say
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_THRESHOLD = 0.2  # part of the peak at which a response begins
_BEFORE_S, _AFTER_S = 0.001, 0.02
_FADE_S = 0.002
_OWN_S = 0.001  # beyond this a measurement began when it liked
_SIDE = 0.3  # sine of the angle from the median plane beyond which a direction tells left from right


def onsets_s(responses: Floats, sample_rate: float) -> Floats:
    """Return when each response (..., taps) first reaches a fifth of its peak, in seconds, between the frames."""
    size = np.abs(responses)
    threshold = _THRESHOLD * size.max(axis=-1, keepdims=True)
    first = np.argmax(size >= threshold, axis=-1)
    above = np.take_along_axis(size, first[..., None], -1)[..., 0]
    below = np.where(first > 0, np.take_along_axis(size, np.maximum(first - 1, 0)[..., None], -1)[..., 0], 0)
    found: Floats = (first - (above - threshold[..., 0]) / np.maximum(above - below, 1e-30)) / sample_rate
    return found


def cropped(responses: Floats, delays_s: Floats, sample_rate: float) -> tuple[Floats, Floats]:
    """Return responses from just before the first onset to the end of the head's part, and delays without their common part.

    Zero is then the middle onset of the set: what comes before, in the responses or beside them, says nothing of the head, nor
    does a measurement that begins, at both ears, far from the others.
    """
    onsets = onsets_s(responses, sample_rate)
    first = max(0, int((onsets.min() - _BEFORE_S) * sample_rate))
    last = min(responses.shape[-1], int((onsets.max() + _AFTER_S) * sample_rate) + 1)
    kept = responses[..., first:last]
    if last < responses.shape[-1]:
        fade = min(kept.shape[-1], round(_FADE_S * sample_rate))
        kept = kept.copy()
        kept[..., kept.shape[-1] - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    common = float(np.median(delays_s))
    delays = delays_s - common  # first, so that a common delay of hours costs no precision
    arrival = (onsets + delays).min(axis=-1, keepdims=True)
    own = arrival - np.median(arrival)
    delays = delays - np.where(np.abs(own) > _OWN_S, own, 0.0)
    return kept, delays + first / sample_rate - float(np.median(onsets + delays))


def leads_and_louder(directions: Floats, arrival_s: Floats, responses: Floats) -> tuple[float, float]:
    """Return how surely receiver 0 is the left ear: by who hears first, and by who hears more; each -1 to 1.

    Parameters
    ----------
    directions : (M, 3)
    arrival_s : (M, 2), onsets and delays together
    responses : (M, 2, taps)
    """
    beside = np.abs(directions[:, 1]) > _SIDE
    if not beside.any():
        return 0.0, 0.0
    side = directions[beside, 1]
    lead = (arrival_s[:, 1] - arrival_s[:, 0])[beside]
    power = np.log(np.maximum((responses[beside] ** 2).sum(axis=2), 1e-30))
    louder = power[:, 0] - power[:, 1]
    return _agreement(side, lead), _agreement(side, louder)


def _agreement(one: Floats, other: Floats) -> float:
    other = other - np.median(other)  # a delay or gain of one channel says nothing of the side
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size > 0 else 0.0
