"""Rain: drops on a roof above the listener.  Poisson drops -> impact force -> modes of the place, bubbles; far drops -> wash.

Near drops land each at its own place on a sheet that faces the listener, `spread_m` in radius; those too far to tell apart
are a wash from four sides. Rates grow with intensity about as Marshall and Palmer's drop spectrum has it (1948), terminal
speed after Atlas et al. (1973), decay times and lowest modes of the surfaces by material (shared/reference/triggers.md 2a,
2b), bubbles after van den Doel (2005).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import bubble, chirp, emitter, event, filters, modal, noise, splash, wander
from synth.jit import kernel
from synth.parameter import Parameter
from synth.trigger import Trigger
from synth.units import F32, QUANTUM, ratio_from_semitones

SPOTS, MODES, IMPACTS, SIDES = 14, 6, 3, 4
SURFACES = ("tent", "umbrella", "leaves", "wood", "glass", "tin", "water")
_MEMBRANE, _PLATE = (1.0, 1.593, 2.653, 4.059, 5.54, 8.2), (1.0, 1.42, 2.47, 4.2, 6.9, 10.5)  # six of many, over three octaves
_PANE, _SHEET = (1.0, 1.72, 2.8, 4.4, 6.6, 9.0), (1.0, 1.93, 3.45, 5.9, 9.2, 13.5)
_RATIOS = (_MEMBRANE, _MEMBRANE, _PLATE, _PLATE, _PANE, _SHEET, _PLATE)
_LOWEST_HZ = (190.0, 330.0, 560.0, 240.0, 900.0, 420.0, 700.0)
_T60_S = (0.055, 0.035, 0.02, 0.07, 0.075, 0.13, 0.008)  # of the lowest mode
_SLOPE = (-0.3, -0.3, -0.2, -0.2, -0.21, -0.27, 0.0)  # of the T60 over frequency
_TILT = (0.6, 0.5, 0.4, 0.3, 0.0, 0.0, 0.3)  # how much better the high modes are driven
_JITTER = (0.2, 0.2, 0.5, 0.2, 0.15, 0.25, 0.4)  # how much the modes differ from place to place
_SOFTNESS = (2.0, 1.5, 1.6, 1.2, 0.7, 0.7, 1.0)  # stretches the impact
_SPATTER = (6.0, 3.5, 1.5, 2.0, 0.5, 0.8, 1.0)  # share of the drop's noise
_WASH_HZ = (180.0, 300.0, 500.0, 200.0, 500.0, 350.0, 400.0)  # lower end of the wash
_BUBBLES = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.35)  # share of the drops that leave one
_LEVEL = (0.24, 0.49, 1.33, 0.245, 0.78, 0.28, 1.28)  # brings them to the same loudness
_DROPS_HZ, _RATE_EXPONENT = 24.0, 0.8  # near drops per second at 1 mm/h, and their growth
_FAR = 25.0  # far drops to a near one
_TAU_S = 0.00034  # of the default drop on a tent
_PRESSURE, _PRESENCE_S, _OPEN_S, _GUST_S = 0.8, 0.25, 0.25, 2.5

PARAMETERS = (
    Parameter(
        "intensity_mm_h", 0.2, 100, 8, "mm_h", curve="exp", doc="0.5 drizzle, 8 steady rain, 50 downpour, at a pressure of 0.8"
    ),
    Parameter("patter", 0, 1, 0.6, doc="0 only the wash of the far rain, 1 only the near drops"),
    Parameter("tone_hz", 500, 12000, 3000, "hz", curve="exp", doc="upper end of the wash and of the drops' noise"),
    Parameter("drop_mm", 0.8, 6, 2.5, "mm", curve="exp", doc="diameter of the drops; large ones strike longer and darker"),
    Parameter("spread_m", 0, 5, 1.5, "m", doc="radius of the sheet over which the near drops land"),
    Parameter("gusts", 0, 1, 0.3, doc="how much the wind lets it swell and ease"),
    Parameter("ring", 0.2, 4, 1, curve="exp", doc="how long the surface rings, relative to its own decay"),
    Parameter("tension", 0.4, 2.5, 1, curve="exp", doc="pitch of the surface, relative to its own"),
    Parameter("variation", 0, 1, 0.7, doc="how much the drops differ in size"),
    Parameter("surface", default="tent", choices=SURFACES, doc="what it rains on"),
)
SPOT = np.dtype(
    [
        ("rng", "u8"),
        ("body", modal.bank_dtype(MODES)),
        ("impact", splash.SPLASH, (IMPACTS,)),
        ("low", filters.SVF),
        ("bubble", chirp.CHIRP),
        ("push", "f8"),
        ("slope", "f8"),
        ("spatter", "f8"),
        ("emitter", "i8"),
        ("done", "i8"),  # the frame of the quantum up to which it is rendered
        ("open", "i8"),  # frames for which other drops may land here
        ("left", "i8"),  # frames until it is silent
    ],
    align=True,
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("near", event.PROCESS),
        ("far", event.PROCESS),
        ("noise", noise.RNG, (SIDES,)),
        ("gust", wander.WANDER),
        ("passed", "i8"),  # frames since the gust was reckoned
        ("near_hz", "f8"),
        ("far_hz", "f8"),
        ("present", "f8"),
        ("count", "i8"),  # near drops so far
        ("wash_gain", "f8", (2,)),  # at the beginning and at the end of the quantum
        ("low", filters.SVF, (SIDES,)),
        ("high", filters.SVF, (SIDES,)),
        ("drive", "f8", (SIDES, QUANTUM)),
        ("scratch", "f8", (QUANTUM,)),
        ("surface", "i8"),
        ("spot", SPOT, (SPOTS,)),
    ],
    align=True,
)


@kernel
def _prepare(state, params, sample_rate):
    """Once a quantum: the rates, gust included, and how loud and bright the wash is to become."""
    swell = math.exp(0.8 * params.gusts * wander.value(state.gust))
    state.near_hz = _DROPS_HZ * params.intensity_mm_h**_RATE_EXPONENT * swell * params.pressure / _PRESSURE
    state.far_hz = _FAR * state.near_hz
    surface = state.surface
    top_hz = min(params.tone_hz * math.sqrt(swell), chirp.HIGHEST_HZ)
    for side in range(SIDES):
        filters.tune(state.low[side], top_hz, 0.5, sample_rate)
        filters.tune(state.high[side], min(_WASH_HZ[surface] * params.tension, 0.5 * top_hz), 0.5, sample_rate)
    state.wash_gain[0] = state.wash_gain[1]
    state.wash_gain[1] = 0.28 * math.sqrt((1.0 - params.patter) * sample_rate / 48000.0)


@kernel
def _run(spot, state, emitters, stop, sample_rate):
    """Render a place up to a frame: its impacts drive its modes; what they spatter is heard as it is."""
    start = spot.done
    spot.done = stop
    if spot.left <= 0:
        return
    stop = min(stop, start + spot.left)
    out = emitters.slot[spot.emitter].out
    scale = math.sqrt(sample_rate / 48000.0)
    spatter, into_body = spot.spatter * scale, 40.0 * scale / sample_rate
    for n in range(start, stop):
        force, burst = 0.0, 0.0
        for index in range(IMPACTS):
            impact = spot.impact[index]
            if impact.left > 0:
                splash.step(impact)
                force += impact.force
                burst += impact.noise
        if burst > 0.0:
            burst *= noise.white(spot)
        wet = filters.low(spot.low, burst)
        push = force + into_body * burst
        out[n] += F32(modal.tick(spot.body, spot.slope * (push - spot.push)) + spatter * wet)
        spot.push = push
    if spot.bubble.left > 0:
        chirp.add(spot.bubble, out, state.scratch, start, stop)
    spot.left -= stop - start
    spot.open -= stop - start
    if spot.left <= 0:
        emitter.let_go(emitters, spot.emitter)


@kernel
def _open(spot, params, surface, sample_rate):
    """Make a new place: every one has its own modes, a little different from the next."""
    lowest_hz = _LOWEST_HZ[surface] * params.tension * ratio_from_semitones(params.pitch + params.bend)
    lowest_hz *= math.exp(_JITTER[surface] * noise.between(spot, -1.0, 1.0))
    for mode in range(MODES):
        ratio = _RATIOS[surface][mode] * math.exp(0.3 * _JITTER[surface] * noise.between(spot, -1.0, 1.0))
        gain = _LEVEL[surface] * ratio ** _TILT[surface] * noise.between(spot, -1.0, 1.0)  # the mode's shape where the drop lands
        t60_s = _T60_S[surface] * params.ring * ratio ** _SLOPE[surface]
        modal.tune(spot.body, mode, lowest_hz * ratio, t60_s, gain, sample_rate)
        spot.body.y1[mode] = 0.0
        spot.body.y2[mode] = 0.0
    spot.body.x1 = 0.0
    spot.push = 0.0
    spot.slope = sample_rate / (
        2.0 * math.pi * lowest_hz
    )  # what radiates is the acceleration: the force's slope drives the modes
    spot.low.s1 = 0.0
    spot.low.s2 = 0.0
    for index in range(IMPACTS):
        spot.impact[index].left = 0
    spot.bubble.left = 0
    spot.spatter = 1.5 * _LEVEL[surface] * _SPATTER[surface]
    spot.open = int(_OPEN_S * sample_rate)


@kernel
def _land(state, params, emitters, frame, sample_rate):
    """One near drop lands: choose its size and place. The draws are always the same in number and order."""
    surface = state.surface
    size = math.exp(0.9 * params.variation * min(noise.gaussian(state), 1.8))
    away, turn = noise.uniform(state), 2.0 * math.pi * noise.uniform(state)
    choice, wet = int(SPOTS * noise.uniform(state)), noise.uniform(state)
    radius_m = noise.bounded_pareto(state, 2.0, 0.0005, 0.004)
    seed = noise.split(state)
    state.count += 1
    found, shared = -1, choice
    for step in range(SPOTS):
        index = (choice + step) % SPOTS
        passed = frame - state.spot[index].done
        if state.spot[index].left <= passed:
            found = index
            break
        if state.spot[index].open > passed:
            shared = index
    spot = state.spot[found if found >= 0 else shared]
    _run(spot, state, emitters, frame, sample_rate)
    if found >= 0:
        reach_m = params.spread_m * math.sqrt(away)
        left_m, up_m = reach_m * math.cos(turn), reach_m * math.sin(turn)
        spot.emitter = emitter.take(
            emitters, emitter.EARS, -0.25 * reach_m, left_m, up_m
        )  # the sheet bends down around the listener
        if spot.emitter < 0:
            return
        spot.rng = seed
        _open(spot, params, surface, sample_rate)
    weakest = 0
    for index in range(IMPACTS):
        if spot.impact[index].left < spot.impact[weakest].left:
            weakest = index
    speed_m_s = 9.65 - 10.3 * math.exp(-0.6 * params.drop_mm)
    tau_s = 0.0005 * params.drop_mm / speed_m_s * _SOFTNESS[surface] * size**0.33
    loud = 0.3 * size * math.sqrt(params.patter) * (params.drop_mm / 2.5) ** 0.7
    filters.tune(spot.low, min(params.tone_hz, 1.0 / tau_s), 0.6, sample_rate)
    splash.strike(spot.impact[weakest], loud, loud * math.sqrt(_TAU_S / tau_s), tau_s, sample_rate)
    ring_s = 2.0 * _T60_S[surface] * params.ring + 30.0 * tau_s
    if wet < _BUBBLES[surface] and spot.bubble.left <= 0:
        radius_m /= params.tension * ratio_from_semitones(params.pitch + params.bend)
        delay_s = 0.008 + 0.02 * choice / SPOTS  # the crater closes 10 to 25 ms after the impact
        bubble.strike(
            spot.bubble,
            radius_m,
            _LEVEL[surface] * loud * min(bubble.loudness(radius_m, 2.0), 1.0),
            0.1,
            int(delay_s * sample_rate),
            sample_rate,
        )
        ring_s = max(ring_s, delay_s + spot.bubble.left / sample_rate)
    spot.left = max(spot.left, int(ring_s * sample_rate))


@kernel
def strike(state, params, velocity, sample_rate):
    """Begin to rain."""
    state.surface = int(params.surface)
    event.start(state.near, noise.split(state))
    event.start(state.far, noise.split(state))
    for side in range(SIDES):
        state.noise[side].rng = noise.split(state)
    wander.start(state.gust, noise.split(state))
    _prepare(state, params, sample_rate)
    _prepare(state, params, sample_rate)


@kernel
def _wash(state, params, gate, emitters, start, stop, sample_rate):
    """Render the far rain: drops too many to give each a body, each a kick into the filters of one of four sides."""
    height = math.sqrt(sample_rate / 48000.0)
    state.drive[:, start:stop] = 0.0
    frame = event.next_frame(state.far, state.far_hz, sample_rate, start, stop)
    while frame < stop:
        event.renew(state.far)
        kick = noise.bits(state.far)
        side = int(kick >> np.uint64(62))
        state.drive[side, frame] += height * (1.0 if kick & np.uint64(1) else -1.0) / (0.2 + noise.uniform(state.far))
        frame = event.next_frame(state.far, state.far_hz, sample_rate, frame, stop)
    settle = 1.0 - math.exp(-1.0 / (_PRESENCE_S * sample_rate))
    hiss = math.sqrt(state.far_hz / 4000.0)
    present = state.present
    for side in range(SIDES):
        out = emitters.slot[side].out
        present = state.present
        for n in range(start, stop):
            present += settle * (gate - present)
            gain = (state.wash_gain[0] + (state.wash_gain[1] - state.wash_gain[0]) * (n + 1.0) / QUANTUM) * present
            far = state.drive[side, n] + hiss * noise.white(state.noise[side])
            out[n] += F32(filters.high(state.high[side], filters.low(state.low[side], gain * far)))
    state.present = present


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let drops fall while the gate is open, then let every place ring on."""
    for side in range(SIDES):
        turn = 0.5 * math.pi * (side + 0.5)
        left_m, up_m = params.spread_m * math.cos(turn), params.spread_m * math.sin(turn)
        emitter.hold(emitters, side, emitter.EARS, -0.2 * params.spread_m, left_m, up_m)
    if start == 0:
        wander.advance(state.gust, state.passed / sample_rate, _GUST_S)
        state.passed = 0
        _prepare(state, params, sample_rate)
    for index in range(SPOTS):
        state.spot[index].done = start
    rate_hz = state.near_hz * gate
    frame = event.next_frame(state.near, rate_hz, sample_rate, start, stop)
    while frame < stop:
        event.renew(state.near)
        _land(state, params, emitters, frame, sample_rate)
        frame = event.next_frame(state.near, rate_hz, sample_rate, frame, stop)
    for index in range(SPOTS):
        _run(state.spot[index], state, emitters, stop, sample_rate)
    _wash(state, params, gate, emitters, start, stop, sample_rate)
    state.passed += stop - start


TRIGGER = Trigger(
    "rain", PARAMETERS, STATE, strike, render,
    emitters=SIDES + 2 * SPOTS, tail_s=4, gesture={"kind": "hold"},
    place={"azimuth_deg": 0, "elevation_deg": 70, "distance_m": 1.0}, voices=2, doc=__doc__,
)  # fmt: skip
