"""Air in a hollow: the column in a vessel, the film that opens over a bubble.  drive -> odd quarter-wave resonances -> out.

A vessel with water in it is a pipe closed at one end: f = (2n-1) c / (4 (L + 0.61 a)), with the end correction of an
unflanged mouth (Levine and Schwinger 1948). A bubble at the surface whose film bursts is an open Helmholtz resonator: f =
c/(2 pi) sqrt(A / (V l)), a thin mouth's effective length l being 2 * 0.85 times its radius (Poujol et al., Sound of
effervescence, 2021).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synth.dsp import filters
from synth.rt import kernel
from synth.rt.units import SPEED_OF_SOUND_M_S

END_CORRECTION = 0.61
"""By how much of its radius a pipe's mouth makes it longer."""
_HIGHEST_HZ = 12000.0


def column_dtype(count: int) -> np.dtype[Any]:
    """Return the state of an air column with `count` resonances."""
    return np.dtype([("mode", filters.SVF, (count,)), ("gain", "f8", (count,))], align=True)


@kernel
def column_hz(length_m, radius_m):
    """Return the lowest resonance of a pipe closed at one end."""
    return SPEED_OF_SOUND_M_S / (4.0 * (length_m + END_CORRECTION * radius_m))


@kernel
def bottle_hz(length_m, radius_m, mouth_m, neck_m):
    """Return the lowest resonance of a pipe behind a neck of radius `mouth_m`: a Helmholtz resonator's if it is short.

    k tan(k L) = A / (S l) with areas A of the neck and S of the pipe and the neck's effective length l; its first root, within
    2 %: k L = (pi / 2) sqrt(b / (b + pi^2 / 4)), b = A L / (S l).
    """
    b = (mouth_m / radius_m) ** 2 * length_m / (neck_m + 1.5 * mouth_m)
    angle = 0.5 * math.pi * math.sqrt(b / (b + 0.25 * math.pi * math.pi))
    return SPEED_OF_SOUND_M_S * angle / (2.0 * math.pi * length_m)


@kernel
def film_hz(radius_m, mouth):
    """Return the resonance of a half-sphere of air whose film has opened to `mouth` (0..1) of its radius."""
    return SPEED_OF_SOUND_M_S / (2.0 * math.pi * radius_m) * math.sqrt(1.5 * mouth / 1.7)


@kernel
def tune_column(column, lowest_hz, q, sample_rate):
    """Tune the odd resonances, each higher one broader and weaker for what it radiates. May be called at any time."""
    for index in range(column.gain.size):
        order = 2.0 * index + 1.0
        resonance_hz = order * lowest_hz
        filters.tune(column.mode[index], min(resonance_hz, _HIGHEST_HZ), q / math.sqrt(order), sample_rate)
        column.gain[index] = order**-0.7 / (1.0 + (resonance_hz / _HIGHEST_HZ) ** 4)


@kernel
def tick_column(column, drive):
    """Return one sample of the column's answer, 0 dB at its lowest resonance."""
    total = 0.0
    for index in range(column.gain.size):
        total += column.gain[index] * filters.band(column.mode[index], drive)
    return total
