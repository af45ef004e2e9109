"""A gain on its way through a quantum: straight from what it was at the end of the last one.  begin, end, frame -> gain."""

from __future__ import annotations

from synth.rt import kernel
from synth.rt.units import QUANTUM


@kernel
def gain_at(begin, end, n):
    """Return the gain of frame n, 0..63: the last one has `end`."""
    return begin + (end - begin) / QUANTUM * (n + 1.0)
