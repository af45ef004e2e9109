"""SOFA files: reading a set of measured head-related impulse responses, or saying in one line what is wrong with it.

file -> contents -> responses, positions seen from the head -> one shell of distinct directions -> left and right ear
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hrtf.analysis.coordinates import seen_from_the_head
from hrtf.analysis.fill import remark
from hrtf.analysis.onset import cropped, leads_and_louder, onsets_s
from hrtf.analysis.responses import impulse_responses
from hrtf.analysis.shell import refuse_holes, shell
from hrtf.analysis.sofa_file import Contents, contents
from hrtf.errors import EarsError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A measured far-field set.

    Attributes
    ----------
    directions : float64 (M, 3), unit vectors: x front, y left, z up
    responses : float64 (M, 2, taps), left and right ear
    delays_s : float64 (M, 2), delays kept apart from the responses; what is common to all is left out
    sample_rate : float
    distance_m : float
    title, licence : str
    remarks : what was not as the file says, one line each
    """

    directions: Floats
    responses: Floats
    delays_s: Floats
    sample_rate: float
    distance_m: float
    title: str
    licence: str
    remarks: tuple[str, ...] = field(default=())


_EAR_NAMES = ("first receiver", "second receiver")
_SURE = 0.2  # an agreement of sides that can be trusted


def read(path: str | Path) -> Measured:
    """Read a SOFA file (AES69) of impulse responses or complex spectra of two ears.

    Several distances: the farthest one with at least a quarter of the directions is taken. Doubled directions are dropped.

    Raises
    ------
    EarsError
        File missing, truncated, not SOFA, of another convention, or without usable directions. One line that names the file.
    """
    path = Path(path)
    if not path.is_file():
        raise EarsError(f"{path}: no such file")
    try:
        return _measured(contents(path), path.stem)
    except EarsError as error:
        raise EarsError(f"{path}: {error}") from None


def _measured(held: Contents, name: str) -> Measured:
    responses, delays, rate = impulse_responses(held)
    points, remarks = seen_from_the_head(held, len(responses))
    taken, distance, more = shell(points)
    _refuse_empty(responses, points, taken)
    directions = points[taken] / np.linalg.norm(points[taken], axis=1, keepdims=True)
    refuse_holes(directions)
    turned, sides = _left_first(directions, responses[taken], delays[taken], rate, "Data.Real" in held.arrays)
    responses, delays = cropped(*turned, rate)
    if hole := remark(directions):
        remarks.append(hole)
    title, licence = held.texts.get("Title", ""), held.texts.get("License", "")
    return Measured(directions, responses, delays, rate, distance, title or name, licence, (*remarks, *more, *sides))


def _refuse_empty(responses: Floats, points: Floats, taken: npt.NDArray[np.intp]) -> None:
    """Refuse a response that says nothing, and say which."""
    chosen = responses[taken]
    finite = np.asarray(np.isfinite(chosen).all(axis=2))
    empty = ~finite | ~np.where(np.isfinite(chosen), chosen, 1).any(axis=2)
    if empty.any():
        row, ear = (int(index) for index in np.argwhere(empty)[0])
        x, y, z = points[taken[row]]
        azimuth, elevation = np.degrees(np.arctan2(y, x)) % 360, np.degrees(np.arctan2(z, np.hypot(x, y)))
        what = "all zero" if finite[row, ear] else "NaN or infinite"
        others = f", and {empty.sum() - 1} more" if empty.sum() > 1 else ""
        raise EarsError(
            f"measurement {taken[row]} (azimuth {azimuth:.0f}, elevation {elevation:.0f}), {_EAR_NAMES[ear]}: {what}{others}"
        )


def _left_first(
    directions: Floats, responses: Floats, delays: Floats, rate: float, is_spectrum: bool
) -> tuple[tuple[Floats, Floats], list[str]]:
    """Return responses and delays with the left ear first, by what the responses say: metadata are often wrong."""
    lead, louder = leads_and_louder(directions, onsets_s(responses, rate) + delays, responses)
    if max(abs(lead), abs(louder)) < _SURE:
        return (responses, delays), ["the responses do not tell left from right: the first receiver is taken for the left ear"]
    remarks = []
    if is_spectrum and abs(lead) > _SURE and lead * louder < 0:
        responses, lead = responses[..., ::-1], -lead
        remarks.append("the farther ear hears first: spectra taken as conjugated")
    if (lead if abs(lead) > _SURE else louder) < 0:
        responses, delays = responses[:, ::-1], delays[:, ::-1]
        remarks.append("the second receiver is the left ear by what it hears: ears swapped")
    return (responses, delays), remarks
