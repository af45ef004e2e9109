"""Phrases: words and breaks -> phrases that fit a breath.  A long clause is parted before a word that begins something new."""

from __future__ import annotations

from typing import NamedTuple

from synth.speech.normalise import Break, Word

LONGEST = 10
"""Words said in one breath; chosen: at 3.3 syllables a second about five seconds."""
SHORTEST = 3
"""Words that a part has at least."""
BREATH = 0
"""The break within a clause; the others are those of `normalise`."""
_OPENERS = {
    4: "because although though unless until whereas since while when where whether if that which who whose whom so but",
    3: "and or nor then than as",
    2: "with without through into from between among under over behind beyond across along around after before during towards "
    "toward against like",
    1: "in on at by for of to not",
}
_STRENGTH = {word: strength for strength, words in _OPENERS.items() for word in words.split()}
"""How good a place the one before this word is."""

_LEANS = frozenset((
    "the", "a", "an", "my", "your", "his", "her", "its", "our", "their", "this", "these", "those", "very", "no", "every",
    "each", "some", "any", "i", "you", "he", "she", "it", "we", "they", "is", "are", "was", "were", "be", "to",
))  # fmt: skip
"""Words that lean on the next one."""


class Phrase(NamedTuple):
    """What is said without a pause, and the kind of pause behind it."""

    words: list[Word]
    ends: int


def phrases(items: list[Word | Break], last: int) -> list[Phrase]:
    """Return the phrases of a text; `last` is the kind of its last pause if none is written there."""
    found: list[Phrase] = []
    words: list[Word] = []
    for item in [*items, Break(last)]:
        if isinstance(item, Word):
            words.append(item)
        elif words:
            parts = _parts(words)
            found += [Phrase(part, BREATH) for part in parts[:-1]]
            found.append(Phrase(parts[-1], item.kind))
            words = []
    return found


def _parts(words: list[Word]) -> list[list[Word]]:
    parts = []
    begin = 0
    while len(words) - begin > LONGEST:
        places = range(begin + SHORTEST, min(begin + LONGEST, len(words) - SHORTEST) + 1)
        best = max(places, key=lambda place: _worth(words, place, begin, len(words)))
        parts.append(words[begin:best])
        begin = best
    return [*parts, words[begin:]]


def _worth(words: list[Word], place: int, begin: int, end: int) -> float:
    """Return how good it is to part before a word: what it opens, and how near to the middle or the full breath."""
    before, here = words[place - 1].text, words[place].text
    worth = float(_STRENGTH.get(here, 0))
    if before in _STRENGTH or before in _LEANS or (before[-1:] == "." and here[1:2] == "."):
        worth -= 3.0
    wanted = min(LONGEST, (end - begin + 1) / 2)
    return worth - 0.35 * abs(place - begin - wanted)
