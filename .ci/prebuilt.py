"""Compiled kernels for the wheel.  target: how numba is aimed.  fill FOLDER: what `synth warm` left there -> the package."""

from __future__ import annotations

import sys
from pathlib import Path

from synth.rt import prebuilt


def target() -> int:
    """Print what to put before a command so that it compiles for the common processor."""
    name, features = prebuilt.TARGET
    print(f"env NUMBA_CPU_NAME={name} NUMBA_CPU_FEATURES={features}")
    return 0


def fill(cache: str) -> int:
    """Put the newest generation of a cache folder into the package; returns 1 if there is nothing in it."""
    generations = sorted(Path(cache, "kernels").glob("*/"), key=lambda path: path.stat().st_mtime)
    if not generations or not (count := prebuilt.fill(generations[-1])):
        print(f"{cache} holds no compiled kernels of {prebuilt.ROOT}: `synth warm` puts them there", file=sys.stderr)
        return 1
    megabytes = sum(path.stat().st_size for path in prebuilt.FOLDER.rglob("*") if path.is_file()) / 1e6
    print(f"{count} files, {megabytes:.1f} MB, in {prebuilt.FOLDER / generations[-1].name}")
    return 0


if __name__ == "__main__":
    sys.exit({"target": target, "fill": fill}[sys.argv[1]](*sys.argv[2:]))
