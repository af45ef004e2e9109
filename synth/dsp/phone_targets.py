"""Phones' targets: what a vocal tract does for each phone.  phone -> resonances, noise of a constriction, closure, nose.

Resonances are a man's (tract of 17.5 cm), voiced. Vowels: Peterson and Barney 1952, men's means, and Hillenbrand and others
1995, u fronted as many Americans have it now (Hagiwara 1997); diphthongs' two ends, and consonants: Klatt 1980, tables II and
III; `yields`: how far a consonant's second resonance goes along with the vowel next to it, which is the slope of its locus
equation (Sussman, McCaffrey and Matthews 1991: b .87, d .43, g .66). RX and LX, r and l behind their vowel: chosen. Bands of
frication: front cavity of each place (Stevens 1998, ch. 7 and 8; Jongman, Wayland and Wong 2000), their shares and the
levels: chosen.
Then all were moved to where the acoustic model of a recogniser (pocketsphinx, American English), whose states know which
spectrum human voices have in each phone, takes most phones for what they are, in other words than those of the tests; simple
vowels by up to 16 % beyond what both sources span, u by 35 % in the second resonance. So vowels lie farther apart, as in
clear speech, and a low first resonance makes up for what the open glottis raises it by. Breath of s, f and the like stays
louder than that model has it: a whisperer's glottis is open there too.
"""

from __future__ import annotations

from synth.dsp.phone import NAMES

SILENT, VOWEL, GLIDE, NASAL, FRICATIVE, STOP, AFFRICATE = range(7)
"""Kinds. A glide's tract stays open; l and r are glides here."""
_OFF = -60.0
_WITH_F2 = 0.0  # as a band's frequency: the cavity before the constriction is that of the second resonance

