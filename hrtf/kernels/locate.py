"""Placing: from a position to the weights and delays of a source.

position -> distance, direction -> triangle -> 3 directions x 2 distances -> weights and delay for each ear
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import carray

from hrtf.kernels.records import CELLS, CORNER, K_MAX, SOURCE, TRIANGLE
from synth.rt import kernel
from synth.rt.intrinsics import address_of, fma, pointer
from synth.rt.records import offset
from synth.rt.units import RADIANS_PER_DEGREE

_CORNER_FLOATS, _CORNER_CODES, _TRIANGLE_WORDS = CORNER // 4, CORNER // 2, TRIANGLE // 4
_FIRST_CODE = 4
_WEIGHTS_END = offset(SOURCE, "weights_end")
_LONGEST_WALK = 256
_OUTSIDE = -2e-5  # weights down to here count as inside: the matrices are single precision
_TINY_M = 1e-6
_HUGE_M = 1e6


@kernel
def _sine_cosine_deg(angle_deg: float) -> tuple[float, float]:
    """Return sine and cosine; whole turns and signs drop out exactly."""
    size = abs(angle_deg)
    size -= 360.0 * math.floor(size * (1.0 / 360.0))
    quarter = math.floor(size * (1.0 / 90.0) + 0.5)
    x = (size - 90.0 * quarter) * RADIANS_PER_DEGREE
    s = x * x
    sine = x * (1 + s * (-1 / 6 + s * (1 / 120 + s * (-1 / 5040 + s * (1 / 362880 - s / 39916800)))))
    cosine = 1 + s * (-1 / 2 + s * (1 / 24 + s * (-1 / 720 + s * (1 / 40320 + s * (-1 / 3628800 + s / 479001600)))))
    if quarter & 1:
        sine, cosine = cosine, -sine
    if quarter & 2:
        sine, cosine = -sine, -cosine
    return (-sine if angle_deg < 0.0 else sine), cosine


@kernel
def cartesian(azimuth_deg: float, elevation_deg: float, distance_m: float) -> tuple[float, float, float]:
    """Return x (front), y (left), z (up) of a place.

    Azimuths a whole number of turns apart give the same bits; opposite azimuths give exactly opposite y.
    """
    side, front = _sine_cosine_deg(azimuth_deg)
    up, flat = _sine_cosine_deg(elevation_deg)
    return distance_m * flat * front, distance_m * flat * side, distance_m * up


@kernel
def find(ears: Any, x: float, y: float, z: float) -> tuple[int, int, int, float, float, float]:
    """Return the three vertices around a direction (any length but zero) and their shares, which add up to 1."""
    scale = (0.5 * CELLS) / (abs(x) + abs(y) + abs(z))
    first, second = x * scale, y * scale
    if z < 0.0:
        half = 0.5 * CELLS
        first, second = (
            (half - abs(y * scale)) * (1.0 if x >= 0.0 else -1.0),
            (half - abs(x * scale)) * (1.0 if y >= 0.0 else -1.0),
        )
    row = min(max(int(first + 0.5 * CELLS), 0), CELLS - 1)
    column = min(max(int(second + 0.5 * CELLS), 0), CELLS - 1)
    count = ears.triangle_count
    cells = carray(pointer(ears.cells), (CELLS * CELLS,), np.int32)
    numbers = carray(pointer(ears.triangles), (count * _TRIANGLE_WORDS,), np.float32)
    words = carray(pointer(ears.triangles), (count * _TRIANGLE_WORDS,), np.int32)
    at = following = cells[row * CELLS + column] * _TRIANGLE_WORDS
    a = b = c = 0.0
    for _ in range(_LONGEST_WALK):
        at = following
        a = numbers[at] * x + numbers[at + 1] * y + numbers[at + 2] * z
        b = numbers[at + 3] * x + numbers[at + 4] * y + numbers[at + 5] * z
        c = numbers[at + 6] * x + numbers[at + 7] * y + numbers[at + 8] * z
        if a >= _OUTSIDE and b >= _OUTSIDE and c >= _OUTSIDE:
            break
        if a <= b and a <= c:
            following = words[at + 12] * _TRIANGLE_WORDS
        elif b <= c:
            following = words[at + 13] * _TRIANGLE_WORDS
        else:
            following = words[at + 14] * _TRIANGLE_WORDS
    a, b, c = max(a, 0.0), max(b, 0.0), max(c, 0.0)
    share = 1.0 / max(a + b + c, 1e-30)
    return words[at + 9], words[at + 10], words[at + 11], a * share, b * share, c * share


@kernel
def arrive(source: Any) -> None:
    """Let a source be, and rest, where it was to be at the end of the quantum."""
    for ear in range(2):
        source.delay[ear] = source.delay_end[ear]
        for k in range(K_MAX):
            source.weights[ear, k] = source.weights_end[ear, k]
    source.placed = 1


@kernel
def place(ears: Any, source: Any, x_m: float, y_m: float, z_m: float) -> None:
    """Set where a source will be at the end of the running quantum.

    Parameters
    ----------
    ears : EARS record
    source : SOURCE record
        Placed for the first time since it was zeroed, it is there from the start of the quantum: nothing is ramped. Placed
        again where it already is, it stays at rest, which costs nothing. Zero it before using it with other ears.
    x_m, y_m, z_m : float
        Position relative to the head's centre: front, left, up. Nearer than 1 cm from the head's surface it is moved out to
        there; a position without a direction (the centre, NaN, infinity) counts as straight ahead.
    """
    if source.placed and x_m == source.position_m[0] and y_m == source.position_m[1] and z_m == source.position_m[2]:
        return
    source.position_m[0], source.position_m[1], source.position_m[2] = x_m, y_m, z_m
    distance = math.sqrt(x_m * x_m + y_m * y_m + z_m * z_m)
    if not (distance > _TINY_M and distance < _HUGE_M):
        distance = ears.radius_m + ears.nearest_m if distance < 1.0 else _HUGE_M
        x_m, y_m, z_m = distance, 0.0, 0.0
    scale = 1.0 / distance
    x, y, z = x_m * scale, y_m * scale, z_m * scale
    depth = (math.log(max(distance - ears.radius_m, ears.nearest_m)) - ears.log_nearest) * ears.per_log_step
    depth = min(max(depth, 0.0), ears.distances - 1.0)
    shell = min(int(depth), ears.distances - 2)
    outer = np.float32(depth - shell)
    inner = np.float32(1.0) - outer
    stored = ears.stored_ears
    stride, next_shell = ears.distances * stored * CORNER, stored * CORNER
    corners = ears.corners + shell * next_shell
    steps = carray(pointer(ears.steps), (K_MAX,), np.float32)
    one = two = three = 0
    u = v = w = 0.0
    for ear in range(2):
        column = 0
        if ear == 0:
            one, two, three, u, v, w = find(ears, x, y, z)
        elif stored == 1:
            one, two, three, u, v, w = find(ears, x, -y, z)
        else:
            column = CORNER
        p, q, r = corners + one * stride + column, corners + two * stride + column, corners + three * stride + column
        pf = carray(pointer(p), (_CORNER_FLOATS,), np.float32)
        qf = carray(pointer(q), (_CORNER_FLOATS,), np.float32)
        rf = carray(pointer(r), (_CORNER_FLOATS,), np.float32)
        pg = carray(pointer(p + next_shell), (_CORNER_FLOATS,), np.float32)
        qg = carray(pointer(q + next_shell), (_CORNER_FLOATS,), np.float32)
        rg = carray(pointer(r + next_shell), (_CORNER_FLOATS,), np.float32)
        su, sv, sw = np.float32(u), np.float32(v), np.float32(w)
        source.delay_end[ear] = inner * (su * pf[1] + sv * qf[1] + sw * rf[1]) + outer * (su * pg[1] + sv * qg[1] + sw * rg[1])
        g0, g1, g2 = inner * su * pf[0], inner * sv * qf[0], inner * sw * rf[0]
        g3, g4, g5 = outer * su * pg[0], outer * sv * qg[0], outer * sw * rg[0]
        pc = carray(pointer(p), (_CORNER_CODES,), np.int16)
        qc = carray(pointer(q), (_CORNER_CODES,), np.int16)
        rc = carray(pointer(r), (_CORNER_CODES,), np.int16)
        pd = carray(pointer(p + next_shell), (_CORNER_CODES,), np.int16)
        qd = carray(pointer(q + next_shell), (_CORNER_CODES,), np.int16)
        rd = carray(pointer(r + next_shell), (_CORNER_CODES,), np.int16)
        end = carray(pointer(address_of(source) + _WEIGHTS_END + ear * (4 * K_MAX)), (K_MAX,), np.float32)
        for k in range(K_MAX):
            near = fma(g1, np.float32(qc[k + _FIRST_CODE]), g0 * np.float32(pc[k + _FIRST_CODE]))
            near = fma(g2, np.float32(rc[k + _FIRST_CODE]), near)
            far = fma(g4, np.float32(qd[k + _FIRST_CODE]), g3 * np.float32(pd[k + _FIRST_CODE]))
            end[k] = steps[k] * (near + fma(g5, np.float32(rd[k + _FIRST_CODE]), far))
    if source.placed == 0:
        arrive(source)
    else:
        source.placed = 2
