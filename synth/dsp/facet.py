"""Facets: what crackles strike.  impulse -> bipolar pulse of a known length -> modes (+ the pulse itself) -> an emitter.

A facet is a piece of a sheet or of a tuft: it lies somewhere, rings with its own modes and sleeps when it is quiet. A crackle
lands on a facet that is awake nearby, or wakes a new one; so thousands of crackles a second share a few dozen emitters. Facets
are advanced event by event: `land` brings one up to the frame of the crackle, `finish` brings them all to the end. In f4: what
rings for less than 0.1 s needs no finer poles.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import emitter
from synth.dsp.modal import LN_1000
from synth.rt import kernel
from synth.rt.intrinsics import fma
from synth.rt.units import F32, QUANTUM

_QUIET = 3e-6  # -110 dBFS: below it a facet goes to sleep
_HIGHEST = 0.42  # of the sample rate: modes above it are silent


def facets_dtype(count: int, modes: int) -> np.dtype[Any]:
    """Return the state of `count` facets of `modes` modes each, a multiple of 4; zeroed, they all sleep."""
    fields: list[Any] = [(name, "f4", (modes,)) for name in ("a1", "a2", "gain", "y1", "y2")]
    fields += [(name, "f4") for name in ("push", "force", "decay", "direct")]
    fields += [("awake", "i4"), ("untuned", "i4"), ("emitter", "i4"), ("at", "i4")]
    return np.dtype([("facet", np.dtype(fields, align=True), (count,))], align=True)


@kernel
def advance(facet, out, frame):
    """Let a facet ring into `out` up to a frame: four modes at a time, in registers."""
    decay, share = facet.decay, F32(1.0) - facet.decay
    push, force = facet.push, facet.force
    direct = facet.direct
    for first in range(0, facet.a1.size, 4):
        push, force = facet.push, facet.force
        a0, a1, a2, a3 = facet.a1[first], facet.a1[first + 1], facet.a1[first + 2], facet.a1[first + 3]
        b0, b1, b2, b3 = facet.a2[first], facet.a2[first + 1], facet.a2[first + 2], facet.a2[first + 3]
        g0, g1, g2, g3 = facet.gain[first], facet.gain[first + 1], facet.gain[first + 2], facet.gain[first + 3]
        y0, y1, y2, y3 = facet.y1[first], facet.y1[first + 1], facet.y1[first + 2], facet.y1[first + 3]
        z0, z1, z2, z3 = facet.y2[first], facet.y2[first + 1], facet.y2[first + 2], facet.y2[first + 3]
        for n in range(facet.at, frame):
            force = fma(share, push - force, force)
            snap = push - force
            push *= decay
            y0, z0 = fma(a0, y0, fma(b0, z0, g0 * snap)), y0
            y1, z1 = fma(a1, y1, fma(b1, z1, g1 * snap)), y1
            y2, z2 = fma(a2, y2, fma(b2, z2, g2 * snap)), y2
            y3, z3 = fma(a3, y3, fma(b3, z3, g3 * snap)), y3
            out[n] += fma(direct, snap, (y0 + y1) + (y2 + y3))
        facet.y1[first], facet.y1[first + 1], facet.y1[first + 2], facet.y1[first + 3] = y0, y1, y2, y3
        facet.y2[first], facet.y2[first + 1], facet.y2[first + 2], facet.y2[first + 3] = z0, z1, z2, z3
        direct = F32(0.0)
    facet.push, facet.force = push, force
    facet.at = frame


@kernel
def land(facets, emitters, frame, away_m, left_m, up_m, near_m):
    """Return the facet that a crackle at a place strikes, brought up to the frame; -1 if none could be woken.

    One awake within `near_m` is shared; else a sleeping one wakes there (`untuned` is set: tune it); else the nearest is shared.
    """
    sleeping, nearest, nearest_square = -1, -1, 1e30
    for index in range(len(facets.facet)):
        facet = facets.facet[index]
        if facet.awake == 0:
            sleeping = index
            continue
        square = emitter.square_m2(emitters, facet.emitter, away_m, left_m, up_m)
        if square < nearest_square:
            nearest, nearest_square = index, square
    if sleeping >= 0 and nearest_square > near_m * near_m:
        taken = emitter.take(emitters, emitter.EARS, away_m, left_m, up_m)
        if taken >= 0:
            facet = facets.facet[sleeping]
            facet.awake, facet.untuned, facet.emitter, facet.at = 1, 1, taken, frame
            facet.push = facet.force = F32(0.0)
            for mode in range(facet.a1.size):
                facet.y1[mode] = facet.y2[mode] = F32(0.0)
            return sleeping
    if nearest >= 0:
        facet = facets.facet[nearest]
        advance(facet, emitters.slot[facet.emitter].out, frame)
    return nearest


@kernel
def pulse(facet, corner_hz, sample_rate):
    """Set the length of the pulses that strike a facet: their spectrum peaks at a corner and falls by 6 dB/oct on both sides.

    A facet that snaps through pushes the air there and back: no net volume, so no rumble below its modes.
    """
    facet.decay = F32(math.exp(-2.0 * math.pi * corner_hz / sample_rate))


@kernel
def tune(facet, mode, frequency_hz, t60_s, gain, sample_rate):
    """Set one mode of a newly woken facet: its answer to a unit impulse is gain * sin(2 pi f t) * 10^(-3 t / T60)."""
    if frequency_hz > _HIGHEST * sample_rate:
        gain, frequency_hz = 0.0, 0.25 * sample_rate
    angle = 2.0 * math.pi * frequency_hz / sample_rate
    radius = math.exp(-LN_1000 / (t60_s * sample_rate))
    facet.a1[mode] = F32(2.0 * radius * math.cos(angle))
    facet.a2[mode] = F32(-radius * radius)
    facet.gain[mode] = F32(gain * radius * math.sin(angle))


@kernel
def mode_energy(facet, frequency_hz, t60_s, sample_rate):
    """Return the energy, the integral of y^2 over seconds, of a mode of gain 1 that a unit pulse strikes."""
    decay, angle = float(facet.decay), 2.0 * math.pi * frequency_hz / sample_rate
    spectrum = 4.0 * (1.0 - decay) * decay * math.sin(0.5 * angle) / (1.0 - 2.0 * decay * math.cos(angle) + decay * decay)
    return 0.25 * t60_s / LN_1000 * spectrum * spectrum


@kernel
def snap_energy(facet, sample_rate):
    """Return the energy of a unit pulse itself, the integral over seconds: what `direct` lets be heard beside the modes."""
    decay = float(facet.decay)
    share, square = 1.0 - decay, decay * decay
    rest = 1.0 - square
    return 4.0 * share * share * (1.0 / rest - 2.0 * share / rest**2 + share * share * (1.0 + square) / rest**3) / sample_rate


@kernel
def strike(facet, impulse):
    """Add a pulse of a given impulse to what already strikes the facet."""
    facet.push += F32(2.0 * impulse) * (F32(1.0) - facet.decay)


@kernel
def finish(facets, emitters, stop):
    """Advance all facets to the end of what is rendered; at the end of a quantum the quiet ones fall asleep."""
    for index in range(len(facets.facet)):
        facet = facets.facet[index]
        if facet.awake == 0:
            continue
        advance(facet, emitters.slot[facet.emitter].out, stop)
        if stop < QUANTUM:
            continue
        facet.at = 0
        loudness = abs(facet.push) + abs(facet.force)
        for mode in range(facet.a1.size):
            loudness += abs(facet.y1[mode]) + abs(facet.y2[mode])
        if loudness < _QUIET:
            facet.awake = 0
            emitter.let_go(emitters, facet.emitter)