_VOWELS = {  # F1, F2, F3, and where they go: hertz; level, dB
    "AA": ((880, 1160, 2410), None, 2.0),
    "AE": ((750, 1620, 2220), None, -0.5),
    "AH": ((520, 1380, 2480), None, -1.0),
    "AO": ((630, 860, 2270), None, -6.0),
    "AW": ((750, 1230, 2400), (410, 1070, 2350), 0.5),
    "AX": ((470, 1330, 2470), None, -1.5),
    "AY": ((680, 1280, 2510), (400, 1900, 2340), 2.0),
    "EH": ((540, 1910, 2090), None, 2.0),
    "ER": ((430, 1440, 1560), None, -4.0),
    "EY": ((520, 2070, 2380), (290, 2390, 2610), -1.5),
    "IH": ((350, 1880, 2570), None, 2.0),
    "IY": ((260, 2420, 2710), None, -6.5),
    "OW": ((540, 1050, 2170), (350, 830, 2060), -1.0),
    "OY": ((550, 880, 2400), (370, 1900, 2500), -2.0),
    "UH": ((390, 1220, 2020), None, 2.0),
    "UW": ((290, 1350, 2450), (300, 1140, 2190), 1.0),
}
_CONSONANTS = {
    # kind, (F1, F2, F3), yields, voiced, breath at the glottis dB, noise at the constriction dB, its bands (hertz, Q, gain) x 3,
    # nose's zero hertz (0: shut)
    "W": (GLIDE, (330, 640, 1950), 0.05, 1, -4.0, _OFF, ((900, 1, 1), (2500, 1, 0.3), (6000, 1, 0.1)), 0),
    "Y": (GLIDE, (260, 2280, 2510), 0.08, 1, -3.5, -27.5, ((2900, 2, 1), (3800, 2.7, 0.25), (7000, 1, 0.18)), 0),
    "R": (GLIDE, (350, 1180, 1250), 0.12, 1, 2.5, _OFF, ((1400, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 0),
    "L": (GLIDE, (410, 1140, 3360), 0.09, 1, -2.5, _OFF, ((1400, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 0),
    "RX": (GLIDE, (440, 1360, 1500), 0.11, 1, -4.0, _OFF, ((1400, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 0),
    "LX": (GLIDE, (460, 750, 3020), 0.06, 1, -10.5, _OFF, ((1400, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 0),
    "M": (NASAL, (240, 1130, 1730), 0.18, 1, -5.0, _OFF, ((900, 1, 1), (2500, 1, 0.3), (6000, 1, 0.1)), 680),
    "N": (NASAL, (260, 1540, 2170), 0.16, 1, -6.0, _OFF, ((1500, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 1240),
    "NG": (NASAL, (260, 1870, 3000), 0.76, 1, -6.0, _OFF, ((1900, 1, 1), (3000, 1, 0.3), (6000, 1, 0.1)), 3150),
    "HH": (FRICATIVE, (530, 1320, 2200), 1, 0, -7.5, _OFF, ((1500, 1, 1), (3000, 1, 0.4), (7000, 1, 0.3)), 0),
    "F": (FRICATIVE, (360, 1160, 2340), 0.96, 0, -26.0, -9.0, ((1550, 0.6, 0.6), (3950, 0.9, 0.87), (8500, 0.7, 0.95)), 0),
    "V": (FRICATIVE, (210, 1230, 2160), 0.41, 1, -25.0, -18.0, ((1300, 0.6, 0.85), (3650, 0.6, 1.15), (7500, 0.7, 0.64)), 0),
    "TH": (FRICATIVE, (330, 1170, 2900), 0.39, 0, -24.0, -13.5, ((1600, 1, 0.3), (5600, 1.1, 0.25), (8000, 0.9, 1.59)), 0),
    "DH": (FRICATIVE, (230, 1510, 2540), 0.21, 1, -20.0, -17.0, ((1550, 0.8, 0.3), (5600, 0.7, 0.41), (8000, 0.9, 0.81)), 0),
    "S": (FRICATIVE, (360, 1580, 2670), 0.53, 0, -22.0, 2.5, ((4400, 3.2, 0.2), (5950, 3.4, 2), (7900, 3, 0.41)), 0),
    "Z": (FRICATIVE, (280, 1460, 2560), 0.4, 1, -19.0, 1.0, ((4150, 2.5, 0.2), (5700, 4.1, 2), (7900, 3, 0.29)), 0),
    "SH": (FRICATIVE, (360, 1800, 2430), 0.25, 0, -22.0, 5.0, ((3000, 3.6, 1), (3700, 4.1, 0.55), (6300, 2, 0.12)), 0),
    "ZH": (FRICATIVE, (280, 1800, 2600), 0.3, 1, -20.0, -5.0, ((2750, 4, 1), (4100, 3, 0.55), (6300, 2, 0.2)), 0),
    "P": (STOP, (350, 1040, 2150), 0.55, 0, -11.0, -7.0, ((900, 0.8, 1), (2350, 0.7, 0.31), (6000, 0.8, 0.1)), 0),
    "B": (STOP, (260, 810, 2450), 0.35, 1, 4.0, -25.5, ((800, 0.9, 1), (2450, 0.7, 0.27), (6000, 0.8, 0.12)), 0),
    "T": (STOP, (330, 1640, 2600), 0.43, 0, -3.5, 2.0, ((3450, 1.8, 0.6), (4300, 1.8, 1.22), (6500, 2, 0.8)), 0),
    "D": (STOP, (250, 1500, 2290), 0.43, 1, -6.5, -3.0, ((3900, 1.7, 0.8), (3950, 2.1, 1), (6500, 2, 0.8)), 0),
    "K": (STOP, (320, 1880, 2370), 0.99, 0, -14.5, 1.0, ((_WITH_F2, 4.7, 1), (3600, 2.7, 0.2), (5500, 1.5, 0.07)), 0),
    "G": (STOP, (250, 1810, 2400), 0.95, 1, -8.0, -6.0, ((_WITH_F2, 4.7, 1), (4400, 1.9, 0.2), (6400, 1.5, 0.08)), 0),
    "CH": (AFFRICATE, (310, 1810, 2700), 0.34, 0, -20.0, 5.0, ((3100, 4.7, 1), (3800, 2.5, 0.62), (6300, 2, 0.41)), 0),
    "JH": (AFFRICATE, (250, 1620, 2430), 0.33, 1, -18.0, 3.0, ((3250, 2.9, 1), (4000, 2.7, 0.86), (6300, 2, 0.33)), 0),
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
_RELEASE_S = {"P": 0.030, "T": 0.035, "K": 0.055, "B": 0.029, "D": 0.014, "G": 0.045}
RELEASE_S = tuple(_RELEASE_S.get(name, 0.0) for name in NAMES)
"""How long a stop sounds from its burst on, before a vowel: the farther back, the longer (Lisker and Abramson 1964)."""
SIBILANT = tuple(1.0 if name in ("S", "Z", "SH", "ZH", "CH", "JH", "T") else 0.0 for name in NAMES)
