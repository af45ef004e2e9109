"""Pour: water into a vessel.  Splashes -> bursts of spray + bubbles; cloud of bubbles -> rumble; all -> its air and wall.

The jet breaks the surface in splashes (Poisson). Each throws up a burst of spray with a colour, life and side of its own, and
folds air in: bubbles come in flocks. Their radii follow a power law (exponent 2.2, van den Doel 2005), and they are smaller
the shorter the jet's fall. The whole cloud of them rumbles below any one (dsp/rumble.py). The column is a quarter wave
long, behind a bottle's neck shorter still (dsp/cavity.py), so its pitch rises with the level; at the brim it fades and the
water runs over. A new strike is an empty vessel.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import bubble, cavity, emitter, event, filters, noise, rumble, spray, swarm, vessel, wander
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, ratio_from_semitones
from synth.trigger import Trigger

_SIDES, _BUBBLES, _MOST_APART, _BURSTS, _WALL_MODES = 4, 96, 6, 48, 3
_EMITTERS = 1 + _SIDES + 2 * _MOST_APART
_PRESSURE = 0.8  # the pressure at which the flow is as written
_SIZE_EXPONENT, _SIZE_SPAN = 2.2, 10.0  # of the bubbles' radii: 0.3 to 3 mm by default
_BUBBLES_HZ, _FLOW_L_MIN = 300.0, 1.5  # bubbles per second at this flow; they grow with its root: 100 to 700 per second
_SPLASHES_HZ, _FLOCK_S = 500.0, 0.012  # splashes per second at this flow, growing with its 0.4th power; how long one folds air in
_FLOCKING = 0.6  # share of the bubbles that come in flocks at full splash
_PRESENCE_S, _GULP_S, _HAND_S = 0.06, 0.11, 0.7
_DRIP_S, _DRIPS = 0.25, 0.03  # how long it drips after the jet, and how fast, relative to the jet
_JET_HZ = (250.0, 9000.0)
_DRIVE_SHARE = 0.3  # how much of bubbles and spray moves the column
_EVEN = 0.38  # keeps the loudness of a splashing jet near that of a smooth one: chosen
_CLOUD, _CLOUD_HZ, _CLOUD_TILT = 0.02, 125.0, 1.25  # level, lowest band and colour of the clouds of bubbles: as in recordings
_ALONE = 3.0  # how much louder bubbles are without spray than among it: chosen, keeps splash from moving the loudness by 12 dB
_LEVEL, _SPRAY, _TURBULENCE, _COLUMN, _WALL = 0.24, 0.22, 0.143, 3.0, 1.0
# The size of each vessel relative to what is written; its mouth over its width, its neck; the column's q and gain; its wall's
# modes in Hz (a tumbler's bell modes damped by the water; thin plastic; a tub's panel), their q and gain; how much
# larger the bubbles are that a jet folds in, the deeper it falls: chosen.
_VESSELS = {
    #          high wide mouth neck  q     gain  wall                     q     gain  bubbles
    "glass":  (1.0, 1.0, 1.0, 0.0,  10.0, 1.00, (1850.0, 4100.0, 7300.0), 22.0, 0.35, 1.0),
    "bottle": (1.8, 1.0, 0.35, 0.03, 18.0, 1.50, (420.0, 980.0, 2300.0), 6.0, 0.40, 1.2),
    "tub":    (2.5, 8.0, 1.0, 0.0,  3.0,  0.25, (95.0, 210.0, 430.0), 4.0, 4.00, 2.4),
}  # fmt: skip
_HIGH, _WIDE, _MOUTH, _NECK_M, _Q, _ANSWER, _WALL_HZ, _WALL_Q, _WALL_GAIN, _LARGER = tuple(zip(*_VESSELS.values(), strict=True))
_BOTTLE = 1

PARAMETERS = (
    Parameter("flow_l_min", 0.4, 8, 1.5, "l_min", curve="exp", doc="how fast it is poured, at a pressure of 0.8"),
    Parameter(
        "bubble_mm", 0.2, 1, 0.35, "mm", curve="exp", doc="radius of the smallest bubbles; the largest are ten times as large"
    ),
    Parameter("resonance", 0, 1, 0.6, doc="how much the air in the vessel sounds along"),
    Parameter("height_cm", 4, 40, 14, "cm", curve="exp", doc="height of a glass; a bottle is 1.8 times as high, a tub 2.5 times"),
    Parameter(
        "width_cm", 3, 20, 7, "cm", curve="exp", doc="width of a glass, a tub's is 8 times that; with the height, time to fill"
    ),
    Parameter("start_level", 0, 0.95, 0.05, doc="how full it is at the strike"),
    Parameter("gulps", 0, 1, 0.12, doc="how much the flow comes in gulps, as from a bottle"),
    Parameter("splash", 0, 1, 0.5, doc="spray of the jet: 0 bubbles only, 1 mostly spray"),
    Parameter("rise", 0, 2, 0.15, doc="how much each bubble's pitch rises"),
    Parameter("vessel", default="glass", choices=tuple(_VESSELS), doc="what it is poured into"),
)
STATE = np.dtype(
    [
        ("rng", "u8"),
        ("kind", "i8"),
        ("closings", event.PROCESS),
        ("splashes", event.PROCESS),
        ("gulp", wander.WANDER),
        ("hand", wander.WANDER),
        ("level_m", "f8"),  # of the water
        ("passed", "i8"),  # frames since the level was updated: a sum of seconds would depend on how a quantum is split
        ("poured", "i8"),  # those with the gate open
        ("count", "i8"),  # bubbles so far
        ("drip", "f8"),  # what drips from the lip when the jet has gone
        ("stream", "f8"),  # how much falls in at the beginning of the quantum, jet or drips
        ("push", "f8"),  # a gain: the higher it falls, the louder
        ("flow", "f8"),  # relative to _FLOW_L_MIN, gulps included
        ("air_m", "f8"),  # height of the air above the water
        ("fall", "f8"),  # size of the bubbles, relative to those of an empty vessel
        ("flock", "f8"),  # air that the last splashes fold in now, 1 on average
        ("folded", "f8"),  # what the splashes of this quantum add to it
        ("column_hz", "f8"),
        ("bubbles", swarm.swarm_dtype(_BUBBLES, _EMITTERS)),
        ("spray", spray.spray_dtype(_BURSTS)),
        ("vessel", vessel.VESSEL),  # its jet comes and goes in _PRESENCE_S
        ("cloud", rumble.RUMBLE),  # of bubbles that ring together
        ("wall", filters.SVF, (_WALL_MODES,)),
    ],
    align=True,
)


@kernel
def _prepare(state, params, sample_rate):
    """Once a quantum: the flow, the length of the column, and how loud jet and column are to become."""
    kind = state.kind
    swing = math.exp(
        0.8 * params.gulps * wander.value(state.gulp) + 0.25 * min(8.0 * params.gulps, 1.0) * wander.value(state.hand)
    )
    state.flow = params.flow_l_min / _FLOW_L_MIN * params.pressure / _PRESSURE * swing
    state.push = math.sqrt(params.pressure / _PRESSURE)
    radius_m, height_m = 0.005 * params.width_cm * _WIDE[kind], 0.01 * params.height_cm * _HIGH[kind]
    state.air_m = max(height_m - state.level_m, 0.02 * height_m)
    state.fall = 0.5 + 0.5 * min(state.air_m / height_m, 1.0)  # the shorter the jet's fall, the smaller the bubbles
    ratio = ratio_from_semitones(params.pitch + params.bend)
    if kind == _BOTTLE:
        state.column_hz = cavity.bottle_hz(state.air_m, radius_m, _MOUTH[kind] * radius_m, _NECK_M[kind]) * ratio
    else:
        state.column_hz = cavity.column_hz(state.air_m, radius_m) * ratio
    cavity.tune_column(state.vessel.column, state.column_hz, _Q[kind], sample_rate)
    splash_gain = _TURBULENCE * state.push * params.splash**_EVEN * state.flow**0.2 * noise.density(sample_rate)
    open_m = state.air_m / (state.air_m + cavity.END_CORRECTION * radius_m)
    column_gain = _COLUMN * _ANSWER[kind] * params.resonance * open_m
    cloud = _CLOUD * state.push * swing**0.5
    rumble.tune(state.cloud, cloud, _CLOUD_HZ / _LARGER[kind] ** 0.5 * ratio, _CLOUD_TILT, sample_rate)
    vessel.tune(state.vessel, _JET_HZ[0] * ratio, _JET_HZ[1] * ratio, splash_gain, column_gain, sample_rate)


@kernel
def _fill(state, params, sample_rate):
    """Let the water rise by what was poured in the last quantum; near the brim ever less of it stays in the vessel."""
    area_m2 = math.pi * (0.005 * params.width_cm * _WIDE[state.kind]) ** 2
    full = min(state.level_m / (0.01 * params.height_cm * _HIGH[state.kind]), 1.0)
    speed_m_s = state.flow * _FLOW_L_MIN / 60000.0 / area_m2
    state.level_m += speed_m_s * (1.0 - full**12) * state.poured / sample_rate
    wander.advance(state.gulp, state.passed / sample_rate / _GULP_S)
    wander.advance(state.hand, state.passed / sample_rate / _HAND_S)
    rumble.move(state.cloud, state.passed / sample_rate)
    settle = math.exp(-state.passed / sample_rate / _FLOCK_S)
    if state.passed > 0:  # the air that a splash folds in is the same however long the quantum
        state.flock = settle * state.flock + state.folded / _SPLASHES_HZ * (1.0 - settle) * sample_rate / state.passed
    state.folded = 0.0
    state.poured = 0
    state.passed = 0


@kernel
def _close(state, params, emitters, frame, sample_rate):
    """One bubble closes: choose its size, depth, rise and place. The draws are always the same in number and order."""
    smallest_m = 0.001 * params.bubble_mm * _LARGER[state.kind] * state.fall
    radius_m = noise.bounded_pareto(state, _SIZE_EXPONENT, smallest_m, _SIZE_SPAN * smallest_m)
    depth = noise.between(state, 0.15, 1.0)
    rise = params.rise * 2.0 * noise.uniform(state)
    away = noise.uniform(state)
    turn = 2.0 * math.pi * noise.uniform(state)
    state.count += 1
    reach_m = 0.004 * params.width_cm * _WIDE[state.kind] ** 0.5 * math.sqrt(away)
    left_m, away_m, up_m = reach_m * math.sin(turn), reach_m * math.cos(turn), -0.5 * state.air_m
    index = swarm.join(state.bubbles, emitters, _MOST_APART, away_m, left_m, up_m)
    if index < 0:
        return
    ratio = ratio_from_semitones(params.pitch + params.bend)
    loud = (
        _LEVEL
        * state.push
        * bubble.loudness(radius_m, depth)
        / state.fall
        * (0.6 / params.bubble_mm / _LARGER[state.kind]) ** 1.5
        * _ALONE ** (1.0 - 2.0 * params.splash)
        / state.flow**0.1
    )
    bubble.strike(state.bubbles.chirp[index], radius_m / ratio, loud, rise, frame, sample_rate)


@kernel
def _splash(state, params, frame, sample_rate):
    """Break the surface once: a burst of spray on one side, and air to fold in. Always the same draws."""
    strength = math.exp(0.9 * min(noise.gaussian(state.splashes), 2.2))
    height = noise.uniform(state.splashes)
    q = 1.2 * 5.0 ** noise.uniform(state.splashes)
    life = math.exp(0.8 * noise.gaussian(state.splashes))
    side = 1 + int(_SIDES * noise.uniform(state.splashes))
    seed = noise.split(state.splashes)
    state.folded += strength / 1.4  # its mean
    index = spray.free(state.spray)
    if index < 0:
        return
    centre_hz = 900.0 * 13.0**height * ratio_from_semitones(params.pitch + params.bend)
    decay_s = min(0.002 * life * (3000.0 / centre_hz) ** 0.3, 0.03)
    loud = _SPRAY * state.push * params.splash**_EVEN * strength / state.flow**0.12 * math.sqrt(state.stream)
    burst = state.spray.burst[index]
    burst.emitter = side
    spray.strike(burst, seed, loud, min(centre_hz, 14000.0), q, 0.0006, decay_s, frame, sample_rate)


@kernel
def strike(state, params, velocity, sample_rate):
    """Take an empty vessel and begin to pour."""
    state.kind = int(params.vessel)
    event.start(state.closings, noise.split(state))
    event.start(state.splashes, noise.split(state))
    state.vessel.noise.rng = noise.split(state)
    wander.start(state.gulp, noise.split(state))
    wander.start(state.hand, noise.split(state))
    rumble.start(state.cloud, state)
    state.level_m = 0.01 * params.height_cm * _HIGH[state.kind] * params.start_level
    state.flock = 1.0
    for mode in range(_WALL_MODES):
        filters.tune(state.wall[mode], _WALL_HZ[state.kind][mode], _WALL_Q[state.kind], sample_rate)
    _prepare(state, params, sample_rate)
    _prepare(state, params, sample_rate)  # twice: the gains' ramps begin where they end


@kernel
def _hold(state, params, emitters):
    """Let the column sound from the mouth, the spray from four sides of where the jet strikes."""
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    reach_m = 0.006 * params.width_cm * _WIDE[state.kind] ** 0.5
    for side in range(_SIDES):
        turn = math.pi * (0.5 * side + 0.25)
        emitter.hold(emitters, 1 + side, emitter.EARS, reach_m * math.cos(turn), reach_m * math.sin(turn), -0.3 * state.air_m)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let splashes and bubbles come while the jet lasts; column and wall answer them and the jet's noise."""
    _hold(state, params, emitters)
    if start == 0:
        _fill(state, params, sample_rate)
        _prepare(state, params, sample_rate)
        state.stream = max(state.vessel.present, _DRIPS * state.drip if state.drip > 0.02 else 0.0)
    rate_hz = _SPLASHES_HZ * state.flow**0.4 * state.stream
    frame = event.next_frame(state.splashes, rate_hz, sample_rate, start, stop)
    while frame < stop:
        _splash(state, params, frame - start, sample_rate)
        frame = event.next_frame(state.splashes, rate_hz, sample_rate, frame, stop)
    flocking = _FLOCKING * min(2.0 * params.splash, 1.0)
    rate_hz = _BUBBLES_HZ * math.sqrt(state.flow) * state.stream * (1.0 - flocking + flocking * state.flock)
    frame = event.next_frame(state.closings, rate_hz, sample_rate, start, stop)
    while frame < stop:
        _close(state, params, emitters, frame - start, sample_rate)
        frame = event.next_frame(state.closings, rate_hz, sample_rate, frame, stop)
    swarm.add(state.bubbles, emitters, start, stop)
    out, drive = emitters.slot[0].out, state.bubbles.drive
    spray.add(state.spray, emitters, drive, start, stop)
    rumble.add(state.cloud, gate, _PRESENCE_S, drive, out, start, stop, sample_rate)
    gain = _WALL * _WALL_GAIN[state.kind] * params.resonance
    for mode in range(_WALL_MODES):
        for n in range(start, stop):
            out[n] += F32(gain * filters.band(state.wall[mode], drive[n]))
    vessel.add(state.vessel, gate, _PRESENCE_S, drive, _DRIVE_SHARE, out, start, stop, sample_rate)
    settle = 1.0 - math.exp(-1.0 / (_DRIP_S * sample_rate))
    for _ in range(start, stop):
        state.drip += settle * (gate - state.drip)
    state.passed += stop - start
    state.poured += int(gate) * (stop - start)


TRIGGER = Trigger(
    "pour", PARAMETERS, STATE, strike, render,
    emitters=_EMITTERS, tail_s=2, gesture={"kind": "bursts", "rate_hz": 0.035, "duty": 0.8, "irregularity": 0.2},
    place={"azimuth_deg": 18, "elevation_deg": -20, "distance_m": 0.3}, motion={"kind": "drift"}, voices=2,
    room={"t60_s": 0.3, "level_db": -20}, level_db=-20, classes={"pour": ()}, doc=__doc__,
)  # fmt: skip
