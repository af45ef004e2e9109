"""Kernels compiled ahead of time for WebAssembly: the same source, another machine.  kernel, signature -> LLVM -> object.

aim() -> numba's code generator has LLVM's wasm32 -> program(kernel, signature) -> all that it calls, optimised -> object

numba types and lowers as ever, so a whole number or an address (`intp`) has 64 bits; where LLVM makes a pointer of an address it
cuts it to the target's 32. Records are bytes at offsets and lie in memory as they do on x86-64; only numba's own structures, made
of pointers and never kept, become smaller. So what lies in an engine's memory holds on both, but for the addresses in it.
Whatever was optimised for another machine has its offsets baked in: a process is aimed before it lowers anything, and after that
runs no kernel. This is the one place, beside `synth.rt.pipeline`, that knows numba from inside: `PRIVATE_NAMES` says what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.core.codegen import CPUCodegen, JITCodeLibrary, JITCPUCodegen
from numba.core.registry import cpu_target

from synth.rt import intrinsics
from synth.rt.pipeline import Body, Kernel, reached

TRIPLE = "wasm32-unknown-unknown"
FEATURES = "+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals"
"""What the module asks of a browser: all of them have it since 2021 (Safari 16.4: 2023)."""
PRIVATE_NAMES: dict[Any, tuple[str, ...]] = {
    CPUCodegen: ("_create_empty_module", "_add_module"),
    JITCPUCodegen: ("set_env", "_add_module"),
    JITCodeLibrary: ("_finalize_specific", "_optimize_final_module", "_get_module_for_linking", "get_pointer_to_function"),
    Body: ("_get_module_for_linking", "optimise"),
    Kernel: ("_callee",),
}
"""What is used of numba beside what it promises, by class."""
_OF_GENERATORS = ("_tm", "_target_data", "_data_layout")
_OF_LIBRARIES = ("_final_module", "_linking_libraries")
_NAMES = {types.none: "ptr", types.int64: "i64", types.uint64: "i64", types.float64: "double"}
"""What a program may return, as LLVM calls it."""


def lost_names() -> list[str]:
    """Return which of numba's private names are gone in the version that is installed; empty: all are there."""
    generator = cpu_target.target_context.codegen()
    owners: list[tuple[Any, str, Sequence[str]]] = [(owner, owner.__name__, names) for owner, names in PRIVATE_NAMES.items()]
    owners += [
        (generator, "a CPUCodegen", _OF_GENERATORS),
        (generator.create_library("names"), "a JITCodeLibrary", _OF_LIBRARIES),
    ]
    return [f"{name} of {where}" for owner, where, names in owners for name in names if not hasattr(owner, name)]


def exact(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c rounded once, as a machine with that instruction does, but for a rare f4.  To compare, not to play."""
    if a.type != ir.FloatType():
        return intrinsics.rounded_twice(builder, a, b, c)
    wide = (builder.fpext(each, ir.DoubleType()) for each in (a, b, c))  # the product of two is exact in f8
    return builder.fptrunc(intrinsics.rounded_twice(builder, *wide), ir.FloatType())


def aim(multiply_add: Callable[..., Any] = intrinsics.rounded_twice) -> Any:
    """Aim this process's numba at WebAssembly; returns LLVM's machine.  No kernel can run in it any more.

    Raises
    ------
    RuntimeError
        If the numba that is installed lacks something that this uses.
    """
    if lost := lost_names():
        import numba

        raise RuntimeError(f"numba {numba.__version__} has no {', '.join(lost)} any more: synth/rt/ahead_of_time.py uses it")
    intrinsics.MULTIPLY_ADD["wasm32"] = multiply_add
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    machine = binding.Target.from_triple(TRIPLE).create_target_machine(cpu="generic", features=FEATURES, opt=3, reloc="static")
    generator = cpu_target.target_context.codegen()
    generator._tm, generator._target_data = machine, machine.target_data
    generator._data_layout = str(machine.target_data)

    def empty_module(name: str) -> Any:
        module = ir.Module(cgutils.normalize_ir_text(name))
        module.triple, module.data_layout = TRIPLE, generator._data_layout
        return module

    generator._create_empty_module = empty_module
    generator._add_module = generator.set_env = lambda *_: None  # nothing is loaded into this process
    library: Any = JITCodeLibrary
    library._finalize_specific = lambda library: None
    library.get_pointer_to_function = lambda library, name: 1  # of what numba compiles for itself: never called
    return machine


def program(name: str, kernel: Any, signature: Sequence[types.Type]) -> Any:
    """Return an optimised LLVM module: all that a kernel calls, and one entry `name`, to which records are given as pointers.

    Parameters
    ----------
    name : of the entry, by which C and the linker know it.
    kernel : of `synth.rt.kernel`.
    signature : the types of its arguments. It returns None, int64, uint64 or float64.
    """
    callee = kernel._callee
    callee.compile(tuple(signature))
    result = callee.overloads[tuple(signature)]
    whole = cpu_target.target_context.codegen().create_library(name)
    module = whole._final_module
    body = result.library._final_module.get_function(result.fndesc.mangled_name)
    module.link_in(binding.parse_assembly(_entry(name, body, module, _NAMES[result.signature.return_type])))
    for library in (result.library, *reached(result.library._linking_libraries)):
        part = library._final_module if isinstance(library, Body) else library._get_module_for_linking()
        module.link_in(part, preserve=True)
    for each in (*module.functions, *module.global_variables):
        if not each.is_declaration and each.name != name:
            each.linkage = "internal"
    whole._optimize_final_module()
    return module


def _entry(name: str, body: Any, module: Any, returned: str) -> str:
    """Return the C entry point of a body, and reference counting that does nothing, to be linked before numba's own.

    The body's status is dropped: a kernel for the audio thread raises nothing.
    """
    given = [str(argument.type) for argument in body.arguments]
    named = [f"{kind} %a{n}" for n, kind in enumerate(given[2:])]
    is_void = returned == "ptr"
    end = "ret void" if is_void else f"%value = load {returned}, ptr %result\n          ret {returned} %value"
    return f"""
        target triple = "{module.triple}"
        target datalayout = "{module.data_layout}"
        declare i32 @"{body.name}"({", ".join(given)})
        define void @NRT_incref(ptr %a) alwaysinline {{ ret void }}
        define void @NRT_decref(ptr %a) alwaysinline {{ ret void }}
        define {"void" if is_void else returned} @"{name}"({", ".join(named)}) {{
          %result = alloca {returned}
          %error = alloca ptr
          %status = call i32 @"{body.name}"({", ".join(["ptr %result", "ptr %error", *named])})
          {end}
        }}"""


def pointers(name: str, functions: Sequence[str], machine: Any) -> Any:
    """Return a module with a constant array of functions' addresses: in WebAssembly, their places in the table of functions."""
    declared = "\n".join(f"declare void @{function}()" for function in functions)
    listed = ", ".join(f"ptr @{function}" for function in functions)
    head = f'target triple = "{machine.triple}"\ntarget datalayout = "{machine.target_data}"'
    return binding.parse_assembly(f"{head}\n{declared}\n@{name} = constant [{len(functions)} x ptr] [{listed}]")
