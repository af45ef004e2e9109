"""How kernels are compiled: bodies for each other, machine code only for what Python or C calls.

called by a kernel    -> typed -> LLVM as it was lowered: the body, kept in memory
called by Python or C -> typed -> its body and all it calls, linked -> optimised once, as a whole -> machine code -> cache

numba by itself optimises every kernel, makes machine code of it, wraps it for Python and for C and writes it to disk, and does
all that again to the code of its callees inside every kernel above it. Half of a cold start went there. The bodies are linked
before anything is optimised, so that LLVM sees one whole program. What it does not find in so large a program is left to hot
kernels, whose bodies are optimised first by themselves.

This knows numba from inside (`_final_module`, `_linking_libraries`, `_optimize_final_module`), so pyproject.toml holds numba to
the minor version with which it is tested, and a test compares its bytes with those of plain `njit` (SYNTH_PLAIN_NJIT=1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from llvmlite.binding import Linkage
from numba.core import types
from numba.core.caching import NullCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_machinery import register_pass
from numba.core.environment import lookup_environment
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering
from numba.core.types.misc import unliteral


class Body(JITCodeLibrary):  # type: ignore[misc]
    """What one kernel was lowered to, for its callers: its own functions, neither optimised nor made machine code of."""

    def add_llvm_module(self, module: Any) -> None:
        """Take in what was lowered, as it is."""
        module.data_layout = self._codegen._data_layout
        self._final_module.link_in(module)

    def finalize(self) -> None:
        """Say that it is complete."""
        self._raise_if_finalized()
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.external:
                function.linkage = "linkonce_odr"  # left out once it is inlined wherever it is called
        self._finalized = True

    def optimise(self) -> None:
        """Optimise it together with all that it calls, which it then holds."""
        self._final_module = self._get_module_for_linking()
        self._linking_libraries.clear()
        self._optimize_final_module()

    def _get_module_for_linking(self) -> Any:
        """Return it with all that it calls."""
        whole = self._final_module.clone()
        for library in reached(self._linking_libraries):
            module = library._final_module if isinstance(library, Body) else library._get_module_for_linking()
            whole.link_in(module, preserve=True)
        return whole


def reached(libraries: list[Any]) -> Iterator[Any]:
    """Yield libraries and those of the bodies that they call, each once."""
    todo, found = libraries[::-1], set()
    while todo:
        library = todo.pop()
        if library not in found:
            found.add(library)
            todo += library._linking_libraries[::-1] if isinstance(library, Body) else []
            yield library


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerBody(NativeLowering):  # type: ignore[misc]
    _name = "lower_body"
    _is_hot = False

    def run_pass(self, state: Any) -> bool:
        state.library = Body(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_cpython_wrapper = state.flags.no_cfunc_wrapper = state.flags.no_compile = True
        super().run_pass(state)
        if self._is_hot:
            state.library.optimise()
        state.library.finalize()
        callee = object()
        state.targetctx.insert_user_function(callee, state.cr.fndesc, [state.library])
        state.cr = state.cr._replace(cfunc=callee)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerHotBody(_LowerBody):
    _name = "lower_hot_body"
    _is_hot = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerWhole(NativeLowering):  # type: ignore[misc]
    _name = "lower_whole"

    def run_pass(self, state: Any) -> bool:
        super().run_pass(state)
        for variable in state.library._final_module.global_variables:
            environment = lookup_environment(variable.name)  # the bodies' own: what an error or a `print` in them looks into
            if environment is not None:
                state.library.codegen.set_env(variable.name, environment)
        return True


def _compiler_with(lowering: Any) -> Any:
    class Lowering(Compiler):  # type: ignore[misc]
        def define_pipelines(self) -> Any:
            pipelines = super().define_pipelines()
            for pipeline in pipelines:
                pipeline.passes = [(lowering if each is NativeLowering else each, why) for each, why in pipeline.passes]
                pipeline.finalize()
            return pipelines

    return Lowering


_COMPILE_BODY, _COMPILE_HOT_BODY = _compiler_with(_LowerBody), _compiler_with(_LowerHotBody)
_COMPILE_WHOLE = _compiler_with(_LowerWhole)


class _HotCallee(CPUDispatcher):  # type: ignore[misc]
    """A hot kernel as other kernels see it: nothing that Python could call, one body for each constant that it is called with."""

    def add_overload(self, result: Any) -> None:
        self.overloads[tuple(result.signature.args)] = result


class _Callee(_HotCallee):
    """A kernel as other kernels see it: one body for constants and numbers, for whole numbers of every length with a sign."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return super().get_call_template([_widened(each) for each in args], {name: _widened(each) for name, each in kws.items()})


def _widened(argument: types.Type) -> types.Type:
    plain = unliteral(argument)
    return types.int64 if plain in types.signed_domain else plain


class Kernel(CPUDispatcher):  # type: ignore[misc]
    """A compiled function: as a whole for Python and C, as a body for other kernels."""

    _callee_kind: type[_HotCallee] = _Callee
    _compile_body = _COMPILE_BODY
    _kept: Any = None

    def __init__(self, py_func: Callable[..., Any], targetoptions: dict[str, Any], cache_of: Callable[..., Any]) -> None:
        self._cache_of = cache_of
        super().__init__(py_func, {}, targetoptions, _COMPILE_WHOLE)

    @property
    def _cache(self) -> Any:
        """What keeps its machine code: made when it is first asked for, as most kernels are only called by others."""
        if self._kept is None:
            self._kept = self._cache_of(self.py_func) or NullCache()
        return self._kept

    @_cache.setter
    def _cache(self, _: Any) -> None:
        self._kept = None  # numba's own sets one that keeps nothing

    @cached_property
    def _callee(self) -> _HotCallee:
        return self._callee_kind(self.py_func, self.locals, self.targetoptions, self._compile_body)

    @property
    def _numba_type_(self) -> Any:
        return types.Dispatcher(self._callee)


class HotKernel(Kernel):
    """A kernel whose body is optimised before its callers' are."""

    _callee_kind = _HotCallee
    _compile_body = _COMPILE_HOT_BODY
