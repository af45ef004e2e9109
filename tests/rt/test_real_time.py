"""The rules of the audio thread, checked in what was compiled: no allocation, no Python, one signature."""

from __future__ import annotations

import re

import numba
import numpy as np
import pytest
from numba.core.runtime import _nrt_python, rtsys

from synth.control.midi import input
from synth.engine.engine import Engine
from synth.engine.kernels import quantum
from synth.engine.midi_map import MidiMap
from synth.io.audio import jack_callback, portaudio_callback
from synth.preset.default_midi import mapping_of
from synth.preset.library import load_preset
from synth.rt import kernel
from synth.rt.intrinsics import flush_denormals, restore_denormals
from synth.rt.units import QUANTUM
from synth.trigger import TRIGGERS
from tests.live.test_live import Host
from tests.support import llvm
from tests.support.sizes import short_and_long

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


@kernel
def _raising(frames):
    if frames < 0:
        raise ValueError("backwards")
    return frames


@kernel
def _printing(frames):
    print(frames)  # noqa: T201


@kernel
def _below(frames):
    return _raising(frames) + 1


@kernel
def _calculating(frames):
    return (1.0, 2.0, 3.0)[frames] + np.sin(frames)


def _as_callback(function) -> object:
    return numba.cfunc(numba.types.int64(numba.types.int64), nopython=True)(function.py_func)


def test_the_check_finds_an_allocation() -> None:
    _allocating(3)
    assert allocations(_allocating)


def test_the_check_finds_whatever_is_more_than_calculation() -> None:
    _calculating(1)
    assert not llvm.of_kernel(_calculating)
    for function in (_allocating, _raising, _printing, _below):
        function(3)
        assert llvm.of_kernel(function), function
    assert any("ValueError" in found for found in llvm.of_kernel(_below))
    assert any("gil" in found.lower() or found.startswith("Py") for found in llvm.of_kernel(_printing))
    assert any("NRT_" in found for found in llvm.of_kernel(_allocating))
    assert llvm.of_callback(_as_callback(_raising))


def test_the_callbacks_call_nothing_from_outside_and_never_take_the_lock_of_python() -> None:
    """The root of each callback, and `process`, which it calls by address."""
    Engine().process(64)
    assert not llvm.of_kernel(quantum.process)
    assert not llvm.of_callback(portaudio_callback.callback())
    for name, function in jack_callback.callbacks().items():
        assert not llvm.of_callback(function), name


def test_midi_is_handed_over_without_an_allocation() -> None:
    engine = Engine()
    engine.push_midi(0, b"\x90\x40\x40")
    assert not llvm.of_kernel(input.push_midi)


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
        assert not llvm.of_kernel(function)


def test_rendering_leaves_the_allocation_counters_alone() -> None:
    engine = Engine()
    layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 20}, motion={"kind": "orbit"})
    out = np.empty((4800, 2), np.float32)
    arguments = (*engine.go_live(), 0, 0, out.ctypes.data, len(out))
    quantum.process(*arguments)
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    for _ in range(20):
        quantum.process(*arguments)
    after = rtsys.get_allocation_stats()
    assert after == before
    assert engine.layers == (layer,)


def test_midi_bindings_and_meters_leave_the_allocation_counters_alone() -> None:
    engine, preset = Engine(), load_preset("wood_tapping")
    MidiMap(engine, mapping_of(preset), engine.load(preset), {})
    out = np.empty((256, 2), np.float32)
    data = np.random.default_rng(1).integers(0, 256, (400, 48)).astype(np.uint8)
    addresses = engine.go_live()

    def play() -> None:
        for index, row in enumerate(data):
            input.push_midi(engine.midi_address, index % 4, index * 256, row.ctypes.data, len(row))
            quantum.process(*addresses, 0, 0, out.ctypes.data, len(out))

    play()
    _nrt_python.memsys_enable_stats()
    before, messages, rows = rtsys.get_allocation_stats(), int(engine.state["messages"]), int(engine.state["meters"]["written"])
    play()
    assert rtsys.get_allocation_stats() == before
    assert engine.state["messages"] > messages + 1000
    assert engine.state["meters"]["written"] > rows


@short_and_long("quanta", 50_000, 1_000_000)
def test_the_callback_allocates_nothing_however_long_it_plays(quanta: int) -> None:
    """A light scene, 22 minutes of sound in its long form, asked for as a sound card does."""
    engine = Engine()
    layer = engine.add("tap", gesture={"kind": "taps", "rate_hz": 0.5}, motion={"kind": "orbit"})
    host = Host(engine)
    host.ask(8192)
    begin, strikes = engine.frame, int(engine.state["layers"][layer.index]["strikes"])
    _nrt_python.memsys_enable_stats()
    before = rtsys.get_allocation_stats()
    while engine.frame - begin < quanta * QUANTUM:
        assert np.abs(host.ask(8192)).max() <= 1
    assert rtsys.get_allocation_stats() == before
    assert engine.state["layers"][layer.index]["strikes"] > strikes + quanta // 2000


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
