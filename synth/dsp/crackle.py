"""Crackle: small bodies that crackles strike.  impulse -> bipolar pulse of a known length -> modes -> an emitter of their own.

A spot is a facet of a sheet or a tuft of bristles: it lies somewhere, rings with its own modes and sleeps when it is quiet. A
crackle lands on a spot that is awake nearby, or wakes a new one; so thousands of crackles a second share a few dozen emitters.
Spots are advanced event by event: `land` brings one up to the frame of the crackle, `finish` brings them all to the end. In f4:
what rings for less than 0.1 s needs no finer poles.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import emitter
from synth.jit import fma, kernel
from synth.units import F32, QUANTUM

_LN_1000 = math.log(1000.0)
_QUIET = 3e-6  # -110 dBFS: below it a spot goes to sleep


def spots_dtype(count: int, modes: int) -> np.dtype[Any]:
    """Return the state of `count` spots of `modes` modes each, a multiple of 4; zeroed, they all sleep."""
    fields: list[Any] = [(name, "f4", (modes,)) for name in ("a1", "a2", "gain", "y1", "y2")]
    fields += [(name, "f4") for name in ("push", "force", "decay", "away_m", "left_m", "up_m")]
    fields += [("awake", "i4"), ("untuned", "i4"), ("emitter", "i4"), ("at", "i4")]
    return np.dtype([("spot", np.dtype(fields, align=True), (count,))], align=True)


@kernel
def advance(spot, out, frame):
    """Let a spot ring into `out` up to a frame: four modes at a time, in registers."""
    decay, share = spot.decay, F32(1.0) - spot.decay
    push, force = spot.push, spot.force
    for first in range(0, spot.a1.size, 4):
        push, force = spot.push, spot.force
        a0, a1, a2, a3 = spot.a1[first], spot.a1[first + 1], spot.a1[first + 2], spot.a1[first + 3]
        b0, b1, b2, b3 = spot.a2[first], spot.a2[first + 1], spot.a2[first + 2], spot.a2[first + 3]
        g0, g1, g2, g3 = spot.gain[first], spot.gain[first + 1], spot.gain[first + 2], spot.gain[first + 3]
        y0, y1, y2, y3 = spot.y1[first], spot.y1[first + 1], spot.y1[first + 2], spot.y1[first + 3]
        z0, z1, z2, z3 = spot.y2[first], spot.y2[first + 1], spot.y2[first + 2], spot.y2[first + 3]
        for n in range(spot.at, frame):
            force = fma(share, push - force, force)
            snap = push - force
            push *= decay
            y0, z0 = fma(a0, y0, fma(b0, z0, g0 * snap)), y0
            y1, z1 = fma(a1, y1, fma(b1, z1, g1 * snap)), y1
            y2, z2 = fma(a2, y2, fma(b2, z2, g2 * snap)), y2
            y3, z3 = fma(a3, y3, fma(b3, z3, g3 * snap)), y3
            out[n] += (y0 + y1) + (y2 + y3)
        spot.y1[first], spot.y1[first + 1], spot.y1[first + 2], spot.y1[first + 3] = y0, y1, y2, y3
        spot.y2[first], spot.y2[first + 1], spot.y2[first + 2], spot.y2[first + 3] = z0, z1, z2, z3
    spot.push, spot.force = push, force
    spot.at = frame


@kernel
def land(spots, emitters, frame, away_m, left_m, up_m, near_m):
    """Return the spot that a crackle at a place strikes, brought up to the frame; -1 if none could be woken.

    One awake within `near_m` is shared; else a sleeping one wakes there (`untuned` is set: tune it); else the nearest is shared.
    """
    sleeping, nearest, nearest_square = -1, -1, 1e9
    for index in range(len(spots.spot)):
        spot = spots.spot[index]
        if spot.awake == 0:
            sleeping = index
            continue
        away, left, up = spot.away_m - away_m, spot.left_m - left_m, spot.up_m - up_m
        square = away * away + left * left + up * up
        if square < nearest_square:
            nearest, nearest_square = index, square
    if sleeping >= 0 and nearest_square > near_m * near_m:
        taken = emitter.take(emitters, emitter.EARS, away_m, left_m, up_m)
        if taken >= 0:
            spot = spots.spot[sleeping]
            spot.awake, spot.untuned, spot.emitter, spot.at = 1, 1, taken, frame
            spot.away_m, spot.left_m, spot.up_m = F32(away_m), F32(left_m), F32(up_m)
            spot.push = spot.force = F32(0.0)
            for mode in range(spot.a1.size):
                spot.y1[mode] = spot.y2[mode] = F32(0.0)
            return sleeping
    if nearest >= 0:
        spot = spots.spot[nearest]
        advance(spot, emitters.slot[spot.emitter].out, frame)
    return nearest


@kernel
def pulse(spot, corner_hz, sample_rate):
    """Set the length of the pulses that strike a spot: their spectrum peaks at a corner and falls by 6 dB/oct on both sides.

    A facet that snaps through pushes the air there and back: no net volume, so no rumble below its modes.
    """
    spot.decay = F32(math.exp(-2.0 * math.pi * corner_hz / sample_rate))


@kernel
def tune(spot, mode, frequency_hz, t60_s, gain, sample_rate):
    """Set one mode of a newly woken spot: its answer to a unit impulse is gain * sin(2 pi f t) * 10^(-3 t / T60)."""
    if frequency_hz > 0.42 * sample_rate:
        gain, frequency_hz = 0.0, 0.25 * sample_rate
    angle = 2.0 * math.pi * frequency_hz / sample_rate
    radius = math.exp(-_LN_1000 / (t60_s * sample_rate))
    spot.a1[mode] = F32(2.0 * radius * math.cos(angle))
    spot.a2[mode] = F32(-radius * radius)
    spot.gain[mode] = F32(gain * radius * math.sin(angle))


@kernel
def mode_energy(spot, frequency_hz, t60_s, sample_rate):
    """Return the energy, the integral of y^2 over seconds, of a mode of gain 1 that a unit pulse strikes."""
    decay, angle = float(spot.decay), 2.0 * math.pi * frequency_hz / sample_rate
    spectrum = 4.0 * (1.0 - decay) * decay * math.sin(0.5 * angle) / (1.0 - 2.0 * decay * math.cos(angle) + decay * decay)
    return 0.25 * t60_s / _LN_1000 * spectrum * spectrum


@kernel
def strike(spot, impulse):
    """Add a pulse of a given impulse to what already strikes the spot."""
    spot.push += F32(2.0 * impulse) * (F32(1.0) - spot.decay)


@kernel
def finish(spots, emitters, stop):
    """Advance all spots to the end of what is rendered; at the end of a quantum the quiet ones fall asleep."""
    for index in range(len(spots.spot)):
        spot = spots.spot[index]
        if spot.awake == 0:
            continue
        advance(spot, emitters.slot[spot.emitter].out, stop)
        if stop < QUANTUM:
            continue
        spot.at = 0
        loudness = abs(spot.push) + abs(spot.force)
        for mode in range(spot.a1.size):
            loudness += abs(spot.y1[mode]) + abs(spot.y2[mode])
        if loudness < _QUIET:
            spot.awake = 0
            emitter.let_go(emitters, spot.emitter)
