"""Phones: the door.  text -> words -> phrases -> sounds -> lengths -> an array of PHONE."""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.dsp.phone import EMPHASISED, NAMES, PAUSE, PHONE, PHRASE_ENDS, STRESSED, WORD_BEGINS, WORD_ENDS
from synth.parameters.errors import InputError
from synth.speech.allophones import BEHIND_VOWEL
from synth.speech.lengths import Place, lengths
from synth.speech.normalise import COMMA, LONG, PARAGRAPH, SENTENCE, normalise
from synth.speech.phrases import BREATH, Phrase, phrases
from synth.speech.pronounce import Pronouncer, pronouncer
from synth.speech.running import running
from synth.speech.sounds import Sounds, is_vowel
from synth.speech.syllables import starts

PAUSE_S = {BREATH: 0.30, COMMA: 0.38, SENTENCE: 0.80, PARAGRAPH: 1.30, LONG: 1.70}
"""Pauses, chosen: of read speech short ones are 0.2 to 1 s, long ones above (E. Campione, J. Véronis, *A large-scale multilingual
study of silent pause duration*, Speech Prosody 2002); a whisperer takes her time."""
_NUMBER = {name: number for number, name in enumerate(NAMES)}

Row = tuple[int, int, float]


def phones(text: str, place: str = "text") -> np.ndarray[Any, np.dtype[Any]]:
    """Return a text as an array of `synth.dsp.phone.PHONE`, with lengths in seconds; its last phone is a pause.

    Parameters
    ----------
    text : English words, numbers and signs; `...` a long pause, `*slowly*` emphasis, `[k ae t]` phones by hand.
    place : where the text stands, for error messages.

    Raises
    ------
    InputError
        If nothing in it can be spoken, if it is no text, or for a phone by hand that there is not.
    """
    said = phrases(normalise(text, place), SENTENCE)
    if not said:
        raise InputError(f"{place}: nothing in it can be spoken; write English words or numbers")
    known = pronouncer()
    return np.array([row for phrase in said for row in _rows(phrase, known)], PHONE)


def _rows(phrase: Phrase, known: Pronouncer) -> list[Row]:
    places: list[Place] = []
    words = running(phrase.words, known)
    for number, (word, sounds) in enumerate(zip(phrase.words, words, strict=True)):
        places += _places(sounds, number, number == len(words) - 1, word.emphasised)
    rows: list[Row] = []
    for here, seconds in zip(places, lengths(places), strict=True):
        marks = WORD_BEGINS * here.begins + WORD_ENDS * here.ends + PHRASE_ENDS * here.last_of_phrase
        marks += STRESSED * (here.stress == 1) + EMPHASISED * here.emphasised
        name = here.name if here.before_vowel else BEHIND_VOWEL.get(here.name, here.name)
        rows.append((_NUMBER[name], marks, seconds))
    return [*rows, (PAUSE, 0, PAUSE_S[phrase.ends])]


def _places(sounds: Sounds, word: int, last: bool, emphasised: bool) -> list[Place]:
    first = starts(sounds)
    ends = [*first[1:], len(sounds)]
    found = []
    for syllable, (start, end) in enumerate(zip(first, ends, strict=True)):
        vowel = next((place for place in range(start, end) if is_vowel(sounds[place])), end)
        stress = int(sounds[vowel][-1]) if vowel < end else 1
        for place in range(start, end):
            name = sounds[place]
            if is_vowel(name):
                name = "AX" if name == "AH0" else name[:-1]
            is_last = syllable == len(first) - 1
            found.append(
                Place(
                    name, stress, word, place == 0, place == len(sounds) - 1, is_last, last and is_last, syllable == 0,
                    place < vowel < end, len(first) == 1, emphasised,
                )
            )  # fmt: skip
    return found
