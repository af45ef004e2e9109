"""Mixing: sources through their delays and weights into the bus.

source line -> fractional delay -> rows of 8 -> 24 channels per ear
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from hrtf.kernels.fractional_delay import DELAY_TAPS, LEAD, PHASES
from hrtf.kernels.locate import arrive
from hrtf.kernels.records import BUS, HISTORY, K_MAX, ROWS, SOURCE, TAPS_MAX
from synth.rt import hot, kernel
from synth.rt.intrinsics import address_of, fma, pointer
from synth.rt.records import offset
from synth.rt.units import QUANTUM

_LINE_AT = offset(SOURCE, "line")
_ROWS_AT, _ROW_WEIGHTS_AT, _LINES_AT = offset(BUS, "rows"), offset(BUS, "row_weights"), offset(BUS, "lines")
_CHANNEL = TAPS_MAX + QUANTUM
_R = K_MAX  # weights of one row
_STEADY_FRAMES = np.float32(0.25)  # delay change per quantum up to which one crossfade is exact enough
_GLIDE_FRAMES = np.float32(16.0)  # beyond: a jump, crossfaded once
_SEGMENT = 16


@kernel
def quantum(source: Any) -> Any:
    """Return the source's running quantum, a view of 64 float32 to write its samples to."""
    return carray(pointer(address_of(source) + _LINE_AT + 4 * HISTORY), (QUANTUM,), np.float32)


@kernel
def _row(bus: Any, ear: int, index: int) -> Any:
    return carray(pointer(address_of(bus) + _ROWS_AT + 4 * QUANTUM * (ear * ROWS + index)), (QUANTUM,), np.float32)


@kernel
def _tap(source: Any, delay: Any) -> Any:
    """Return the address of the first sample under the filter, the filter's row and the share of the next row."""
    whole = int(delay)
    position = (delay - np.float32(whole)) * np.float32(PHASES)
    phase = min(int(position), PHASES - 1)
    # tap j of row p weighs the sample j frames later in time reversed order: delay LEAD + p / PHASES
    first = HISTORY - whole + LEAD - (DELAY_TAPS - 1)
    return address_of(source) + _LINE_AT + 4 * first, phase * DELAY_TAPS, position - np.float32(phase)


@hot
def _delayed(ears: Any, source: Any, delay: Any, row: Any) -> None:
    """Write the source's quantum at one constant delay."""
    address, at, share = _tap(source, delay)
    s = carray(pointer(address), (QUANTUM + DELAY_TAPS,), np.float32)
    t = carray(pointer(ears.fractions), ((PHASES + 1) * DELAY_TAPS,), np.float32)
    a7, a6 = t[at] + share * (t[at + 8] - t[at]), t[at + 1] + share * (t[at + 9] - t[at + 1])
    a5, a4 = t[at + 2] + share * (t[at + 10] - t[at + 2]), t[at + 3] + share * (t[at + 11] - t[at + 3])
    a3, a2 = t[at + 4] + share * (t[at + 12] - t[at + 4]), t[at + 5] + share * (t[at + 13] - t[at + 5])
    a1, a0 = t[at + 6] + share * (t[at + 14] - t[at + 6]), t[at + 7] + share * (t[at + 15] - t[at + 7])
    for n in range(QUANTUM):
        even = fma(a6, s[n + 6], fma(a4, s[n + 4], fma(a2, s[n + 2], a0 * s[n])))
        row[n] = fma(a7, s[n + 7], fma(a5, s[n + 5], fma(a3, s[n + 3], fma(a1, s[n + 1], even))))


@hot
def _glide(ears: Any, source: Any, start: Any, end: Any, first: int, row: Any) -> None:
    """Write 16 frames from `first` whose delay glides between two values."""
    s_address, sat, share = _tap(source, start)
    e_address, eat, eshare = _tap(source, end)
    s = carray(pointer(s_address + 4 * first), (_SEGMENT + DELAY_TAPS,), np.float32)
    e = carray(pointer(e_address + 4 * first), (_SEGMENT + DELAY_TAPS,), np.float32)
    t = carray(pointer(ears.fractions), ((PHASES + 1) * DELAY_TAPS,), np.float32)
    for n in range(_SEGMENT):
        ramp = np.float32(n + 1) * np.float32(1.0 / _SEGMENT)
        old = new = np.float32(0.0)
        for j in range(DELAY_TAPS):
            k = DELAY_TAPS - 1 - j
            old += (t[sat + k] + share * (t[sat + 8 + k] - t[sat + k])) * s[n + j]
            new += (t[eat + k] + eshare * (t[eat + 8 + k] - t[eat + k])) * e[n + j]
        row[first + n] = old + ramp * (new - old)


