"""A noise gate: what is quiet is kept out, what is loud passes as it is.  x -> peaks -> hysteresis, soft knee -> gain.

It opens at its threshold and begins to close 6 dB below it, so that what lies near the threshold does not flutter. Where it has
closed, the last 12 dB below the threshold fade in (a soft knee). The gain itself moves by one pole either way, never in a step.
"""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel
from synth.rt.units import gain_from_db

HYSTERESIS_DB, KNEE_DB = 6.0, 12.0
OPENING_S = 0.003
"""Time constant with which it opens: the onset of a consonant passes, its own edge is no click."""
PEAK_S = 0.01
"""Time constant with which a peak is forgotten (power): between two half waves of 80 Hz it falls by less than the hysteresis."""
_CLOSED = math.log(1000.0)  # of the gain, in nepers: 60 dB
_STAYS_OPEN, _KNEE = 10 ** (-HYSTERESIS_DB / 10), 10 ** (-KNEE_DB / 10)  # of the threshold's power
GATE = np.dtype(
    [
        ("threshold", "f8"),  # power; 0: everything passes
        ("forgets", "f8"),
        ("opens", "f8"),
        ("closes", "f8"),
        ("power", "f8"),  # of the peaks
        ("gain", "f8"),
        ("is_open", "i8"),
    ],
    align=True,
)


@kernel
def tune(gate, threshold_db, release_s, sample_rate):
    """Set the peak level (dB, of a sample of 1) at which it opens, and how long its gain takes to fall by 60 dB."""
    gate.threshold = gain_from_db(2.0 * threshold_db)
    gate.forgets = 1.0 - math.exp(-1.0 / (PEAK_S * sample_rate))
    gate.opens = 1.0 - math.exp(-1.0 / (OPENING_S * sample_rate))
    gate.closes = 1.0 - math.exp(-_CLOSED / (release_s * sample_rate))


@kernel
def tick(gate, x):
    """Return the gain for one sample."""
    power = x * x
    gate.power = power if power > gate.power else gate.power + gate.forgets * (power - gate.power)
    if gate.power >= gate.threshold:
        gate.is_open = 1
    elif gate.power < _STAYS_OPEN * gate.threshold:
        gate.is_open = 0
    aim = 1.0
    if not gate.is_open:
        up = 1.0 + math.log(max(gate.power / gate.threshold, _KNEE)) * (-1.0 / math.log(_KNEE))
        aim = up * up * (3.0 - 2.0 * up)
    gate.gain += (gate.opens if aim > gate.gain else gate.closes) * (aim - gate.gain)
    return gate.gain
