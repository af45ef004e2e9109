"""Normalise: text -> words and breaks.  characters made plain -> one pass over tokens -> words, figures as words, pauses."""

from __future__ import annotations

import re
from typing import NamedTuple

from synth.speech import figures, numbers
from synth.speech.abbreviations import ENDINGS, NEEDS_A_NUMBER, POINTED, SHORT, SIGNS, TITLES
from synth.speech.by_hand import by_hand
from synth.speech.characters import plain
from synth.speech.sounds import Sounds
from synth.speech.spelt import is_spelt, letters
from synth.speech.tokens import TOKENS, emphasis

COMMA, SENTENCE, LONG, PARAGRAPH = 1, 2, 3, 4
"""Kinds of breaks, by length."""
_FIGURES = ("clock", "hour", "iso", "slashed", "telephone", "money", "fraction", "ordinal", "decade", "dotted")
_PAUSES = {"paragraph": PARAGRAPH, "long": LONG, "comma": COMMA}


class Word(NamedTuple):
    """A word in small letters (`a.` is a letter's name), or the sounds that a hand wrote for it."""

    text: str
    emphasised: bool = False
    sounds: Sounds | None = None


class Break(NamedTuple):
    """A pause between words."""

    kind: int


def normalise(text: str, place: str = "text") -> list[Word | Break]:
    """Return a text as words and breaks; no break stands first and no two beside each other.

    Raises
    ------
    InputError
        If nothing in it can be spoken, if it is no text, or for a phone by hand that there is not.
    """
    return _Reader(plain(text, place), place).read()


