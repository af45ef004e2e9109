"""The `kernel` decorator: every compile flag, the cache folder, and a kernel's address.

source files -> hash -> cache folder -> njit -> address of the C entry point

numba does not see that a callee in another file has changed and would go on running the old one. The cache folder's name is
therefore a hash of the source files of `synth` and `hrtf`, of numba's version and of the machine's processor. Left out are files
that no kernel in another file calls: triggers (numba sees a change in a kernel's own file) and what lies above the engine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numba
import platformdirs
from llvmlite import binding
from numba import types
from numba.core.caching import FunctionCache
from numba.core.errors import NumbaExperimentalFeatureWarning

from synth.jit.compiling import HotKernel, Kernel

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGES = ("synth", "hrtf")
_CALLED_BY_NO_KERNEL = {"triggers", "io", "doors", "screen", "schema", "learning", "listening"} | {
    f"{name}.py"
    for above in (
        "cli verbs stop play session perform recorder readings stats as_it_sounds take patchbay automatic inputs",
        "export offline pianola score vector_space curves description catalogue checkup warming table progress",
        "preset preset_text engine renderer arguments outbox arena space cues journal layer loudness stems",
        "feed stream_memory stream_counters backlog contract frames segments segment connection preset_space",
        "drive rejections requests ways_in stream_player soundless tracing making targets take_writer",
    )
    for name in above.split()
}
_KEPT_FOLDERS = 4  # older generations of compiled kernels are deleted


def _sources_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {sys.version} {binding.get_host_cpu_name()}".encode())
    root = Path(__file__).resolve().parents[2]
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if _CALLED_BY_NO_KERNEL & set(path.relative_to(root).parts):
                continue
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
_config.DISABLE_INTEL_SVML = 1  # a vector's body and its tail would round differently

# A record whose first fields are another record's counts as its subtype, and numba says so when it weighs kernels compiled for
# both. It then takes the one compiled for the exact record, so there is nothing to warn of.
SUBTYPE_WARNING = ".*has been considered a subtype of"
warnings.filterwarnings("ignore", SUBTYPE_WARNING, NumbaExperimentalFeatureWarning)

# No fast-math flag at all. A kernel exists in several compiled copies (its own, and one in every caller), and which of them a
# call reaches depends on what was loaded before. With `contract`, `reassoc` or `afn` the copies round differently: measured, a
# scene rendered by a process that had to compile and by one that loaded from the cache differed by 6.6e-7. Strict arithmetic
# makes every copy give the same bytes for about 10 % of speed, which hot loops win back by asking for `fma` by name.
OPTIONS: dict[str, Any] = {"nopython": True, "nogil": True, "error_model": "numpy", "fastmath": False}


class _Cache(FunctionCache):  # type: ignore[misc]
    """numba's, that compiles anew what it cannot read: a file cut short by a full disk or a crash would fail at every run."""

    _has_told = False

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled kernel, or None if there is none to be read."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # whatever unpickling a broken file may raise
            if not _Cache._has_told:
                sys.stderr.write("synth: compiled kernels were damaged; compiling them anew\n")
            _Cache._has_told = True
            for path in Path(self.cache_path).glob(f"{self._impl.filename_base}.*"):
                path.unlink(missing_ok=True)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled kernel."""
        try:
            super().save_overload(sig, data)
        except OSError as error:
            raise OSError(error.errno, f"cannot keep compiled kernels: {error.strerror}", str(CACHE_FOLDER)) from None


def kernel(function: F) -> F:
    """Compile `function` for the audio thread: cached, no GIL, division by zero gives inf instead of an exception."""
    return _compiled(function, Kernel)


def hot(function: F) -> F:
    """Compile `function` as `kernel` does, for long loops of a fixed length over samples: it is optimised twice.

    First by itself, then again inside its callers, as a whole program is. LLVM unrolls and vectorises such loops further the
    second time, and finds in the small function what it does not look for in a large one. Costs time at a cold start.
    """
    return _compiled(function, HotKernel)


def _compiled(function: F, kind: type[Kernel]) -> F:
    if _config.DISABLE_JIT:
        return function
    dispatcher: Any = kind(function, {}, dict(OPTIONS))
    dispatcher._cache = _Cache(function)
    compiled: F = dispatcher
    return compiled


def is_cold() -> bool:
    """Whether the engine has not been compiled yet for this version of the sources: its `process` is compiled last."""
    return not any(CACHE_FOLDER.glob("engine_*/quantum.process-*.nbi"))


def native_address(function: Callable[..., Any], signature: Sequence[types.Type]) -> int:
    """Compile a kernel for one signature and return the address of its C entry point.

    Records are passed as pointers, scalars by value. The kernel must return None or a scalar.
    """
    dispatcher: Any = function
    dispatcher.compile(tuple(signature))
    result = dispatcher.overloads[tuple(signature)]
    return int(result.library.get_pointer_to_function(result.fndesc.llvm_cfunc_wrapper_name))
