"""A sheet that a hand squeezes.  pressure -> unsteady force -> crackles on facets, their panel, rustle, and the hand itself.

force -> avalanches of crackles -> facets with modes of their own, each in its place -> panel that all of them shake
      -> rustle of faces that slide over one another; contact bed of the hand

The force follows the hand, wavers as muscles do and lets go slowly: a crumpled sheet goes on relaxing. A facet gets modes drawn
over the band of its material, normalised so that a unit impulse yields unit energy; a crackle of energy E is then a pulse of
impulse sqrt(E). Many crackles under the same force share its work, so each has the less: the level grows as the fourth root of
the rate. What was let go creeps on for seconds, as crumpled sheets do (Matan et al. 2002: with the logarithm of time; here an
exponential, chosen).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import avalanche, contact_bed, facet, noise, panel, rustle, surface
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM

_HAND = np.dtype([("seed", "u8"), ("time_s", "f8"), ("grip", "f8"), ("creep", "f8")], align=True)
_ATTACK_S, _RELAX_S = 0.03, 0.12
_CREEP, _CREEP_S = 0.2, 0.7  # share of the force that outlives the hand's, and for how long
_OPEN = 1e-3  # a grip below it is none
_PANEL, _RUSTLE = 0, panel.SIDES  # first emitters
HELD = panel.SIDES + rustle.PATCHES
"""So many emitters does a sheet hold."""
_WAVER_HZ, _JERK_HZ = 7.0, 22.0  # lattice cells a second: fluctuations up to about 4 Hz, and small jerks up to 13
_JERK = 0.8  # how large they are beside the waver
_SPREAD_SQUARE = (1.0 + _JERK * _JERK) * surface.HEIGHT_VARIANCE
_WAVER = 2.2  # of the force's logarithm at unsteadiness 1, over the wave's height
_LIGHT = 0.4  # how strong crackles are under the lightest touch
_SPREAD_DB = 5.0  # standard deviation of a facet's modes
_NEPERS_PER_DB = 0.115


def sheet_dtype(facets: int, modes: int) -> np.dtype[Any]:
    """Return the state of a sheet that rings in up to `facets` places at once, each with `modes` modes, a multiple of 4."""
    return np.dtype(
        [
            ("hand", _HAND),
            ("crackles", avalanche.AVALANCHES),
            ("rate_hz", "f8"),
            ("gain", "f8"),
            ("is_new", "i8"),
            ("force", "f8"),
            ("panel", panel.PANEL),
            ("rustle", rustle.RUSTLE),
            ("bed", contact_bed.CONTACT_BED),
            ("facets", facet.facets_dtype(facets, modes)),
        ],
        align=True,
    )


@kernel
def take(sheet, stream, rumble, body, air, sample_rate):
    """Take the sheet into an open hand, whose noises at full force have these levels (see `contact_bed.start`)."""
    sheet.hand.seed, sheet.hand.time_s, sheet.hand.grip, sheet.hand.creep = noise.split(stream), 0.0, 0.0, 0.0
    avalanche.start(sheet.crackles, noise.split(stream))
    rustle.start(sheet.rustle, stream, sample_rate)
    contact_bed.start(sheet.bed, noise.split(stream), rumble, body, air, sample_rate)
    sheet.is_new = 1


@kernel
def squeeze(sheet, gate, pressure, unsteadiness, rate_hz, gain, sample_rate):
    """Advance the hand by a quantum: `rate_hz` crackles a second under its full force, each avalanche with the gain of now."""
    sheet.is_new = 0
    force = _force(sheet.hand, gate * pressure, unsteadiness, sample_rate)
    sheet.force = force
    sheet.rate_hz = rate_hz * force
    sheet.gain = gain
    if gate == 0.0 and force == 0.0:
        avalanche.stop(sheet.crackles)


@kernel
def _force(hand, pressure, unsteadiness, sample_rate):
    """Advance the hand by a quantum; return its force, 0..1 and a little more, whose mean is the pressure."""
    duration_s = QUANTUM / sample_rate
    hand.time_s += duration_s
    hand.grip += (pressure - hand.grip) * (1.0 - math.exp(-duration_s / (_ATTACK_S if pressure > hand.grip else _RELAX_S)))
    hand.creep = max(hand.creep * math.exp(-duration_s / _CREEP_S), _CREEP * hand.grip)
    grip = max(hand.grip, hand.creep)
    if pressure == 0.0 and grip < _OPEN:
        grip = hand.grip = hand.creep = 0.0
    spread = _WAVER * unsteadiness
    wave = surface.height(hand.seed, hand.time_s * _WAVER_HZ) + _JERK * surface.height(hand.seed, 0.5 - hand.time_s * _JERK_HZ)
    return grip * math.exp(spread * wave - 0.5 * spread * spread * _SPREAD_SQUARE)


@kernel
def strength(pressure):
    """Return how strong crackles are under a pressure, 1 under the full one."""
    return _LIGHT + (1.0 - _LIGHT) * pressure


@kernel
def impulse(exponent, energy_range, rate_hz, usual_rate_hz):
    """Return what turns the root of an energy drawn from 1..`energy_range` into an impulse: mean square 1 at the usual rate."""
    return math.sqrt(math.sqrt(usual_rate_hz / rate_hz) / avalanche.mean_energy(exponent, 1.0, energy_range))


@kernel
def next_crackle(sheet, size, gap_s, sample_rate, frame, stop):
    """Return the frame of the next crackle and its avalanche, or `stop` and -1, as `avalanche.next_crackle` does."""
    return avalanche.next_crackle(sheet.crackles, sheet.rate_hz, size, gap_s, sheet.gain, sample_rate, frame, stop)


@kernel
def land(sheet, slide, emitters, frame, reach_m, jitter):
    """Return the facet that a crackle strikes, near its avalanche's place, on a sheet `reach_m` to each side, half as deep."""
    away_m = 0.5 * reach_m * (slide.away + jitter * noise.between(slide, -1.0, 1.0))
    left_m = reach_m * (slide.side + jitter * noise.between(slide, -1.0, 1.0))
    up_m = reach_m * (slide.up + jitter * noise.between(slide, -1.0, 1.0))
    return facet.land(sheet.facets, emitters, frame, away_m, left_m, up_m, 0.1 * jitter * reach_m)


