"""Phones' targets: what a vocal tract does for each phone.  phone -> resonances, noise of a constriction, closure, nose.

Resonances are a man's (tract of 17.5 cm), voiced. Vowels: Peterson and Barney 1952, men's means; diphthongs' two ends, and
consonants: Klatt 1980, tables II and III; `yields`: how far a consonant's second resonance goes along with the vowel next to it,
which is the slope of its locus equation (Sussman, McCaffrey and Matthews 1991: b .87, d .43, g .66). Bands of frication: front
cavity of each place (Stevens 1998, ch. 7 and 8; Jongman, Wayland and Wong 2000), their shares and the levels: chosen.
Then resonances were moved by up to 15 %, bands by up to 17 %, levels by up to 7 dB, to where a recogniser that was trained on
human voices (pocketsphinx, its American English model) takes most phones for what they are: so vowels lie farther apart, as in
clear speech, and a low first resonance makes up for what the open glottis raises it by.
"""

from __future__ import annotations

from synth.dsp.phone import NAMES

SILENT, VOWEL, GLIDE, NASAL, FRICATIVE, STOP, AFFRICATE = range(7)
"""Kinds. A glide's tract stays open; l and r are glides here."""
_OFF = -60.0
_WITH_F2 = 0.0  # as a band's frequency: the cavity before the constriction is that of the second resonance

