"""Compiling: a kernel is a body for other kernels and a whole for Python and C, and gives the same as either."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from numba import types

from synth.rt import OPTIONS, hot, kernel, native_address
from synth.rt.cache import CACHE_FOLDER
from synth.rt.pipeline import Kernel
from tests.support import llvm


@kernel
def _innermost(x):
    return np.sin(x) * 0.7 + 0.1


@kernel
def _inner(x, times):
    for _ in range(times):
        x = _innermost(x) + _innermost(x + 1.0)
    return x


@kernel
def _outer(x, times):
    return _inner(x, times) - _innermost(x)


@kernel
def _refusing(x):
    if x < 0:
        raise ValueError("below zero")
    return x


@kernel
def _careless(x):
    return _refusing(x) + 1.0


@kernel
def _counting(x):
    print("seen", x)  # noqa: T201
    return x


@kernel
def _telling(x):
    return _counting(x) + 1.0


def _expected(x: float, times: int) -> float:
    start = x
    for _ in range(times):
        x = np.sin(x) * 0.7 + 0.1 + (np.sin(x + 1.0) * 0.7 + 0.1)
    return x - (np.sin(start) * 0.7 + 0.1)


def _fresh(compiled: Any) -> Any:
    """Return a kernel as it is before anything was compiled or cached."""
    return Kernel(compiled.py_func, dict(OPTIONS), lambda _: None)


def test_a_callee_is_neither_optimised_nor_machine_code_nor_a_file() -> None:
    whole = _fresh(_telling)
    assert whole(2.0) == 3.0
    [body] = _counting._callee.overloads.values()
    assert "alloca" in str(body.library._final_module)
    assert not body.library._codegen._engine.is_symbol_defined(body.fndesc.llvm_cpython_wrapper_name)
    assert not _counting.overloads
    assert not list(CACHE_FOLDER.glob("*/test_pipeline._counting*"))


def test_a_callee_is_lowered_once_for_all_who_call_it() -> None:
    for whole in (_fresh(_outer), _fresh(_inner)):
        whole(0.3, 5)
    assert len(_innermost._callee.overloads) == 1


def test_as_a_body_and_as_a_whole_a_kernel_gives_the_same_bits() -> None:
    xs = np.random.default_rng(1).uniform(-3, 3, 200)
    for x in xs:
        assert _outer(x, 7) == _inner(x, 7) - _innermost(x)
    assert _outer(0.3, 5) == pytest.approx(_expected(0.3, 5), rel=1e-12)


def test_a_whole_holds_all_that_it_calls() -> None:
    assert _outer(0.3, 5)
    assert not llvm.of_kernel(_outer)
    assert native_address(_outer, (types.float64, types.int64))


def test_a_plain_callback_may_call_kernels() -> None:
    callback = numba.cfunc(types.float64(types.float64), nopython=True, error_model="numpy")(lambda x: _outer(x, 5))
    assert callback.ctypes(0.3) == _outer(0.3, 5)


def test_an_error_deep_below_comes_up() -> None:
    assert _careless(1.0) == 2.0
    with pytest.raises(ValueError, match="below zero"):
        _careless(-1.0)


def test_whoever_looks_for_a_fault_may_print_in_a_callee(capfd: pytest.CaptureFixture[str]) -> None:
    assert _fresh(_telling)(2.0) == 3.0
    assert _telling(2.0) == 3.0
    sys.stdout.flush()
    assert capfd.readouterr().out.count("seen 2.0") == 2


@hot
def _sum_of_64(values):
    total = 0.0
    for n in range(64):
        total += values[n] * _innermost(0.1 * n)
    return total


@kernel
def _sums(values):
    return _sum_of_64(values) + _sum_of_64(values[64:])


def test_a_hot_callee_is_optimised_by_itself_and_gives_the_same_bits() -> None:
    values = np.random.default_rng(2).normal(size=128)
    assert _fresh(_sums)(values) == _fresh(_sum_of_64)(values) + _fresh(_sum_of_64)(values[64:])
    [body] = _sum_of_64._callee.overloads.values()
    text = str(body.library._final_module)
    assert body.fndesc.llvm_func_name in text
    assert "alloca" not in text
    assert not body.library._codegen._engine.is_symbol_defined(body.fndesc.llvm_cpython_wrapper_name)


@kernel
def _scaled(x, times, is_doubled):
    return x * times * (2.0 if is_doubled else 1.0)


@hot
def _scaled_hot(x, times):
    return x * times


@kernel
def _scaling(x, short):
    wide = _scaled(x, 3, True) + _scaled(x, 4, False) + _scaled(x, short, True)
    return wide + _scaled_hot(x, 3) + _scaled_hot(x, 4)


def test_one_body_for_all_whole_numbers_unless_a_kernel_is_hot() -> None:
    x = 0.3
    expected = x * 3 * 2.0 + x * 4 * 1.0 + x * np.int32(-5) * 2.0 + x * 3 + x * 4
    assert _fresh(_scaling)(x, np.int32(-5)) == expected
    assert len(_scaled._callee.overloads) == 1
    assert len(_scaled_hot._callee.overloads) == 2


_ONE_TRIGGER = """
import hashlib
import numpy as np
from synth.trigger import TRIGGERS

tap = TRIGGERS["tap"]
state, params, emitters = (np.zeros(1, dtype) for dtype in (tap.state, tap.params_dtype, tap.emitters_dtype))
state["rng"], emitters["count"] = 7, tap.emitters
for parameter in tap.parameters:
    params[parameter.name] = parameter.default_number
tap.strike(state[0], params[0], 0.8, 48000.0)
sound = hashlib.sha256()
for _ in range(100):
    tap.render(state[0], params[0], 1.0, 48000.0, emitters[0], 0, 64)
    sound.update(emitters.tobytes())
print(type(tap.render).__name__, np.abs(emitters["slot"]["out"]).max() > 0.01, sound.hexdigest())
"""
_THE_ENGINE = """
import hashlib
import synth
from synth.engine.kernels.quantum import process

sound = synth.render("rain_on_tent", seconds=2, seed=3, ears="sphere")
print(type(process).__name__, abs(sound).max() > 0.01, hashlib.sha256(sound.tobytes()).hexdigest())
"""


@pytest.mark.parametrize("program", [_ONE_TRIGGER, pytest.param(_THE_ENGINE, marks=pytest.mark.soak)], ids=["trigger", "engine"])
def test_plain_njit_gives_the_same_bytes(program: str, tmp_path: Path) -> None:
    """Each in a cache of its own; the whole engine takes minutes by plain njit."""

    def said(plain: str) -> list[str]:
        given = os.environ | {"SYNTH_PLAIN_NJIT": plain, "SYNTH_CACHE_DIR": str(tmp_path / plain)}
        run = subprocess.run([sys.executable, "-c", program], env=given, capture_output=True, text=True, check=True)
        return run.stdout.split()

    (own, *sound), (plain, *same) = said("0"), said("1")
    assert (own, plain) == ("Kernel", "CPUDispatcher")
    assert sound[0] == "True"
    assert same == sound
