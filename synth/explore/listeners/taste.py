"""What a simulated listener likes.  measures -> z over what can be heard -> shared hill + private hills + narrow peak -> 0..1.

The broad part reaches 0.7 at most; a narrow private peak, on which one sound in twenty-five lies, reaches 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_SHARED_AT = np.array([0.8, 0.7, -0.3, 0.3, 0.2, -0.2])  # near, dark, rather slow, even (directions after the literature)
_SHARED_WIDTH, _SHARED_SCATTER = 1.5, 0.35
_HILLS, _HILL_SLOPE = 12, 0.7
BROAD = 0.7
_ON_PEAK = 0.04  # share of the sounds that lie on the peak's upper half
_LEAST_SPREAD = np.array([0.3, 0.5, 0.05, 0.02, 0.2, 0.3])  # of each measure: less is not heard
_BUMP = 1.18  # half width at half maximum, of a Gaussian's sd


@dataclass(frozen=True)
class Ground:
    """What a preset can do: mean and spread (measures,) of all that can be heard of it, and z of that (sounds, measures)."""

    mean: Floats
    spread: Floats
    reachable: Floats

    @classmethod
    def of(cls, measures: Floats) -> Ground:
        """Return the ground of measured sounds (sounds, measures)."""
        mean, spread = measures.mean(0), np.maximum(measures.std(0), _LEAST_SPREAD)
        return cls(mean, spread, np.clip((measures - mean) / spread, -3, 3))

    def z(self, measures: Floats) -> Floats:
        """Return measures (..., measures) in spreads from the mean."""
        found: Floats = np.clip((measures - self.mean) / self.spread, -3, 3)
        return found


@dataclass(frozen=True)
class Taste:
    """A utility of what is measured; 0..1.

    Attributes
    ----------
    shared_share : how much of the broad part is what people have in common. has_peak : whether there is a private peak.
    """

    ground: Ground
    shared_at: Floats
    shared_share: float
    slopes: Floats
    phases: Floats
    weights: Floats
    low: float
    high: float
    peak_at: Floats
    peak_width: float
    has_peak: bool

    @classmethod
    def drawn(cls, ground: Ground, rng: np.random.Generator, shared_share: float, has_peak: bool = True) -> Taste:
        """Return a listener's taste; the peak lies at a reachable sound that the broad part does not like much."""
        size = ground.reachable.shape[1]
        shared_at = _SHARED_AT + _SHARED_SCATTER * rng.normal(size=size)
        slopes, phases = _HILL_SLOPE * rng.normal(size=(size, _HILLS)), rng.uniform(0, 2 * np.pi, _HILLS)
        weights = rng.normal(size=_HILLS)
        plain = cls(ground, shared_at, shared_share, slopes, phases, weights, 0.0, 1.0, np.zeros(size), 1.0, False)
        raw = plain._raw(ground.reachable)
        at = rng.choice(np.flatnonzero(raw < np.quantile(raw, 0.7)))
        peak_at = ground.reachable[at]
        away = np.sort(np.linalg.norm(ground.reachable - peak_at, axis=1))
        width = max(float(away[max(int(_ON_PEAK * len(away)), 1)]), 1e-3) / _BUMP
        low, high = float(raw.min()), float(raw.max())
        return cls(ground, shared_at, shared_share, slopes, phases, weights, low, high, peak_at, width, has_peak)

    def broad(self, measures: Floats) -> Floats:
        """Return the utility (n,) without the peak."""
        raw = self._raw(self.ground.z(measures))
        found: Floats = BROAD * np.clip((raw - self.low) / max(self.high - self.low, 1e-9), 0, 1)
        return found

    def on_peak(self, measures: Floats) -> Floats:
        """Return how far (n,) sounds lie on the peak, 0..1."""
        away = np.square(self.ground.z(measures) - self.peak_at).sum(-1)
        found: Floats = np.exp(-away / (2 * self.peak_width**2)) * self.has_peak
        return found

    def utility(self, measures: Floats) -> Floats:
        """Return the utility (n,) of measures (n, measures), 0..1."""
        broad = self.broad(measures)
        found: Floats = broad + (1 - broad) * self.on_peak(measures)
        return found

    def _raw(self, z: Floats) -> Floats:
        shared = np.exp(-np.square(z - self.shared_at).sum(-1) / (2 * _SHARED_WIDTH**2))
        private = np.cos(z @ self.slopes + self.phases) @ self.weights / np.sqrt(_HILLS)
        private = 0.5 + 0.25 * private
        found: Floats = self.shared_share * shared / 0.6 + (1 - self.shared_share) * private
        return found
