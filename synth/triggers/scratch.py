"""Scratch: nails drawn over a texture.  hand -> nails that catch and slip -> slope and grit of a surface -> board; handling.

A nail at speed v feels the slope of the surface it passes: force v * s'(x), x the integral of v. The force
scales in time with v: its energy grows as v^2, its spectrum moves up as v, and a weave of period P whistles at v / P. The
surface is a function of place, rougher here than there, and in other grain; the nail's edge smooths it. Nails catch, bend and
slip, each on its own, 10 to 40 times a second: every grain starts hard and bright and darkens as the nail comes to rest; drawn
fast, they slide. What is scratched answers with a few dull modes, lowest at 100 to 450 Hz, each as far as it is moved where the
hand is; hand and cloth rub and thump on it while they touch. The laws of v hold for nails that do not catch. Modes, decays and
slips are chosen, for things under a hand, and their balance is set against recordings: a quarter of their energy lies below
150 Hz, two fifths at 150 to 600, a tenth at 600 to 2500. docs/internals/physics.md, scratching and materials.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import catch, contact_bed, emitter, filter_pass, filters, modal, noise, surface
from synth.dsp.gain_ramp import RAMP, gain_at, move, put
from synth.parameters.parameter import Parameter
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM, gain_from_db, ratio_from_semitones
from synth.trigger import Trigger

_NAILS, _OCTAVES, _MODES = 4, 7, 6
_TEXTURES = {
    # Hurst exponent; share of the weave in the slope; lowest mode below in Hz and its T60 in s, under a hand;
    # what gives damps the top: times the brightness; way between slips mm; level of the handling noise; what evens out the
    # loudness, dB
    "fabric": (0.55, 0.1, 190.0, 0.03, 1.0, 5.4, 1.0, 0.0),
    "linen": (0.50, 0.25, 200.0, 0.03, 1.1, 4.8, 0.9, -0.5),
    "corduroy": (0.55, 0.45, 180.0, 0.03, 0.9, 5.0, 1.1, -2.5),
    "mesh": (0.40, 0.6, 230.0, 0.035, 1.3, 4.0, 0.7, -0.6),
    "carpet": (0.60, 0.15, 145.0, 0.035, 0.7, 8.0, 1.4, -3.0),
    "leather": (0.75, 0.0, 175.0, 0.035, 0.8, 7.0, 1.0, 0.0),
    "paper": (0.45, 0.0, 230.0, 0.02, 1.2, 5.0, 0.7, 1.4),
    "wood": (0.55, 0.0, 215.0, 0.06, 1.1, 4.5, 0.7, -1.9),
    "stone": (0.30, 0.0, 450.0, 0.05, 1.4, 3.5, 0.5, 2.4),
    "mic_cover": (0.65, 0.1, 115.0, 0.05, 0.6, 6.0, 1.8, -3.2),
}
_HURST, _WEAVE, _LOWEST_HZ, _T60_S, _TOP, _APART_MM, _HANDLING, _EVEN_DB = zip(*_TEXTURES.values(), strict=True)
_GLIDE_S = 0.006  # a hand does not change its speed at once, nor a nail its load
_STILL_M_S = 1e-9
_NAIL_APART_M = 0.018
_CELLS_PER_PERIOD = 4.0  # a spline's spectrum peaks at 0.28 cycles a cell
_PERIODS_PER_PATCH, _PERIODS_PER_THREAD = 18.0, 3.0  # some places are rougher than others
_PERIODS_PER_COLOUR = 10.0  # some are rougher in coarse grain, some in fine: octaves vary on their own,
_COLOUR, _ROUGHEST = 1.5, 1.2  # by so many nepers, and not without bound
_HOLD = 0.95  # a nail that catches hardly moves ...
_TOO_FAST_M_S = 0.45  # ... but what sticks and slips no longer does when it is drawn fast
_SLIPS = 0.8  # for what would alias a nail that slips is faster than the hand
_EAGER = 0.2  # half of `catch` is nearly all that a nail does
_SLIP_MM, _SPRING = 0.9, 0.8  # a bent nail springs back nearly in the same time, so over a shorter way if the hand is slow
_HASTE = 0.4  # what rests for less sticks less, but a nail needs its time: slips a second grow less than the speed
_NAIL_GAIN = 1.3
_BOARD, _BOARD_TILT, _BOARD_LEVEL, _JERK = 0.22, -2.0, 2.1, 3.0  # the board's level beside the nails'; higher modes are weaker
_HALF_WAVE_M, _EVERYWHERE = 0.035, 0.1  # of the lowest mode; share of its energy that does not depend on the place
_BOARD_RADIATES_HZ, _NAIL_RADIATES_HZ = 140.0, 3600.0  # what is small moves little air below
_CLOTH = 0.35  # the threads of a weave move air at any frequency, as the cloth does that they are part of
_RUMBLE, _BODY, _AIR = 0.135, 0.009, 0.0011  # of the handling noise
_LEVEL = 0.34
_RESTS, _REST_S = 0.55, 0.22  # the hand stays on the thing for a while after a stroke

PARAMETERS = (
    Parameter("speed_m_s", 0.05, 0.4, 0.2, "m_s", curve="exp", doc="of the nails at full pressure: the pressure is the stroke"),
    Parameter("brightness_hz", 2000, 14000, 10000, "hz", curve="exp", doc="above it the sound falls off: a nail, a finger pad"),
    Parameter("grain_mm", 0.2, 4, 0.7, "mm", curve="exp", doc="period of the weave, the largest bumps of the grain"),
    Parameter("catch", 0, 1, 0.6, doc="how much the nails catch and slip: grains that start hard"),
    Parameter("handling", 0, 1, 0.5, doc="rubbing and thumps of the hand and of what it lies on"),
    Parameter("body", 0, 1, 0.36, doc="how much of the sound is the board's"),
    Parameter("texture", default="fabric", choices=tuple(_TEXTURES), doc="what is scratched: grain, weave and the board below"),
    Parameter("tip_mm", 0.005, 0.12, 0.008, "mm", curve="exp", doc="width of the nail's edge: finer grain is not felt"),
    Parameter("grit", 0, 1, 0.4, doc="little jumps where the surface bends sharply"),
    Parameter("nails", 1, 4, 3, doc="how many nails scratch; between whole numbers the last one presses less"),
    Parameter("stroke_cm", 1, 12, 6, "cm", curve="exp", doc="diameter of the circle that the hand describes"),
)
_NAIL = np.dtype(
    [
        ("profile", surface.profile_dtype(_OCTAVES)), ("low", filters.SVF), ("high", filters.SVF), ("seed", "u8"),
        ("looks", "i8"), ("colour", "f8", (_OCTAVES,)),
        ("weight", RAMP), ("rough", RAMP), ("thread", RAMP), ("catch", catch.CATCH), ("way", "f8"),  # in cells
    ],
    align=True,
)  # fmt: skip
STATE = np.dtype(
    [
        ("rng", "u8"), ("is_new", "i8"), ("rings", "i8"), ("speed_m_s", "f8"), ("way_m", "f8"), ("angle", "f8"), ("turn", "f8"),
        ("weave", "f8"), ("per_m", "f8"), ("hold", "f8"), ("apart_m", "f8"), ("per_slip_m", "f8"), ("rest", "f8"),
        ("level", RAMP), ("body", RAMP), ("grit", RAMP), ("handling", RAMP),
        ("bed", contact_bed.CONTACT_BED), ("grain", surface.profile_dtype(_OCTAVES)), ("nail", _NAIL, (_NAILS,)),
        ("board", modal.bank_dtype(_MODES)), ("board_low", filters.SVF), ("board_high", filters.SVF),
        ("mode_gain", "f8", (_MODES,)), ("mode_at", "f8", (_MODES,)),
        # a quantum of: the hand's speed; a nail's speed and place, what it feels there, what is heard of it
        *((name, "f8", (QUANTUM,)) for name in ("hand_m_s", "tip_m_s", "at", "slope", "curvature", "line", "force", "heard")),
    ],
    align=True,
)  # fmt: skip


@kernel
def strike(state, params, velocity, sample_rate):
    """Set the nails down somewhere on the surface; they move as the pressure says."""
    state.is_new = 1
    state.angle = noise.between(state, 0.0, 2.0 * math.pi)
    state.turn = 1.0 if noise.uniform(state) < 0.5 else -1.0
    texture = int(params.texture)
    state.weave = _WEAVE[texture]
    for index in range(_NAILS):
        nail = state.nail[index]
        nail.seed = noise.split(state)
        nail.way = noise.between(state, 0.0, 4e4)
        filters.tune(nail.high, _NAIL_RADIATES_HZ, 0.5, sample_rate)
        catch.start(nail.catch, noise.split(state), 0.001 * _APART_MM[texture])
    state.hold = _HOLD * params.catch**_EAGER
    filters.tune(state.board_high, _BOARD_RADIATES_HZ, 0.7, sample_rate)
    contact_bed.start(state.bed, noise.split(state), _RUMBLE, _BODY, _AIR, sample_rate)
    for mode in range(_MODES):
        ratio = (1.0 + mode) ** 1.3 * (1.0 + 0.1 * noise.between(state, -1.0, 1.0))
        frequency_hz = _LOWEST_HZ[texture] * ratio * ratio_from_semitones(params.pitch + params.bend)
        t60_s = _T60_S[texture] * ratio**-0.3
        # a force that lasts: its samples are 1 / sample_rate of impulse each
        gain = _BOARD * math.sqrt(frequency_hz / t60_s) * 48000.0 / sample_rate * ratio**_BOARD_TILT
        modal.tune(state.board, mode, frequency_hz, t60_s, gain * 0.0005, sample_rate)
        state.mode_gain[mode], state.mode_at[mode] = state.board.gain[mode], noise.uniform(state)


@kernel
def _level(params, texture):
    """Return what takes back most of the loudness that a choice of numbers adds: fitted over random ones."""
    even_db = _EVEN_DB[texture] - 4.0 * math.log(params.speed_m_s / 0.2) - 3.0 * (params.catch - 0.6) + 0.5 * (params.grit - 0.4)
    return gain_from_db(even_db - 5.5 * (params.handling - 0.5) - 3.0 * (params.body - 0.45))


@kernel
def _glide(ramp, goal, is_new, share):
    if is_new:
        put(ramp, goal)
    move(ramp, goal, share)


@kernel
def _feel(state, params, emitters, sample_rate):
    """Once a quantum: what the nails feel of the surface at this speed, and where the hand is."""
    texture, is_new = int(params.texture), state.is_new
    share = 1.0 - math.exp(-QUANTUM / (_GLIDE_S * sample_rate))
    _glide(state.level, _level(params, texture), is_new, share)
    _glide(state.body, params.body, is_new, share)
    _glide(state.grit, params.grit, is_new, share)
    _glide(state.handling, _HANDLING[texture] * (2.0 * params.handling) ** 0.45, is_new, share)
    state.per_m = 1000.0 / params.grain_mm * ratio_from_semitones(params.pitch + params.bend)
    state.apart_m = 0.001 * _APART_MM[texture] * (max(state.speed_m_s, 0.01) / 0.1) ** _HASTE
    state.per_slip_m = 1000.0 / _SLIP_MM * (0.14 / max(state.speed_m_s, 0.01)) ** _SPRING
    state.hold += share * (_HOLD * params.catch**_EAGER / (1.0 + (state.speed_m_s / _TOO_FAST_M_S) ** 2) - state.hold)
    reach_m = 0.005 * params.stroke_cm
    around = state.angle + state.turn * state.way_m / reach_m
    away_m, left_m = reach_m * math.sin(around), reach_m * math.cos(around)
    emitter.hold(emitters, _NAILS, emitter.EARS, 0.0, 0.0, 0.0)
    top_hz = min(params.brightness_hz * _TOP[texture], 16000.0)
    filters.tune(state.board_low, top_hz, 0.6, sample_rate)
    cells_per_s = _CELLS_PER_PERIOD * state.per_m * state.speed_m_s * (1.0 + _SLIPS * state.hold)
    surface.shape(state.grain, _HURST[texture], 0.001 * params.tip_mm * state.per_m, cells_per_s)
    for index in range(_NAILS):
        nail = state.nail[index]
        if is_new:
            surface.begin(nail.profile, nail.seed)
        _glide(nail.weight, min(max(params.nails - index, 0.0), 1.0), is_new, share)
        if (params.nails > index or nail.weight.end > 1e-5) and (is_new or state.speed_m_s > _STILL_M_S):
            filters.tune(nail.low, top_hz * (1.0 + 0.25 * (index % 2)), 0.6, sample_rate)
            _pass_over(nail, state.grain.target, is_new, share)
            emitter.hold(emitters, index, emitter.EARS, away_m, left_m + _NAIL_APART_M * (index - 1.0), 0.0)
        elif emitters.slot[index].life == emitter.LIVE:
            emitter.let_go(emitters, index)
    for mode in range(_MODES):  # a mode is moved as far as it moves where the hand is
        shape = math.cos(math.pi * (state.mode_at[mode] + (mode + 1.0) * left_m / _HALF_WAVE_M))
        state.board.gain[mode] = state.mode_gain[mode] * math.sqrt(_EVERYWHERE + 2.0 * (1.0 - _EVERYWHERE) * shape * shape)
    state.rings = is_new or state.speed_m_s > _STILL_M_S
    state.is_new = 0


@kernel
def _pass_over(nail, grain, is_new, share):
    """Once a quantum: how rough it is where the nail is, and in which grain; how high the thread; functions of the place."""
    place = nail.way / _CELLS_PER_PERIOD
    nail.looks += 1
    for octave in range(_OCTAVES):
        if is_new or (octave + nail.looks) % 4 == 0:  # the grain is looked at every 5 ms
            patch = min(2.5 * surface.height(nail.seed + np.uint64(2 + octave), place / _PERIODS_PER_COLOUR), _ROUGHEST)
            nail.colour[octave] = math.exp(_COLOUR * (patch - 0.5 * _COLOUR))
        nail.profile.target[octave] = grain[octave] * nail.colour[octave]
    surface.aim(nail.profile, 1.0 if is_new else share)
    _glide(nail.rough, (1.0 + 1.1 * surface.height(nail.seed, place / _PERIODS_PER_PATCH)) ** 2, is_new, share)
    _glide(nail.thread, 1.0 + 1.2 * surface.height(nail.seed + np.uint64(1), place / _PERIODS_PER_THREAD), is_new, share)


@kernel
def _drag(state, nail, start, stop, sample_rate):
    """Move a nail along as the hand does, where it catches; feel the surface under it."""
    period_s, way, cells_per_m = 1.0 / sample_rate, nail.way, _CELLS_PER_PERIOD * state.per_m
    hold, apart_m, per_slip_m = state.hold, state.apart_m, state.per_slip_m
    for n in range(start, stop):
        hand_m_s = state.hand_m_s[n]
        tip_m_s = hand_m_s * catch.glide(nail.catch, n, hand_m_s * period_s, hold, apart_m, per_slip_m)
        way += tip_m_s * cells_per_m * period_s
        state.tip_m_s[n], state.at[n] = tip_m_s, way
    nail.way = way
    surface.feel(nail.profile, state.at, state.slope, state.curvature)


@kernel
def _push(state, nail):
    """Reckon a nail's force from the slope: of the grain, of the weave, in all.  The whole quantum, in loops of vectors."""
    weave = state.weave
    grain = math.sqrt(1.0 - weave * weave)
    if weave > 0.0:
        for n in range(QUANTUM):
            state.line[n], state.heard[n] = surface.ridge(state.at[n] / _CELLS_PER_PERIOD)
        for n in range(QUANTUM):
            thread = weave * gain_at(nail.thread.begin, nail.thread.end, n)
            onto = 1.0 - weave + 2.0 * thread * state.heard[n]  # a nail rubs the threads, not the gaps
            state.line[n] *= thread
            state.slope[n] *= onto
            state.curvature[n] *= onto
    else:
        state.line[:] = 0.0
    for n in range(QUANTUM):
        bend = 0.35 * state.curvature[n]
        cube = bend * bend * bend
        slope = grain * state.slope[n] + gain_at(state.grit.begin, state.grit.end, n) * 2.4 * cube / (1.0 + abs(cube))
        weight = _LEVEL * gain_at(nail.weight.begin, nail.weight.end, n)
        force = weight * state.tip_m_s[n] * gain_at(nail.rough.begin, nail.rough.end, n)
        state.heard[n], state.line[n] = force * slope, force * state.line[n]
        state.force[n] = force * slope + state.line[n] + _JERK / _LEVEL * weight * (state.tip_m_s[n] - state.hand_m_s[n])


