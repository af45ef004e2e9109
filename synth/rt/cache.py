"""The cache of compiled kernels: its folder, named by what they are compiled from, and its reader, which survives damage.

source folders -> hash -> cache folder -> numba

numba does not see that a callee in another file has changed and would go on running the old one. The folder's name is therefore
a hash of every source file in the folders whose kernels call each other, of numba's version and way of compiling, and of the
machine's processor.
Triggers are left out: no other kernel calls theirs, and numba sees a change in a kernel's own file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numba
import platformdirs
from llvmlite import binding
from numba.core.caching import FunctionCache

KERNEL_FOLDERS = ("synth/rt", "synth/dsp", "synth/control", "synth/engine/kernels", "synth/io/audio", "hrtf/kernels")
IS_PLAIN = os.environ.get("SYNTH_PLAIN_NJIT") == "1"
"""Whether kernels are compiled by numba's own pipeline."""
_KEPT_FOLDERS = 4  # older generations of compiled kernels are deleted


def _sources_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {IS_PLAIN} {sys.version} {binding.get_host_cpu_name()}".encode())
    root = Path(__file__).resolve().parents[2]
    for folder in KERNEL_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    """Return a writable folder for this version of the sources, and delete those of old versions."""
    preferred = Path(os.environ.get("SYNTH_CACHE_DIR") or platformdirs.user_cache_path("synth")) / "kernels"
    for root in (preferred, Path(tempfile.gettempdir()) / f"synth-kernels-{os.getuid() if hasattr(os, 'getuid') else 0}"):
        folder = root / _sources_hash()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            os.utime(folder)
            if not os.access(folder, os.W_OK):
                continue
            older = sorted(root.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT_FOLDERS:]
        except OSError:
            continue
        for path in older:
            shutil.rmtree(path, ignore_errors=True)
        return folder
    raise OSError(f"no writable folder for compiled kernels: set SYNTH_CACHE_DIR to one (tried {preferred})")


CACHE_FOLDER = _cache_folder()
_config: Any = numba.config
_config.CACHE_DIR = str(CACHE_FOLDER)


class Cache(FunctionCache):  # type: ignore[misc]
    """numba's, that compiles anew what it cannot read: a file cut short by a full disk or a crash would fail at every run."""

    _has_told = False

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled kernel, or None if there is none to be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # whatever unpickling a broken file may raise
            if not Cache._has_told:
                sys.stderr.write("synth: compiled kernels were damaged; compiling them anew\n")
            Cache._has_told = True
            for path in Path(self.cache_path).glob(f"{self._impl.filename_base}.*"):
                path.unlink(missing_ok=True)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled kernel."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            raise OSError(error.errno, f"cannot keep compiled kernels: {error.strerror}", str(CACHE_FOLDER)) from None


def is_cold() -> bool:
    """Whether the engine has not been compiled yet for this version of the sources: its `process` is compiled last."""
    return not any(CACHE_FOLDER.glob("kernels_*/quantum.process-*.nbi"))