@hot
def flush(bus: Any) -> None:
    """Mix the gathered rows into the channels of both ears."""
    if bus.row_count == 0:
        return
    for ear in range(2):
        weights = carray(pointer(address_of(bus) + _ROW_WEIGHTS_AT + 4 * ROWS * K_MAX * ear), (ROWS * K_MAX,), np.float32)
        for k in range(bus.row_count * K_MAX, ROWS * K_MAX):
            weights[k] = np.float32(0.0)
        y = carray(pointer(address_of(bus) + _ROWS_AT + 4 * QUANTUM * ROWS * ear), (ROWS * QUANTUM,), np.float32)
        for k in range(0, K_MAX, 2):
            lines = address_of(bus) + _LINES_AT + 4 * (_CHANNEL * (ear * K_MAX + k) + TAPS_MAX)
            p = carray(pointer(lines), (2 * _CHANNEL,), np.float32)
            w = weights[k:]
            a0, a1, a2, a3 = w[0], w[_R], w[2 * _R], w[3 * _R]
            a4, a5, a6, a7 = w[4 * _R], w[5 * _R], w[6 * _R], w[7 * _R]
            b0, b1, b2, b3 = w[1], w[_R + 1], w[2 * _R + 1], w[3 * _R + 1]
            b4, b5, b6, b7 = w[4 * _R + 1], w[5 * _R + 1], w[6 * _R + 1], w[7 * _R + 1]
            for n in range(QUANTUM):  # in the order of the rows, so that it does not matter how they were gathered
                y0, y1, y2, y3 = y[n], y[n + 64], y[n + 128], y[n + 192]
                y4, y5, y6, y7 = y[n + 256], y[n + 320], y[n + 384], y[n + 448]
                half = fma(a3, y3, fma(a2, y2, fma(a1, y1, fma(a0, y0, p[n]))))
                p[n] = fma(a7, y7, fma(a6, y6, fma(a5, y5, fma(a4, y4, half))))
                half = fma(b3, y3, fma(b2, y2, fma(b1, y1, fma(b0, y0, p[n + _CHANNEL]))))
                p[n + _CHANNEL] = fma(b7, y7, fma(b6, y6, fma(b5, y5, fma(b4, y4, half))))
    bus.row_count = 0


@kernel
def _keep_weights(bus: Any, ear: int, index: int, weights: Any) -> None:
    for k in range(K_MAX):
        bus.row_weights[ear, index, k] = weights[ear, k]


@hot
def mix(ears: Any, source: Any, bus: Any) -> None:
    """Add a source's running quantum to the bus, then move the source on to the next quantum.

    The source's place is ramped over the quantum if it was placed anew. A source that was never placed is silent.
    """
    if source.placed == 1:
        if bus.row_count >= ROWS:
            flush(bus)
        at = bus.row_count
        for ear in range(2):
            _delayed(ears, source, source.delay[ear], _row(bus, ear, at))
            _keep_weights(bus, ear, at, source.weights)
        bus.row_count += 1
        bus.quiet_frames = 0
        bus.heard = 1
    elif source.placed == 2:
        if bus.row_count + 1 >= ROWS:
            flush(bus)
        _mix_moving(ears, source, bus)
        bus.row_count += 2
        bus.quiet_frames = 0
        bus.heard = 1
    _advance(ears, source)


@kernel
def _mix_moving(ears: Any, source: Any, bus: Any) -> None:
    at = bus.row_count
    for ear in range(2):
        row, ramped = _row(bus, ear, at), _row(bus, ear, at + 1)
        start, end = source.delay[ear], source.delay_end[ear]
        change = abs(end - start)
        if change > _STEADY_FRAMES and change <= _GLIDE_FRAMES:
            step = (end - start) * np.float32(_SEGMENT / QUANTUM)
            for part in range(QUANTUM // _SEGMENT):
                one = start + np.float32(part) * step
                _glide(ears, source, one, one + step, part * _SEGMENT, row)
            for n in range(QUANTUM):
                ramped[n] = row[n] * (np.float32(n + 1) * np.float32(1.0 / QUANTUM))
        else:
            _delayed(ears, source, start, row)
            _delayed(ears, source, end, ramped)
            for n in range(QUANTUM):
                ramp = np.float32(n + 1) * np.float32(1.0 / QUANTUM)
                value = row[n] + ramp * (ramped[n] - row[n])
                row[n] = value
                ramped[n] = ramp * value
        for k in range(K_MAX):
            weight = source.weights[ear, k]
            bus.row_weights[ear, at, k] = weight
            bus.row_weights[ear, at + 1, k] = source.weights_end[ear, k] - weight


@kernel
def _advance(ears: Any, source: Any) -> None:
    for start in range(HISTORY - ears.history_frames, HISTORY, QUANTUM):
        line = carray(pointer(address_of(source) + _LINE_AT + 4 * start), (2 * QUANTUM,), np.float32)
        for n in range(QUANTUM):
            line[n] = line[n + QUANTUM]
    samples = quantum(source)
    for n in range(QUANTUM):
        samples[n] = np.float32(0.0)
    if source.placed == 2:
        arrive(source)
