"""Rain: drops on the ground or a roof.  Poisson drops -> impact force -> modes of the place, bubbles; far drops -> wash.

Near drops land each at its own place on a sheet that faces the listener, `spread_m` in radius; those too far to tell apart
are a wash from four sides, each of which swells and brightens on its own. Rates grow with intensity about as Marshall and
Palmer's drop spectrum has it (1948), terminal speed after Atlas et al. (1973), decay times and lowest modes of the surfaces by
material (materials and modal ratios in docs/internals/physics.md), bubbles after van den Doel (2005).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import bubble, chirp, emitter, event, modal, noise, spot, wander, wash
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import QUANTUM, ratio_from_semitones
from synth.trigger import Trigger

_SPOTS, _SIDES = 14, 4
_MEMBRANE, _PLATE = (1.0, 1.593, 2.653, 4.059, 5.54, 8.2), (1.0, 1.42, 2.47, 4.2, 6.9, 10.5)  # six of many, over three octaves
_PANE, _SHEET = (1.0, 1.72, 2.8, 4.4, 6.6, 9.0), (1.0, 1.93, 3.45, 5.9, 9.2, 13.5)
# Modes; T60 of the lowest in s, its slope over frequency; tilt: how much better high modes are driven; jitter: how much modes
# differ from place to place; softness stretches the impact; spatter: share of the drop's noise; lower end of the wash in Hz;
# bubbles: share of the drops that leave one; level brings all to one loudness; tone: how much higher the noise reaches;
# shelf, motion: of the wash.
_SURFACES = {
    #            ratios     lowest  T60 s   slope  tilt jitter soft spat  wash   bubbles level tone shelf motion
    "ground":   (_PLATE,    420.0, 0.010, -0.20, 0.3, 0.60, 0.6, 2.5, 90.0,  0.12, 0.170, 3.0, 0.75, 0.13),
    "tent":     (_MEMBRANE, 190.0, 0.055, -0.30, 0.6, 0.20, 2.0, 6.0, 110.0, 0.00, 0.215, 1.0, 0.0, 0.08),
    "umbrella": (_MEMBRANE, 330.0, 0.035, -0.30, 0.5, 0.20, 1.5, 3.5, 130.0, 0.00, 0.420, 1.0, 0.0, 0.06),
    "leaves":   (_PLATE,    560.0, 0.020, -0.20, 0.4, 0.50, 1.6, 1.5, 110.0, 0.00, 1.050, 1.0, 0.0, 0.06),
    "wood":     (_PLATE,    240.0, 0.070, -0.20, 0.3, 0.20, 1.2, 2.0, 150.0, 0.00, 0.245, 1.0, 0.0, 0.10),
    "glass":    (_PANE,     900.0, 0.075, -0.21, 0.0, 0.15, 0.7, 0.5, 100.0, 0.00, 0.500, 1.3, 0.75, 0.10),
    "tin":      (_SHEET,    420.0, 0.130, -0.27, 0.0, 0.25, 0.7, 0.8, 220.0, 0.00, 0.280, 1.0, 0.0, 0.10),
    "water":    (_PLATE,    700.0, 0.008,  0.00, 0.3, 0.40, 1.0, 1.0, 110.0, 0.35, 1.050, 1.0, 0.0, 0.10),
}  # fmt: skip
_COLUMNS = tuple(zip(*_SURFACES.values(), strict=True))  # kernels read columns, each a tuple of one type
_RATIOS, _LOWEST_HZ, _T60_S, _SLOPE, _TILT, _JITTER, _SOFTNESS, _SPATTER, _WASH_HZ, _BUBBLES, _LEVEL = _COLUMNS[:11]
_TONE, _SHELF, _MOTION = _COLUMNS[11:]
_DROPS_HZ, _RATE_EXPONENT = 24.0, 0.8  # near drops per second at 1 mm/h, and their growth
_FAR = 25.0  # far drops to a near one
_TAU_S = 0.00034  # of the default drop on a tent
_RISE, _DROOP = 0.1, 0.25  # of the bubbles' pitch (xi); of the sheet, down per metre from its middle
_PRESSURE, _OPEN_S, _GUST_S, _SHEET_S = 0.8, 0.25, 2.5, 0.1
_NEAR, _SPATTER_GAIN, _WASH = 0.3, 1.5, 0.28  # amplitudes
_LEAST = 0.2  # of the wash: out in the open there is always some
_FAR_SHARE, _FAR_BEND = 0.5, 0.25  # of the wash without patter, and how late patter takes it away: drops over nothing are taps
_THIN = 0.22  # how much more of drizzle is far rain: its near drops are few and small, and would be taps over nothing; chosen
_SLACK = 0.6  # how much less a slack surface is driven: its lowest modes boom; chosen, evens loudness

PARAMETERS = (
    Parameter(
        "intensity_mm_h", 0.5, 80, 8, "mm_h", curve="exp", doc="0.5 drizzle, 8 steady rain, 50 downpour, at a pressure of 0.8"
    ),
    Parameter("patter", 0, 1, 0.6, doc="0 only the wash of the far rain, 1 only the near drops"),
    Parameter(
        "tone_hz",
        1000,
        12000,
        3000,
        "hz",
        curve="exp",
        doc="upper end of the wash and of the drops' noise; on open ground three times as high",
    ),
    Parameter("drop_mm", 0.8, 6, 2.5, "mm", curve="exp", doc="diameter of the drops; large ones strike longer and darker"),
    Parameter("spread_m", 0, 5, 1.5, "m", doc="radius of the sheet over which the near drops land"),
    Parameter("gusts", 0, 1, 0.3, doc="how much the wind lets it swell and ease"),
    Parameter("ring", 0.2, 4, 1, curve="exp", doc="how long the surface rings, relative to its own decay"),
    Parameter("tension", 0.4, 2.5, 1, curve="exp", doc="pitch of the surface, relative to its own"),
    Parameter("variation", 0, 1, 0.7, doc="how much the drops differ in size"),
    Parameter("surface", default="ground", choices=tuple(_SURFACES), doc="what it rains on"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("surface", "i8"),
        ("near", event.PROCESS),
        ("near_hz", "f8"),
        ("count", "i8"),  # near drops so far
        ("gust", wander.WANDER),
        ("passed", "i8"),  # frames since the gust was updated
        ("wash", wash.wash_dtype(_SIDES)),
        ("spot", spot.SPOT, (_SPOTS,)),
        ("drive", "f8", (QUANTUM,)),
    ],
    align=True,
)


@kernel
def _even(params):
    """Return a gain that makes a downpour 5 dB louder than drizzle, where nature makes it 18."""
    spread = math.sqrt(1.0 + 0.5 * params.spread_m * params.spread_m) / 1.46  # those far out are farther from the ears
    return (params.intensity_mm_h / 8.0) ** -0.29 * spread**0.75


@kernel
def _prepare(state, params, sample_rate):
    """Once a quantum: the rates, gust included, and how loud and bright the wash is to become."""
    swell = math.exp(0.35 * params.gusts * wander.value(state.gust))
    state.near_hz = _DROPS_HZ * params.intensity_mm_h**_RATE_EXPONENT * swell * params.pressure / _PRESSURE
    ratio = ratio_from_semitones(params.pitch + params.bend)
    high_hz = min(params.tone_hz * _TONE[state.surface] * swell**0.2 * ratio, chirp.HIGHEST_HZ)
    low_hz = min(_WASH_HZ[state.surface] * params.tension * ratio, 0.5 * high_hz)
    shelf, motion = _SHELF[state.surface], _MOTION[state.surface]
    far = _FAR_SHARE * (1.0 - params.patter) ** _FAR_BEND * (params.intensity_mm_h / 8.0) ** (-2.0 * _THIN)
    level = _WASH * _even(params) * math.sqrt(max(far, _LEAST if state.surface == 0 else 0.0))
    level *= (3000.0 / params.tone_hz) ** 0.45
    wash.tune(state.wash, _FAR * state.near_hz, level / (1.0 - 0.8 * shelf), low_hz, high_hz, shelf, motion, sample_rate)


@kernel
def _open(place, params, surface, seed, pitch, sample_rate):
    """Make a new place: every one has its own modes, a little different from the next."""
    jitter = _JITTER[surface]
    ratio = math.exp(jitter * pitch) * ratio_from_semitones(params.pitch + params.bend)
    lowest_hz = _LOWEST_HZ[surface] * params.tension * ratio
    spot.renew(place, seed, lowest_hz, _SPATTER_GAIN * _LEVEL[surface] * _SPATTER[surface], _OPEN_S, sample_rate)
    for mode in range(spot.MODES):
        ratio = _RATIOS[surface][mode] * math.exp(0.3 * jitter * noise.between(place, -1.0, 1.0))
        shape = noise.between(place, -1.0, 1.0)  # of the mode where the drop lands
        gain = _LEVEL[surface] * ratio ** _TILT[surface] * shape / math.sqrt(params.ring) * params.tension**_SLACK
        modal.tune(
            place.body, mode, lowest_hz * ratio, _T60_S[surface] * params.ring * ratio ** _SLOPE[surface], gain, sample_rate
        )


@kernel
def _strike_drop(place, params, surface, size, wet, radius_m, delay_s, sample_rate):
    """Let a drop strike a place; on water some leave a bubble when their crater closes."""
    speed_m_s = 9.65 - 10.3 * math.exp(-0.6 * params.drop_mm)
    tau_s = 0.0005 * params.drop_mm / speed_m_s * _SOFTNESS[surface] * size**0.33
    loud = _NEAR * _even(params) * size * 0.93 * params.patter**0.35 * (params.drop_mm / 2.5) ** 0.3
    loud *= (params.intensity_mm_h / 8.0) ** (0.5 * _THIN)
    tone_hz = min(params.tone_hz * _TONE[surface], 1.0 / tau_s) * ratio_from_semitones(params.pitch + params.bend)
    spot.hit(place, loud, loud * math.sqrt(_TAU_S / tau_s), tau_s, min(tone_hz, chirp.HIGHEST_HZ), sample_rate)
    ring_s = 2.0 * _T60_S[surface] * params.ring + 30.0 * tau_s
    if wet < _BUBBLES[surface] and place.bubble.left <= 0:
        radius_m /= params.tension * ratio_from_semitones(params.pitch + params.bend)
        amplitude = _LEVEL[surface] * loud * min(bubble.loudness(radius_m, 2.0), 0.6)
        bubble.strike(place.bubble, radius_m, amplitude, _RISE, int(delay_s * sample_rate), sample_rate)
        ring_s = max(ring_s, delay_s + place.bubble.left / sample_rate)
    place.left = max(place.left, int(ring_s * sample_rate))


@kernel
def _land(state, params, emitters, frame, sample_rate):
    """One near drop lands: choose its size and place. The draws are always the same in number and order."""
    size = math.exp(0.8 * params.variation * min(noise.gaussian(state), 1.7) + 0.3 * (0.5 - params.variation**2))
    away, turn = noise.uniform(state), 2.0 * math.pi * noise.uniform(state)
    first, wet = int(_SPOTS * noise.uniform(state)), noise.uniform(state)
    radius_m = noise.bounded_pareto(state, 2.0, 0.0005, 0.004)
    delay_s = noise.between(state, 0.008, 0.025)
    pitch, seed = noise.between(state, -1.0, 1.0), noise.split(state)
    state.count += 1
    index = spot.choose(state.spot, first, frame)
    place = state.spot[index if index >= 0 else -1 - index]
    spot.run(place, emitters, state.drive, frame, sample_rate)
    if index >= 0:
        reach_m = params.spread_m * math.sqrt(away)
        down_m = _DROOP * reach_m  # the sheet bends down around the listener
        place.emitter = emitter.take(emitters, emitter.EARS, -down_m, reach_m * math.cos(turn), reach_m * math.sin(turn))
        if place.emitter < 0:
            return
        _open(place, params, state.surface, seed, pitch, sample_rate)
    _strike_drop(place, params, state.surface, size, wet, radius_m, delay_s, sample_rate)


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin to rain."""
    state.surface = int(params.surface)
    event.start(state.near, noise.split(state))
    wash.start(state.wash, state)
    wander.start(state.gust, noise.split(state))
    _prepare(state, params, sample_rate)
    _prepare(state, params, sample_rate)  # twice: the wash's ramp begins where it ends


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let drops fall while the gate is open, then let every place ring on."""
    for side in range(_SIDES):
        turn = 0.5 * math.pi * (side + 0.5)
        left_m, up_m = params.spread_m * math.cos(turn), params.spread_m * math.sin(turn)
        emitter.hold(emitters, side, emitter.EARS, -_DROOP * params.spread_m, left_m, up_m)
    if start == 0:
        wander.advance(state.gust, state.passed / sample_rate / _GUST_S)
        wash.move(state.wash, state.passed / sample_rate / _SHEET_S)
        state.passed = 0
        _prepare(state, params, sample_rate)
    state.drive[start:stop] = 0.0
    for index in range(_SPOTS):
        state.spot[index].done = start
    rate_hz = state.near_hz * gate
    frame = event.next_frame(state.near, rate_hz, sample_rate, start, stop)
    while frame < stop:
        _land(state, params, emitters, frame, sample_rate)
        frame = event.next_frame(state.near, rate_hz, sample_rate, frame, stop)
    for index in range(_SPOTS):
        spot.run(state.spot[index], emitters, state.drive, stop, sample_rate)
    wash.add(state.wash, gate, emitters, start, stop, sample_rate)
    state.passed += stop - start


TRIGGER = Trigger(
    "rain", PARAMETERS, STATE, strike, render,
    emitters=_SIDES + 2 * _SPOTS, tail_s=4, gesture={"kind": "hold"},
    place={"azimuth_deg": 0, "elevation_deg": 70, "distance_m": 1.0}, voices=2,
    level_db=2,
    classes={"rain": (), "rain_tent": ("tent", "umbrella", "tin"), "rain_window": ("glass",), "rain_leaves": ("leaves",)},
    doc=__doc__,
)  # fmt: skip
