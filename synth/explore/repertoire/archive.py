"""A grid of elites after MAP-Elites (Mouret and Clune 2015).  place, quality -> cell -> the best that fell into it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SIDE = 20


@dataclass
class Archive:
    """What fell where.

    Attributes
    ----------
    low, high : (2,), the ends of the map; what lies beyond falls into the outermost cells.
    solutions : (side, side, parameters), NaN where nothing fell. quality, spread : (side, side), predicted and how surely.
    renders : how many sounds were put in.
    """

    low: Floats
    high: Floats
    parameters: int
    side: int = SIDE
    renders: int = 0
    solutions: Floats = field(init=False)
    quality: Floats = field(init=False)
    spread: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.solutions = np.full((self.side, self.side, self.parameters), np.nan)
        self.quality = np.full((self.side, self.side), -np.inf)
        self.spread = np.full((self.side, self.side), np.nan)

    @property
    def is_filled(self) -> npt.NDArray[np.bool_]:
        """Which cells hold a sound, (side, side)."""
        return np.isfinite(self.quality)

    @property
    def filled(self) -> float:
        """The share of cells that hold one."""
        return float(self.is_filled.mean())

    def cell(self, places: Floats) -> npt.NDArray[np.int64]:
        """Return the cell (n, 2) of places (n, 2)."""
        share = (places - self.low) / np.maximum(self.high - self.low, 1e-12)
        return np.clip((share * self.side).astype(np.int64), 0, self.side - 1)

    def put(self, solutions: Floats, places: Floats, quality: Floats, spread: Floats) -> int:
        """Put in sounds (n, parameters) at places (n, 2); return how many went into an empty cell or bettered what was there."""
        taken = 0
        for solution, (row, column), own, sd in zip(solutions, self.cell(places), quality, spread, strict=True):
            if own > self.quality[row, column]:
                self.solutions[row, column], self.quality[row, column], self.spread[row, column] = solution, own, sd
                taken += 1
        self.renders += len(solutions)
        return taken

    def parents(self, count: int, rng: np.random.Generator, liked_above: float) -> Floats:
        """Return solutions (count, parameters) to go on from: half of them liked ones, of predicted quality above a floor."""
        rows = np.argwhere(self.is_filled)
        quality = self.quality[tuple(rows.T)]
        liked = rows[quality >= liked_above]
        some = rows[rng.integers(len(rows), size=count)]
        if len(liked):
            chosen = rng.uniform(size=count) < 0.5
            some[chosen] = liked[rng.integers(len(liked), size=int(chosen.sum()))]
        found: Floats = self.solutions[tuple(some.T)]
        return found
