"""Where to try next.  model, what was tried -> random steps from the best -> the best of them by the model -> a batch.

Most of a batch is where the model expects most; some of it also where little is known. No two of a batch lie close together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from synth.offline.match.search_space import SearchSpace
from synth.offline.match.texture_model import TextureModel

Array = npt.NDArray[np.float64]

_CURIOSITY = (0.0, 0.0, 0.15, 0.3, 0.08)  # by how much of a distance the unknown counts as nearer, in turn
_PARENTS, _CHILDREN, _GENERATIONS = 8, 150, 4
_STEP = 0.15  # of the first generation; 1/2, 1/3 ... of it in the later ones
_STEPS = (0.25, 0.5, 1.0, 2.0)
_CHANGED = (0.15, 0.4, 1.0)  # shares of the parameters that change
_CLOSE = 0.03  # in every parameter


def proposed(
    search: SearchSpace, model: TextureModel, tried: Array, losses: Array, count: int, rng: np.random.Generator
) -> list[Array]:
    """Return positions to try next, (n,) each."""
    expected, unknown = model.predict(search.features(tried))
    found: list[Array] = []
    for turn in range(count):
        curiosity = _CURIOSITY[turn % len(_CURIOSITY)]
        score = losses if turn % len(_CURIOSITY) == 1 else expected - curiosity * unknown
        parents = tried[np.argsort(score, kind="stable")[:_PARENTS]]
        for generation in range(1, _GENERATIONS + 1):
            points = np.concatenate([parents, _children(search, parents, _STEP / generation, rng)])
            far, little = model.predict(search.features(points))
            far = far - curiosity * little + _is_close(points, found)
            parents = points[np.argsort(far, kind="stable")[:_PARENTS]]
        found.append(parents[0])
    return found


def _children(search: SearchSpace, parents: Array, step: float, rng: np.random.Generator) -> Array:
    """Return random steps from parents, along some or all parameters; choices that change are drawn anew."""
    shape = _CHILDREN, parents.shape[1]
    begin = parents[rng.integers(len(parents), size=_CHILDREN)]
    is_changed = rng.uniform(size=shape) < rng.choice(_CHANGED, size=(_CHILDREN, 1))
    moved = begin + step * rng.choice(_STEPS, size=(_CHILDREN, 1)) * rng.normal(size=shape)
    is_drawn = search.space.is_discrete & (rng.uniform(size=shape) < step)
    return np.clip(np.where(is_changed, np.where(is_drawn, rng.uniform(size=shape), moved), begin), 0.0, 1.0)


def _is_close(points: Array, found: list[Array]) -> npt.NDArray[np.bool_]:
    close = np.zeros(len(points), np.bool_)
    for other in found:
        close |= np.abs(points - other).max(axis=1) < _CLOSE
    return close
