"""Room: a small furnished one around the listener, off by default.

send -> early reflections per ear -> 8 delay lines, damped, mixed by a Hadamard matrix -> two decorrelated ears
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray

from synth.rt import hot, kernel
from synth.rt.intrinsics import address_of, pointer
from synth.rt.records import offset
from synth.rt.units import QUANTUM

LINES = 8
LENGTH = 4096
"""Frames of each delay line, a power of two: 21 ms at 192 kHz."""
EARLY = 6
"""Early reflections per ear."""
T60_S = (0.08, 0.6)
"""Shortest and longest reverberation time."""

# Lines of 3.3 .. 9.2 ms: a room of about 2 x 3 m. Mutually incommensurate, so that echoes never pile up.
_LINE_S = (0.00331, 0.00397, 0.00459, 0.00523, 0.00607, 0.00701, 0.00799, 0.00917)
# Paths of the first reflections (floor, desk, walls, ceiling) less the direct one; no two ears share a time.
_EARLY_S = ((0.0021, 0.0037, 0.0052, 0.0071, 0.0094, 0.0118), (0.0024, 0.0033, 0.0057, 0.0067, 0.0101, 0.0113))
_EARLY_GAIN = ((0.40, -0.30, 0.26, 0.21, -0.17, 0.14), (0.38, 0.31, -0.25, 0.22, 0.16, -0.15))
_DAMPING_HZ = 4000.0  # carpet, curtains, shelves: highs die first ...
_HIGHS_T60 = 0.8  # ... by this share of the reverberation time
_COLOUR_HZ = 6000.0  # and every surface takes some off
_MIDS_T60 = 1.05  # so that the decay of all frequencies together is the one asked for
_LOUDEST = np.float32(1e6)
_LOW_CUT_HZ = 120.0  # small rooms hold no deep reverberation

ROOM = np.dtype(
    [
        ("lines", np.float32, (LINES, LENGTH)),
        ("early", np.float32, (LENGTH,)),
        ("taken", np.float32, (LINES, QUANTUM)),  # scratch
        ("lengths", np.int64, (LINES,)),
        ("early_frames", np.int64, (2, EARLY)),
        ("gains", np.float32, (LINES,)),
        ("highs", np.float32, (LINES,)),  # further loss of the high frequencies
        ("damped", np.float32, (LINES,)),  # memory of the damping filters
        ("damping", np.float32),
        ("colour", np.float32),
        ("coloured", np.float32),  # memory of the colour
        ("cut", np.float32),
        ("bass", np.float32, (2,)),  # memory of the low cut
        ("level", np.float32),
        ("t60_s", np.float32),
        ("at", np.int64),
    ],
    align=True,
)
_LINES_AT, _TAKEN_AT, _EARLY_AT = offset(ROOM, "lines"), offset(ROOM, "taken"), offset(ROOM, "early")
_MASK = LENGTH - 1


@kernel
def tune(room: Any, t60_s: float, sample_rate: float) -> None:
    """Set the reverberation time; what sounds goes on sounding.

    Parameters
    ----------
    room : ROOM record, zeroed before the first call
    t60_s : float
        0.08 to 0.6 s, clamped; furnished small rooms have 0.1 to 0.2.
    sample_rate : float
        32000 to 192000 Hz; to be changed only together with zeroing.
    """
    t60 = min(max(t60_s, T60_S[0]), T60_S[1])
    room.t60_s = t60
    room.damping = 1.0 - math.exp(-math.tau * _DAMPING_HZ / sample_rate)
    room.colour = 1.0 - math.exp(-math.tau * _COLOUR_HZ / sample_rate)
    room.cut = 1.0 - math.exp(-math.tau * _LOW_CUT_HZ / sample_rate)
    energy = 0.0
    for line in range(LINES):
        frames = max(int(_LINE_S[line] * sample_rate + 0.5), QUANTUM)
        room.lengths[line] = frames
        room.gains[line] = 10.0 ** (-3.0 * frames / (_MIDS_T60 * t60 * sample_rate))
        room.highs[line] = room.gains[line] ** (1.0 / _HIGHS_T60 - 1.0)
        energy += room.gains[line] * room.gains[line] / LINES
    room.level = 0.25 * math.sqrt(1.0 - energy)
    for ear in range(2):
        for index in range(EARLY):
            room.early_frames[ear, index] = int(_EARLY_S[ear][index] * sample_rate + 0.5)


@kernel
def _take(room: Any, line: int) -> None:
    """Read one line's next 64 frames, damp them and apply its decay."""
    taken = carray(pointer(address_of(room) + _TAKEN_AT + 4 * QUANTUM * line), (QUANTUM,), np.float32)
    ring = carray(pointer(address_of(room) + _LINES_AT + 4 * LENGTH * line), (LENGTH,), np.float32)
    start = room.at - room.lengths[line] + LENGTH
    state, share, gain, highs = room.damped[line], room.damping, room.gains[line], room.highs[line]
    for n in range(QUANTUM):
        state += share * (ring[(start + n) & _MASK] - state)
        taken[n] = gain * (state + highs * (ring[(start + n) & _MASK] - state))
    room.damped[line] = state


@hot
def _butterfly(taken: Any, span: int) -> None:
    """Replace pairs of lines `span` apart by their sum and difference."""
    for line in range(LINES):
        if line & span == 0:
            first, second = taken[line], taken[line + span]
            for n in range(QUANTUM):
                a, b = first[n], second[n]
                first[n] = a + b
                second[n] = a - b


@hot
def render(room: Any, send: Any, out: Any) -> None:
    """Add the room's answer to one quantum.

    Parameters
    ----------
    room : ROOM record, tuned
    send : float32 (64,), the sum of all sources
    out : float32 (2, 64), added to
    """
    base = address_of(room)
    early = carray(pointer(base + _EARLY_AT), (LENGTH,), np.float32)
    taken = carray(pointer(base + _TAKEN_AT), (LINES, QUANTUM), np.float32)
    at = room.at
    colour = room.coloured
    for n in range(QUANTUM):
        sent = send[n] if abs(send[n]) < _LOUDEST else np.float32(0.0)  # NaN and infinity would ring for ever
        colour += room.colour * (sent - colour)
        early[at + n] = colour
    room.coloured = colour
    for line in range(LINES):
        _take(room, line)
    for ear in range(2):
        low = room.bass[ear]
        for n in range(QUANTUM):
            late = np.float32(0.0)
            for line in range(LINES):  # different signs for the two ears: orthogonal, so decorrelated
                turned = (line & 1) ^ ((line >> 2) & 1) if ear == 0 else ((line >> 1) & 1) ^ ((line >> 2) & 1)
                late += -taken[line, n] if turned else taken[line, n]
            first = np.float32(0.0)
            for index in range(EARLY):
                gain = np.float32(_EARLY_GAIN[ear][index])
                first += gain * early[(at + n - room.early_frames[ear, index] + LENGTH) & _MASK]
            heard = room.level * (late + first)
            low += room.cut * (heard - low)
            out[ear, n] += heard - low
        room.bass[ear] = low
    _butterfly(taken, 1)
    _butterfly(taken, 2)
    _butterfly(taken, 4)
    scale = np.float32(0.35355339059327373)  # 1 / sqrt(8): the matrix keeps energy
    for line in range(LINES):
        ring = carray(pointer(base + _LINES_AT + 4 * LENGTH * line), (LENGTH,), np.float32)
        for n in range(QUANTUM):
            ring[at + n] = scale * taken[line, n] + early[at + n]
    room.at = (at + QUANTUM) & _MASK
