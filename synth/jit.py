"""The `kernel` decorator: every compile flag, the cache folder, and calls by address.

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
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.core.caching import FunctionCache
from numba.core.errors import NumbaExperimentalFeatureWarning
from numba.extending import intrinsic

from synth.compiling import Kernel

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGES = ("synth", "hrtf")
_CALLED_BY_NO_KERNEL = {"triggers", "io", "doors", "screen", "schema", "learning", "listening"} | {
    f"{name}.py"
    for above in (
        "cli verbs stop play session perform recorder readings stats as_it_sounds take patchbay automatic inputs",
        "export offline pianola score vector_space curves description catalogue checkup warming table progress",
        "preset preset_text engine renderer arguments outbox arena space cues journal layer loudness stems",
        "feed stream_memory stream_counters backlog contract frames segments segment connection preset_space",
        "drive rejections requests ways_in",
    )
    for name in above.split()
}
_KEPT_FOLDERS = 4  # older generations of compiled kernels are deleted


def _sources_hash() -> str:
    digest = hashlib.sha256(f"{numba.__version__} {sys.version} {binding.get_host_cpu_name()}".encode())
    root = Path(__file__).resolve().parents[1]
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
    if _config.DISABLE_JIT:
        return function
    dispatcher: Any = Kernel(function, {}, dict(OPTIONS))
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


_I64, _F64, _POINTER = ir.IntType(64), ir.DoubleType(), ir.IntType(8).as_pointer()


def _call(builder: Any, address: Any, arguments: Sequence[Any]) -> None:
    function_type = ir.FunctionType(ir.VoidType(), [argument.type for argument in arguments])
    builder.call(builder.inttoptr(address, function_type.as_pointer()), arguments)


@intrinsic
def call_process(
    typing_context: Any, address: Any, state: Any, tables: Any, coming: Any, channels: Any, out: Any, frames: Any
) -> Any:
    """Call `process(state_address, tables_address, in_address, in_channels, out_address, frames)` by address."""
    signature = types.void(types.intp, types.intp, types.intp, types.intp, types.int64, types.intp, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _call(builder, arguments[0], arguments[1:])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def call_strike(typing_context: Any, address: Any, state: Any, params: Any, velocity: Any, sample_rate: Any) -> Any:
    """Call `strike(state, params, velocity, sample_rate)` by address; records are given by their addresses."""
    signature = types.void(types.intp, types.intp, types.intp, types.float64, types.float64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function, *records, velocity, sample_rate = arguments
        _call(builder, function, [*(builder.inttoptr(record, _POINTER) for record in records), velocity, sample_rate])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def call_render(
    typing_context: Any, address: Any, state: Any, params: Any, gate: Any, sample_rate: Any, emitters: Any, start: Any, stop: Any
) -> Any:
    """Call `render(state, params, gate, sample_rate, emitters, start, stop)` by address."""
    signature = types.void(types.intp, types.intp, types.intp, types.float64, types.float64, types.intp, types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function, state, params, gate, sample_rate, emitters, start, stop = arguments
        state, params, emitters = (builder.inttoptr(record, _POINTER) for record in (state, params, emitters))
        _call(builder, function, [state, params, gate, sample_rate, emitters, start, stop])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def call_address(typing_context: Any, address: Any, result: Any, *arguments: Any) -> Any:
    """Call a C function by address: `call_address(address, np.int32, a, b)`, or with None as the result's type for void.

    Arguments are passed in the types they have; pointers go as addresses, which C passes alike wherever they have 64 bits.
    """
    returned = types.void if isinstance(result, types.NoneType) else result.instance_type
    signature = returned(types.intp, result, types.Tuple(arguments))

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        values = cgutils.unpack_tuple(builder, given[2], len(arguments))
        value_type = ir.VoidType() if returned is types.void else context.get_value_type(returned)
        function_type = ir.FunctionType(value_type, [value.type for value in values])
        value = builder.call(builder.inttoptr(given[0], function_type.as_pointer()), values)
        return context.get_dummy_value() if returned is types.void else value

    return signature, generate


@intrinsic
def fma(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c rounded once, in the type of `a`: one instruction, and the same bits wherever it is compiled."""
    if not isinstance(a, types.Float):
        return None
    signature = a(a, a, a)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return signature, generate


