"""The cache of compiled kernels: its folder, named by what they are compiled from, and its files, which survive damage.

source folders -> hash -> cache folder that nobody else can write -> files behind checksums -> numba
                       -> folder in the wheel (`prebuilt`) -> what is not there yet

numba does not see that a callee in another file has changed and would go on running the old one. The folder's name is therefore
a hash of every source file in the folders whose kernels call each other, of numba's version and way of compiling, and of the
processor they are for.
Triggers are left out: no other kernel calls theirs, and numba sees a change in a kernel's own file.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import numba
from llvmlite import binding
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.core.runtime import rtsys

from synth.rt import prebuilt
from synth.rt.folders import cache_root, private
from synth.rt.sealed_files import SealedFiles

KERNEL_FOLDERS = ("synth/rt", "synth/dsp", "synth/control", "synth/engine/kernels", "synth/io/audio", "hrtf/kernels")
IS_PLAIN = os.environ.get("SYNTH_PLAIN_NJIT") == "1"
"""Whether kernels are compiled by numba's own pipeline."""
_KEPT_FOLDERS = 4  # older generations of compiled kernels are deleted
_GENERATION = re.compile("[0-9a-f]{16}")


def _sources() -> bytes:
    """Return a digest of every source file in the kernels' folders."""
    digest = hashlib.sha256()
    for folder in KERNEL_FOLDERS:
        for path in sorted((prebuilt.ROOT / folder).rglob("*.py")):
            digest.update(path.relative_to(prebuilt.ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.digest()


def _made_of(sources: bytes, processor: tuple[str, str]) -> str:
    """Return a name for what sources become for a processor: LLVM's name of it, and its features."""
    made_by = (numba.__version__, IS_PLAIN, sys.implementation.cache_tag, sys.platform, *processor)
    return hashlib.sha256(sources + repr(made_by).encode()).hexdigest()[:16]


def _processor() -> tuple[str, str]:
    """Return which processor numba compiles for: this one, unless NUMBA_CPU_NAME and NUMBA_CPU_FEATURES say another."""
    name, features = _config.CPU_NAME, _config.CPU_FEATURES
    return (
        binding.get_host_cpu_name() if name is None else name,
        binding.get_host_cpu_features().flatten() if features is None else features,
    )


_config: Any = numba.config
_read = _sources()
SOURCES_HASH = _made_of(_read, _processor())
"""What kernels were compiled from, and for which processor."""
PREBUILT_FOLDER = (
    prebuilt.FOLDER / _made_of(_read, prebuilt.TARGET) if prebuilt.FOLDER.is_dir() and prebuilt.runs_here() else None
)
"""Where kernels lie that came with the wheel, if it is of these sources; None: they are not for this machine, or none came."""


def _tell(text: str) -> None:
    """Say something on stderr, once."""
    if text not in _told:
        _told.add(text)
        with contextlib.suppress(OSError, AttributeError):  # there is no terminal
            sys.stderr.write(f"synth: {text}\n")


_told: set[str] = set()


def _cache_folder() -> Path | None:
    """Return a folder for this version of the sources that nobody else can write; None if there is none at all.

    The user's own, else one in the temporary folder, else a new one there for this process. Kernels are executed from it.
    """
    doubts = []
    for root in (_own_root, _shared_root):
        try:
            folder = private(private(root(), mend=True) / SOURCES_HASH)
            os.utime(folder)
            _forget_older(folder.parent)
        except OSError as error:
            doubts.append(error.strerror or str(error))
        else:
            if doubts:
                _tell(f"{doubts[0]}; compiled kernels are kept in {folder}; SYNTH_CACHE_DIR chooses another folder")
            return folder
    why = " and ".join(doubts)
    try:
        folder = Path(tempfile.mkdtemp(prefix="synth-kernels-"))
    except OSError as error:
        _tell(f"compiled kernels cannot be kept: {why}; {error.strerror}; set SYNTH_CACHE_DIR to a folder of your own")
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _tell(f"compiled kernels are kept for this time only: {why}; set SYNTH_CACHE_DIR to a folder of your own")
    return folder


def _own_root() -> Path:
    return cache_root() / "kernels"


def _shared_root() -> Path:
    return Path(tempfile.gettempdir()) / f"synth-kernels-{os.getuid() if hasattr(os, 'getuid') else 0}"


def _forget_older(root: Path) -> None:
    """Delete the kernels of old versions."""
    generations = [
        path for path in root.iterdir() if _GENERATION.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    ]
    for path in sorted(generations, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT_FOLDERS:]:
        shutil.rmtree(path, ignore_errors=True)


CACHE_FOLDER = _cache_folder()
"""Where compiled kernels are kept; None: nowhere."""
_config.CACHE_DIR = str(CACHE_FOLDER or "")


class _Kept(CompileResultCacheImpl):  # type: ignore[misc]
    """How numba keeps a kernel: in the folder that was chosen here, and nowhere else."""

    _locator_classes: ClassVar[list[Any]] = [UserProvidedCacheLocator]


class Cache(FunctionCache):  # type: ignore[misc]
    """numba's, that compiles anew what it cannot read, and goes on where it cannot write: disks are full, and files cut short."""

    _impl_class = _Kept

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        name, stamp = self._impl.filename_base, self._impl.locator.get_source_stamp()
        self._cache_file = SealedFiles(self._cache_path, name, stamp)
        here = prebuilt.place(function.__code__.co_filename)
        self._prebuilt = SealedFiles(str(PREBUILT_FOLDER / here), name, stamp) if PREBUILT_FOLDER and here else None

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled kernel, or None if there is none to be read."""
        rtsys.initialize(target_context)  # numba's own way also loads whatever a compiler may need, a third of a start
        try:
            with self._guard_against_spurious_io_errors():
                if (kept := self._load_overload(sig, target_context)) is not None:
                    return kept
        except Exception:  # whatever a broken file may raise
            _tell("compiled kernels were damaged; compiling them anew")
            with contextlib.suppress(OSError):
                for path in Path(self.cache_path).glob(f"{self._impl.filename_base}.*"):
                    path.unlink(missing_ok=True)
        return self._load_prebuilt(sig, target_context)

    def _load_prebuilt(self, sig: Any, target_context: Any) -> Any:
        if self._prebuilt is None:
            return None
        try:
            data = self._prebuilt.load(self._index_key(sig, target_context.codegen()))
            return None if data is None else self._impl.rebuild(target_context, data)
        except Exception:  # whatever a broken file may raise
            _tell(f"compiled kernels in {PREBUILT_FOLDER} are damaged; compiling them for this machine")
            return None

    def holds(self, sig: Any, target_context: Any) -> bool:
        """Whether there is a compiled kernel for a signature, as far as the index says."""
        key = self._index_key(sig, target_context.codegen())
        for files in filter(None, (self._cache_file, self._prebuilt)):
            with contextlib.suppress(Exception):  # whatever a broken file may raise
                if key in files._load_index():
                    return True
        return False

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        """Return numba's key without the processor, by which the folder is named."""
        signature, _, *code = super()._index_key(sig, codegen)
        return (signature, *code)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled kernel, if there is room for it."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _tell(
                f"compiled kernels cannot be kept in {CACHE_FOLDER}: {error.strerror or error}; they are compiled again next time"
            )


def cache_of(function: Any) -> Cache | None:
    """Return where a function's compiled kernels are kept; None: nowhere."""
    if CACHE_FOLDER is None:
        return None
    try:
        return Cache(function)
    except RuntimeError:  # numba's, for a folder in which no file can be made, and for a function that stands in none
        if os.path.exists(function.__code__.co_filename):
            _tell(
                f"compiled kernels cannot be kept in {CACHE_FOLDER}: no file can be made there; they are compiled again next time"
            )
        return None


def is_cold() -> bool:
    """Whether the engine has not been compiled yet for this version of the sources: its `process` is compiled last."""
    folders = filter(None, (CACHE_FOLDER, PREBUILT_FOLDER))
    return not any(path for folder in folders for path in folder.glob("*kernels*/quantum.process-*.nbi"))
