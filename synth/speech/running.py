"""Running speech: a phrase's words -> their sounds beside each other: weak forms, heteronyms, "the" before a vowel."""

from __future__ import annotations

from synth.speech.heteronyms import heteronym
from synth.speech.normalise import Word
from synth.speech.pronounce import Pronouncer
from synth.speech.sounds import Sounds, is_vowel
from synth.speech.weak import FORMS, UNSTRESSED


def running(words: list[Word], pronouncer: Pronouncer) -> list[Sounds]:
    """Return the sounds of each word of a phrase."""
    found: list[Sounds] = []
    for number in range(len(words) - 1, -1, -1):  # from the end: what follows decides
        word = words[number]
        before = words[number - 1].text if number else ""
        after = words[number + 1].text if number + 1 < len(words) else ""
        found.append(_sounds(word, before, after, found[-1] if found else (), pronouncer))
    return found[::-1]


def _sounds(word: Word, before: str, after: str, following: Sounds, pronouncer: Pronouncer) -> Sounds:
    if word.sounds is not None:
        return word.sounds
    letter = word.text == "a" and after.endswith(".")
    if word.text in UNSTRESSED and following and not word.emphasised and not letter:
        if word.text in ("that", "there", "do") and before == "":
            return FORMS[word.text][0]
        return FORMS[word.text][2 if is_vowel(following[0]) else 1]
    if letter or (word.text == "a" and before == after == ""):
        return FORMS["a"][0]
    if word.text in ("the", "a", "an") and not word.emphasised:  # never strong, even where a sentence breaks off
        return FORMS[word.text][1]
    return heteronym(word.text, before, after) or pronouncer.sounds(word.text)
