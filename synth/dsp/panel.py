"""A panel: the floppy part of a sheet, or the air in a bag, that all its crackles shake.  impulses -> low modes, two places.

A crackle moves a small facet; what holds that facet moves too, slower and lower. In the strongest crackles of three recordings of
paper and foil, 100..800 Hz answers within 5 ms, mostly 10 to 30 dB below the crackle's peak, and is over within about 20 ms; some
have hardly any of it, some hardly anything else. How far that spreads here was chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import emitter, facet, noise
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM

SIDES, _MODES = 2, 8
PANEL = np.dtype([("side", facet.facets_dtype(SIDES, _MODES))], align=True)
_APART = 0.6  # of the sheet's half width
_SPREAD_DB = 4.0
_UNEVEN, _ONE_SIDED = 1.1, 0.6  # standard deviation of the logarithm of how well a crackle shakes it, and each side
_NEPERS_PER_DB = 0.115


@kernel
def tune(panel, stream, low_hz, high_hz, t60_s, slope_db, sample_rate):
    """Draw the modes of both sides, one in each equal ratio of a band; each side has unit energy after a unit impulse.

    The lowest mode rings for `t60_s`, higher ones for less, as 1 / sqrt(f); `slope_db` an octave is added to their levels.
    """
    for index in range(SIDES):
        side = panel.side.facet[index]
        side.push = side.force = side.direct = F32(0.0)
        side.at = 0
        facet.pulse(side, 1.6 * low_hz, sample_rate)
        ratio = (high_hz / low_hz) ** (1.0 / _MODES)
        energy, edge_hz = 0.0, low_hz
        for mode in range(_MODES):
            side.y1[mode] = side.y2[mode] = F32(0.0)
            frequency_hz = edge_hz * ratio ** noise.uniform(stream)
            rings_s = t60_s * math.sqrt(low_hz / frequency_hz) * (0.8 + 0.4 * noise.uniform(stream))
            level_db = slope_db * math.log2(frequency_hz / low_hz) + _SPREAD_DB * noise.gaussian(stream)
            unit = facet.mode_energy(side, frequency_hz, rings_s, sample_rate)
            gain = math.exp(_NEPERS_PER_DB * level_db) / math.sqrt(unit)
            energy += gain * gain * unit
            facet.tune(side, mode, frequency_hz, rings_s, -gain if noise.uniform(stream) < 0.5 else gain, sample_rate)
            edge_hz *= ratio
        for mode in range(_MODES):
            side.gain[mode] /= math.sqrt(energy)


@kernel
def shake(panel, emitters, stream, first, frame, left, impulse):
    """Let a crackle at `left` (-1..1) shake the panel from this frame on; each does it more or less."""
    impulse *= math.exp(_UNEVEN * (noise.gaussian(stream) - _UNEVEN))
    for index in range(SIDES):
        side = panel.side.facet[index]
        facet.advance(side, emitters.slot[first + index].out, frame)
        share = (0.5 + 0.4 * left * (1.0 - 2.0 * index)) * math.exp(_ONE_SIDED * (noise.gaussian(stream) - _ONE_SIDED))
        facet.strike(side, impulse * share)


@kernel
def hold(emitters, first, reach_m):
    """Hold the two emitters from `first` on."""
    for index in range(SIDES):
        emitter.hold(emitters, first + index, emitter.EARS, 0.0, _APART * reach_m * (1.0 - 2.0 * index), 0.0)


@kernel
def finish(panel, emitters, first, stop):
    """Advance both sides to the end of what is rendered."""
    for index in range(SIDES):
        side = panel.side.facet[index]
        facet.advance(side, emitters.slot[first + index].out, stop)
        if stop == QUANTUM:
            side.at = 0
