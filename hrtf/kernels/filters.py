"""Filters: the bus through its fixed filters, which all sources share.

24 channels per ear -> 24 filters per ear -> two ears
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from hrtf.kernels.delay_mix import flush
from hrtf.kernels.records import BUS, FILTER_BLOCK, K_MAX, LANES, SPAN, TAPS_MAX
from synth.rt import hot, kernel
from synth.rt.intrinsics import address_of, fma, pointer
from synth.rt.records import offset
from synth.rt.units import QUANTUM

_LINES_AT, _SUMS_AT = offset(BUS, "lines"), offset(BUS, "sums")
_CHANNEL = TAPS_MAX + QUANTUM


@hot
def _filter_ear(ears: Any, bus: Any, ear: int) -> None:
    """Filter one ear's channels into 16 partial sums.

    Sum j holds every 16th tap from j on, so that all reads are whole cache lines; the sums are then added shifted by j frames.
    """
    sums = carray(pointer(address_of(bus) + _SUMS_AT), (LANES * SPAN,), np.float32)
    for n in range(LANES * SPAN):
        sums[n] = np.float32(0.0)
    taps = ears.taps
    for k in range(K_MAX):
        start = address_of(bus) + _LINES_AT + 4 * (_CHANNEL * (ear * K_MAX + k) + TAPS_MAX - taps)
        for block in range(0, taps, FILTER_BLOCK):
            x = carray(pointer(start + 4 * block), (_CHANNEL,), np.float32)
            h = carray(pointer(ears.filters + 4 * (k * taps + block)), (FILTER_BLOCK,), np.float32)
            for j in range(0, LANES, 2):
                part = carray(pointer(address_of(bus) + _SUMS_AT + 4 * SPAN * j), (2 * SPAN,), np.float32)
                a0, a1, a2, a3, a4, a5 = h[j], h[j + 16], h[j + 32], h[j + 48], h[j + 64], h[j + 80]
                b0, b1, b2, b3, b4, b5 = h[j + 1], h[j + 17], h[j + 33], h[j + 49], h[j + 65], h[j + 81]
                for n in range(SPAN):
                    x0, x1, x2, x3, x4, x5 = x[n], x[n + 16], x[n + 32], x[n + 48], x[n + 64], x[n + 80]
                    part[n] = fma(a5, x5, fma(a4, x4, fma(a3, x3, fma(a2, x2, fma(a1, x1, fma(a0, x0, part[n]))))))
                    part[n + SPAN] = fma(b5, x5, fma(b4, x4, fma(b3, x3, fma(b2, x2, fma(b1, x1, fma(b0, x0, part[n + SPAN]))))))


@kernel
def _advance_lines(ears: Any, bus: Any, ear: int) -> None:
    for k in range(K_MAX):
        start = address_of(bus) + _LINES_AT + 4 * (_CHANNEL * (ear * K_MAX + k) + TAPS_MAX - ears.taps)
        for block in range(0, ears.taps, 32):
            line = carray(pointer(start + 4 * block), (32 + QUANTUM,), np.float32)
            for n in range(32):
                line[n] = line[n + QUANTUM]
        line = carray(pointer(start + 4 * ears.taps), (QUANTUM,), np.float32)
        for n in range(QUANTUM):
            line[n] = np.float32(0.0)


@hot
def filter_bus(ears: Any, bus: Any, out: Any) -> None:
    """Run the bus through the filters into `out` (2, 64), overwriting it, and move the bus on to the next quantum."""
    flush(bus)
    for ear in range(2):
        for n in range(QUANTUM):
            out[ear, n] = np.float32(0.0)
    if bus.heard == 0:
        return
    for ear in range(2):
        _filter_ear(ears, bus, ear)
        for j in range(LANES):
            part = carray(pointer(address_of(bus) + _SUMS_AT + 4 * (SPAN * j + j + 1)), (QUANTUM,), np.float32)
            for n in range(QUANTUM):
                out[ear, n] += part[n]
        _advance_lines(ears, bus, ear)
    bus.quiet_frames += QUANTUM
    if bus.quiet_frames > ears.taps + QUANTUM:
        bus.heard = 0
