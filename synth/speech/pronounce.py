"""Pronounce: a word -> its sounds.  little words' table -> dictionary -> word formation -> letters."""

from __future__ import annotations

from functools import cache

from synth.speech.abbreviations import NAMES_OF_LETTERS
from synth.speech.dictionary import Dictionary, dictionary
from synth.speech.formation import Formation
from synth.speech.letters_file import letters
from synth.speech.sounds import Sounds, parse
from synth.speech.weak import FORMS

_LETTERS = {letter: parse(sounds) for letter, sounds in NAMES_OF_LETTERS.items()}


class Pronouncer:
    """How words sound by one dictionary; what was asked once is remembered."""

    def __init__(self, known: Dictionary) -> None:
        self.known = known
        self.formation = Formation(known)
        self._said: dict[str, Sounds] = {}

    def sounds(self, word: str) -> Sounds:
        """Return the sounds of a word in small letters, in its strong form."""
        found = self._said.get(word)
        if found is None:
            if len(self._said) > 50_000:
                self._said.clear()
            found = self._said[word] = self._new(word)
        return found

    def _new(self, word: str) -> Sounds:
        if len(word) > 1 and word[1] == ".":
            return _LETTERS[word[0]] + (("Z",) if word.endswith("s") and word != "s." else ())
        if word in FORMS:
            return FORMS[word][0]
        return self.known.get(word) or self.formation.say(word) or letters().say(word)


@cache
def pronouncer() -> Pronouncer:
    """Return the pronouncer of the whole dictionary."""
    return Pronouncer(dictionary())
