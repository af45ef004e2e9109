"""A file written whole or not at all.  content -> another name beside it -> its own name: a reader never sees half of it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_READABLE = 0o644


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, in the place of an older one, whose permissions it keeps.

    Raises
    ------
    OSError
        If it cannot be written; what was there is there still.
    """
    handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, path.stat().st_mode & 0o777 if path.exists() else _READABLE)
        os.replace(part, path)
    finally:
        with suppress(OSError):
            os.unlink(part)
