"""A contact bed: what a near microphone hears of whatever touches, as long as it does.  pressure -> uneven noise in three bands.

touch -> thump; pressure -> rumble of the hand, skin and cloth on the body, air of the surface: each band has its own unevenness

Between the events of a sound that a hand makes there is no silence: recordings of scratching, brushing and crumpling spend a few
per cent of their time 40 dB under their peaks, and their lowest band holds up to half of the energy.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import filter_pass, filters, noise, wander
from synth.rt import kernel
from synth.rt.intrinsics import fma
from synth.rt.units import QUANTUM

BANDS = 3
RUMBLE, BODY, AIR = range(BANDS)
_CENTRE_HZ, _Q = (70.0, 300.0, 3200.0), (0.8, 0.55, 0.45)
_UNEVEN_HZ = (2.5, 5.0, 11.0)  # how often each band changes its mind
_TOUCH_S, _LIFT_S = 0.012, 0.06
_THUMP_HZ, _THUMP_S = 55.0, 0.03
_UNEVENNESS = 0.75
_EVERY = 64  # samples: how often the unevenness is looked up; it glides between

CONTACT_BED = np.dtype(
    [
        ("rng", "u8"),
        ("press", "f8"),  # follows the pressure
        ("thump", filters.SVF),
        ("band", filters.SVF, (BANDS,)),
        ("gain", "f8", (BANDS,)),
        ("now", "f8", (BANDS,)),  # the gain with its unevenness ...
        ("step", "f8", (BANDS,)),  # ... and how it glides
        ("wave", wander.WANDER, (BANDS,)),
        ("age", "i8"),
        ("frames", "f8", (QUANTUM,)),  # of a quantum: pressures, then the sound
        ("touch", "f8"),  # shares of a sample's way to a higher and a lower pressure
        ("lift", "f8"),
    ],
    align=True,
)


@kernel
def start(bed, seed, rumble, body, air, sample_rate):
    """Begin without a touch.

    Parameters
    ----------
    bed : a CONTACT_BED record, zeroed.
    seed : of a stream of its own.
    rumble, body, air : how loud each band is at full pressure, rms: below 150 Hz, around 300 Hz, 1..10 kHz.
    sample_rate : hertz.
    """
    bed.rng = seed
    bed.gain[RUMBLE], bed.gain[BODY], bed.gain[AIR] = rumble, body, air
    filters.tune(bed.thump, _THUMP_HZ, 1.2, sample_rate)
    for band in range(BANDS):
        wander.start(bed.wave[band], noise.split(bed))
        filters.tune(bed.band[band], _CENTRE_HZ[band], _Q[band], sample_rate)
        width_hz = _CENTRE_HZ[band] / _Q[band]
        bed.gain[band] *= math.sqrt(3.0 * 48000.0 / (math.pi * width_hz))  # white noise of variance 1/3 through a band-pass
        bed.now[band] = bed.gain[band] * _uneven(bed, band)
    bed.touch = 1.0 - math.exp(-1.0 / (_TOUCH_S * sample_rate))
    bed.lift = 1.0 - math.exp(-1.0 / (_LIFT_S * sample_rate))


@kernel
def _uneven(bed, band):
    return math.exp(_UNEVENNESS * wander.value(bed.wave[band]) - 0.5 * _UNEVENNESS * _UNEVENNESS)


@kernel
def run(bed, sample_rate, start, stop):
    """Replace the pressures (0..1) in `bed.frames` by what they sound like; it follows within 12 ms, and leaves within 60."""
    begin = start
    while begin < stop:
        end = min(stop, begin + _EVERY - bed.age % _EVERY)
        if bed.age % _EVERY == 0:
            for band in range(BANDS):
                wander.advance(bed.wave[band], _EVERY * _UNEVEN_HZ[band] / sample_rate)
                bed.step[band] = (bed.gain[band] * _uneven(bed, band) - bed.now[band]) / _EVERY
        _stretch(bed, sample_rate, begin, end)
        bed.age += end - begin
        begin = end


@kernel
def _stretch(bed, sample_rate, start, stop):
    """Do so while the bands' unevenness glides straight; all of the state in registers."""
    pa, qa, ra, ka, a1, a2 = filter_pass.of(bed.band[RUMBLE])
    pb, qb, rb, kb, b1, b2 = filter_pass.of(bed.band[BODY])
    pc, qc, rc, kc, c1, c2 = filter_pass.of(bed.band[AIR])
    pt, qt, rt, _, t1, t2 = filter_pass.of(bed.thump)
    rumble, body, air = ka * bed.now[RUMBLE], kb * bed.now[BODY], kc * bed.now[AIR]
    rumble_step, body_step, air_step = ka * bed.step[RUMBLE], kb * bed.step[BODY], kc * bed.step[AIR]
    density, touch, lift = noise.density(sample_rate), bed.touch, bed.lift
    thump, per_push = 0.04 * bed.gain[RUMBLE], sample_rate * _THUMP_S
    press = bed.press
    for n in range(start, stop):
        way = bed.frames[n] - press
        way *= touch if way > 0.0 else lift
        press += way
        white = density * float(noise.white(bed))
        rumble, body, air = rumble + rumble_step, body + body_step, air + air_step
        rest_a, rest_b, rest_c = white - a2, white - b2, white - c2
        total = rumble * a1 + body * b1 + air * c1
        a1, a2 = fma(qa, rest_a, pa * a1), fma(ra, rest_a, fma(qa, a1, a2))
        b1, b2 = fma(qb, rest_b, pb * b1), fma(rb, rest_b, fma(qb, b1, b2))
        c1, c2 = fma(qc, rest_c, pc * c1), fma(rc, rest_c, fma(qc, c1, c2))
        total += rumble * a1 + body * b1 + air * c1
        rest_t, was = max(way, 0.0) * per_push - t2, t2  # a touch pushes the body once
        t1, t2 = fma(qt, rest_t, pt * t1), fma(rt, rest_t, fma(qt, t1, t2))
        bed.frames[n] = press * total + thump * (was + t2)
    bed.press = press
    filter_pass.keep(bed.band[RUMBLE], a1, a2)
    filter_pass.keep(bed.band[BODY], b1, b2)
    filter_pass.keep(bed.band[AIR], c1, c2)
    filter_pass.keep(bed.thump, t1, t2)
    for band in range(BANDS):
        bed.now[band] += (stop - start) * bed.step[band]
