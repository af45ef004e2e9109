"""The rules of the audio thread, checked in what was compiled: no allocation, no Python, one signature."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numba.core.runtime import _nrt_python, rtsys

from synth.engine import quantum
from synth.engine.engine import Engine
from synth.jit import flush_denormals, kernel, restore_denormals
from synth.trigger import TRIGGERS

_ALLOCATION = re.compile(r"NRT_(?:MemInfo_alloc|Allocate|MemInfo_new)\w*|\bmalloc\b|\bcalloc\b")


def allocations(dispatcher) -> set[str]:
    """Return what allocates in a kernel's optimised LLVM; the module for linking holds it for code from the cache too."""
    modules = [str(result.library._get_module_for_linking()) for result in dispatcher.overloads.values()]
    assert modules
    assert all("define" in module for module in modules)
    return {name for module in modules for name in _ALLOCATION.findall(module)}


@kernel
def _allocating(frames):
    return np.zeros(frames).sum()


def test_the_check_finds_an_allocation() -> None:
    _allocating(3)
    assert allocations(_allocating)


def test_the_quantum_allocates_nothing() -> None:
    Engine().process(64)
    assert len(quantum.process.overloads) == 1
    assert not allocations(quantum.process)


@pytest.mark.parametrize("name", list(TRIGGERS))
def test_kernels_allocate_nothing(name: str) -> None:
    trigger = TRIGGERS[name]
    assert all(trigger.addresses)
    for function in (trigger.strike, trigger.render):
        assert not allocations(function)


def test_rendering_leaves_the_allocation_counters_alone() -> None:
    engine = Engine()
    layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 20}, motion={"kind": "orbit"})
    out = np.empty((4800, 2), np.float32)
    arguments = (*engine._addresses, 0, 0, out.ctypes.data, len(out))
    quantum.process(*arguments)
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    for _ in range(20):
        quantum.process(*arguments)
    after = rtsys.get_allocation_stats()
    assert after == before
    assert engine.layers == (layer,)


@kernel
def _halved_often(x, times):
    mode = flush_denormals()
    for _ in range(times):
        x *= 0.5
    restore_denormals(mode)
    return x


@kernel
def _halved(x, times):
    for _ in range(times):
        x *= 0.5
    return x


def test_denormals_are_flushed_inside_and_kept_outside() -> None:
    assert _halved_often(1.0, 1060) == 0.0
    assert _halved(1.0, 1060) > 0.0
