"""Records: the native state of the ears, and the constants that size it.

EARS: one loaded set at one sample rate (addresses of its tables). SOURCE: one point source. BUS: the filters' input and history.
"""

from __future__ import annotations

import numpy as np

from hrtf.kernels.fractional_delay import DELAY_TAPS
from synth.rt.records import CACHE_LINE
from synth.rt.units import QUANTUM

CELLS = 128
"""Cells along each side of the octahedral map of the sphere."""


SAMPLE_RATE = 48000
"""Rate at which sets are built."""

TAPS = 96

CHANNELS = 24
"""Fixed filters: the mean and 23 principal components."""


RATES_HZ = (32000, 192000)
"""Lowest and highest sample rate."""
K_MAX = CHANNELS
"""Weights per ear: the mean and 23 principal components."""
FILTER_BLOCK = TAPS
"""The fixed filters' length is a multiple of this at every rate."""
TAPS_MAX = 4 * TAPS
"""Taps of the fixed filters at 192 kHz."""
HISTORY = 384
"""Frames of a source's past that its delay line can hold (192 kHz: 2.0 ms)."""
LINE = HISTORY + QUANTUM
"""Length of a source's delay line; the running quantum is its last 64 frames."""
ROWS = 8
"""Delayed signals gathered before they are mixed into the bus together."""
LANES = 16
"""Partial sums of the filters, each of every 16th tap."""
SPAN = QUANTUM + LANES
"""Frames of each partial sum."""
CORNER = CACHE_LINE
"""Bytes of one (direction, distance, ear) in the table: gain f4, delay in frames f4, 24 codes i2, padding: a cache line."""
TRIANGLE = 64
"""Bytes of one triangle: inverse matrix 9 f4, vertices 3 i4, neighbours 3 i4, padding."""

EARS = np.dtype(
    [
        ("corners", np.intp),  # CORNER bytes x vertex x distance x stored ear
        ("triangles", np.intp),  # TRIANGLE bytes each
        ("cells", np.intp),  # int32 (CELLS, CELLS): where the search starts
        ("steps", np.intp),  # float32 (K_MAX,): weight = code * step * gain
        ("filters", np.intp),  # float32 (K_MAX, taps), reversed in time
        ("fractions", np.intp),  # float32 (PHASES + 1, DELAY_TAPS)
        ("triangle_count", np.int64),
        ("distances", np.int64),
        ("stored_ears", np.int64),  # 1: the right ear is the left one mirrored
        ("taps", np.int64),
        ("base_delay_frames", np.int64),
        ("history_frames", np.int64),  # frames of a source's past in use
        ("sample_rate", np.float64),
        ("radius_m", np.float64),
        ("nearest_m", np.float64),  # smallest distance from the surface
        ("log_nearest", np.float64),
        ("per_log_step", np.float64),
    ],
    align=True,
)

SOURCE = np.dtype(
    [
        ("line", np.float32, (LINE,)),  # past, then the running quantum
        ("weights", np.float32, (2, K_MAX)),  # now
        ("weights_end", np.float32, (2, K_MAX)),  # at the end of the quantum
        ("delay", np.float32, (2,)),  # frames, base delay included, now
        ("delay_end", np.float32, (2,)),
        ("placed", np.int64),  # 0 not yet, 1 at rest, 2 moving in this quantum
        ("position_m", np.float64, (3,)),  # where it was placed last
        ("padding", np.int64, (2,)),
    ],
    align=True,
)

BUS = np.dtype(
    [
        ("rows", np.float32, (2, ROWS, QUANTUM)),  # delayed signals waiting to be mixed
        ("row_weights", np.float32, (2, ROWS, K_MAX)),
        ("lines", np.float32, (2, K_MAX, TAPS_MAX + QUANTUM)),  # filters' past, then the running quantum
        ("sums", np.float32, (LANES * SPAN,)),  # scratch of the filters
        ("row_count", np.int64),
        ("quiet_frames", np.int64),  # frames since the last source; beyond the filters' length there is nothing to do
        ("heard", np.int64),  # 1 once anything has been mixed since the bus was zeroed or ran out
        ("padding", np.int64, (5,)),
    ],
    align=True,
)

# SOURCE and BUS are whole cache lines: memory that starts on one (`aligned_zeros`) is mixed about twice as fast.
assert SOURCE.itemsize % CACHE_LINE == 0
assert BUS.itemsize % CACHE_LINE == 0
assert CHANNELS == 24  # the kernels are unrolled for these numbers
assert DELAY_TAPS == 8
