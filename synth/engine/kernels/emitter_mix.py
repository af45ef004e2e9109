"""Points: an emitter's samples on their way into the ears.  out -> level, distance, fade -> delay and weights | dry | room.

A POINT is what the engine keeps for an emitter: its source in the ears, whether it has a place yet, how long it has been silent.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from hrtf.kernels import delay_mix, locate
from synth.dsp.emitter import DRY_LEFT, EARS, ENDING, FREE
from synth.dsp.gain_ramp import eased_at, gain_at
from synth.engine.kernels.state import DRY_DELAY, POINT
from synth.rt import hot, kernel
from synth.rt.intrinsics import address_of, pointer
from synth.rt.units import F32, QUANTUM

DRAIN_QUANTA = 4
"""Silent quanta after which a source's delay line is empty, at any sample rate."""
_NOTHING = 1e-24  # a quantum's energy below which nothing is left to hear
_NEAR_M = 0.25  # the level falls as 1/distance beyond this
_TOUCH_M = 0.05  # nearer to an ear than this, what the ears add is taken back in part
_TOUCH_SHARE = 0.7
_SOURCE_WORDS = POINT["source"].itemsize // 4


@kernel
def distance_gain(x_m, y_m, z_m, radius_m):
    """Return the artist's level of a place: 1/r beyond 25 cm, and capped where the ears would add too much.

    The pressure at an ear grows as one over the distance to it: physics adds 20 dB between 10 cm and 1 cm. Within 5 cm of an ear
    70 % of that (in decibels) is taken back, for both ears alike: closeness stays, but a crackle in the ear does not startle.
    """
    distance_m = math.sqrt(x_m * x_m + y_m * y_m + z_m * z_m)
    aside_m = abs(y_m) - radius_m
    to_ear_m = max(math.sqrt(x_m * x_m + aside_m * aside_m + z_m * z_m), 0.01)
    far = _NEAR_M / max(distance_m, _NEAR_M)
    return far * (to_ear_m / _TOUCH_M) ** _TOUCH_SHARE if to_ear_m < _TOUCH_M else far


@kernel
def _energy(out):
    """Return the sum of squares of a quantum; NaN and infinity stay what they are."""
    total = F32(0.0)
    for n in range(QUANTUM):
        total += out[n] * out[n]
    return float(total)


@kernel
def _begin_point(point):
    """Begin a new life: an empty delay line, no place yet."""
    words = carray(pointer(address_of(point.source)), _SOURCE_WORDS, np.int32)
    for index in range(_SOURCE_WORDS):
        words[index] = 0
    point.quiet = 0
    point.distance_gain = 1.0


@kernel
def _locate(tables, layer, slot, point):
    """Tell the ears where an emitter is at the end of the quantum: the layer's place plus its offset, in the place's own axes."""
    axes = layer.axes
    away, left, up = float(slot.away_m), float(slot.left_m), float(slot.up_m)
    x = layer.x_m + away * axes[0, 0] + left * axes[1, 0] + up * axes[2, 0]
    y = layer.y_m + away * axes[0, 1] + left * axes[1, 1] + up * axes[2, 1]
    z = layer.z_m + away * axes[0, 2] + left * axes[1, 2] + up * axes[2, 2]
    before = point.distance_gain
    if slot.route == EARS:
        locate.place(tables.ears, point.source, x, y, z)
        point.distance_gain = distance_gain(x, y, z, tables.ears.radius_m)
    else:
        point.distance_gain = 1.0
    return before if point.is_placed else point.distance_gain


@hot
def mix(state, tables, layer, slot, point, fade_begin, fade_end):
    """Scale an emitter's quantum, send it where it goes, and empty it; return its mean square, or -1 if it was not finite."""
    energy = _energy(slot.out)
    if not (energy < 1e12):
        for n in range(QUANTUM):
            slot.out[n] = F32(0.0)
        return -1.0
    is_off = layer.gain_before == 0.0 and layer.gain == 0.0  # nobody pays for what nobody hears
    point.quiet = point.quiet + 1 if energy < _NOTHING or is_off else 0
    if point.quiet > DRAIN_QUANTA or (point.quiet > 0 and not point.is_placed):
        point.is_placed = 0
        if is_off:
            for n in range(QUANTUM):
                slot.out[n] = F32(0.0)
        if slot.life == ENDING:
            slot.life = FREE
        return 0.0
    distance_before = point.distance_gain
    if not point.is_placed:
        _begin_point(point)
        _locate(tables, layer, slot, point)
        distance_before = point.distance_gain
        point.is_placed = 1
    elif slot.follow:
        distance_before = _locate(tables, layer, slot, point)
    begin = layer.gain_before * distance_before
    end = layer.gain * point.distance_gain
    if not (abs(begin) + abs(end) < 1e12):  # an offset that is no number
        return -1.0
    samples = delay_mix.quantum(point.source)
    out = slot.out
    for n in range(QUANTUM):
        gain = F32(gain_at(begin, end, n)) * F32(eased_at(fade_begin, fade_end, n))
        samples[n] = out[n] * gain
        out[n] = F32(0.0)
    if slot.route == EARS:
        if state.room_is_on:
            for n in range(QUANTUM):
                state.send[n] += samples[n]
        delay_mix.mix(tables.ears, point.source, state.bus)
    else:
        dry = state.dry[0 if slot.route == DRY_LEFT else 1]
        for n in range(QUANTUM):
            dry[DRY_DELAY + n] += samples[n]
    state.emitting += 1
    return energy / QUANTUM * layer.gain * layer.gain
