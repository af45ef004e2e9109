"""The ground that ears and instrument share: how kernels are compiled, cached and reached, records, rings, units.

Imports numpy and numba only.  Never knows a sound, an engine or a file format.
`kernel`, `hot` and `callback` own every compile flag; `native_address` gives the C entry point of a kernel. With
SYNTH_PLAIN_NJIT=1 in the environment all is compiled by numba's own pipeline instead, to the same bytes and in several times the
time: for whoever suspects `synth.rt.pipeline`, which uses numba's internals.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numba
from numba import types
from numba.core.ccallback import CFunc
from numba.core.errors import NumbaExperimentalFeatureWarning

from synth.rt.cache import IS_PLAIN, cache_of
from synth.rt.pipeline import HotKernel, Kernel
from synth.rt.without_blas import load_arrays

F = TypeVar("F", bound=Callable[..., Any])

_config: Any = numba.config
_config.DISABLE_INTEL_SVML = 1  # a vector's body and its tail would round differently
load_arrays()

# A record whose first fields are another record's counts as its subtype, and numba says so when it weighs kernels compiled for
# both. It then takes the one compiled for the exact record, so there is nothing to warn of.
SUBTYPE_WARNING = ".*has been considered a subtype of"
warnings.filterwarnings("ignore", SUBTYPE_WARNING, NumbaExperimentalFeatureWarning)

# No fast-math flag at all. A kernel exists in several compiled copies (its own, and one in every caller), and which of them a
# call reaches depends on what was loaded before. With `contract`, `reassoc` or `afn` the copies round differently: measured, a
# scene rendered by a process that had to compile and by one that loaded from the cache differed by 6.6e-7. Strict arithmetic
# makes every copy give the same bytes for about 10 % of speed, which hot loops win back by asking for `fma` by name.
OPTIONS: dict[str, Any] = {"nopython": True, "nogil": True, "error_model": "numpy", "fastmath": False}


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
    dispatcher: Any
    if not IS_PLAIN:
        dispatcher = kind(function, dict(OPTIONS), cache_of)
    else:
        dispatcher = numba.njit(**OPTIONS)(function)
        dispatcher._cache = cache_of(function) or dispatcher._cache
    compiled: F = dispatcher
    return compiled


def native_address(function: Callable[..., Any], signature: Sequence[types.Type]) -> int:
    """Compile a kernel for one signature and return the address of its C entry point.

    Records are passed as pointers, scalars by value. The kernel must return None or a scalar.
    """
    dispatcher: Any = function
    dispatcher.compile(tuple(signature))
    result = dispatcher.overloads[tuple(signature)]
    return int(result.library.get_pointer_to_function(result.fndesc.llvm_cfunc_wrapper_name))


def callback(function: Callable[..., Any], signature: Any) -> Any:
    """Compile what a C library calls back; it has `address` and must be kept alive until nothing calls it any more.

    Parameters
    ----------
    function : plain Python; it may call kernels, and raises nothing.
    signature : numba's, of C's types.
    """
    compiled: Any = CFunc(function, (signature.args, signature.return_type), {}, {"nopython": True, "error_model": "numpy"})
    compiled._cache = cache_of(function) or compiled._cache
    compiled.compile()
    return compiled
