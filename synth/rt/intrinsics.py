"""Instructions that Python has no words for: calls by address, fused multiply-add, pointers, atomics, the floating-point mode.

Each is an intrinsic, LLVM put straight into the kernel that uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import binding, ir
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
