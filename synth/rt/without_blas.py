"""numba's array functions loaded without scipy.linalg, which takes an eighth of a start and which no kernel calls."""

from __future__ import annotations

from typing import Any


def load_arrays() -> None:
    """Load `numba.np.arraymath`, which imports scipy.linalg only to learn whether there is BLAS, and keep it from asking.

    np.dot and all of np.linalg still compile: they ask again, where they are used. np.cov and np.corrcoef do not.
    """
    from numba.np import linalg

    module: Any = linalg
    asks = module.ensure_blas
    module.ensure_blas = _nobody
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        module.ensure_blas = asks


def _nobody() -> None:
    raise ImportError("not asked for yet")