class _Reader:
    """One pass over one text, from left to right."""

    def __init__(self, text: str, place: str) -> None:
        self.text = text
        self.place = place
        self.items: list[Word | Break] = []
        self.emphasised = False
        self.swallowed = -1  # where a point stands that ends no sentence

    def read(self) -> list[Word | Break]:
        stars = emphasis(self.text)
        for token in TOKENS.finditer(self.text):
            kind = token.lastgroup or ""
            if kind in _FIGURES:
                self.say(getattr(figures, kind)(token))
            elif kind in _PAUSES:
                self.pause(_PAUSES[kind])
            elif kind == "word":
                self.word(token[0], token.end())
            elif kind == "sentence":
                self.sentence(token)
            elif kind == "sign":
                self.say([SIGNS[token[0]]])
            elif kind == "pointed":
                self.pointed(token)
            elif kind == "by_hand":
                self.by_hand(token)
            elif kind == "stars":
                self.stars(token, token.start() in stars)
            else:
                self.number(token)
        return self.items

    def say(self, words: list[str]) -> None:
        for word in words:
            if word == figures.PAUSE:
                self.pause(COMMA)
            else:
                self.items.append(Word(word, self.emphasised))

    def pause(self, kind: int) -> None:
        if self.items and isinstance(self.items[-1], Break):
            self.items[-1] = Break(max(kind, self.items[-1].kind))
        elif self.items:
            self.items.append(Break(kind))

    def stars(self, token: re.Match[str], emphasis: bool) -> None:
        before, after = self.text[: token.start()][-2:], self.text[token.end() : token.end() + 2]
        if emphasis:
            self.emphasised = not self.emphasised
        elif before.strip(" ")[-1:].isdigit() and after.strip(" ")[:1].isdigit():
            self.say(["times"])

    def by_hand(self, token: re.Match[str]) -> None:
        inside = token[0][1:-1]
        if not inside.strip().isdigit():  # digits: the number of a note, which is not said
            self.items.append(Word("", self.emphasised, by_hand(inside, lambda: self.where(token.start()))))

    def where(self, start: int) -> str:
        line = self.text.count("\n", 0, start) + 1
        return f"{self.place}, line {line}" if "\n" in self.text.strip() else self.place

    def sentence(self, token: re.Match[str]) -> None:
        if token[0] == "." and token.start() == self.swallowed:
            return
        around = self.text[max(token.start() - 1, 0) : token.start()] + self.text[token.end() : token.end() + 1]
        if token[0] == "." and len(around) == 2 and around.isalnum():
            self.say(["dot"])  # example.com
        else:
            self.pause(SENTENCE)

    def number(self, token: re.Match[str]) -> None:
        last = self.items[-1].text if self.items and isinstance(self.items[-1], Word) else ""
        self.say(figures.number(token, self.text, last))
        if token["unit"] and not figures.unit(token):
            self.word(token["unit"].strip(), token.end())

    def pointed(self, token: re.Match[str]) -> None:
        key = token[0].replace(" ", "").lower().removesuffix("'s")
        said = POINTED[key].split() if key in POINTED else [letter + "." for letter in key if letter != "."]
        self.say([*said[:-1], said[-1] + "s"] if token[0].endswith("'s") else said)
        after = self.text[token.end() : token.end() + 2]
        if key in ("a.m.", "p.m.") and after.strip().isupper():
            self.pause(SENTENCE)

    def word(self, word: str, end: int) -> None:
        lower = word.lower()
        start = end - len(word)
        following = self.text[end : end + 2]
        if following[:1] == "." and self.abbreviation(word, start, end):
            return
        if lower in SHORT and following[:1] == " " and following[1:].isdigit() and SHORT[lower] in numbers.MONTHS:
            self.say([SHORT[lower]])  # Jan 5
        elif word in ("Mr", "Mrs", "Ms", "Dr") and following[:1] == " " and following[1:].isupper():
            self.say([TITLES[lower]])
        elif self.is_roman(word, start):
            self.say(numbers.cardinal(str(numbers.roman(word))))
        elif len(word) > 1 and word.isupper() and is_spelt(word, self.is_among_small(start, end)):
            self.say(letters(word))
        elif (many := re.fullmatch("([A-Z]{2,})'?s", word)) and is_spelt(many[1], True):
            self.say([*letters(many[1][:-1]), lower[len(many[1]) - 1] + ".s"])
        elif len(word) == 1 and ((word.isupper() and word not in "IA") or lower not in "iao"):
            self.say([lower + "."])
        else:
            self.say([lower])

    def is_among_small(self, start: int, end: int) -> bool:
        around = self.text[max(0, start - 12) : start] + self.text[end : end + 12]
        return any(character.islower() for character in around) or not any(character.isalpha() for character in around)

    def is_roman(self, word: str, start: int) -> bool:
        """Return whether a numeral stands behind a name or a noun: Henry VIII, chapter IV."""
        if not 1 < len(word) < 8 or not set(word) <= set("IVX") or not 0 < numbers.roman(word) < 40:
            return False  # larger ones are words more often: MIX, DILL, CD
        return self.text[max(0, start - 2) : start - 1].isalpha() and self.is_among_small(start, start)

    def abbreviation(self, word: str, start: int, end: int) -> bool:
        """Say a word before a point as what it is short for; False if it is only a sentence's last."""
        lower = word.lower()
        after = self.text[end + 1 : end + 40]
        behind = after.lstrip()[:1]
        number_beside = behind.isdigit() or self.text[max(0, start - 2) : start].strip(" ")[-1:].isdigit()
        if lower == "st" and word[0].isupper() and (self.is_street(start) or not behind.isupper()):
            self.say(["street"])
        elif lower in TITLES and word[0].isupper() and behind.isupper():
            self.say([TITLES[lower]])
        elif lower in SHORT and (lower not in NEEDS_A_NUMBER or number_beside):
            self.say(SHORT[lower].split())
        elif len(word) == 1 and word.isupper() and behind.isupper() and after[:1] == " " and word != "I":
            self.say([lower + "."])
        else:
            return False
        may_end = lower in ENDINGS or self.items[-1] == Word("street", self.emphasised)
        if not behind or after[:2] == "\n\n" or (may_end and behind.isupper()):
            self.pause(SENTENCE)
        self.swallowed = end
        return True

    def is_street(self, start: int) -> bool:
        """Return whether "St." stands behind a name (Baker St.), not before one (in St. John)."""
        last = self.text[max(0, start - 20) : start].split()
        return bool(last) and len(last[-1]) > 1 and last[-1][0].isupper() and last[-1][-1].isalnum()
