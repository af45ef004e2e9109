"""Instructions that Python has no words for: calls by address, fused multiply-add, pointers, atomics, the floating-point mode.

Each is an intrinsic, LLVM put straight into the kernel that uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_I64, _POINTER = ir.IntType(64), ir.IntType(8).as_pointer()


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
    """Return a * b + c rounded once, in the type of `a`: one instruction, and the same bits wherever a machine has it."""
    if not isinstance(a, types.Float):
        return None
    signature = a(a, a, a)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return MULTIPLY_ADD.get(_processor(builder), ir.IRBuilder.fma)(builder, *arguments)

    return signature, generate


def rounded_twice(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c for machines that have no such instruction: there it would be a call into a library for each sample."""
    return builder.fadd(builder.fmul(a, b), c)


MULTIPLY_ADD = {"wasm32": rounded_twice}
"""How `fma` is lowered where it is not one instruction, by processor."""


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


@intrinsic
def fence_acquire(typing_context: Any) -> Any:
    """Let no read that stands after it be done before those that stand before it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.fence("acquire")
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic
def fence_release(typing_context: Any) -> Any:
    """Let no write that stands after it be seen before those that stand before it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.fence("release")
        return context.get_dummy_value()

    return types.void(), generate


def _declared(builder: Any, result: Any, arguments: Sequence[Any], name: str) -> Any:
    declare: Any = cgutils.get_or_insert_function
    return declare(builder.module, ir.FunctionType(result, arguments), name)


def _processor(builder: Any) -> str:
    """Return for which processor this is being lowered, as LLVM calls it."""
    return str(builder.module.triple).partition("-")[0]


# ---- denormal numbers: the floating-point mode is read into an i64 and written from it


def _x86_mxcsr(builder: Any, instruction: str, slot: Any) -> None:
    function = _declared(builder, ir.VoidType(), [_POINTER], f"llvm.x86.sse.{instruction}")
    builder.call(function, [builder.bitcast(slot, _POINTER)])


def _read_mxcsr(builder: Any) -> Any:
    slot = builder.alloca(ir.IntType(32))
    _x86_mxcsr(builder, "stmxcsr", slot)
    return builder.zext(builder.load(slot), _I64)


def _write_mxcsr(builder: Any, mode: Any) -> None:
    slot = builder.alloca(ir.IntType(32))
    builder.store(builder.trunc(mode, ir.IntType(32)), slot)
    _x86_mxcsr(builder, "ldmxcsr", slot)


def _read_fpcr(builder: Any) -> Any:
    return builder.call(_declared(builder, _I64, [], "llvm.aarch64.get.fpcr"), [])


def _write_fpcr(builder: Any, mode: Any) -> None:
    builder.call(_declared(builder, ir.VoidType(), [_I64], "llvm.aarch64.set.fpcr"), [mode])


_FTZ_DAZ = 0x8040  # x86: flush results to zero, treat operands as zero
_FZ = 1 << 24  # aarch64: the same
_X86, _ARM = (_read_mxcsr, _write_mxcsr, _FTZ_DAZ), (_read_fpcr, _write_fpcr, _FZ)
_MODES: dict[str, Any] = {"x86_64": _X86, "i686": _X86, "amd64": _X86, "aarch64": _ARM, "arm64": _ARM, "wasm32": None}
"""How a processor's mode is read and written, and its bits that make denormals zero; WebAssembly has no such mode."""


@intrinsic
def flush_denormals(typing_context: Any) -> Any:
    """Make denormal numbers zero in this thread; return the mode before, for `restore_denormals`."""
    signature = types.int64()

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if (mode := _MODES[_processor(builder)]) is None:
            return ir.Constant(_I64, 0)
        read, write, bits = mode
        old = read(builder)
        write(builder, builder.or_(old, ir.Constant(_I64, bits)))
        return old

    return signature, generate


@intrinsic
def restore_denormals(typing_context: Any, mode: Any) -> Any:
    """Put back the floating-point mode that `flush_denormals` returned."""
    signature = types.void(types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if (mode := _MODES[_processor(builder)]) is not None:
            mode[1](builder, arguments[0])
        return context.get_dummy_value()

    return signature, generate