@kernel
def crackle(sheet, emitters, slide, index, frame, impulse, body):
    """Strike a facet, and with `body` times as much the panel."""
    facet.strike(sheet.facets.facet[index], impulse)
    if body > 0.0:
        panel.shake(sheet.panel, emitters, slide, _PANEL, frame, slide.side, body * impulse)


@kernel
def hold(emitters, reach_m):
    """Hold the panel's emitters, before any crackle takes one."""
    panel.hold(emitters, _PANEL, reach_m)


@kernel
def finish(sheet, emitters, reach_m, level, sample_rate, start, stop):
    """Add what rustles (`level`: rms at force 1), the hand, and all that rings, up to the end of what is rendered."""
    rustle.add(sheet.rustle, emitters, _RUSTLE, reach_m, sheet.force, level, sample_rate, start, stop)
    out, press = emitters.slot[_RUSTLE + rustle.PATCHES - 1].out, min(sheet.force, 1.0)
    if press > 0.0 or sheet.bed.press > 1e-7:
        sheet.bed.frames[start:stop] = press
        contact_bed.run(sheet.bed, sample_rate, start, stop)
        for n in range(start, stop):
            out[n] += F32(sheet.bed.frames[n])
    panel.finish(sheet.panel, emitters, _PANEL, stop)
    facet.finish(sheet.facets, emitters, stop)


@kernel
def tune(one, stream, low_hz, high_hz, ring_s, loss, tilt_db, corner_hz, direct, sample_rate):
    """Draw a facet's modes, one in each equal ratio of its band; T60 is `ring_s`, limited by a loss factor: 2.2 / (loss * f).

    `direct` of the crackle's energy, 0..1, is its pulse itself: the snap of the facet against the air.
    """
    facet.pulse(one, corner_hz, sample_rate)
    modes = one.a1.size
    ratio = (high_hz / low_hz) ** (1.0 / modes)
    edge_hz, energy = low_hz, 0.0
    for mode in range(modes):
        frequency_hz = edge_hz * ratio ** noise.uniform(stream)
        t60_s = min(ring_s, 2.2 / (loss * frequency_hz)) * (0.8 + 0.4 * noise.uniform(stream))
        level_db = tilt_db * math.log2(frequency_hz / low_hz) + _SPREAD_DB * noise.gaussian(stream)
        gain = math.exp(_NEPERS_PER_DB * level_db) / math.sqrt(t60_s)
        energy += gain * gain * facet.mode_energy(one, frequency_hz, t60_s, sample_rate)
        facet.tune(one, mode, frequency_hz, t60_s, -gain if noise.uniform(stream) < 0.5 else gain, sample_rate)
        edge_hz *= ratio
    for mode in range(modes):
        one.gain[mode] *= math.sqrt((1.0 - direct) / energy)
    one.direct = F32(math.sqrt(direct / facet.snap_energy(one, sample_rate)))
