"""A vocal tract: breath, frication, bursts, nose and lips.  posture -> throat | left and right corner of the lips.

glottis (noise, or a voice) -> formants -> zero of the shut mouth -> throat; upper formants and air at the lips
constriction -> frication, once at either corner of the lips, each with noise of its own

Whispering, the glottis stands open: the lowest four resonances lie 255, 115, 125 and 75 Hz higher than in speech (Swerdlin, Smith
and Wolfe 2010), and are wide.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import emitter, filters, formants, frication, noise, wander
from synth.rt import kernel
from synth.rt.units import QUANTUM

THROAT, LEFT, RIGHT = range(3)
OUTLETS = 3
_WHISPER_HZ = (255.0, 115.0, 125.0, 75.0)
_UPPER = 4  # from this formant on the lips' corners sound, each with noise of its own
_NASAL_HZ = 280.0
_FLUTTER_HZ, _FLUTTER = (5.0, 13.0), (0.10, 0.10)  # of a source: how often it changes its mind, and by how much (nepers): chosen
_LIPS_Q_HZ = 7500.0
_MAN_M = 0.175

SETTINGS = np.dtype(
    [(name, "f8") for name in ("length_m", "smile", "wide", "tilt", "air", "low", "bed", "shift", "voice", "unevenness")],
    align=True,
)
"""How a person speaks just now: tract length; 0..1 lips spread; bandwidths times; tilt of the breath; air past the resonances;
rumble of the near lips; the noise of breath that never stops; how far the glottis opens, 1: as measured;
0 whispers .. 1 voiced; how much sources flutter."""
_OUTLET = np.dtype(
    [
        ("air", noise.RNG),
        ("slow", wander.WANDER),
        ("fast", wander.WANDER),
        ("bank", formants.BANK),
        ("place", frication.FRICATION),
        *((name, "f8", (frication.BANDS,)) for name in ("rub_hz", "rub_q", "rub_gain")),
        ("hiss", filters.SVF),
        ("fall", filters.ONE_POLE),
        ("bed", "f8"),
        ("bed_step", "f8"),
        ("hiss_gain", "f8"),
        ("hiss_step", "f8"),
        ("breath", "f8"),
        ("breath_step", "f8"),
        ("white", "f8", (QUANTUM,)),
        ("excitation", "f8", (QUANTUM,)),
        ("out", "f8", (QUANTUM,)),
    ],
    align=True,
)
TRACT = np.dtype(
    [
        ("outlet", _OUTLET, (OUTLETS,)),
        ("nasal", filters.SVF),
        ("nasal_gain", "f8"),
        ("nasal_step", "f8"),
        ("zero", filters.SVF),
        ("depth", "f8"),
        ("depth_step", "f8"),
        ("rumble", filters.SVF),
        ("high", filters.SVF),
        ("rumble_gain", "f8"),
        ("rumble_step", "f8"),
        ("source", "f8", (QUANTUM,)),  # what a voiced glottis gives; zeros while it whispers
    ],
    align=True,
)


@kernel
def start(tract, seed_stream, sample_rate):
    """Begin silent; every outlet gets noises of its own."""
    for index in range(OUTLETS):
        outlet = tract.outlet[index]
        outlet.air.rng = noise.split(seed_stream)
        wander.start(outlet.slow, noise.split(seed_stream))
        wander.start(outlet.fast, noise.split(seed_stream))
        frication.start(outlet.place, noise.split(seed_stream))
        filters.tune_one_pole(outlet.fall, 16000.0, sample_rate)
        filters.tune(outlet.hiss, _LIPS_Q_HZ, 0.6, sample_rate)
    filters.tune(tract.rumble, 110.0, 0.6, sample_rate)
    filters.tune(tract.high, 40.0, 0.7, sample_rate)


@kernel
def hold(emitters, aside_m):
    """Let the outlets sound from where they are: the throat a little lower, the corners of the lips to either side."""
    emitter.hold(emitters, THROAT, emitter.EARS, 0.0, 0.0, -0.02)
    emitter.hold(emitters, LEFT, emitter.EARS, 0.0, aside_m, 0.0)
    emitter.hold(emitters, RIGHT, emitter.EARS, 0.0, -aside_m, 0.0)


@kernel
def scale_of(settings):
    """Return how much higher than a man's this tract resonates."""
    return _MAN_M / max(settings.length_m, 0.05)


