"""A new folder written whole or not at all, for its owner alone.  files -> another name beside it -> its own name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synth.io.files.whole_file import PRIVATE
from synth.parameters.errors import InputError


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write into; at the end its files are made private and it gets its name; after an error it is gone.

    Raises
    ------
    InputError
        If there is something of that name already, or something cannot be written.
    """
    part = None
    try:
        if os.path.lexists(target):
            raise InputError(f"{target}: is there already and is kept; remove it, or export to another folder")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
        yield part
        for path in part.rglob("*"):
            path.chmod(0o700 if path.is_dir() else PRIVATE)
        part.rename(target)
    except OSError as error:
        raise InputError(f"{error.filename or target}: cannot be written: {error.strerror or error}") from None
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
