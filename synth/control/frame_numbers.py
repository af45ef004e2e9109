"""Frame numbers as they are sent with an event: an absolute frame, or now."""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.parameters.errors import InputError, shown

NEVER = 1 << 62
"""After every frame."""
NOW = -1
"""As an event's frame: the first one not yet rendered."""


def frame_of(at: Any) -> int:
    """Return an absolute frame as it is sent; None: the first not yet rendered."""
    if at is None:
        return NOW
    if isinstance(at, bool) or not isinstance(at, (int, np.integer)) or not 0 <= at < NEVER:
        raise InputError(f"at = {shown(at)}; it must be an absolute frame, a whole number of 0 or more, or None for now")
    return int(at)
