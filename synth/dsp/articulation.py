"""Articulation: how a mouth gets from phone to phone.  window of phones, time -> targets -> followers that glide -> posture.

Every quantity follows its target through two one-poles in a row, so nothing steps; resonances set out early, by what they lag
behind, so that their glide lies across the boundary and takes 40 to 80 ms (Klatt 1980). A consonant's resonances go along with
those of the vowel before it and, later, after it (`phone_targets`). A stop is shut, lets go with a burst, and breathes into what
follows. No phone is twice the same: its length, level and resonances are drawn.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise
from synth.dsp.frication import BANDS
from synth.dsp.phone import EMPHASISED, PAUSE, PHRASE_ENDS, STRESSED, WINDOW, WORD_BEGINS, WORD_ENDS
from synth.dsp.phone_targets import (
    AFFRICATE,
    BAND_GAIN,
    BAND_HZ,
    BAND_Q,
    BREATH,
    F4_HZ,
    FIRST_HZ,
    GLIDE,
    KIND,
    NASAL,
    NOISE,
    RELEASE_S,
    SECOND_HZ,
    SIBILANT,
    SILENT,
    STOP,
    VOICED,
    VOWEL,
    YIELDS,
    ZERO_HZ,
)  # fmt: skip
from synth.rt import kernel
from synth.rt.units import gain_from_db

RESONANCES = 4
_LEAD_S = 0.018  # how early the resonances set out
_GLIDE_S, _BAND_S, _NOSE_S = 0.013, 0.006, 0.012  # of each of the two one-poles
_LEVEL_S, _SHUT_S, _DIE_S = 0.009, 0.0025, 0.035  # of levels: between open phones; to and from a closure; into a pause
_SHORT_RELEASE_S = 0.016  # from the burst on, of a voiceless stop that no vowel follows; of others: `RELEASE_S`
_FLAP_RELEASE_S = 0.024
_BURST_S, _BURST = 0.010, 2.0  # how fast it dies away; against the noise of its place
_AFTER_BURST, _ASPIRATED, _LEAK = 0.5, (0.75, 1.5), 0.1  # noise and breath after it; breath that passes a closed b, d or g
_SHUT = 0.45  # of an affricate
_NOSE = 0.74  # how much of the nose sounds in m n ng
_DIPHTHONG_BEGINS, _DIPHTHONG_ENDS = 0.2, 0.85  # shares of its time between which it glides
_INHALE_RISES, _INHALE_FALLS = 0.35, 0.9  # shares of a pause at which the breath that is drawn is loudest, and over

GLIDING = np.dtype([("want", "f8"), ("mid", "f8"), ("now", "f8")], align=True)
ARTICULATION = np.dtype(
    [
        ("rng", "u8"),
        ("number", "i8"),
        ("before", "i8"),
        ("ended", "i8"),
        ("burst_done", "i8"),
        ("elapsed_s", "f8"),
        ("stretch", "f8"),
        ("level", "f8"),
        ("fall", "f8"),  # how far the phrase's level has sunk
        ("burst", "f8"),
        ("inhale", "f8"),  # set by whoever speaks: breath that is drawn during a pause
        ("sibilance_db", "f8"),  # set by whoever speaks: how much louder s and sh are
        ("voiced", GLIDING),
        ("off", "f8", (RESONANCES,)),
        ("vowel_hz", "f8", (RESONANCES,)),  # where the last vowel ended
        ("hertz", GLIDING, (RESONANCES,)),
        ("breath", GLIDING),
        ("noise", GLIDING),
        ("nose", GLIDING),
        ("zero_hz", GLIDING),
        ("band_hz", GLIDING, (BANDS,)),
        ("band_q", GLIDING, (BANDS,)),
        ("band_gain", GLIDING, (BANDS,)),
    ],
    align=True,
)


@kernel
def start(art, seed):
    """Begin at rest; the first phone of a window begins with the next `advance`."""
    art.rng = seed
    art.number, art.ended, art.stretch, art.level = -1, 1, 1.0, 1.0
    for k in range(RESONANCES):
        art.vowel_hz[k] = FIRST_HZ[k][0] if k < RESONANCES - 1 else F4_HZ
        _put(art.hertz[k], art.vowel_hz[k])
    for band in range(BANDS):
        _put(art.band_hz[band], BAND_HZ[band][0])
        _put(art.band_q[band], BAND_Q[band][0])
        _put(art.band_gain[band], BAND_GAIN[band][0])
    _put(art.zero_hz, 1500.0)


@kernel
def _put(gliding, value):
    gliding.want, gliding.mid, gliding.now = value, value, value


@kernel
def _follow(gliding, share):
    gliding.mid += share * (gliding.want - gliding.mid)
    gliding.now += share * (gliding.mid - gliding.now)


@kernel
def advance(art, window, seconds, pace, unevenness):
    """Move on; return 1 if the first phone of the window has been said now, else 0.

    Parameters
    ----------
    art : an ARTICULATION record.
    window : WINDOW phones, the one that is being said first.
    seconds : of a quantum.
    pace : what the phones' lengths are divided by.
    unevenness : 0..1, how much phones differ from what they should be.
    """
    number = window[0].number
    if art.ended or number != art.number:
        _begin(art, window, unevenness)
    art.elapsed_s += seconds * pace * art.stretch
    _aim_resonances(art, window, _LEAD_S * pace)
    _aim_levels(art, window, pace)
    glide = 1.0 - math.exp(-seconds / _GLIDE_S)
    band, nose = 1.0 - math.exp(-seconds / _BAND_S), 1.0 - math.exp(-seconds / _NOSE_S)
    kind, before = KIND[art.number], KIND[max(art.before, 0)]
    level_s = _DIE_S if kind == SILENT else _LEVEL_S
    if kind in (STOP, AFFRICATE) or (before in (STOP, AFFRICATE) and kind != SILENT):
        level_s = _SHUT_S
    level = 1.0 - math.exp(-seconds / level_s)
    for k in range(RESONANCES):
        _follow(art.hertz[k], glide)
    for k in range(BANDS):
        _follow(art.band_hz[k], band)
        _follow(art.band_q[k], band)
        _follow(art.band_gain[k], band)
    _follow(art.breath, level)
    _follow(art.noise, level)
    _follow(art.nose, nose)
    _follow(art.zero_hz, nose)
    _follow(art.voiced, level)
    art.burst *= math.exp(-seconds / _BURST_S)
    art.ended = 1 if number != 0 and art.elapsed_s >= window[0].seconds else 0
    return art.ended


@kernel
def _begin(art, window, unevenness):
    """Begin a phone: draw how it differs this time."""
    phone = window[0]
    if art.number >= 0 and KIND[art.number] == VOWEL:
        for k in range(RESONANCES - 1):
            art.vowel_hz[k] = SECOND_HZ[k][art.number]
    art.before, art.number = art.number, phone.number
    art.elapsed_s = 0.0
    art.burst_done = 0
    art.stretch = math.exp(0.14 * unevenness * _draw(art))
    db = 1.6 * unevenness * _draw(art)
    if phone.marks & STRESSED:
        db += 1.0
    if phone.marks & EMPHASISED:
        db += 3.0
        art.stretch *= 0.87
    if KIND[phone.number] == SILENT:
        art.fall = 0.0
    elif phone.marks & PHRASE_ENDS:
        art.fall = min(art.fall + 0.6, 3.0)
    art.level = gain_from_db(db - art.fall)
    for k in range(RESONANCES):
        art.off[k] = math.exp(0.03 * unevenness * _draw(art))


@kernel
def inhale(art, phone, level):
    """Breathe in during a pause: sharply, then less and less; at its loudest as loud as `level`, 0: not at all."""
    art.inhale = 0.0
    if phone.number == PAUSE and art.number == PAUSE:
        x = art.elapsed_s / phone.seconds
        rises = math.sin(0.5 * math.pi * min(x / _INHALE_RISES, 1.0)) ** 2
        falls = min(max((_INHALE_FALLS - x) / (_INHALE_FALLS - _INHALE_RISES), 0.0), 1.0)
        art.inhale = level * rises * falls


@kernel
def _draw(art):
    return max(min(noise.gaussian(art), 2.0), -2.0)


@kernel
def _at(art, window, index, k, share):
    """Return a resonance's target so far into one of the window's phones: a share of its time."""
    number = window[index].number
    if k == RESONANCES - 1:
        return F4_HZ
    first, second = FIRST_HZ[k][number], SECOND_HZ[k][number]
    if KIND[number] == VOWEL:
        x = min(max((share - _DIPHTHONG_BEGINS) / (_DIPHTHONG_ENDS - _DIPHTHONG_BEGINS), 0.0), 1.0)
        return first + (second - first) * x * x * (3.0 - 2.0 * x)
    yields = YIELDS[number]
    if k != 1:  # the first resonance is what the opening makes it, the third goes along by half
        yields = yields if yields > 0.95 else 0.4 * yields * k
    last, coming = art.vowel_hz[k], 0.0
    if index > 0 and KIND[window[0].number] == VOWEL:
        last = SECOND_HZ[k][window[0].number]
    for ahead in range(index + 1, WINDOW):
        other = window[ahead].number
        if KIND[other] == VOWEL:
            coming = FIRST_HZ[k][other]
            break
        if KIND[other] == SILENT:
            break
    if coming == 0.0:
        coming = last
    if KIND[art.before if index == 0 else window[0].number] == SILENT:
        last = coming  # nothing before it: it is made ready for what comes
    x = min(max(share, 0.0), 1.0)
    vowel_hz = last + (coming - last) * x * x * (3.0 - 2.0 * x)
    return first + yields * (vowel_hz - first)


@kernel
def _aim_resonances(art, window, lead_s):
    """Aim at what will be after the lead: still this phone, or already the next."""
    index, into, long = 0, art.elapsed_s + lead_s, max(window[0].seconds, 1e-3)
    if into >= long and window[0].number != 0:
        into -= long
        index, long = 1, max(window[1].seconds, 1e-3)
    if KIND[window[index].number] == SILENT and (index == 1 or into < long - 0.12):
        return  # the mouth stays as it was: it goes to rest, or makes itself ready, later
    ahead = index + 1 if KIND[window[index].number] == SILENT else index
    share = into / long if ahead == index else 0.0
    for k in range(RESONANCES):
        art.hertz[k].want = _at(art, window, ahead, k, share) * art.off[k]
    number = window[ahead].number
    art.nose.want = _NOSE if KIND[number] == NASAL else 0.0
    if ZERO_HZ[number] > 0.0:
        art.zero_hz.want = ZERO_HZ[number]


@kernel
def _is_flapped(art, window):
    """Return whether this is a stop within a word, between vowels, before one without stress: the tongue hardly stays."""
    between = KIND[max(art.before, 0)] == VOWEL and KIND[window[1].number] == VOWEL
    return (
        between
        and KIND[art.number] == STOP
        and not window[1].marks & STRESSED
        and not window[0].marks & (WORD_BEGINS | WORD_ENDS)
    )


@kernel
def _release_s(art, window):
    """Return how long a stop sounds from its burst on."""
    following = KIND[window[1].number]
    if _is_flapped(art, window):
        return _FLAP_RELEASE_S
    if VOICED[art.number] > 0.0:
        return RELEASE_S[art.number]
    if following == SILENT:
        return 1.2 * RELEASE_S[art.number]
    if following in (VOWEL, GLIDE) and not (SIBILANT[max(art.before, 0)] > 0.0 and KIND[max(art.before, 0)] != STOP):
        return RELEASE_S[art.number]
    return _SHORT_RELEASE_S


@kernel
def _aim_levels(art, window, pace):
    """Aim the noises at what this phone has now, and the bands at its place."""
    number = art.number
    kind = KIND[number]
    if kind == SILENT and art.burst < 1e-3 and art.noise.now < 1e-3:
        number = window[1].number if window[0].number == PAUSE else number
    for band in range(BANDS):
        hertz = BAND_HZ[band][number]
        art.band_hz[band].want = hertz if hertz > 0.0 else min(max(1.1 * art.hertz[1].want, 1200.0), 3400.0)
        art.band_q[band].want, art.band_gain[band].want = BAND_Q[band][number], BAND_GAIN[band][number]
    number = art.number
    breath, rubbed = BREATH[number] * art.level, NOISE[number] * art.level * gain_from_db(art.sibilance_db * SIBILANT[number])
    if kind in (STOP, AFFRICATE):
        long = max(window[0].seconds, 1e-3)
        release_s = min(_release_s(art, window), 0.55 * long) if kind == STOP else (1.0 - _SHUT) * long
        if art.elapsed_s < long - release_s:
            breath, rubbed = _LEAK * VOICED[number], 0.0
        else:
            if not art.burst_done:
                art.burst_done = 1
                art.burst = _BURST * rubbed * (1.0 if kind == STOP else 0.6)
            if kind == STOP:
                rubbed *= _AFTER_BURST
                breath *= _ASPIRATED[1] if VOICED[number] > 0.0 else _ASPIRATED[0]
    art.breath.want, art.noise.want = max(breath, art.inhale), rubbed
    art.voiced.want = VOICED[number]
