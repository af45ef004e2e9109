"""Materials: what a struck thing is made of, as numbers.  material -> modes, stiffness, diffuse field, a hand on it.

Lowest modes, T60s and slopes: medians over recorded objects (docs/internals/physics.md, materials); those of what was not
recorded there, and of the woods (here a board and a box, not a block), were chosen after recordings of taps. Stiffness: Young's
modulus, of wood across its grain. The rest was chosen so that taps have the spectrum of recorded ones; a tilt below 0 is a stiff
plate that radiates better the higher it sounds.
"""

from __future__ import annotations

_MATERIALS = {
    # lowest mode Hz, its T60 s, slope of T60 over frequency, stretch of the modes, gain ~ frequency^-tilt, their unevenness dB,
    # stiffness MPa, diffuse field: gain, T60 at 1 kHz s, thump of what it lies on, a hand's rumble and air, peel of the skin
    "glass": (840.0, 0.20, -0.21, 0.95, -1.9, 8.0, 7e4, 0.12, 0.10, 0.18, 0.5, 0.3, 0.1),
    "ceramic": (2330.0, 0.149, -0.41, 0.62, -0.3, 10.0, 7e4, 0.5, 0.08, 0.3, 0.4, 0.25, 0.1),
    "stone": (1810.0, 0.13, -0.28, 0.72, 0.0, 8.0, 5e4, 0.6, 0.07, 0.4, 0.4, 0.35, 0.1),
    "metal": (760.0, 0.126, -0.27, 0.95, -0.5, 9.0, 1e5, 0.3, 0.15, 0.3, 0.4, 0.25, 0.1),
    "hard_wood": (240.0, 0.138, -0.07, 0.82, 0.5, 8.0, 1e3, 0.8, 0.08, 0.65, 0.9, 0.25, 0.2),
    "soft_wood": (120.0, 0.14, -0.11, 0.95, 0.5, 6.0, 300.0, 1.0, 0.07, 1.2, 0.7, 0.25, 0.2),
    "plastic": (800.0, 0.058, -0.30, 0.8, 0.3, 8.0, 2.5e3, 0.8, 0.04, 0.6, 0.8, 0.5, 0.4),
    "cardboard": (300.0, 0.077, -0.15, 0.9, 0.4, 5.0, 50.0, 1.2, 0.05, 1.0, 0.9, 0.8, 0.4),
    "leather": (310.0, 0.065, 0.0, 0.8, 0.3, 4.0, 50.0, 3.0, 0.04, 1.6, 2.0, 2.0, 4.0),
    "phone_screen": (620.0, 0.035, -0.2, 0.8, 0.1, 6.0, 2e4, 0.8, 0.03, 0.8, 0.8, 0.5, 0.6),
    "cork": (420.0, 0.03, -0.1, 0.8, 0.5, 4.0, 20.0, 1.0, 0.025, 1.2, 1.0, 1.0, 0.5),
    "mic_foam": (160.0, 0.02, 0.0, 0.8, 0.6, 3.0, 0.3, 1.6, 0.02, 0.25, 1.2, 0.8, 2.0),
}
NAMES = tuple(_MATERIALS)
_COLUMNS = tuple(zip(*_MATERIALS.values(), strict=True))
LOWEST_HZ, T60_S, SLOPE, STRETCH, TILT, UNEVEN_DB, STIFF_MPA, FIELD, FIELD_T60_S, THUMP, RUMBLE, AIR, PEEL = _COLUMNS
