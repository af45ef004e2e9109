"""Sets of ears: shipped ones, the user's own SOFA files, and spheres of any size.

name, path or radius -> table (shipped, cached or built) -> Ears
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hrtf.ears import Ears
from hrtf.errors import EarsError

if TYPE_CHECKING:
    from hrtf.table import Table

Progress = Callable[[float], object]
"""Told the share of a build done since the last call; all together 1."""

_DATA = Path(__file__).parent / "data"
BUILDER_VERSION = 3
"""Raised whenever the tables built from the same source change. The shipped sets are of version 1."""
DEFAULT_RADIUS_M = 0.0875


def names() -> dict[str, dict[str, str]]:
    """Return the built-in sets: name -> title, licence, citation."""
    keys = ("title", "licence", "citation")
    found = {}
    for path in sorted(_DATA.glob("*.npz")):
        with np.load(path) as file:
            found[path.stem] = {key: str(file[key]) for key in keys}
    return found


def load(name_or_path: str | Path = "ku100", progress: Progress = lambda _: None) -> Ears:
    """Return a set of ears.

    Parameters
    ----------
    name_or_path : str or Path
        A built-in set ("ku100", "kemar", "sphere") or a path to a `.sofa` file, which is built once (some seconds)
        and kept in the user's cache folder.
    progress : callable
        Called while a file is built with the share of the work done since the last call; all together 1.

    Raises
    ------
    EarsError
        Unknown name; file missing, truncated, not SOFA, of another convention, or no measurement of a head. One line that
        names it.
    """
    text = str(name_or_path)
    shipped = _DATA / f"{text}.npz"
    if "/" not in text and "\\" not in text and shipped.is_file():
        return _opened(shipped, text)
    if text.lower().endswith(".sofa"):
        return _from_sofa(Path(text), progress)
    known = sorted(path.stem for path in _DATA.glob("*.npz"))
    close = get_close_matches(text, known, 1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise EarsError(f"ears {text!r}: not a built-in set ({', '.join(known)}) nor a path to a .sofa file{hint}")


def sphere(radius_m: float = DEFAULT_RADIUS_M) -> Ears:
    """Return the ears of a rigid sphere, computed once per radius and cached.

    Parameters
    ----------
    radius_m : float
        0.05 to 0.15.
    """
    if not 0.05 <= radius_m <= 0.15:
        raise EarsError(f"radius_m must be 0.05 to 0.15, got {radius_m}")
    if radius_m == DEFAULT_RADIUS_M and (_DATA / "sphere.npz").is_file():
        return load("sphere")
    from hrtf.analysis.tables import of_sphere

    key = f"sphere-{round(radius_m * 1e6)}um-{BUILDER_VERSION}"
    return _cached(key, "sphere", lambda: packed(of_sphere(radius_m), f"Rigid sphere, radius {radius_m * 100:g} cm", "MIT", ""))


def _from_sofa(path: Path, progress: Progress) -> Ears:
    if not path.is_file():
        raise EarsError(f"{path}: no such file")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:24]

    def build() -> dict[str, Any]:
        from hrtf.analysis.sofa import read
        from hrtf.analysis.tables import of_measured

        measured = read(path)
        try:
            table = of_measured(measured, DEFAULT_RADIUS_M, progress)
        except (ValueError, ArithmeticError) as error:  # of scipy's meshes and numpy's solvers: numbers that no head has
            reason = " ".join(str(error).split())[:120]
            raise EarsError(f"{path}: no ears can be made of these responses ({reason})") from None
        return packed(table, measured.title, measured.licence, "", "\n".join(measured.remarks))

    return replace(_cached(f"{digest}-{BUILDER_VERSION}", path.stem, build), name=path.stem)


def packed(table: Table, title: str, licence: str, citation: str, remarks: str = "") -> dict[str, Any]:
    """Return what a set's file holds: the table's arrays, its texts and the hash of the arrays."""
    arrays = table.arrays()
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    texts = {"title": title, "licence": licence, "citation": citation, "hash": digest.hexdigest()[:32]}
    return {**arrays, **texts, **({"remarks": remarks} if remarks else {})}


def _cached(key: str, name: str, build: Callable[[], dict[str, Any]]) -> Ears:
    """Return a set from the user's cache folder; build it first if it is not there."""
    from synth.rt.folders import cache_root, is_own, private

    try:
        root = private(cache_root() / "ears", mend=True)
    except OSError:  # no cache, or one that somebody else could have filled
        return _made(build(), name)
    path = root / f"{key}.npz"
    if is_own(path):
        try:
            return _opened(path, name)
        except EarsError:
            path.unlink()
    content = build()
    try:
        with tempfile.NamedTemporaryFile(dir=root, suffix=".part", delete=False) as file:
            np.savez(file, allow_pickle=False, **content)
        os.replace(file.name, path)
    except OSError:
        pass  # a cache that cannot be written costs only the next build
    return _made(content, name)


def _opened(path: Path, name: str) -> Ears:
    try:
        with path.open("rb") as opened, np.load(opened) as file:
            return _made({key: file[key] for key in file.files}, name)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise EarsError(f"{path}: damaged set of ears ({error})") from None


def _made(content: dict[str, Any], name: str) -> Ears:
    from hrtf.table import Table

    texts = {key: str(content[key]) for key in ("title", "licence", "citation", "hash")}
    remarks = tuple(str(content["remarks"]).splitlines()) if "remarks" in content else ()
    table = Table(**{key: value for key, value in content.items() if key not in texts and key != "remarks"})
    return Ears(name=name, table=table, _made={}, remarks=remarks, **texts)
