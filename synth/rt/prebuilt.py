"""Kernels that came compiled with the wheel: for a common processor, read where this machine's own are not there yet.

synth warm, aimed at TARGET -> cache folder -> synth/rt/compiled/HASH, in the wheel -> a second place in which `cache` looks

They are numba's own cache files. Arithmetic is strict (`synth.rt`), so the same kernel gives the same bytes for every processor
that has a fused multiply-add; a machine without TARGET's instructions, or another Python or numba, compiles as ever.
`make wheel` does all of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from llvmlite import binding
from numba.core.caching import UserProvidedCacheLocator

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("synth", "hrtf")
FOLDER = ROOT / "synth" / "rt" / "compiled"
TARGET = ("x86-64-v3", "")
"""LLVM's names of a processor and of features that it has beside its own: what every desktop since 2013 to 2015 has."""
NEEDED = ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "popcnt", "sse4.2", "xsave")
"""What TARGET asks of a machine (System V ABI, AMD64 supplement: x86-64-v3)."""


def runs_here() -> bool:
    """Whether this machine's processor has what TARGET needs."""
    has = binding.get_host_cpu_features()
    return binding.get_default_triple().startswith("x86_64") and all(has.get(name) for name in NEEDED)


def place(source: str) -> str:
    """Return the name of the folder in which a source file's kernels lie, wherever the package lies; "" for files of others."""
    path = Path(source).resolve()
    if path.parts[: len(ROOT.parts)] != ROOT.parts:
        return ""
    inside = path.parent.relative_to(ROOT).parts
    return ".".join(inside) if inside and inside[0] in PACKAGES else ""


def fill(cache: Path, folder: Path = FOLDER) -> int:
    """Copy a warmed cache's kernels, those of the package's own files, into a folder; returns how many files.

    Parameters
    ----------
    cache : the generation, named by a hash, that `synth warm` has filled with this very package.
    folder : gets a folder of the same name; whatever it held is deleted.
    """
    shutil.rmtree(folder, ignore_errors=True)
    count = 0
    for source in {path.parent / "kernel.py" for package in PACKAGES for path in (ROOT / package).rglob("*.py")}:
        kernels = cache / UserProvidedCacheLocator.get_suitable_cache_subpath(str(source))
        if kernels.is_dir():
            shutil.copytree(kernels, folder / cache.name / place(str(source)))
            count += sum(1 for _ in kernels.iterdir())
    return count