@kernel
def shape(tract, art, settings, level, seconds, sample_rate):
    """Tune everything to a posture; levels glide there within a quantum."""
    scale = scale_of(settings)
    breath = level * art.breath.now
    for index in range(OUTLETS):
        outlet = tract.outlet[index]
        wander.advance(outlet.slow, _FLUTTER_HZ[0] * seconds)
        wander.advance(outlet.fast, _FLUTTER_HZ[1] * seconds)
        wave = _FLUTTER[0] * wander.value(outlet.slow) + _FLUTTER[1] * wander.value(outlet.fast)
        flutter = math.exp((0.4 + settings.unevenness) * wave)
        if index == THROAT:
            _tune(outlet.bank, art, settings, sample_rate)
        else:
            for k in range(_UPPER, formants.FORMANTS):
                formants.copy(tract.outlet[THROAT].bank, outlet.bank, k)
        outlet.bed_step = (level * settings.bed * flutter * flutter - outlet.bed) / QUANTUM
        _glide_outlet(outlet, breath * flutter, settings.air)
        if index != THROAT:
            _rub(outlet, art, settings, level * flutter, scale, seconds, sample_rate)
    filters.tune(tract.nasal, _NASAL_HZ * scale, 1.2, sample_rate)
    filters.tune(tract.zero, art.zero_hz.now * scale, 1.6, sample_rate)
    tract.nasal_step = (art.nose.now - tract.nasal_gain) / QUANTUM
    tract.depth_step = (0.5 * art.nose.now - tract.depth) / QUANTUM
    tract.rumble_step = (settings.low * (breath + 3.0 * level * art.burst) - tract.rumble_gain) / QUANTUM


@kernel
def _tune(bank, art, settings, sample_rate):
    """Put the resonances where the posture and the glottis have them."""
    scale = scale_of(settings)
    for k in range(formants.MOVING):
        spread = 1.0 + settings.smile * (0.0 if k == 0 else 0.05)
        shift_hz = settings.shift * (1.0 - 0.8 * art.nose.now) * (1.0 - settings.voice) * _WHISPER_HZ[k]
        bank.hertz[k] = art.hertz[k].now * scale * spread + shift_hz
    wide = settings.wide * (1.0 + art.nose.now)
    formants.aim(bank, scale * (1.0 + 0.03 * settings.smile), wide, settings.tilt, sample_rate)


@kernel
def _glide_outlet(outlet, breath, air):
    outlet.breath_step = (breath - outlet.breath) / QUANTUM
    outlet.hiss_step = (breath * air - outlet.hiss_gain) / QUANTUM


@kernel
def _rub(outlet, art, settings, level, scale, seconds, sample_rate):
    """Aim the noise of the constriction at one corner of the lips."""
    hertz, q, gain = outlet.rub_hz, outlet.rub_q, outlet.rub_gain
    for band in range(frication.BANDS):
        hertz[band], q[band], gain[band] = art.band_hz[band].now, art.band_q[band].now, art.band_gain[band].now
    rubbed = art.noise.now + art.burst
    frication.aim(outlet.place, 0.7071 * level * rubbed, hertz, q, gain, math.sqrt(scale), seconds, sample_rate)


@kernel
def render(tract, start, stop, sample_rate):
    """Fill frames of every outlet's `out`."""
    density = noise.density(sample_rate)
    for index in range(OUTLETS):
        outlet = tract.outlet[index]
        noise.fill(outlet.air, outlet.white, start, stop)
        share = 1.0 if index == THROAT else 0.7071
        for n in range(start, stop):
            outlet.breath += outlet.breath_step
            outlet.white[n] *= density
            outlet.excitation[n] = share * (outlet.breath * outlet.white[n] + tract.source[n])
            outlet.out[n] = 0.0
        if index == THROAT:
            formants.add(outlet.bank, 0, _UPPER, outlet.excitation, outlet.out, start, stop)
            _pass_nose(tract, outlet, start, stop)
            _rumble(tract, outlet, start, stop)
        else:
            formants.add(outlet.bank, _UPPER, formants.FORMANTS, outlet.excitation, outlet.out, start, stop)
            for n in range(start, stop):
                outlet.hiss_gain += outlet.hiss_step
                outlet.bed += outlet.bed_step
                outlet.out[n] += outlet.hiss_gain * filters.high(outlet.hiss, outlet.white[n])
                outlet.out[n] += filters.smooth(outlet.fall, outlet.bed * outlet.white[n])
            frication.add(outlet.place, outlet.white, outlet.out, start, stop)


@kernel
def _pass_nose(tract, outlet, start, stop):
    """Let the nose's resonance sound, and the shut mouth take its own away."""
    for n in range(start, stop):
        tract.nasal_gain += tract.nasal_step
        tract.depth += tract.depth_step
        y = outlet.out[n]
        y -= tract.depth * filters.band(tract.zero, y)
        outlet.out[n] = y + tract.nasal_gain * filters.band(tract.nasal, outlet.excitation[n])


@kernel
def _rumble(tract, outlet, start, stop):
    """Add the low noise of breath against what listens, close by."""
    for n in range(start, stop):
        tract.rumble_gain += tract.rumble_step
        low = filters.low(tract.rumble, tract.rumble_gain * outlet.white[n])
        outlet.out[n] += filters.high(tract.high, low)
