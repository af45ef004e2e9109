"""An airway: how nose, mouth and glottis are held while somebody breathes.  way of the air, jaw, nose, mouth -> posture.

The glottis stands wide open while the air goes in and narrows while it goes out (England and Bartlett 1982), so the resonances,
which lie higher the wider it is (Swerdlin, Smith and Wolfe 2010), fall with the turn; they slide as the jaw opens and closes. In,
the air is turbulent at teeth, palate and nostrils, and what lies before them hisses; out, the jet lies before the lips, and less
of it comes back. Noise goes with the square of the speed and is the brighter the faster it is. Bands do not move together:
recordings of breath have envelopes of bands five apart that correlate by 0.8 above 4 kHz and by 0.5 below 700 Hz.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filters, formants, noise, person, tract, wander
from synth.dsp.frication import BANDS
from synth.rt import kernel
from synth.rt.units import QUANTUM

# a man's, voiced, the jaw shut and open: of a nose (Fujimura 1962), of a mouth in each manner. Calm: where real breath has its
# tops (0.6, 1.3, 2.1 kHz, measured on recordings); a yawn goes from i to a; a sigh from a dull vowel to an open one.
_NOSE_HZ = ((300.0, 950.0, 1950.0, 2900.0), (325.0, 1010.0, 2010.0, 2960.0))
_MOUTH_HZ = (
    ((420.0, 1220.0, 1840.0, 3050.0), (510.0, 1330.0, 1920.0, 3180.0)),
    ((400.0, 1050.0, 1900.0, 3050.0), (680.0, 1240.0, 2050.0, 3200.0)),
    ((350.0, 1650.0, 2300.0, 3200.0), (800.0, 1150.0, 2000.0, 3100.0)),
    ((410.0, 1240.0, 1850.0, 3050.0), (470.0, 1310.0, 1910.0, 3150.0)),
)
_LEAST_MOUTH = (0.0, 0.6, 0.9, 0.0)  # a sigh and a yawn open it, whoever breathes through the nose
_GLOTTIS = (0.25, 0.85)  # how far it is open, out and in; 1: as when whispering
_ZERO_HZ = 780.0  # what the shut mouth takes away
_JAW_HZ = 4.0
# of nostrils, of lips and teeth: between them what recordings have above 3 kHz; signs in turn, or they cancel in between
_TEETH_HZ = ((3050.0, 5800.0, 10400.0), (3350.0, 6400.0, 11000.0))
_TEETH_Q, _TEETH_GAIN = (1.0, 1.0, 1.0), (-0.15, 1.0, -0.57)
_TEETH = (0.04, 0.13)  # against what passes the throat: out, in
_AIR = (0.007, 0.04)  # up to 16 kHz: out, in
_TILT = (0.05, 0.55)  # of what passes the throat, out, in: as power of the frequency
_USUAL_TILT, _EVEN = 0.3, 2.5  # darker, the first resonance stays as loud: 1500 Hz, where a tilt turns, over 600 Hz
_USUAL_MOUTH, _NOSE_MADE_UP = 0.6, 2.5  # a nose is softer than an open mouth: half of it is made up for
_WIDE = 1.4  # bandwidths: more is lost at a glottis that stands open
_USUAL_M_S, _FASTER, _BRIGHTER = 3.5, 0.3, 0.9  # tilt: an octave of speed, and from a sigh to a hiss
_SLIDE_HZ, _SLIDE = 1.1, 0.07  # how often a resonance is elsewhere, and by how much
_SWELL_HZ, _SWELL = 7.0, 0.6  # how often each band is louder or softer by itself, and by how much (nepers)

_NOW = np.dtype([("now", "f8")])
AIRWAY = np.dtype(
    [
        ("hertz", _NOW, (formants.MOVING,)),
        *((name, _NOW) for name in ("nose", "zero_hz", "breath", "noise")),
        *((name, _NOW, (BANDS,)) for name in ("band_hz", "band_q", "band_gain")),
        ("burst", "f8"),
        ("begun", "i8"),
        ("jaw", filters.ONE_POLE, (formants.MOVING,)),
        ("slide", wander.WANDER, (formants.MOVING,)),
        ("swell", wander.WANDER, (formants.FORMANTS, 2)),
        ("settings", tract.SETTINGS),
    ],
    align=True,
)
"""A posture that `tract.shape` reads as it reads an articulation, and the settings of the tract."""


@kernel
def start(airway, stream, sample_rate):
    """Begin anywhere, with streams of its own."""
    airway.begun = 0
    for k in range(formants.MOVING):
        wander.start(airway.slide[k], noise.split(stream))
        filters.tune_one_pole(airway.jaw[k], _JAW_HZ, sample_rate / QUANTUM)
    for k in range(formants.FORMANTS):
        for side in range(2):
            wander.start(airway.swell[k, side], noise.split(stream))


@kernel
def _between(ends, share):
    return ends[0] + share * (ends[1] - ends[0])


@kernel
def pose(airway, kind, opening, mouth, inward, unevenness, seconds):
    """Hold nose, mouth and jaw.

    Parameters
    ----------
    airway : an AIRWAY record.
    kind : which of `lungs.MANNERS` this breath is.
    opening : of the jaw, 0..1.
    mouth : 0 through the nose, 1 through the open mouth.
    inward : 1 in, 0 out, or between.
    unevenness : 0..1, how much resonances slide by themselves.
    seconds : of a quantum, or 0.
    """
    mouth = max(mouth, _LEAST_MOUTH[kind])
    airway.nose.now, airway.zero_hz.now = 1.0 - mouth, _ZERO_HZ
    for k in range(formants.MOVING):
        nose_hz = _NOSE_HZ[0][k] + opening * (_NOSE_HZ[1][k] - _NOSE_HZ[0][k])
        mouth_hz = _MOUTH_HZ[kind][0][k] + opening * (_MOUTH_HZ[kind][1][k] - _MOUTH_HZ[kind][0][k])
        hertz = nose_hz + mouth * (mouth_hz - nose_hz)
        if not airway.begun:
            airway.jaw[k].y = hertz
        wander.advance(airway.slide[k], _SLIDE_HZ * seconds)
        airway.hertz[k].now = filters.smooth(airway.jaw[k], hertz) * math.exp(_SLIDE * unevenness * wander.value(airway.slide[k]))
    airway.begun = 1
    for band in range(BANDS):
        airway.band_hz[band].now = _TEETH_HZ[0][band] + mouth * (_TEETH_HZ[1][band] - _TEETH_HZ[0][band])
        airway.band_q[band].now, airway.band_gain[band].now = _TEETH_Q[band], _TEETH_GAIN[band]
    airway.settings.shift = _between(_GLOTTIS, inward)


@kernel
def blow(airway, level, speed_m_s, inward, brightness, who, higher, unevenness):
    """Let air pass: its level, colour and unsteadiness, in somebody's tract.

    Parameters
    ----------
    airway : an AIRWAY record.
    level : of its noise, rms.
    speed_m_s : of the air: the faster, the brighter.
    inward : 1 in, 0 out, or between.
    brightness : 0 a sigh, 1 a hiss.
    who : 0 a child, 0.5 a woman, 1 a tall man.
    higher : what all resonances are multiplied with.
    unevenness : 0..1, how much sources flutter.
    """
    settings, brighter = airway.settings, brightness - 0.4
    shift = settings.shift
    person.settle(settings, who, 0.0, 0.0, 3.5 * unevenness)
    settings.shift = shift
    settings.length_m /= higher
    settings.wide = _WIDE / (1.0 + 0.5 * airway.nose.now)
    settings.tilt = _between(_TILT, inward) + _BRIGHTER * brighter
    settings.tilt += _FASTER * math.log2(max(speed_m_s, 0.3) / _USUAL_M_S)
    settings.air = _between(_AIR, inward) * math.exp(1.6 * brighter)
    settings.low, settings.bed, settings.smile = 0.0, 0.0, 0.2
    level *= _EVEN ** (min(settings.tilt, _USUAL_TILT) - _USUAL_TILT) * _NOSE_MADE_UP ** (airway.nose.now - 1.0 + _USUAL_MOUTH)
    airway.breath.now = level
    airway.noise.now = level * _between(_TEETH, inward) * math.exp(1.4 * brighter)


@kernel
def sound(airway, body, seconds, unevenness, sample_rate):
    """Tune a tract to the posture; each of its resonances swells by itself."""
    tract.shape(body, airway, airway.settings, 1.0, seconds, sample_rate)
    for k in range(formants.FORMANTS):
        for side in range(2):
            wander.advance(airway.swell[k, side], _SWELL_HZ * seconds)
    for index in range(tract.OUTLETS):
        first, last = (0, formants.MOVING) if index == tract.THROAT else (formants.MOVING, formants.FORMANTS)
        bank, side = body.outlet[index].bank, 1 if index == tract.RIGHT else 0
        for k in range(first, last):
            swell = math.exp(_SWELL * unevenness * wander.value(airway.swell[k, side]) - 0.2 * unevenness * unevenness)
            wanted = swell * (bank.gain[k] + QUANTUM * bank.step[k])
            bank.step[k] = (wanted - bank.gain[k]) / QUANTUM