_VOWELS = {  # F1, F2, F3, and where they go: hertz; level, dB
    "AA": ((820, 1090, 2440), None, 4.0),
    "AE": ((750, 1640, 2410), None, 4.0),
    "AH": ((560, 1190, 2390), None, 0.0),
    "AO": ((600, 840, 2410), None, 2.0),
    "AW": ((700, 1230, 2550), (420, 900, 2350), 0.0),
    "AX": ((440, 1340, 2500), None, -3.0),
    "AY": ((700, 1150, 2500), (370, 1950, 2600), 0.0),
    "EH": ((500, 1740, 2380), None, 4.0),
    "ER": ((430, 1350, 1610), None, -2.0),
    "EY": ((480, 1800, 2520), (330, 2150, 2700), 0.0),
    "IH": ((340, 1790, 2550), None, 2.0),
    "IY": ((250, 2290, 3010), None, -4.0),
    "OW": ((540, 1050, 2300), (400, 820, 2300), 0.0),
    "OY": ((550, 880, 2400), (370, 1900, 2500), 0.0),
    "UH": ((440, 1020, 2240), None, 0.0),
    "UW": ((280, 1250, 2200), (260, 1000, 2200), 0.0),
}
_CONSONANTS = {
    # kind, (F1, F2, F3), yields, voiced, breath at the glottis dB, noise at the constriction dB, its bands (hertz, Q, gain) x 3,
    # nose's zero hertz (0: shut)
    "W": (GLIDE, (290, 610, 2150), 0.1, 1, -4.0, _OFF, ((900, 1, 1), (2500, 1, 0.3), (6000, 1, 0.1)), 0),
    "Y": (GLIDE, (260, 2150, 3020), 0.1, 1, -4.0, -26.0, ((3000, 2, 1), (4200, 2, 0.5), (7000, 1, 0.3)), 0),
    "R": (GLIDE, (310, 1160, 1280), 0.15, 1, -2.0, _OFF, ((1400, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 0),
    "L": (GLIDE, (360, 1000, 2950), 0.1, 1, -1.0, _OFF, ((1400, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 0),
    "M": (NASAL, (270, 1000, 1970), 0.35, 1, -3.0, _OFF, ((900, 1, 1), (2500, 1, 0.3), (6000, 1, 0.1)), 900),
    "N": (NASAL, (300, 1650, 2470), 0.15, 1, -3.0, _OFF, ((1500, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 1650),
    "NG": (NASAL, (300, 1990, 2850), 0.6, 1, -3.0, _OFF, ((1900, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 3300),
    "HH": (FRICATIVE, (500, 1500, 2500), 1.0, 0, -12.0, _OFF, ((1500, 1, 1), (3000, 1, 0.4), (7000, 1, 0.3)), 0),
    "F": (FRICATIVE, (340, 1100, 2080), 0.6, 0, -20.0, -11.0, ((1500, 0.7, 0.6), (4000, 0.7, 0.6), (8500, 0.7, 1)), 0),
    "V": (FRICATIVE, (240, 1200, 1960), 0.6, 1, -15.0, -16.0, ((1300, 0.7, 0.85), (3500, 0.7, 0.6), (7500, 0.7, 0.7)), 0),
    "TH": (FRICATIVE, (320, 1290, 2540), 0.5, 0, -18.0, -12.0, ((1700, 0.8, 0.3), (5000, 0.8, 0.5), (8000, 0.9, 1)), 0),
    "DH": (FRICATIVE, (260, 1420, 2400), 0.25, 1, -15.0, -19.0, ((1700, 0.8, 0.3), (5000, 0.8, 0.5), (8000, 0.9, 1)), 0),
    "S": (FRICATIVE, (320, 1450, 2530), 0.4, 0, -24.0, 2.0, ((4200, 2.5, 0.2), (6000, 3.0, 1), (7900, 3.0, 0.55)), 0),
    "Z": (FRICATIVE, (280, 1450, 2530), 0.4, 1, -12.0, -4.0, ((4200, 2.5, 0.2), (6000, 3.0, 1), (7900, 3.0, 0.5)), 0),
    "SH": (FRICATIVE, (320, 1800, 2600), 0.3, 0, -22.0, 2.0, ((2750, 4.0, 1), (4100, 3.0, 0.55), (6300, 2.0, 0.2)), 0),
    "ZH": (FRICATIVE, (280, 1800, 2600), 0.3, 1, -11.0, -4.0, ((2750, 4.0, 1), (4100, 3.0, 0.55), (6300, 2.0, 0.2)), 0),
    "P": (STOP, (350, 1000, 2150), 0.8, 0, -5.0, -6.0, ((900, 0.8, 1), (2500, 0.7, 0.4), (6000, 0.8, 0.15)), 0),
    "B": (STOP, (280, 920, 2150), 0.55, 1, 4.0, -19.0, ((900, 0.8, 1), (2500, 0.7, 0.3), (6000, 0.8, 0.1)), 0),
    "T": (STOP, (350, 1700, 2600), 0.43, 0, 1.0, 3.0, ((3300, 1.5, 0.6), (4300, 1.8, 1), (6500, 2.0, 0.8)), 0),
    "D": (STOP, (280, 1700, 2450), 0.43, 1, 4.0, -3.0, ((3500, 1.5, 0.8), (4300, 1.8, 1), (6500, 2.0, 0.8)), 0),
    "K": (STOP, (350, 1840, 2450), 0.95, 0, -5.0, 6.0, ((_WITH_F2, 3.5, 1), (3600, 2.0, 0.2), (5500, 1.5, 0.1)), 0),
    "G": (STOP, (280, 1990, 2450), 0.95, 1, 4.0, 2.0, ((_WITH_F2, 3.5, 1), (4200, 2.0, 0.2), (6400, 1.5, 0.07)), 0),
    "CH": (AFFRICATE, (350, 1800, 2600), 0.3, 0, -20.0, 2.0, ((2900, 3.5, 1), (4200, 2.5, 0.6), (6300, 2.0, 0.3)), 0),
    "JH": (AFFRICATE, (280, 1800, 2600), 0.3, 1, -9.0, -3.0, ((2900, 3.5, 1), (4200, 2.5, 0.6), (6300, 2.0, 0.25)), 0),
}  # fmt: skip
_REST: tuple[tuple[float, ...], ...] = (
    (450, 1450, 2450),
    (1500, 1, 1),
    (3000, 1, 0.4),
    (6500, 1, 0.3),
)  # a tract that waits: a narrow schwa
_F4_HZ = 3500.0


def _row(name: str) -> tuple[float, ...]:
    if name in _VOWELS:
        first, second, level_db = _VOWELS[name]
        bands: tuple[tuple[float, ...], ...] = _REST[1:]
        return (VOWEL, *first, *(second or first), 0.0, 1, level_db, _OFF, *bands[0], *bands[1], *bands[2], 0.0)
    if name in _CONSONANTS:
        kind, formants, yields, voiced, breath_db, noise_db, places, zero_hz = _CONSONANTS[name]
        return (kind, *formants, *formants, yields, voiced, breath_db, noise_db, *places[0], *places[1], *places[2], zero_hz)
    return (SILENT, *_REST[0], *_REST[0], 0.5, 0, _OFF, _OFF, *_REST[1], *_REST[2], *_REST[3], 0.0)


def _amplitude(level_db: float) -> float:
    return 0.0 if level_db <= _OFF else float(10.0 ** (level_db / 20.0))


_COLUMNS = tuple(zip(*(map(float, _row(name)) for name in NAMES), strict=True))
KIND = tuple(map(int, _COLUMNS[0]))
FIRST_HZ, SECOND_HZ = _COLUMNS[1:4], _COLUMNS[4:7]
"""Resonances 1 to 3 where a phone begins and where it ends: [resonance][phone]."""
F4_HZ = _F4_HZ
YIELDS = _COLUMNS[7]
VOICED = _COLUMNS[8]
BREATH, NOISE = tuple(map(_amplitude, _COLUMNS[9])), tuple(map(_amplitude, _COLUMNS[10]))
"""Amplitudes of the noise at the glottis, and at a constriction."""
BAND_HZ, BAND_Q, BAND_GAIN = (_COLUMNS[start:20:3] for start in (11, 12, 13))
"""Of the noise at the constriction: [band][phone]; 0 Hz: with the second resonance."""
ZERO_HZ = _COLUMNS[20]
"""Where the mouth that is shut takes from what leaves by the nose; 0: the nose is shut."""
_RELEASE_S = {"P": 0.035, "T": 0.035, "K": 0.055, "B": 0.014, "D": 0.012, "G": 0.016}
RELEASE_S = tuple(_RELEASE_S.get(name, 0.0) for name in NAMES)
"""How long a stop sounds from its burst on, before a vowel: the farther back, the longer (Lisker and Abramson 1964)."""
SIBILANT = tuple(1.0 if name in ("S", "Z", "SH", "ZH", "CH", "JH", "T") else 0.0 for name in NAMES)
