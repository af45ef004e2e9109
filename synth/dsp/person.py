"""Persons: how one mouth differs from another.  length of the tract, breath, nearness of the lips -> settings of a tract."""

from __future__ import annotations

from synth.rt import kernel

_LENGTH_M = (0.14, 0.186)  # of the tract: a child of ten, a tall man (Fitch and Giedd 1999, against men of 0.175)
_BED = 0.06  # what a mouth that says nothing lets pass: chosen


@kernel
def settle(settings, person, breathiness, closeness, unevenness):
    """Write how somebody whispers just now.

    Parameters
    ----------
    settings : a tract's SETTINGS record.
    person : 0 a child, 0.5 a woman, 1 a tall man.
    breathiness : 0..1, how far the glottis opens; the wider, the higher the resonances, at 1 as the mean of people who were asked
        to whisper has them (Swerdlin, Smith and Wolfe 2010).
    closeness : 0..1, how near the lips are.
    unevenness : 0..1, how much the sources flutter.
    """
    short_m, long_m = _LENGTH_M
    settings.length_m = short_m * (long_m / short_m) ** person
    settings.smile = 0.3
    settings.wide = 0.65 + 0.8 * breathiness
    settings.tilt = -0.3
    settings.air = 0.04 + 0.35 * breathiness * breathiness
    settings.low = 1.5 * closeness * closeness
    settings.unevenness = unevenness
    settings.bed = _BED * (0.5 + breathiness)
    settings.shift = breathiness
    settings.voice = 0.0
