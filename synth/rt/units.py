"""Units and their conversions: decibels, semitones, degrees, frames.  Every function works in kernels and in Python."""

from __future__ import annotations

import math

import numpy as np

from synth.rt import kernel

F32 = np.float32
QUANTUM = 64
"""Frames between two readings of the controls, counted from absolute frame 0."""
SPEED_OF_SOUND_M_S = 343.0
_OFF_DB = -119.0
RADIANS_PER_DEGREE = math.pi / 180.0


@kernel
def gain_from_db(level_db: float) -> float:
    """Return the amplitude ratio of a level in decibels."""
    return math.exp(level_db * 0.11512925464970229)


@kernel
def gain_from_level(level_db: float) -> float:
    """Return the amplitude ratio of a level that may be off: -120 dB is silence."""
    return gain_from_db(level_db) if level_db > _OFF_DB else 0.0


@kernel
def ratio_from_semitones(semitones: float) -> float:
    """Return the frequency ratio of an interval in semitones."""
    return math.exp(semitones * 0.057762265046662105)


@kernel
def radians(angle_deg: float) -> float:
    """Return an angle in radians."""
    return angle_deg * RADIANS_PER_DEGREE


@kernel
def degrees(angle_rad: float) -> float:
    """Return an angle in degrees."""
    return angle_rad / RADIANS_PER_DEGREE


@kernel
def wrapped_deg(angle_deg: float) -> float:
    """Return an angle brought into -180 (excluded) .. 180 (included)."""
    return angle_deg - 360.0 * math.ceil((angle_deg - 180.0) / 360.0 - 1e-12)  # a sum that rounds to a hair above 180 is 180
