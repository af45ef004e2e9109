"""Formation: words that the dictionary lacks, from words that it has.

walked from walk (endings), walk from walks (families), rewalk (prefixes), walkway (compounds). What is made must fit: an ending
takes the voice of the sound before it, a family must agree on what its word sounds like.
"""

from __future__ import annotations

from collections import Counter

from synth.speech.dictionary import Dictionary
from synth.speech.endings import ENDINGS, PREFIXES, ended, stems, unended
from synth.speech.sounds import Sounds, bare, is_vowel, parse
from synth.speech.weak import FORMS, UNSTRESSED

_SHORTEST_STEM = 3
_SHORTEST_PART = 3
_BESIDE = (
    "some", "any", "every", "no", "my", "your", "him", "her", "them", "under", "over", "out", "un", "re", "up", "down", "in",
    "for", "after",
)  # fmt: skip
"""What a word may be the second part of."""
_DEPTH = 2
_OF_VERBS = frozenset(("ed", "ing", "er", "ers", "ings", "able"))
_AS_VERBS = {
    verb: parse(sounds)
    for verb, sounds in {
        "use": "Y UW1 Z", "lead": "L IY1 D", "live": "L IH1 V", "close": "K L OW1 Z", "read": "R IY1 D", "tear": "T EH1 R",
        "wind": "W AY1 N D",
        "house": "HH AW1 Z", "excuse": "IH0 K S K Y UW1 Z", "refuse": "R IH0 F Y UW1 Z", "abuse": "AH0 B Y UW1 Z",
    }.items()
}  # fmt: skip


class Formation:
    """Words from words, by one dictionary."""

    def __init__(self, known: Dictionary) -> None:
        self.known = known

    def say(self, word: str, depth: int = _DEPTH) -> Sounds | None:
        """Return how a word sounds by the words that it is made of, None if it is not made of known ones."""
        if "'" in word:
            return self._with_apostrophe(word, depth)
        if len(word) < 2:
            return None
        family, sureness = self._family(word)
        if sureness > 1:
            return family
        return self._ended(word, depth) or self._prefixed(word, depth) or family or self._compound(word)

    def _get(self, word: str, depth: int) -> Sounds | None:
        if word in FORMS:
            return FORMS[word][0]
        return self.known.get(word) or (self.say(word, depth - 1) if depth > 0 else None)

    def _with_apostrophe(self, word: str, depth: int) -> Sounds | None:
        stem, _, ending = word.rpartition("'")
        if not stem.strip("'"):
            return self._get(ending, depth) if ending else None
        sounds = self._get(stem, depth)
        if ending == "" and stem.endswith("in"):  # runnin'
            sounds = self._get(stem + "g", depth)
            return (*sounds[:-1], "N") if sounds and sounds[-1] == "NG" else sounds
        if sounds is None or ending == "":
            return sounds
        if stem[-1] == "n" and ending == "t":
            sounds = self._get(stem[:-1], depth) or sounds
            return (*sounds, "AH0", "N", "T")
        return ended(sounds, "'" + ending)

    def _ended(self, word: str, depth: int) -> Sounds | None:
        for deeper in (0, depth - 1) if depth > 1 else (0,):  # what the dictionary holds first
            for ending in ENDINGS:
                if not word.endswith(ending):
                    continue
                for stem in stems(word, ending):
                    if len(stem) < _SHORTEST_STEM or (stem in UNSTRESSED and ending != "s"):
                        continue
                    sounds = _AS_VERBS.get(stem) if ending in _OF_VERBS or (ending == "s" and stem in ("read", "lead")) else None
                    sounds = sounds or self._get(stem, deeper)
                    made = ended(sounds, ending, stem) if sounds else None
                    if made:
                        return made
        return None

    def _prefixed(self, word: str, depth: int) -> Sounds | None:
        for prefix, sounds in PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_PART:
                rest = self._part(word[len(prefix) :], depth - 1)
                if rest:
                    return sounds + rest
        return None

    def _family(self, word: str) -> tuple[Sounds | None, int]:
        """Return what the words that a word is in say of its sounds, and how surely (3: its plural is known)."""
        votes: tuple[Counter[Sounds], ...] = (Counter(), Counter(), Counter(), Counter())
        for longer, sounds in self.known.begun(word) + self._changed(word):
            ending = longer[len(word) :] if longer.startswith(word) else ""
            for base, weight in unended(word, longer, sounds):
                votes[weight][base] += 1
            if len(ending) >= _SHORTEST_PART and len(word) >= _SHORTEST_PART and ending not in ENDINGS:
                second = self.known.get(ending)
                if second and bare(sounds[-len(second) :]) == bare(second) and any(map(is_vowel, sounds[: -len(second)])):
                    votes[1][_stressed(sounds[: -len(second)])] += 1
        for beside in _BESIDE:
            whole = self.known.get(beside + word)
            first = FORMS[beside][0] if beside in FORMS else self.known.get(beside)
            if whole and first and bare(whole[: len(first)]) == bare(first) and any(map(is_vowel, whole[len(first) :])):
                votes[1][_stressed(whole[len(first) :])] += 1
        for weight in (3, 2, 1):
            if votes[weight]:
                return max(votes[weight].items(), key=lambda item: item[1])[0], weight
        return None, 0

    def _changed(self, word: str) -> list[tuple[str, Sounds]]:
        """Return derived words whose spelling changes the end of theirs: making, stopped, cities."""
        if word.endswith("e"):
            derived = [word[:-1] + "ing"]
        elif word.endswith("y"):
            derived = [word[:-1] + ending for ending in ("ies", "ied", "ier", "ily", "iness")]
        else:
            derived = [word + word[-1] + ending for ending in ("ing", "ed", "er")]
        return [(longer, sounds) for longer in derived if (sounds := self.known.get(longer))]

    def _compound(self, word: str) -> Sounds | None:
        """Return two known words in one; the most even parting whose parts are words that live (they have derived forms)."""
        for place in (2, 3, 4):  # maybe, into
            if word[:place] in FORMS and word[place:] in FORMS:
                return FORMS[word[:place]][0] + _less(FORMS[word[place:]][0])
        places = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        for place in sorted(places, key=lambda place: abs(place - len(word) / 2)):
            first, second = word[:place], word[place:]
            one, two = self._part(first), self._part(second)
            if one and two:
                return (one[:-1] if one[-1] == two[0] else one) + _less(two)
        return None

    def _part(self, word: str, depth: int = 0) -> Sounds | None:
        sounds = self._get(word, depth)
        if not sounds or not any(map(is_vowel, sounds)):
            return None
        if word in FORMS:
            return sounds
        derived = (word + "ed", word + "ing", word + "ly", word + "er", word[:-1] + "ing", word + word[-1] + "ing")
        plurals = (word + "s", word + "es", word + "ly")
        return sounds if any(map(self.known.get, derived)) and any(map(self.known.get, plurals)) else None


def _stressed(sounds: Sounds) -> Sounds:
    """Return sounds with a primary stress: the secondary one made so, or the first vowel's."""
    if any(sound.endswith("1") for sound in sounds):
        return sounds
    vowel = next((n for n, sound in enumerate(sounds) if sound[-1] == "2"), None)
    if vowel is None:
        vowel = next((n for n, sound in enumerate(sounds) if is_vowel(sound)), None)
    return sounds if vowel is None else (*sounds[:vowel], sounds[vowel][:-1] + "1", *sounds[vowel + 1 :])


def _less(sounds: Sounds) -> Sounds:
    """Return the sounds of a compound's second part."""
    return tuple(sound.replace("1", "2") for sound in sounds)
