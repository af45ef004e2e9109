"""A prior of real sessions.  folders of explorers -> what was heard, as numbers, and what was held -> Prior."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from synth.explore.expected import Floats, numbers_over_grid
from synth.explore.explorer import Explorer
from synth.explore.macros import grid
from synth.explore.prior import Prior, refit


def prior_of(folders: Iterable[str | Path], source: str) -> Prior:
    """Return the prior that the sessions in folders give; each sound of each listener counts once.

    Parameters
    ----------
    folders : as `synth.Explorer.save` writes them. source : who the listeners were; kept in the prior's own data.

    Raises
    ------
    InputError
        If a folder holds no session, or there is none.
    """
    return refit([_session(Path(folder)) for folder in folders], source)


def _session(folder: Path) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    """Return what one listener's folder says: macros, positions, numbers, and the mean hold of each sound."""
    explorer = Explorer.open(folder, is_new_session=False, is_kept=False)
    model = explorer.history.model
    rows, of_row, counts = np.unique([each.index for each in model.observations], return_inverse=True, return_counts=True)
    rows = rows.astype(int)
    values = np.bincount(of_row, model.values(), len(rows)) / np.maximum(counts, 1)
    numbers = numbers_over_grid(explorer.preset, explorer.macros)[rows]
    return explorer.macros, grid(len(explorer.macros))[rows], numbers, values