@kernel
def _scratch(state, nail, out, board, start, stop):
    """Add what is heard of a nail to `out`, its force to `board`."""
    _push(state, nail)
    for n in range(start, stop):
        board[n] += F32(state.force[n])
    filter_pass.high(nail.high, state.heard, start, stop)
    if state.weave > 0.0:
        for n in range(QUANTUM):
            state.heard[n] += _CLOTH * state.line[n]
    filter_pass.low(nail.low, state.heard, start, stop)
    for n in range(start, stop):
        level = gain_at(state.level.begin, state.level.end, n) * (1.0 - gain_at(state.body.begin, state.body.end, n))
        out[n] += F32(_NAIL_GAIN * level * state.heard[n])


@kernel
def _ring(state, board, start, stop, sample_rate):
    """Let the board sound in the place of the force on it, and the hand."""
    if state.rings:
        for n in range(start, stop):
            state.heard[n] = modal.tick(state.board, board[n])
        filter_pass.high(state.board_high, state.heard, start, stop)
        filter_pass.low(state.board_low, state.heard, start, stop)
    else:
        state.heard[start:stop] = 0.0
    contact_bed.run(state.bed, sample_rate, start, stop)
    for n in range(start, stop):
        bed = gain_at(state.handling.begin, state.handling.end, n) * state.bed.frames[n]
        ring = _BOARD_LEVEL * gain_at(state.body.begin, state.body.end, n) * state.heard[n]
        board[n] = F32(gain_at(state.level.begin, state.level.end, n) * (bed + ring))


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    """Draw each nail over the surface where it is; the board sounds from the middle."""
    if start == 0 or state.is_new:
        _feel(state, params, emitters, sample_rate)
    share, leave = 1.0 - math.exp(-1.0 / (_GLIDE_S * sample_rate)), 1.0 - math.exp(-1.0 / (_REST_S * sample_rate))
    press = gate * params.pressure
    goal_m_s, rest = press * params.speed_m_s, _RESTS * press
    speed_m_s, way_m, rests = state.speed_m_s, state.way_m, state.rest
    for n in range(start, stop):
        speed_m_s += share * (goal_m_s - speed_m_s)
        way_m += speed_m_s / sample_rate
        rests += (share if rest > rests else leave) * (rest - rests)
        state.hand_m_s[n], state.bed.frames[n] = speed_m_s, max(press, rests)
    state.speed_m_s, state.way_m, state.rest = speed_m_s, way_m, rests
    board = emitters.slot[_NAILS].out
    for index in range(_NAILS):
        if emitters.slot[index].life == emitter.LIVE:
            nail = state.nail[index]
            _drag(state, nail, start, stop, sample_rate)
            _scratch(state, nail, emitters.slot[index].out, board, start, stop)
    _ring(state, board, start, stop, sample_rate)


TRIGGER = Trigger(
    "scratch", PARAMETERS, STATE, strike, render,
    emitters=_NAILS + 1, tail_s=3,
    gesture={"kind": "strokes", "rate_hz": 2.6, "duty": 0.8, "irregularity": 0.5, "dynamics": 0.35},
    place={"azimuth_deg": 50, "elevation_deg": -10, "distance_m": 0.25}, motion={"kind": "drift"},
    room={"t60_s": 0.25, "level_db": -10}, level_db=-12, classes={"scratch": ()}, doc=__doc__,
)  # fmt: skip
