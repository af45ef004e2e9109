"""Brush: a makeup brush over ear and microphone.  contacts of bristles -> soft clicks about the ear, and a rumble of pressing.

500..5000 bristle contacts a second, each at its own place on a tuft that is drawn in circles over the ear; energies
exponential, so the sum stays near a noise (kurtosis 3..10). The skin and the tuft round each contact off (6..9 kHz by softness)
and lend it a few broad resonances. Pressed, brush and capsule move below 150 Hz: bumps of the ear, read at the place of the
brush (docs/internals/physics.md, brushing).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import emitter, event, facet, filters, noise, surface
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32
from synth.trigger import Trigger

_FACETS, _MODES = 28, 4
_CIRCLE_M = 0.018  # radius of the circles that the hand draws
_BUMPS_PER_M = 1200.0  # lattice cells; the second octave is twice as fine: skin, and the mesh over a capsule
_RUMBLE_HZ, _INFRASOUND_HZ = 110.0, 28.0
_FLUTTERS_PER_M = 150.0
_GLIDE_S = 0.02
_LEVEL, _RUMBLE_LEVEL = 0.0038, 0.4

PARAMETERS = (
    Parameter("softness", 0, 1, 0.5, doc="0 stiff nylon (9 kHz and above), 1 goat hair (dark)"),
    Parameter("contacts_hz", 200, 6000, 1800, "hz", curve="exp", doc="bristle contacts a second at full pressure"),
    Parameter("rumble", 0, 1, 0.5, doc="low sound of the pressed brush and the capsule"),
    Parameter("speed_m_s", 0.02, 0.5, 0.12, "m_s", curve="exp", doc="of the brush at full pressure"),
    Parameter("size_cm", 0.5, 12, 4, "cm", curve="exp", doc="width of the tuft: how far apart its bristles touch"),
    Parameter("body", 0, 1, 0.4, doc="how far down skin and foam answer"),
    Parameter("unevenness", 0, 1, 0.3, doc="how much the contacts differ: some bristles flick"),
)
STATE = np.dtype(
    [
        ("rng", "u8"), ("is_new", "i8"), ("bristles", event.PROCESS), ("events", noise.RNG), ("seed", "u8"),
        ("press", "f8"), ("rate_hz", "f8"), ("way_m", "f8"), ("angle", "f8"), ("around", "f8"), ("gain", "f8"),
        ("rumble", "f8"), ("speed_m_s", "f8"), ("bumps", surface.profile_dtype(2)), ("low", filters.SVF), ("high", filters.SVF),
        ("tuft", facet.facets_dtype(_FACETS, _MODES)),
    ],
    align=True,
)  # fmt: skip


@kernel
def strike(state, params, velocity, sample_rate):
    """Bring the brush to the ear."""
    event.start(state.bristles, noise.split(state))
    state.events.rng = noise.split(state)
    state.seed = noise.split(state)
    state.angle = noise.between(state, 0.0, 2.0 * math.pi)
    state.way_m = noise.between(state, 0.0, 10.0)
    state.rumble, state.speed_m_s = params.rumble, params.speed_m_s
    state.bumps.target[:] = 1.0
    surface.begin(state.bumps, state.seed + np.uint64(1))
    state.is_new = 1


@kernel
def _contact(state, params, emitters, frame, sample_rate):
    """Let one bristle touch: draw strength and place, tune its facet if that has just woken, strike it."""
    stream = state.events
    strength = math.sqrt(noise.exponential(stream)) * math.exp(0.6 * params.unevenness * noise.gaussian(stream))
    reach_m, around = 0.005 * params.size_cm, noise.between(stream, 0.0, 2.0 * math.pi)
    radius_m = reach_m * math.sqrt(noise.uniform(stream))
    left_m = _CIRCLE_M * math.cos(state.around) + radius_m * math.cos(around)
    up_m = _CIRCLE_M * math.sin(state.around) + radius_m * math.sin(around)
    away_m = 0.3 * reach_m * noise.between(stream, -1.0, 1.0)
    seed = noise.split(stream)
    index = facet.land(state.tuft, emitters, frame, away_m, left_m, up_m, 0.1 * reach_m)
    if index < 0:
        return
    struck = state.tuft.facet[index]
    if struck.untuned:
        struck.untuned = 0
        state.rng = seed
        _tune(state, struck, params, sample_rate)
    facet.strike(struck, state.gain * strength * math.exp(-0.36 * params.unevenness**2))


@kernel
def _tune(state, struck, params, sample_rate):
    """Give a facet four broad resonances of unit energy in all: from the skin's to the bristles' own."""
    low_hz, high_hz = 1100.0 * 0.25**params.body, 11000.0 * 0.4**params.softness
    facet.pulse(struck, 5200.0 * 0.35**params.softness, sample_rate)
    ratio, energy = (high_hz / low_hz) ** (1.0 / _MODES), 0.0
    for mode in range(_MODES):
        frequency_hz = low_hz * ratio ** (mode + noise.uniform(state))
        t60_s = 4.5 / frequency_hz + 0.0004  # a quality of about 2
        gain = 1.0 / math.sqrt(t60_s)
        energy += gain * gain * facet.mode_energy(struck, frequency_hz, t60_s, sample_rate)
        facet.tune(struck, mode, frequency_hz, t60_s, gain if noise.uniform(state) < 0.5 else -gain, sample_rate)
    for mode in range(_MODES):
        struck.gain[mode] /= F32(math.sqrt(energy))


@kernel
def _press(state, params, emitters, sample_rate):
    """Once a quantum: how many bristles touch where the brush is, and how hard."""
    flutter = 1.0 + 0.8 * surface.height(state.seed, state.way_m * _FLUTTERS_PER_M)
    state.around = state.angle + state.way_m / _CIRCLE_M
    state.rate_hz = params.contacts_hz * state.press * flutter
    state.gain = _LEVEL * state.press**0.9 * (1800.0 / params.contacts_hz) ** 0.25
    filters.tune(state.low, _RUMBLE_HZ, 0.7, sample_rate)
    filters.tune(state.high, _INFRASOUND_HZ, 0.7, sample_rate)
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)


@kernel
def _rumble(state, params, pressure, out, start, stop, sample_rate):
    """Press the brush along the bumps: the capsule and the ear move."""
    share = 1.0 - math.exp(-1.0 / (_GLIDE_S * sample_rate))
    for n in range(start, stop):
        state.press += share * (pressure - state.press)
        state.rumble += share * (params.rumble - state.rumble)
        state.speed_m_s += share * (params.speed_m_s - state.speed_m_s)
        state.way_m += state.press * state.speed_m_s / sample_rate
        bump, _ = surface.read(state.bumps, state.way_m * _BUMPS_PER_M, share)
        force = _RUMBLE_LEVEL * state.rumble * state.press * state.press * bump
        out[n] += F32(filters.high(state.high, filters.low(state.low, force)))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let the rumble sound, and the contacts of these frames."""
    if start == 0 or state.is_new:
        state.is_new = 0
        _press(state, params, emitters, sample_rate)
    frame = event.next_frame(state.bristles, state.rate_hz, sample_rate, start, stop)
    while frame < stop:
        _contact(state, params, emitters, frame, sample_rate)
        frame = event.next_frame(state.bristles, state.rate_hz, sample_rate, frame, stop)
    _rumble(state, params, gate * params.pressure, emitters.slot[0].out, start, stop, sample_rate)
    facet.finish(state.tuft, emitters, stop)


TRIGGER = Trigger(
    "brush", PARAMETERS, STATE, strike, render,
    emitters=40, tail_s=2, gesture={"kind": "strokes", "rate_hz": 0.9, "duty": 0.85},
    place={"azimuth_deg": 85, "elevation_deg": 0, "distance_m": 0.12}, motion={"kind": "drift"},
    level_db=-22, classes={"brush": ()}, doc=__doc__,
)  # fmt: skip
