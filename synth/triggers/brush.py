"""Brush: a brush over microphone, skin or hair.  hand -> clumps of bristles that catch and flick -> rubbing, contacts; pressing.

A tuft parts into a few clumps. Each lies somewhere under the tuft, bends as it is drawn along, drags for a centimetre or
three and flicks off; another takes its place, of another size and another colour. While it drags, its bristles rub (a noise as
loud as bristles press and as fast as they go) over places that are rough and smooth, and touch: 500 to 6000 contacts a second.
Below, hand and capsule or skin rumble and rub; they never fall silent while the hand is there. The ranges are chosen; on
recordings a fifth of the modulation lies at 3 to 10 Hz, a quarter of the energy below 150 Hz, and the density of what is above
4 kHz hardly falls (docs/internals/physics.md, brushing).
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import catch, contact_bed, emitter, event, filter_pass, filters, noise, surface
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, gain_from_db
from synth.trigger import Trigger

_CLUMPS = 7
_SURFACES = {
    # rumble, body and air of the handling; how low clumps are coloured, how high, and where they cease to radiate, Hz; share of
    # the colour beside a flat rest; way between two catches mm, and how much is held; contacts beside the rubbing; what evens
    # out the loudness, dB
    "microphone": (1.0, 1.0, 1.0, 500.0, 14400.0, 1600.0, 0.7, 9.0, 0.5, 1.0, 0.0),
    "skin": (0.6, 0.8, 0.8, 900.0, 9000.0, 1000.0, 0.8, 12.0, 0.4, 0.7, 2.7),
    "hair": (0.5, 0.8, 0.8, 1400.0, 17000.0, 1800.0, 0.8, 5.0, 0.7, 1.4, 1.2),
}
_TABLE = tuple(zip(*_SURFACES.values(), strict=True))
_RUMBLE, _BODY, _AIR, _LOW_HZ, _HIGH_HZ, _RADIATES_HZ, _COLOUR, _APART_MM, _HOLD, _CONTACTS, _EVEN_DB = _TABLE
_RUMBLE_LEVEL, _BODY_LEVEL, _AIR_LEVEL, _RUB, _TOUCH = 0.2, 0.035, 0.004, 0.15, 0.45
_Q = 2.0
_PER_FLICK_M = 1.0 / 0.0015
_SPREADS = 0.6  # a tuft that is pressed spreads: pressure^0.6
_CIRCLE_M = 0.018  # radius of the circles that the hand draws
_LIFE_M = (0.008, 0.035)  # how far a clump drags
_BUMPS_PER_M = (90.0, 840.0)  # lattice cells: bumps of what is brushed, at 0.12 m/s 3 and 28 a second
_GLIDE_S = 0.02
_EVERY = 8  # frames between two looks at how a clump bends; how loud it is glides between
_RESTS, _REST_S = 0.6, 0.2  # the hand stays for a while

PARAMETERS = (
    Parameter("softness", 0, 1, 0.5, doc="0 stiff nylon (bright), 1 goat hair (dark)"),
    Parameter("contacts_hz", 500, 6000, 2500, "hz", curve="exp", doc="bristle contacts a second at full pressure"),
    Parameter("rumble", 0, 1, 0.5, doc="low sound of the pressed brush, the hand and the capsule"),
    Parameter("speed_m_s", 0.05, 0.5, 0.12, "m_s", curve="exp", doc="of the brush at full pressure"),
    Parameter("size_cm", 0.5, 12, 4, "cm", curve="exp", doc="width of the tuft: how far apart its clumps touch"),
    Parameter("body", 0, 1, 0.4, doc="how far down the clumps' colours reach"),
    Parameter("unevenness", 0, 1, 0.6, doc="how much clumps, contacts and places differ"),
    Parameter("surface", default="microphone", choices=tuple(_SURFACES), doc="what is brushed: a microphone, skin, hair"),
)
_CLUMP = np.dtype(
    [
        ("rng", "u8"), ("draws", noise.RNG), ("seed", "u8"), ("at", "f8"), ("catch", catch.CATCH),
        ("left_m", "f8"), ("life_m", "f8"), ("size", "f8"), ("away_m", "f8"), ("left", "f8"), ("up", "f8"),
        ("load", "f8"), ("load_goal", "f8"), ("loud", "f8"), ("step", "f8"),
        ("colour", filters.SVF), ("low", filters.SVF), ("high", filters.SVF),
    ],
    align=True,
)  # fmt: skip
STATE = np.dtype(
    [
        ("rng", "u8"), ("is_new", "i8"), ("contacts", event.PROCESS), ("count", "i8"), ("press", "f8"), ("rest", "f8"),
        ("rate_hz", "f8"), ("way_m", "f8"), ("angle", "f8"), ("rumble", "f8"), ("speed_m_s", "f8"), ("level", "f8"),
        ("level_goal", "f8"),
        ("bed", contact_bed.CONTACT_BED), ("clump", _CLUMP, (_CLUMPS,)), ("hits", "f8", (_CLUMPS, QUANTUM)),
        # a quantum of: the hand's way, how loud the bristles are and how loud the hand is, a clump
        *((name, "f8", (QUANTUM,)) for name in ("moved_m", "press_now", "bed_now", "work")),
    ],
    align=True,
)  # fmt: skip


@kernel
def strike(state, params, velocity, sample_rate):
    """Bring the brush to the ear, with its clumps at any stage of their lives."""
    event.start(state.contacts, noise.split(state))
    state.angle = noise.between(state, 0.0, 2.0 * math.pi)
    state.rumble, state.speed_m_s = (2.0 * params.rumble) ** 0.5, 0.3 * velocity * params.speed_m_s
    surface_index = int(params.surface)
    contact_bed.start(
        state.bed, noise.split(state), _RUMBLE_LEVEL * _RUMBLE[surface_index], _BODY_LEVEL * _BODY[surface_index],
        _AIR_LEVEL * _AIR[surface_index], sample_rate,
    )  # fmt: skip
    for index in range(_CLUMPS):
        clump = state.clump[index]
        clump.rng, clump.draws.rng, clump.seed = noise.split(state), noise.split(state), noise.split(state)
        catch.start(clump.catch, noise.split(state), 0.001 * _APART_MM[surface_index])
        _renew(clump, params, sample_rate)
        clump.left_m *= noise.uniform(clump.draws)
    state.is_new = 1


@kernel
def _renew(clump, params, sample_rate):
    """Let another clump touch: where, how large, how long, of which colour."""
    stream, surface_index = clump.draws, int(params.surface)
    reach_m, around = 0.005 * params.size_cm, noise.between(stream, 0.0, 2.0 * math.pi)
    radius_m = reach_m * math.sqrt(noise.uniform(stream))
    clump.left, clump.up = radius_m * math.cos(around), radius_m * math.sin(around)
    clump.away_m = 0.3 * reach_m * noise.between(stream, -1.0, 1.0)
    clump.at = noise.between(stream, 0.0, 100.0)
    clump.life_m = clump.left_m = noise.between(stream, _LIFE_M[0], _LIFE_M[1])
    clump.size = math.exp(0.6 * params.unevenness * noise.gaussian(stream))
    low_hz, high_hz = _LOW_HZ[surface_index] * 2.0 * 0.25**params.body, _HIGH_HZ[surface_index] * 1.6 * 0.4**params.softness
    colour_hz = low_hz * max(high_hz / low_hz, 1.2) ** noise.uniform(stream)
    top_hz = min(30000.0 * 0.2**params.softness * math.exp(0.3 * noise.gaussian(stream)), 20000.0)
    deep_hz = _RADIATES_HZ[surface_index] * 2.0 * 0.35**params.body * math.exp(0.4 * noise.gaussian(stream))
    filters.tune(clump.colour, colour_hz, _Q, sample_rate)
    filters.tune(clump.low, top_hz, 0.6, sample_rate)
    filters.tune(clump.high, deep_hz, 0.6, sample_rate)


@kernel
def _press(state, params, emitters, sample_rate):
    """Once a quantum: where the clumps are, how hard each presses there; those that have dragged enough flick off."""
    around = state.angle + state.way_m / _CIRCLE_M
    left_m, up_m = _CIRCLE_M * math.cos(around), _CIRCLE_M * math.sin(around)
    state.rate_hz = params.contacts_hz * state.press
    uneven = params.unevenness
    even_db = _EVEN_DB[int(params.surface)] + 2.0 * (params.softness - 0.5) - 4.0 * (params.rumble - 0.5) - 2.5 * (uneven - 0.6)
    state.level_goal = gain_from_db(even_db)
    if state.is_new:
        state.level = state.level_goal
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    for index in range(_CLUMPS):
        clump = state.clump[index]
        if clump.left_m <= 0.0:
            _renew(clump, params, sample_rate)
        age = 1.0 - clump.left_m / clump.life_m
        bend = min(4.0 * age, 1.0) * min(12.0 * (1.0 - age), 1.0)
        here = state.way_m + clump.at
        bumps = 2.2 * surface.height(clump.seed, here * _BUMPS_PER_M[0])
        bumps += 1.8 * surface.height(clump.seed + np.uint64(1), here * _BUMPS_PER_M[1])
        clump.load_goal = clump.size * bend * math.exp(uneven * bumps - 0.6 * uneven * uneven)
        if state.press > 1e-5:
            emitter.hold(emitters, 1 + index, emitter.EARS, clump.away_m, left_m + clump.left, up_m + clump.up)
        elif emitters.slot[1 + index].life == emitter.LIVE:
            emitter.let_go(emitters, 1 + index)


@kernel
def _touch(state, params, start, stop, sample_rate):
    """Spread the bristles' contacts over the clumps: each a little impulse, of exponential energy."""
    state.hits[:, start:stop] = 0.0
    frame = event.next_frame(state.contacts, state.rate_hz, sample_rate, start, stop)
    while frame < stop:
        state.count += 1
        index = int(_CLUMPS * noise.uniform(state.contacts))
        strength = math.sqrt(noise.exponential(state.contacts))
        strength *= math.exp(0.4 * params.unevenness * noise.gaussian(state.contacts))
        state.hits[index, frame] += strength if noise.uniform(state.contacts) < 0.5 else -strength
        frame = event.next_frame(state.contacts, state.rate_hz, sample_rate, frame, stop)


