"""A Gaussian process: what is expected between and beyond what was heard, and how sure that is.

points, means, variances -> Matern-5/2 + constant + trend -> posterior mean and standard deviation; evidence -> scales

Exact; a few hundred distinct points take tens of milliseconds. Rasmussen and Williams, Gaussian Processes for Machine Learning
(2006), algorithm 2.1. Scales are those of the highest posterior on a grid, one axis after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LENGTHS = (0.12, 0.18, 0.27, 0.4, 0.6, 0.9, 1.4)  # of 1: how far one hears a likeness along a macro
SIGNALS = (0.08, 0.13, 0.2, 0.3)  # sd of what the prior does not know, of 1
_LOG_LENGTH, _LOG_LENGTH_SD = np.log(0.35), 0.5  # chosen: a macro's whole range holds one or two hills
_LOG_SIGNAL, _LOG_SIGNAL_SD = np.log(0.22), 0.5
_JITTER = 1e-6
FINE_LENGTH = 0.18  # of narrow peaks: a step and a half


@dataclass(frozen=True)
class Scales:
    """How a response varies.

    Attributes
    ----------
    lengths : (axes,), of broad hills. signal, fine : their sd, and that of narrow peaks on them, of `FINE_LENGTH`.
    constant_sd, trend_sd : sd of the unknown constant, and of the trend's gain.
    """

    lengths: tuple[float, ...]
    signal: float = 0.2
    fine: float = 0.0
    constant_sd: float = 0.25
    trend_sd: float = 0.5

    def penalty(self) -> float:
        """Return minus the log of the density of these scales before anything was heard, less a constant."""
        lengths = (np.log(self.lengths) - _LOG_LENGTH) / _LOG_LENGTH_SD
        return float(0.5 * np.square(lengths).sum() + 0.5 * ((np.log(self.signal) - _LOG_SIGNAL) / _LOG_SIGNAL_SD) ** 2)


def matern(one: Floats, other: Floats, lengths: tuple[float, ...]) -> Floats:
    """Return the Matern-5/2 correlation of points (n, axes) with points (m, axes), as (n, m)."""
    scaled_one, scaled_other = one / np.array(lengths), other / np.array(lengths)
    squared = scaled_one @ (-2 * scaled_other.T)
    squared += np.square(scaled_one).sum(1)[:, None]
    squared += np.square(scaled_other).sum(1)
    np.maximum(squared, 0.0, out=squared)
    squared *= 5.0
    r = np.sqrt(squared)
    squared /= 3.0
    squared += r
    squared += 1.0
    np.negative(r, out=r)
    np.exp(r, out=r)
    r *= squared
    correlation: Floats = r
    return correlation


@dataclass(frozen=True)
class Posterior:
    """What is known after points have been heard.

    Attributes
    ----------
    points : (n, axes). trend : (n,), the population's expectation there. scales : of the process.
    seen : (observations, n), which points each observation is of: 1, and -1 for the one that is taken from it; None: each is of
        one point, in their order.
    weights : (observations,), of each one's deviation. factor : lower Cholesky factor of their covariance.
    evidence : log marginal likelihood and hyperprior.
    """

    points: Floats
    trend: Floats
    scales: Scales
    seen: Floats | None
    weights: Floats
    factor: Floats
    evidence: float
    constant: float = field(default=0.0)

    def at(self, points: Floats, trend: Floats) -> tuple[Floats, Floats]:
        """Return the expected response (m,) at points (m, axes) and its standard deviation (m,), noise not counted."""
        from scipy.linalg.lapack import dtrtrs

        cross = covariance(points, trend, self.points, self.trend, self.scales)
        cross = cross if self.seen is None else cross @ self.seen.T
        mean = self.constant + trend + cross @ self.weights
        gone = dtrtrs(self.factor, cross.T, lower=1)[0]
        scales = self.scales
        own = scales.signal**2 + scales.fine**2 + scales.constant_sd**2 + np.square(scales.trend_sd * trend)
        return mean, np.sqrt(np.maximum(own - np.square(gone).sum(0), 1e-10))


def covariance(one: Floats, trend: Floats, other: Floats, other_trend: Floats, scales: Scales) -> Floats:
    """Return the covariance (n, m) of responses: what the macros say, an unknown constant, and an unknown gain of the trend."""
    shared = scales.constant_sd**2 + scales.trend_sd**2 * np.outer(trend, other_trend)
    found: Floats = scales.signal**2 * matern(one, other, scales.lengths) + shared
    if scales.fine:
        found += scales.fine**2 * matern(one, other, (FINE_LENGTH,) * len(scales.lengths))
    return found


def posterior(
    points: Floats,
    trend: Floats,
    values: Floats,
    variances: Floats,
    scales: Scales,
    constant: float,
    seen: Floats | None = None,
    of_points: Floats | None = None,
) -> Posterior:
    """Return what is known after observations, where `constant + trend` was expected.

    Parameters
    ----------
    points : (n, axes). trend : (n,).
    values, variances : (observations,).
    seen : as `Posterior` has it. of_points : the points' `covariance`, if it is known; None: computed.
    """
    from scipy.linalg.lapack import dpotrf, dpotrs

    expected = constant + trend
    of_values = covariance(points, trend, points, trend, scales) if of_points is None else of_points.copy()
    if seen is not None:
        of_values, expected = seen @ of_values @ seen.T, seen @ expected
    of_values.flat[:: len(values) + 1] += variances + _JITTER
    factor, failed = dpotrf(of_values, lower=1)
    if failed:
        raise np.linalg.LinAlgError(f"the covariance of {len(values)} observations is singular")
    deviation = values - expected
    weights = dpotrs(factor, deviation, lower=1)[0]
    evidence = -0.5 * deviation @ weights - np.log(np.diag(factor)).sum() - scales.penalty()
    return Posterior(points, trend, scales, seen, weights, factor, float(evidence), constant)


def better_scales(
    points: Floats, trend: Floats, values: Floats, variances: Floats, scales: Scales, constant: float, axes: range
) -> Scales:
    """Return scales of higher posterior: each of `axes` goes a step of its grid if that is better; the last is the signal."""

    def evidence(tried: Scales) -> float:
        return posterior(points, trend, values, variances, tried, constant).evidence

    for axis in axes:
        if axis < len(scales.lengths):
            lengths = [
                (*scales.lengths[:axis], length, *scales.lengths[axis + 1 :]) for length in _near(LENGTHS, scales.lengths[axis])
            ]
            tried = [replace(scales, lengths=each) for each in lengths]
        else:
            tried = [replace(scales, signal=each) for each in _near(SIGNALS, scales.signal)]
        scales = max(tried, key=evidence)
    return scales


def _near(steps: tuple[float, ...], now: float) -> tuple[float, ...]:
    """Return a number and its neighbours on a grid of steps."""
    place = steps.index(now)
    return steps[max(place - 1, 0) : place + 2]
