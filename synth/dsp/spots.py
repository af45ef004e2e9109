"""Spots: the small bodies that crackles strike.  impulse -> bipolar pulse of a known length -> modes -> the spot's own emitter.

A spot is a piece of a sheet, of skin, of a bundle of bristles: it lies somewhere, rings with its own modes and sleeps when it
is quiet. A crackle lands on a spot that is awake nearby, or wakes a new one; so thousands of crackles a second share a few
dozen emitters. Spots are advanced event by event: `land` brings one up to the frame of the crackle, `finish` brings them all to
the end. In f4: eight modes fill one vector register, and what rings for less than 0.1 s needs no finer poles.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import emitter
from synth.jit import kernel
from synth.units import F32, QUANTUM

_LN_1000 = math.log(1000.0)
_QUIET = 3e-6  # -110 dBFS: below it a spot goes to sleep


def spots_dtype(count: int, modes: int) -> np.dtype[Any]:
    """Return the state of `count` spots of `modes` modes each; zeroed, they all sleep."""
    fields: list[Any] = [(name, "f4", (modes,)) for name in ("a1", "a2", "gain", "y1", "y2")]
    fields += [(name, "f4") for name in ("push", "force", "decay", "away_m", "left_m", "up_m")]
    fields += [("awake", "i4"), ("untuned", "i4"), ("emitter", "i4"), ("at", "i4")]
    return np.dtype([("spot", np.dtype(fields, align=True), (count,))], align=True)


@kernel
def advance(spot, out, frame):
    """Let a spot ring into `out` up to a frame."""
    decay = spot.decay
    share = F32(1.0) - decay
    push, force = spot.push, spot.force
    for n in range(spot.at, frame):
        force += share * (push - force)
        snap = push - force
        push *= decay
        total = F32(0.0)
        for mode in range(spot.a1.size):
            y = spot.a1[mode] * spot.y1[mode] + spot.a2[mode] * spot.y2[mode] + spot.gain[mode] * snap
            spot.y2[mode] = spot.y1[mode]
            spot.y1[mode] = y
            total += y
        out[n] += total
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
