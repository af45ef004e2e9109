"""What lips and tongue do, as numbers: a column for each kind of sound.  kind -> suction, pop, resonances, noise, bubbles.

The click of the ridge has its top at 2 kHz and lasts 12 ms, that of the teeth at 5 kHz and 30 ms; lips pop at 300..1500 Hz
after 60 to 150 ms of suction. The rest was chosen.
"""

from __future__ import annotations

KINDS = ("lip_smack", "kiss", "tongue_click", "tsk", "swallow", "wet")
LIP_SMACK, KISS, CLICK, TSK, SWALLOW, WET = range(len(KINDS))
OFTEN = (0.3, 0.38, 0.5, 0.57, 0.66, 1.01)  # up to which draw each of them is taken, where they are mixed
MODES = 3
LEVEL = (0.65, 0.65, 1.05, 1.1, 0.85, 1.1)
# the suction's length, centre when it begins and ends, quality and level
SUCTION_S = (0.095, 0.11, 0.0, 0.0, 0.14, 0.0)
SUCTION_HZ = ((900.0, 2400.0), (1300.0, 3300.0), (1.0, 1.0), (1.0, 1.0), (500.0, 800.0), (1.0, 1.0))
SUCTION_Q = (1.2, 3.0, 1.0, 1.0, 0.7, 1.0)
SUCTION = (0.16, 0.3, 0.0, 0.0, 0.2, 0.0)
# the pop of the lips; the resonances of the mouth and what strikes them
POP_HZ = (430.0, 620.0, 0.0, 0.0, 0.0, 330.0)
POPS = (0.5, 0.5, 0.0, 0.0, 0.0, 0.06)
MODES_HZ = (
    (760.0, 1500.0, 2700.0), (900.0, 1750.0, 3000.0), (2000.0, 1300.0, 3500.0),
    (5000.0, 3700.0, 7200.0), (280.0, 640.0, 1500.0), (650.0, 1350.0, 2500.0),
)  # fmt: skip
MODES_T60_S = (0.022, 0.022, 0.034, 0.007, 0.05, 0.02)
MODES_GAIN = ((1.0, 0.7, 0.5), (1.0, 0.7, 0.5), (1.0, 0.35, 0.25), (1.0, 0.4, 0.5), (1.0, 0.6, 0.3), (1.0, 0.7, 0.5))
BLOW_S = (0.0004, 0.0004, 0.00015, 0.0001, 0.002, 0.0004)
BLOW = (0.35, 0.3, 1.0, 0.25, 0.2, 0.1)
# the noise as it opens: centre, quality, seconds to a tenth, level
BURST_HZ = (3300.0, 4300.0, 2300.0, 5000.0, 1100.0, 3800.0)
BURST_Q = (0.6, 0.7, 1.2, 2.2, 0.8, 0.6)
BURST_S = (0.012, 0.010, 0.006, 0.030, 0.07, 0.008)
BURST = (0.25, 0.2, 0.25, 0.8, 0.06, 0.05)
# bubbles: how many at full wetness, over which time
BUBBLES = (18.0, 9.0, 4.0, 8.0, 7.0, 32.0)
SPAN_S = (0.13, 0.08, 0.06, 0.07, 0.3, 0.55)
