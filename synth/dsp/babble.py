"""Babble: syllables that mean nothing.  draws -> phrases of syllables, breaths between -> a window of phones, as of a text.

A syllable is a soft consonant, a vowel that the tongue hardly moves for and, now and then, a nasal or l: mostly closed lips and
little effort, as somebody speaks who is half asleep or behind a door. Three to six syllables a second in phrases of four to
twelve (syllable rates of speech: Greenberg 1999), the last one drawn out (final lengthening, Klatt 1976). A syllable's consonant
and its vowel are never those of the one before it, so that nothing is said twice. Which sounds come how often: chosen.
"""

from __future__ import annotations

import math

import numpy as np

from synth.dsp import noise
from synth.dsp.phone import NAMES, PAUSE, PHONE, PHRASE_ENDS, STRESSED, WINDOW, WORD_BEGINS
from synth.rt import kernel

_ONSETS = {"M": 4.0, "N": 3.0, "L": 2.0, "W": 2.0, "Y": 1.2, "B": 1.6, "D": 1.6, "HH": 1.0}
_VOWELS = {"AX": 3.0, "AH": 3.0, "UH": 2.0, "OW": 1.2, "UW": 1.5, "IH": 1.2, "EH": 0.7, "AA": 0.7}
_CODAS = {"M": 2.0, "N": 2.0, "L": 1.0}
_ONSET, _ONSET_WEIGHT = tuple(map(NAMES.index, _ONSETS)), tuple(_ONSETS.values())
_VOWEL, _VOWEL_WEIGHT = tuple(map(NAMES.index, _VOWELS)), tuple(_VOWELS.values())
_CODA, _CODA_WEIGHT = tuple(map(NAMES.index, _CODAS)), tuple(_CODAS.values())
_FEWEST, _MOST = 4, 12  # syllables of a phrase
_SLOW_HZ, _FAST_HZ = 3.7, 5.2  # how many come in a second: drawn for each phrase ...
_SLOWEST_HZ, _FASTEST_HZ = 3.0, 6.0  # ... and what none goes beyond but the last ones
_LAST, _LAST_BUT_ONE = 1.55, 1.15  # times their length
_STRESSED, _LONGER = 0.4, 1.15  # how often a syllable has stress; times its length
_ONSET_SHARE, _CODA_SHARE, _CLOSED = 0.34, 0.24, 0.25  # shares of a syllable; how often it has a coda
_PAUSE_S = (0.45, 1.2)  # in which a breath is drawn

BABBLE = np.dtype(
    [
        ("rng", "u8"),
        ("window", PHONE, (WINDOW,)),
        ("gone", "f8", (WINDOW,)),  # how much of its phrase is over when a phone comes, 0..1
        ("filled", "i8"),
        ("left", "i8"),  # syllables of the phrase that is being drawn
        ("of", "i8"),
        ("rate_hz", "f8"),
        ("onset", "i8"),  # of the syllable before
        ("vowel", "i8"),
        ("syllables", "i8"),  # drawn so far
    ],
    align=True,
)


@kernel
def start(babble, seed, unevenness):
    """Fill the window with the beginning of a phrase."""
    babble.rng = seed
    babble.onset, babble.vowel = -1, -1
    babble.filled = 0
    _draw_phrase(babble)
    _fill(babble, unevenness)


@kernel
def go_on(babble, unevenness):
    """Let the phones move up, the first having been said, and draw what is missing."""
    for at in range(WINDOW - 1):
        here, coming = babble.window[at], babble.window[at + 1]
        here.number, here.marks, here.seconds = coming.number, coming.marks, coming.seconds
        babble.gone[at] = babble.gone[at + 1]
    babble.filled -= 1
    _fill(babble, unevenness)


@kernel
def _fill(babble, unevenness):
    while babble.filled <= WINDOW - 3:
        if babble.left > 0:
            _draw_syllable(babble, unevenness)
        else:
            low_s, high_s = _PAUSE_S
            _append(babble, PAUSE, 0, low_s * (high_s / low_s) ** noise.uniform(babble), 0.0)
            _draw_phrase(babble)


@kernel
def _append(babble, number, marks, seconds, gone):
    phone = babble.window[babble.filled]
    phone.number, phone.marks, phone.seconds = number, marks, seconds
    babble.gone[babble.filled] = gone
    babble.filled += 1


@kernel
def _draw_phrase(babble):
    babble.of = _FEWEST + int(noise.uniform(babble) * (_MOST - _FEWEST + 1))
    babble.left = babble.of
    babble.rate_hz = noise.between(babble, _SLOW_HZ, _FAST_HZ)


@kernel
def _draw_syllable(babble, unevenness):
    """Draw a consonant, a vowel and now and then another consonant; together they last as long as the phrase's rhythm says."""
    seconds = math.exp(0.3 * unevenness * max(min(noise.gaussian(babble), 2.0), -2.0)) / babble.rate_hz
    stressed = noise.uniform(babble) < _STRESSED
    seconds *= _LONGER if stressed else 1.0
    seconds = min(max(seconds, 1.0 / _FASTEST_HZ), 1.0 / _SLOWEST_HZ)
    gone = 1.0 - babble.left / babble.of
    babble.left -= 1
    babble.syllables += 1
    seconds *= _LAST if babble.left == 0 else _LAST_BUT_ONE if babble.left == 1 else 1.0
    marks = (STRESSED if stressed else 0) | (PHRASE_ENDS if babble.left == 0 else 0)
    babble.onset = _drawn(babble, _ONSET, _ONSET_WEIGHT, babble.onset)
    babble.vowel = _drawn(babble, _VOWEL, _VOWEL_WEIGHT, babble.vowel)
    coda_s = _CODA_SHARE * seconds if noise.uniform(babble) < _CLOSED else 0.0
    onset_s = _ONSET_SHARE * seconds
    if babble.left == 0:  # it is the vowel that is drawn out
        onset_s /= _LAST
    _append(babble, babble.onset, marks | WORD_BEGINS, onset_s, gone)
    _append(babble, babble.vowel, marks, seconds - onset_s - coda_s, gone)
    if coda_s > 0.0:
        _append(babble, _drawn(babble, _CODA, _CODA_WEIGHT, -1), marks, coda_s, gone)


@kernel
def _drawn(babble, numbers, weights, before):
    """Draw one of the phones by their weights, but not the one before."""
    total = 0.0
    for at in range(len(numbers)):
        total += 0.0 if numbers[at] == before else weights[at]
    rest = noise.uniform(babble) * total
    chosen = numbers[0]
    for at in range(len(numbers)):
        if numbers[at] != before:
            chosen = numbers[at]
            rest -= weights[at]
            if rest < 0.0:
                break
    return chosen
