"""What a listener does not want to hear again.  dislikes -> one: its surroundings; two that are near: a banned region.

After one dislike the sounds within two steps of it are left out. Two within half a macro's range ban a region: everything within
three steps of either that is not nearer to something that was taken without complaint.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from synth.parameters.errors import InputError

Floats = npt.NDArray[np.float64]
_AROUND, _REGION, _TOGETHER = 0.26, 0.38, 0.51  # two steps, three, four, of a macro's range


class NothingLeftError(InputError):
    """So much was disliked that no sound is left to play."""


def nothing_left() -> NothingLeftError:
    """Return the error that says so."""
    return NothingLeftError("everything is left out: all sounds lie near what was disliked; begin anew with another preset")


def banned(grid: Floats, disliked: Sequence[int], accepted: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return which rows of the grid (n, macros) are not to be played.

    Parameters
    ----------
    disliked : rows that were disliked, once each time. accepted : rows that were heard without complaint.
    """
    found = np.zeros(len(grid), bool)
    if not disliked:
        return found
    bad = grid[np.unique(disliked)]
    away = _away(grid, bad)
    found |= (away <= _AROUND).any(1)
    of_region = _region(disliked, grid)
    if len(of_region):
        good = grid[np.setdiff1d(np.unique(accepted), disliked).astype(int)]
        from_good = np.linalg.norm(grid[:, None] - good, axis=-1).min(1) if len(good) else np.full(len(grid), np.inf)
        from_bad = np.linalg.norm(grid[:, None] - grid[of_region], axis=-1).min(1)
        found |= (_away(grid, grid[of_region]) <= _REGION).any(1) & (from_bad <= from_good)
    return found


def _away(grid: Floats, points: Floats) -> Floats:
    """Return how far each row is from each point along the macro in which they differ most."""
    found: Floats = np.abs(grid[:, None] - points).max(-1)
    return found


def _region(disliked: Sequence[int], grid: Floats) -> npt.NDArray[np.int64]:
    """Return the disliked rows that have another dislike nearby, or were disliked twice."""
    points = grid[list(disliked)]
    near = (np.abs(points[:, None] - points).max(-1) <= _TOGETHER).sum(1) >= 2
    return np.unique(np.asarray(disliked)[near]).astype(np.int64)