@kernel
def _drag(state, clump, hits, params, share, out, start, stop, sample_rate):
    """Drag one clump along: its bristles rub and touch, in its colour."""
    surface_index = int(params.surface)
    apart_m, hold, colour = 0.001 * _APART_MM[surface_index], _HOLD[surface_index], _COLOUR[surface_index]
    rub = _RUB * math.sqrt(params.speed_m_s / 0.12) * noise.density(sample_rate)
    knock = _TOUCH * _CONTACTS[surface_index] * sample_rate / 48000.0 * (2500.0 / params.contacts_hz) ** 0.4
    work, glide, frame = state.work, 1.0 - (1.0 - 4.0 * share) ** _EVERY, start
    noise.fill(clump, work, start, stop)
    while frame < stop:
        if frame % _EVERY == 0:
            moved_m = _EVERY * state.moved_m[frame]
            tip = catch.follow(clump.catch, moved_m, hold, apart_m, _PER_FLICK_M)
            clump.load += glide * (clump.load_goal - clump.load)
            clump.step = (clump.load * math.sqrt(max(tip, 0.0)) - clump.loud) / _EVERY
            clump.left_m -= moved_m
        until = min(stop, frame + _EVERY - frame % _EVERY)
        loud, step = clump.loud, clump.step
        for n in range(frame, until):
            loud += step
            work[n] = loud * state.press_now[n] * (rub * work[n] + knock * hits[n])
        clump.loud, frame = loud, until
    filter_pass.colour(clump.colour, clump.low, clump.high, 1.0 - 0.7 * colour, 1.55 * colour, work, start, stop)
    for n in range(start, stop):
        out[n] += F32(work[n])


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Let bristles touch wherever the tuft is, and drag the clumps; press."""
    if start == 0 or state.is_new:
        _press(state, params, emitters, sample_rate)
        state.is_new = 0
    share, leave = 1.0 - math.exp(-1.0 / (_GLIDE_S * sample_rate)), 1.0 - math.exp(-1.0 / (_REST_S * sample_rate))
    stroke = gate * params.pressure
    pressure = stroke**_SPREADS  # a tuft spreads as it is pressed
    rest, rumble = _RESTS * pressure, (2.0 * params.rumble) ** 0.5
    _touch(state, params, start, stop, sample_rate)
    press, speed_m_s, way_m = state.press, state.speed_m_s, state.way_m
    rumbles, level, rests = state.rumble, state.level, state.rest
    for n in range(start, stop):
        press += share * (pressure - press)
        speed_m_s += share * (stroke * params.speed_m_s - speed_m_s)
        way_m += speed_m_s / sample_rate
        rumbles += share * (rumble - rumbles)
        level += share * (state.level_goal - level)
        rests += (share if rest > rests else leave) * (rest - rests)
        state.moved_m[n], state.press_now[n], state.bed_now[n] = speed_m_s / sample_rate, level * press, level * rumbles
        state.bed.frames[n] = max(pressure, rests)
    state.press, state.speed_m_s, state.way_m = press, speed_m_s, way_m
    state.rumble, state.level, state.rest = rumbles, level, rests
    for index in range(_CLUMPS):
        if emitters.slot[1 + index].life == emitter.LIVE:
            out = emitters.slot[1 + index].out
            _drag(state, state.clump[index], state.hits[index], params, share, out, start, stop, sample_rate)
    contact_bed.run(state.bed, sample_rate, start, stop)
    out = emitters.slot[0].out
    for n in range(start, stop):
        out[n] += F32(state.bed_now[n] * state.bed.frames[n])


TRIGGER = Trigger(
    "brush", PARAMETERS, STATE, strike, render,
    emitters=_CLUMPS + 1, tail_s=3.2,
    gesture={"kind": "strokes", "rate_hz": 1.6, "duty": 0.95, "irregularity": 0.5, "dynamics": 0.35},
    place={"azimuth_deg": 40, "elevation_deg": 0, "distance_m": 0.2}, motion={"kind": "drift", "period_s": 8, "span_deg": 60},
    room={"t60_s": 0.25, "level_db": -14}, level_db=-16.5, classes={"brush": ()}, doc=__doc__,
)  # fmt: skip
