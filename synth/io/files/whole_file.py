"""A file written whole or not at all.  content -> another name beside it -> its own name: a reader never sees half of it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_READABLE = 0o644
PRIVATE = 0o600
"""The permissions of what a listener gave, and of what shows it: for its owner alone."""


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file, in the place of an older one.

    Parameters
    ----------
    mode : its permissions, whatever those of an older one were; None: those of the older one, or readable for all.

    Raises
    ------
    OSError
        If it cannot be written; what was there is there still.
    """
    handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if mode is None:
            mode = path.stat().st_mode & 0o777 if path.exists() else _READABLE
        os.chmod(part, mode)
        os.replace(part, path)
    finally:
        with suppress(OSError):
            os.unlink(part)