@intrinsic
def cycles(typing_context: Any) -> Any:
    """Return the processor's cycle counter: for measuring where the time goes, never for sound."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.call(_declared(builder, _I64, [], "llvm.readcyclecounter"), [])

    return types.int64(), generate


@intrinsic
def address_of(typing_context: Any, record: Any) -> Any:
    """Return the address of a record."""
    signature = types.intp(record)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ptrtoint(arguments[0], _I64)

    return signature, generate


@intrinsic
def address_in(typing_context: Any, typed_pointer: Any) -> Any:
    """Return a pointer's address."""
    signature = types.intp(typed_pointer)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ptrtoint(arguments[0], _I64)

    return signature, generate


@intrinsic
def pointer(typing_context: Any, address: Any) -> Any:
    """Return an address as a `void*`, for `numba.carray`."""
    signature = types.voidptr(types.intp)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], _POINTER)

    return signature, generate


@intrinsic
def load_acquire(typing_context: Any, address: Any) -> Any:
    """Read an int64 that another thread writes; what it wrote before is visible afterwards."""
    signature = types.int64(types.intp)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load_atomic(builder.inttoptr(arguments[0], _I64.as_pointer()), "acquire", 8)

    return signature, generate


@intrinsic
def store_release(typing_context: Any, address: Any, value: Any) -> Any:
    """Write an int64 that another thread reads; what was written before is visible to it."""
    signature = types.void(types.intp, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store_atomic(arguments[1], builder.inttoptr(arguments[0], _I64.as_pointer()), "release", 8)
        return context.get_dummy_value()

    return signature, generate


def _declared(builder: Any, result: Any, arguments: Sequence[Any], name: str) -> Any:
    declare: Any = cgutils.get_or_insert_function
    return declare(builder.module, ir.FunctionType(result, arguments), name)


def _x86_mxcsr(builder: Any, instruction: str, slot: Any) -> None:
    function = _declared(builder, ir.VoidType(), [_POINTER], f"llvm.x86.sse.{instruction}")
    builder.call(function, [builder.bitcast(slot, _POINTER)])


def _aarch64_fpcr(builder: Any, value: Any | None) -> Any:
    if value is None:
        return builder.call(_declared(builder, _I64, [], "llvm.aarch64.get.fpcr"), [])
    builder.call(_declared(builder, ir.VoidType(), [_I64], "llvm.aarch64.set.fpcr"), [value])
    return None


_IS_X86 = binding.get_default_triple().startswith(("x86_64", "i686", "amd64"))
_FTZ_DAZ = 0x8040  # x86: flush results to zero, treat operands as zero
_FZ = 1 << 24  # aarch64: the same


@intrinsic
def flush_denormals(typing_context: Any) -> Any:
    """Make denormal numbers zero in this thread; return the mode before, for `restore_denormals`."""
    signature = types.int64()

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if not _IS_X86:
            old = _aarch64_fpcr(builder, None)
            _aarch64_fpcr(builder, builder.or_(old, ir.Constant(_I64, _FZ)))
            return old
        slot = builder.alloca(ir.IntType(32))
        _x86_mxcsr(builder, "stmxcsr", slot)
        old = builder.load(slot)
        builder.store(builder.or_(old, ir.Constant(ir.IntType(32), _FTZ_DAZ)), slot)
        _x86_mxcsr(builder, "ldmxcsr", slot)
        return builder.zext(old, _I64)

    return signature, generate


@intrinsic
def restore_denormals(typing_context: Any, mode: Any) -> Any:
    """Put back the floating-point mode that `flush_denormals` returned."""
    signature = types.void(types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if not _IS_X86:
            _aarch64_fpcr(builder, arguments[0])
            return context.get_dummy_value()
        slot = builder.alloca(ir.IntType(32))
        builder.store(builder.trunc(arguments[0], ir.IntType(32)), slot)
        _x86_mxcsr(builder, "ldmxcsr", slot)
        return context.get_dummy_value()

    return signature, generate
