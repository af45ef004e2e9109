"""Mixing: sources through their delays and weights into the bus, and the bus through the fixed filters.

source line -> fractional delay -> rows of 8 -> 24 channels per ear -> 24 filters per ear -> two ears
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hrtf.delay import DELAY_TAPS, LEAD, PHASES
from hrtf.memory import address_of, carray, offset, pointer
from hrtf.records import BUS, HISTORY, K_MAX, LINE, ROWS, SOURCE, TAPS_MAX
from synth.jit import kernel
from synth.units import QUANTUM

_LINE_AT = offset(SOURCE, "line")
_ROWS_AT, _ROW_WEIGHTS_AT, _LINES_AT = offset(BUS, "rows"), offset(BUS, "row_weights"), offset(BUS, "lines")
_CHANNEL = TAPS_MAX + QUANTUM
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


@kernel
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
        row[n] = (
            a0 * s[n]
            + a1 * s[n + 1]
            + a2 * s[n + 2]
            + a3 * s[n + 3]
            + a4 * s[n + 4]
            + a5 * s[n + 5]
            + a6 * s[n + 6]
            + a7 * s[n + 7]
        )


@kernel
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


@kernel
def _flush(bus: Any) -> None:
    """Mix the gathered rows into the channels of both ears."""
    if bus.row_count == 0:
        return
    for ear in range(2):
        weights = carray(pointer(address_of(bus) + _ROW_WEIGHTS_AT + 4 * ROWS * K_MAX * ear), (K_MAX * ROWS,), np.float32)
        for index in range(bus.row_count, ROWS):
            for k in range(K_MAX):
                weights[k * ROWS + index] = np.float32(0.0)
        y0, y1, y2, y3 = _row(bus, ear, 0), _row(bus, ear, 1), _row(bus, ear, 2), _row(bus, ear, 3)
        y4, y5, y6, y7 = _row(bus, ear, 4), _row(bus, ear, 5), _row(bus, ear, 6), _row(bus, ear, 7)
        for k in range(0, K_MAX, 2):
            at = k * ROWS
            lines = address_of(bus) + _LINES_AT + 4 * (_CHANNEL * (ear * K_MAX + k) + TAPS_MAX)
            p = carray(pointer(lines), (QUANTUM,), np.float32)
            q = carray(pointer(lines + 4 * _CHANNEL), (QUANTUM,), np.float32)
            a0, a1, a2, a3 = weights[at], weights[at + 1], weights[at + 2], weights[at + 3]
            a4, a5, a6, a7 = weights[at + 4], weights[at + 5], weights[at + 6], weights[at + 7]
            b0, b1, b2, b3 = weights[at + 8], weights[at + 9], weights[at + 10], weights[at + 11]
            b4, b5, b6, b7 = weights[at + 12], weights[at + 13], weights[at + 14], weights[at + 15]
            for n in range(QUANTUM):
                low, high = a0 * y0[n] + a1 * y1[n] + a2 * y2[n] + a3 * y3[n], b0 * y0[n] + b1 * y1[n] + b2 * y2[n] + b3 * y3[n]
                p[n] += low + (a4 * y4[n] + a5 * y5[n] + a6 * y6[n] + a7 * y7[n])
                q[n] += high + (b4 * y4[n] + b5 * y5[n] + b6 * y6[n] + b7 * y7[n])
    bus.row_count = 0


@kernel
def mix(ears: Any, source: Any, bus: Any) -> None:
    """Add a source's running quantum to the bus, then move the source on to the next quantum.

    The source's place is ramped over the quantum if it was placed anew. A source that was never placed is silent.
    """
    if source.placed == 1:
        if bus.row_count >= ROWS:
            _flush(bus)
        at = bus.row_count
        for ear in range(2):
            _delayed(ears, source, source.delay[ear], _row(bus, ear, at))
            for k in range(K_MAX):
                bus.row_weights[ear, k, at] = source.weights[ear, k]
        bus.row_count += 1
        bus.quiet_frames = 0
        bus.heard = 1
    elif source.placed == 2:
        if bus.row_count + 1 >= ROWS:
            _flush(bus)
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
            bus.row_weights[ear, k, at] = weight
            bus.row_weights[ear, k, at + 1] = source.weights_end[ear, k] - weight


@kernel
def _advance(ears: Any, source: Any) -> None:
    past = ears.history_frames
    line = carray(pointer(address_of(source) + _LINE_AT + 4 * (HISTORY - past)), (LINE,), np.float32)
    for n in range(past):
        line[n] = line[n + QUANTUM]
    for n in range(QUANTUM):
        line[past + n] = np.float32(0.0)
    if source.placed == 2:
        for ear in range(2):
            source.delay[ear] = source.delay_end[ear]
            for k in range(K_MAX):
                source.weights[ear, k] = source.weights_end[ear, k]
        source.placed = 1


@kernel
def filter_bus(ears: Any, bus: Any, out: Any) -> None:
    """Run the bus through the filters into `out` (2, 64), overwriting it, and move the bus on to the next quantum."""
    _flush(bus)
    for ear in range(2):
        for n in range(QUANTUM):
            out[ear, n] = np.float32(0.0)
    if bus.heard == 0:
        return
    taps = ears.taps
    filters = carray(pointer(ears.filters), (K_MAX * taps,), np.float32)
    for ear in range(2):
        heard = out[ear]
        for k in range(K_MAX):
            start = address_of(bus) + _LINES_AT + 4 * (_CHANNEL * (ear * K_MAX + k) + TAPS_MAX - taps)
            line = carray(pointer(start), (_CHANNEL,), np.float32)
            for j in range(0, taps, 8):
                s = line[j + 1 : j + 1 + QUANTUM + 8]
                at = k * taps + j
                h0, h1, h2, h3 = filters[at], filters[at + 1], filters[at + 2], filters[at + 3]
                h4, h5, h6, h7 = filters[at + 4], filters[at + 5], filters[at + 6], filters[at + 7]
                for n in range(QUANTUM):
                    heard[n] += (
                        h0 * s[n] + h1 * s[n + 1] + h2 * s[n + 2] + h3 * s[n + 3]
                        + h4 * s[n + 4] + h5 * s[n + 5] + h6 * s[n + 6] + h7 * s[n + 7]
                    )  # fmt: skip
            for n in range(taps):
                line[n] = line[n + QUANTUM]
            for n in range(QUANTUM):
                line[taps + n] = np.float32(0.0)
    bus.quiet_frames += QUANTUM
    if bus.quiet_frames > taps + QUANTUM:
        bus.heard = 0
