"""Did it help?  blind pairs of the best that was found and the usual -> mean difference, interval -> helped, or not.

The best single trial of many is always good, even for somebody who feels nothing. So what was found is compared with the preset
as it was, in pairs of random order that no one can see, after the search is over; nothing of the search counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PAIRS = 16
"""As many find a difference of 0.3 in nine of ten cases (button), in eleven minutes."""
_LEVEL = 0.95


@dataclass(frozen=True)
class Verdict:
    """What blind pairs say.

    Attributes
    ----------
    outcome : "helped", "did not help" or "not enough data".
    difference : mean hold of the best less that of the usual. interval : its 95 % interval (low, high). pairs : how many.
    """

    outcome: str
    difference: float
    interval: tuple[float, float]
    pairs: int

    def __str__(self) -> str:
        low, high = self.interval
        if self.outcome == "not enough data":
            return f"not enough data: {self.pairs} of {PAIRS} blind pairs"
        return f"{self.outcome}: {self.difference:+.2f} of the hold ({low:+.2f} to {high:+.2f}, {self.pairs} blind pairs)"


def verdict_of(best: Sequence[float], usual: Sequence[float]) -> Verdict:
    """Return the verdict on holds (pairs,) of the best sound and of the usual one, pair by pair."""
    from scipy.stats import t

    apart = np.asarray(best, float) - np.asarray(usual, float)
    count = len(apart)
    if count < PAIRS:
        return Verdict("not enough data", float(apart.mean()) if count else 0.0, (-1.0, 1.0), count)
    mean, error = float(apart.mean()), float(apart.std(ddof=1)) / math.sqrt(count)
    half = float(t.ppf(0.5 + _LEVEL / 2, count - 1)) * error
    low, high = max(mean - half, -1.0), min(mean + half, 1.0)
    return Verdict("helped" if low > 0 else "did not help", mean, (low, high), count)
