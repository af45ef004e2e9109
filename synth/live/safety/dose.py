"""Sound dose after WHO-ITU H.870.  mean square -> calibration -> squared pressure -> times hours -> share of a week's allowance.

Equal energy: 3 dB more are half the time. The allowance is what 80 dBA (adults) or 75 dBA (children, and whoever is sensitive)
give in 40 hours, and it is for seven days (ITU-T H.870, 2018, second edition 2022; WHO and ITU, Safe listening devices and
systems, 2019).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from synth.parameters.errors import InputError, shown, unknown

REFERENCE_PA = 20e-6
ASSUMED_CALIBRATION_DBA = 100.0
"""What a sine of 1 kHz at full scale is taken to be at the ear by who does not know: loud headphones, turned up."""
_CALIBRATIONS_DBA = 40.0, 140.0
_SINE_MEAN_SQUARE = 0.5  # of one at full scale
_DEEPEST_GUARD_DB = -30.0
_GUARDED_SHARE = 0.8  # of the allowance: from here on the guard turns down


@dataclass(frozen=True)
class Allowance:
    """What an ear may take in within seven days.

    Parameters
    ----------
    level_dba, hours : this level for so long uses it up.
    doc : whom it is for.
    """

    level_dba: float
    hours: float
    doc: str

    @property
    def pa2h(self) -> float:
        """Squared pressure times hours: 1.6 and 0.506 (which H.870 rounds to 0.51)."""
        return pa2_from_dba(self.level_dba) * self.hours


ALLOWANCES: Mapping[str, Allowance] = MappingProxyType(
    {
        "adult": Allowance(80, 40, "H.870 mode 1: adults"),
        "sensitive": Allowance(75, 40, "H.870 mode 2: children, and whoever is sensitive"),
    }
)


def allowance(mode: str) -> Allowance:
    """Return the allowance of a mode; InputError names the known ones."""
    if mode not in ALLOWANCES:
        raise unknown("exposure mode", mode, ALLOWANCES)
    return ALLOWANCES[mode]


def checked_calibration_dba(calibration_dba: float) -> float:
    """Return the calibration as a number; InputError if no headphones are like that."""
    lowest, highest = _CALIBRATIONS_DBA
    if (
        isinstance(calibration_dba, bool)
        or not isinstance(calibration_dba, int | float)
        or not lowest <= calibration_dba <= highest
    ):
        right = f"a level of {lowest:g} to {highest:g} dBA: what a 1 kHz sine at full scale is at the ear"
        raise InputError(f"calibration_dba: {shown(calibration_dba)} is not {right}")
    return float(calibration_dba)


def pa2_from_dba(level_dba: float) -> float:
    """Return the squared pressure of a level; -inf is silence."""
    return float(REFERENCE_PA**2 * 10 ** (level_dba / 10))


def dba_from_pa2(pa2: float) -> float:
    """Return the level of a squared pressure; -inf for silence."""
    return 10 * math.log10(pa2 / REFERENCE_PA**2) if pa2 > 0 else -math.inf


def pa2_from_mean_square(mean_square: float, calibration_dba: float) -> float:
    """Return the squared pressure at the ear of an A-weighted mean square (1: a square wave at full scale)."""
    return mean_square / _SINE_MEAN_SQUARE * pa2_from_dba(calibration_dba)


def dose_pa2h(level_dba: float, hours: float) -> float:
    """Return the dose of a level that lasts."""
    return pa2_from_dba(level_dba) * hours


def hours_left(rest_pa2h: float, pa2: float) -> float:
    """Return how long a squared pressure may last until the rest is used up; inf in silence."""
    if rest_pa2h <= 0:
        return 0.0
    return rest_pa2h / pa2 if pa2 > 0 else math.inf


def guard_target_db(pa2: float, rest_pa2h: float, allowance_pa2h: float, planned_hours: float) -> float:
    """Return by how much a programme should be turned down: -30 .. 0 dB.

    Nothing until four fifths of the allowance are used. There the fifth that is left may be spent at the pressure at which it
    lasts for the planned time; the less is left, the more slowly it may go: by the square of what is left, so that it falls as
    1 / (1 + t / planned time) and is never used up, unless the programme is so loud that 30 dB do not do.

    Parameters
    ----------
    pa2 : squared pressure of the programme, not turned down.
    rest_pa2h : what is left of the allowance.
    allowance_pa2h : all of it.
    planned_hours : how long the listening should be able to go on.
    """
    reserve_pa2h = (1 - _GUARDED_SHARE) * allowance_pa2h
    if rest_pa2h >= reserve_pa2h or pa2 <= 0:
        return 0.0
    if rest_pa2h <= 0:
        return _DEEPEST_GUARD_DB
    spendable_pa2 = rest_pa2h**2 / (reserve_pa2h * planned_hours)
    return min(0.0, max(_DEEPEST_GUARD_DB, 10 * math.log10(spendable_pa2 / pa2)))
