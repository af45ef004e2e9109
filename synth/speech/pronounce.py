"""Pronounce: a word -> its sounds.  little words -> dictionary -> word formation -> letters.

A word drawn out (sooo) is said as without. One without a vowel is a noise that people make (shh, tsk) or spelt.
"""

from __future__ import annotations

import re
from functools import cache

from synth.speech.abbreviations import NAMES_OF_LETTERS
from synth.speech.dictionary import Dictionary, dictionary
from synth.speech.formation import Formation
from synth.speech.letters_file import letters
from synth.speech.sounds import Sounds, parse
from synth.speech.weak import FORMS

_LETTERS = {letter: parse(sounds) for letter, sounds in NAMES_OF_LETTERS.items()}
_NOISES = {
    noise: parse(sounds)
    for noise, sounds in {
        "shh": "SH SH", "sh": "SH", "hm": "HH M", "hmm": "HH M M", "mm": "M M", "mhm": "M HH M", "mmhmm": "M HH M",
        "psst": "P S T", "pst": "P S T",
        "tsk": "T S K", "tk": "T K", "tuc": "T AH1 K", "tuk": "T AH1 K", "sk": "S K", "brr": "B R R", "grr": "G R R",
        "zz": "Z Z", "ss": "S S", "pff": "P F F",
        "pfft": "P F T", "tss": "T S S",
        "ff": "F F", "hh": "HH HH", "ch": "CH", "th": "TH", "nn": "N N", "ll": "L L", "rr": "R R", "vv": "V V", "kh": "K HH",
        "ts": "T S", "pf": "P F",
        "uh": "AH1", "ugh": "AH1 G", "huh": "HH AH1", "ah": "AA1", "aah": "AA1", "oh": "OW1", "ooh": "UW1", "aww": "AO1",
        "mhmm": "M HH M",
    }.items()
}  # fmt: skip
_PREFERRED = {
    word: parse(sounds)
    for word, sounds in {
        "accent": "AE1 K S EH2 N T", "putting": "P UH1 T IH0 NG", "records": "R EH1 K ER0 D Z", "stronger": "S T R AO1 NG G ER0",
        "projects": "P R AA1 JH EH0 K T S", "permits": "P ER1 M IH2 T S", "dr": "D AA1 K T ER0", "id": "AY1 D IY1",
        "detail": "D IY1 T EY0 L",
    }.items()
}  # fmt: skip
"""Words whose first form in the dictionary is not the commonest."""
_LONGEST_SPELT = 6


class Pronouncer:
    """How words sound by one dictionary; what was asked once is remembered."""

    def __init__(self, known: Dictionary) -> None:
        self.known = known
        self.formation = Formation(known)
        self._said: dict[str, Sounds] = {}

    def sounds(self, word: str) -> Sounds:
        """Return the sounds of a word in small letters, in its strong form; `a.` is a letter's name."""
        found = self._said.get(word)
        if found is None:
            if len(self._said) > 50_000:
                self._said.clear()
            found = self._said[word] = self._new(word) or _LETTERS["x"]
        return found

    def _new(self, word: str) -> Sounds:
        if word[1:2] == ".":
            return _LETTERS[word[0]] + (("Z",) if word.endswith(".s") else ())
        found = self._known(word)
        if found:
            return found
        if re.search(r"(.)\1\1", word):  # drawn out: soooo, yesss, hmmmm
            twice, once = (re.sub(r"(.)\1\1+", kept, word) for kept in (r"\1\1", r"\1"))
            found = (self._known(once) if once in FORMS else None) or self._known(twice) or self._known(once)
            if found:
                return found
            word = twice
        if not re.search("[aeiouy]", word) and len(word) <= _LONGEST_SPELT:
            return tuple(sound for letter in word if letter in _LETTERS for sound in _LETTERS[letter])
        if len(word) > _LONGEST_WORD:
            return letters().say(word)
        return self.formation.say(word) or letters().say(word)

    def _known(self, word: str) -> Sounds | None:
        return FORMS[word][0] if word in FORMS else _NOISES.get(word) or _PREFERRED.get(word) or self.known.get(word)


_LONGEST_WORD = 30
"""Letters of a word that may be made of others; a longer one is no word."""


@cache
def pronouncer() -> Pronouncer:
    """Return the pronouncer of the whole dictionary."""
    return Pronouncer(dictionary())
