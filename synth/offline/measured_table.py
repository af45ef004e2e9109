"""A table of what was measured of sounds, kept in the cache folder.  what it was measured of -> name -> numbers, or none yet.

Its name says what the sounds are made of: the kernels' sources, the triggers' own files and whatever the caller adds. So a
table is found again as long as its sounds are the same, and measured anew after that.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.io.files.whole_file import write_whole
from synth.rt.cache import SOURCES_HASH
from synth.rt.folders import cache_root, private
from synth.trigger import TRIGGERS


def path_of(folder: str, stem: str, measured_of: str, triggers: Iterable[str]) -> Path | None:
    """Return where a table is kept; None: nowhere.

    Parameters
    ----------
    folder : in the cache. stem : of the name, for people.
    measured_of : all that decides what is measured, beside the kernels and the triggers' own files.
    triggers : what sounds.
    """
    digest = hashlib.sha256(f"{SOURCES_HASH} {measured_of}".encode())
    for trigger in triggers:
        render: Any = TRIGGERS[trigger].render
        digest.update(Path(inspect.getfile(getattr(render, "py_func", render))).read_bytes())
    try:
        place = private(private(cache_root(), mend=True) / folder)
    except OSError:
        return None
    return place / f"{stem}-{digest.hexdigest()[:16]}.npy"


def kept(path: Path | None, shape: tuple[int, int]) -> npt.NDArray[np.float32] | None:
    """Return a table of this shape; None if there is none that can be read."""
    if path is None:
        return None
    try:
        table: npt.NDArray[np.float32] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return table if table.shape == shape else None


def keep(path: Path | None, table: npt.NDArray[np.float32]) -> None:
    """Write a table in one piece; one that cannot be written is measured again."""
    if path is not None:
        content = io.BytesIO()
        np.save(content, table)
        with contextlib.suppress(OSError):
            write_whole(path, content.getvalue())
