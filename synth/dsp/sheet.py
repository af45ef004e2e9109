"""A sheet that a hand squeezes.  pressure -> unsteady force | energy of a crackle -> pulse -> modes of a spot.

The force follows the hand, wavers as muscles do and lets go slowly: a crumpled sheet goes on relaxing. A spot gets modes drawn
over the band of its material, normalised so that a unit impulse yields unit energy; a crackle of energy E is then a pulse of
impulse sqrt(E). Many crackles under the same force share its work, so each has the less: the level grows as the fourth root of
the rate.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import avalanche, crackle, noise, surface
from synth.jit import kernel
from synth.units import QUANTUM

HAND = np.dtype([("seed", "u8"), ("time_s", "f8"), ("grip", "f8")], align=True)
_ATTACK_S, _RELAX_S = 0.03, 0.12
_WAVER_HZ = 7.0  # lattice cells a second: fluctuations up to about 4 Hz
_HEIGHT_VARIANCE = 0.16  # of surface.height: uniform lattice values through a cubic B-spline, averaged over a cell


@kernel
def start(hand, seed):
    """Begin with an open hand."""
    hand.seed, hand.time_s, hand.grip = seed, 0.0, 0.0


@kernel
def squeeze(hand, pressure, unsteadiness, sample_rate):
    """Advance the hand by a quantum; return its force, 0..1 and a little more, whose mean is the pressure."""
    duration_s = QUANTUM / sample_rate
    hand.time_s += duration_s
    hand.grip += (pressure - hand.grip) * (1.0 - math.exp(-duration_s / (_ATTACK_S if pressure > hand.grip else _RELAX_S)))
    if hand.grip < 1e-4:
        hand.grip = 0.0
    spread = 2.2 * unsteadiness
    wave = math.exp(spread * surface.height(hand.seed, hand.time_s * _WAVER_HZ) - 0.5 * spread * spread * _HEIGHT_VARIANCE)
    return hand.grip * wave


@kernel
def gain(exponent, energy_range, rate_hz, usual_rate_hz):
    """Return what turns the root of an energy drawn from 1..`energy_range` into an impulse: mean square 1 at the usual rate."""
    return math.sqrt(math.sqrt(usual_rate_hz / rate_hz) / avalanche.mean_energy(exponent, 1.0, energy_range))


@kernel
def land(sheet, slide, emitters, frame, reach_m, jitter):
    """Return the spot that a crackle strikes: about its avalanche's place, on a sheet `reach_m` to each side and half as deep."""
    away_m = 0.5 * reach_m * (slide.away + jitter * noise.between(slide, -1.0, 1.0))
    left_m = reach_m * (slide.side + jitter * noise.between(slide, -1.0, 1.0))
    up_m = reach_m * (slide.up + jitter * noise.between(slide, -1.0, 1.0))
    return crackle.land(sheet, emitters, frame, away_m, left_m, up_m, 0.1 * jitter * reach_m)


@kernel
def tune(spot, stream, low_hz, high_hz, ring_s, loss, tilt_db, corner_hz, sample_rate):
    """Draw a spot's modes, one in each equal ratio of its band; T60 is `ring_s`, limited by a loss factor: 2.2 / (loss * f)."""
    crackle.pulse(spot, corner_hz, sample_rate)
    modes = spot.a1.size
    ratio = (high_hz / low_hz) ** (1.0 / modes)
    edge_hz, energy = low_hz, 0.0
    for mode in range(modes):
        frequency_hz = edge_hz * ratio ** noise.uniform(stream)
        t60_s = min(ring_s, 2.2 / (loss * frequency_hz)) * (0.8 + 0.4 * noise.uniform(stream))
        strength = math.exp(0.115 * (tilt_db * math.log2(frequency_hz / low_hz) + 5.0 * noise.gaussian(stream)))
        gain = strength / math.sqrt(t60_s)
        if noise.uniform(stream) < 0.5:
            gain = -gain
        energy += gain * gain * crackle.mode_energy(spot, frequency_hz, t60_s, sample_rate)
        crackle.tune(spot, mode, frequency_hz, t60_s, gain, sample_rate)
        edge_hz *= ratio
    for mode in range(modes):
        spot.gain[mode] /= math.sqrt(energy)
