"""Folders for what the program keeps for itself and believes later: nobody else may write there.

wanted folder -> made for this user alone, or found so -> used; else refused, with the reason
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_PRIVATE = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_root() -> Path:
    """Return the folder of all caches: SYNTH_CACHE_DIR, or the user's own.

    Raises
    ------
    OSError
        If there is none: a user without a home.
    """
    if given := os.environ.get("SYNTH_CACHE_DIR"):
        return Path(given).absolute()
    import platformdirs

    try:
        root = Path(platformdirs.user_cache_path("synth"))
    except (RuntimeError, KeyError) as error:
        raise OSError(f"this user has no cache folder: {error}") from None
    if not root.is_absolute():
        raise OSError("this user has no home")
    return root


def private(folder: Path, mend: bool = False) -> Path:
    """Return a folder that only this user can write, made if it is not there.

    Parameters
    ----------
    folder : which.
    mend : whether a folder of this user's that others may write is closed to them. Not for one whose files are believed:
        they may have written already.

    Raises
    ------
    OSError
        If it cannot be made or written, or somebody else could have written there.
    """
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    if mend and hasattr(os, "geteuid") and folder.stat().st_uid == os.geteuid() and folder.stat().st_mode & _OTHERS_WRITE:
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) & ~_OTHERS_WRITE)
    if why := _doubt(folder):
        raise PermissionError(f"{folder} {why}")
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written")
    return folder


def _doubt(folder: Path) -> str:
    """Return why somebody else may have written a folder, or put it where it is; empty if nobody can."""
    if not hasattr(os, "geteuid"):  # Windows: what lies in a user's folders is the user's
        return ""
    found = folder.stat()
    if {found.st_uid, folder.lstat().st_uid} != {os.geteuid()}:  # a link into a folder of this user's, too
        return "belongs to somebody else"
    if found.st_mode & _OTHERS_WRITE:
        return "may be written by others"
    for parent in folder.resolve().parents:
        mode = parent.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            return f"lies in {parent}, where anybody may put another in its place"
    return ""


def is_own(path: Path) -> bool:
    """Whether there is a file that only this user can have written."""
    if not path.is_file() or not hasattr(os, "geteuid"):
        return path.is_file()
    return path.lstat().st_uid == os.geteuid() and not path.stat().st_mode & _OTHERS_WRITE and not path.is_symlink()
