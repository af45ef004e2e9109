"""Lengths: how long each phone of a phrase lasts, by Klatt's rules, at a calm whisperer's pace.

D. H. Klatt, *Synthesis by rule of segmental durations in English sentences* (1979), after his *Linguistic uses of segmental
duration in English*, JASA 59 (1976); the tables as in Allen, Hunnicutt, Klatt, *From Text to Speech: The MITalk system* (1987),
chapter 9.
Length = shortest + (inherent - shortest) * the product of the rules' factors.
"""

from __future__ import annotations

from typing import NamedTuple

from synth.speech.sounds import AFFRICATES, FRICATIVES, GLIDES, LIQUIDS, NASALS, PLOSIVES, VOICELESS, is_vowel

INHERENT_AND_SHORTEST_MS = {
    "AA": (240, 100), "AE": (230, 80), "AH": (140, 60), "AO": (240, 100), "AW": (260, 100), "AX": (120, 60), "AY": (250, 150),
    "EH": (150, 70),
    "ER": (180, 80), "EY": (190, 100), "IH": (135, 40), "IY": (155, 55), "OW": (220, 80), "OY": (280, 150), "UH": (160, 60),
    "UW": (210, 70),
    "B": (85, 60), "CH": (70, 50), "D": (75, 50), "DH": (50, 30), "F": (100, 80), "G": (80, 60), "HH": (80, 20),
    "JH": (70, 50), "K": (80, 60),
    "L": (80, 40), "M": (70, 60), "N": (60, 50), "NG": (95, 60), "P": (90, 50), "R": (80, 30), "S": (105, 60), "SH": (105, 80),
    "T": (75, 50),
    "TH": (90, 60), "V": (60, 40), "W": (80, 60), "Y": (80, 40), "Z": (75, 40), "ZH": (70, 40),
}  # fmt: skip
PACE_OF_VOWELS, PACE_OF_CONSONANTS = 1.62, 1.30
"""What makes Klatt's reader a calm whisperer of 3.3 syllables a second: chosen. Vowels give more than consonants when speech
slows (T. Gay, *Effect of speaking rate on vowel formant movements*, JASA 63 (1978))."""
EMPHASIS = 1.25
"""Beside Klatt's 1.4 for vowels: between asterisks all goes slower. Chosen."""
ASPIRATION_MS = 25.0
"""Added to a stressed vowel or sonorant behind a voiceless plosive (rule 11)."""


class Place(NamedTuple):
    """A phone where it stands in its phrase."""

    name: str
    stress: int  # 0, 1 or 2, of its syllable
    word: int  # which word of the phrase
    begins: bool  # first of its word
    ends: bool  # last of its word
    last_of_word: bool  # in its word's last syllable
    last_of_phrase: bool
    first_of_word: bool  # in its word's first syllable
    before_vowel: bool  # in its syllable: an onset
    alone: bool  # its word has one syllable
    emphasised: bool


def _after_vowel(following: Place | None) -> float:
    """Return the factor for a vowel by what follows it in its word (rule 9)."""
    if following is None:
        return 1.2
    name = following.name
    if name in FRICATIVES and name not in VOICELESS:
        return 1.6
    if (name in PLOSIVES or name in AFFRICATES) and name not in VOICELESS:
        return 1.2
    if name in NASALS:
        return 0.85
    return 0.7 if name in PLOSIVES or name in AFFRICATES else 1.0


def _vowel(here: Place, before: Place | None, after: Place | None) -> float:
    factor = 1.4 if here.last_of_phrase else 0.6  # rules 2, 3
    if not here.last_of_word:
        factor *= 0.85  # rule 4
    if not here.alone:
        factor *= 0.8  # rule 5
    if here.stress != 1:
        factor *= 0.7 if here.first_of_word or here.last_of_word else 0.5  # rule 7
    if here.emphasised:
        factor *= 1.4  # rule 8
    context = _after_vowel(after if after is not None and after.word == here.word else None)
    factor *= context if here.last_of_phrase else 0.7 + 0.3 * context  # rule 9
    if after is not None and is_vowel(after.name):
        factor *= 1.2  # rule 10
    if before is not None and is_vowel(before.name):
        factor *= 0.7
    return factor


def _consonant(here: Place, before: Place | None, after: Place | None) -> float:
    factor = 1.0
    if here.last_of_phrase and not here.before_vowel:
        factor *= 1.4  # rules 2, 3
    if not here.begins:
        factor *= 0.85  # rule 6
    if here.stress != 1:
        factor *= 0.1 if here.before_vowel and (here.name in LIQUIDS or here.name in GLIDES) else 0.7  # rule 7
    behind = before is not None and not is_vowel(before.name)
    ahead = after is not None and not is_vowel(after.name)
    return factor * (0.5 if behind and ahead else 0.7 if behind or ahead else 1.0)  # rule 10


def lengths(phrase: list[Place]) -> list[float]:
    """Return the seconds of each phone of a phrase, which a pause ends."""
    found = []
    for number, here in enumerate(phrase):
        before = phrase[number - 1] if number else None
        after = phrase[number + 1] if number + 1 < len(phrase) else None
        inherent, shortest = INHERENT_AND_SHORTEST_MS[here.name]
        vowel = is_vowel(here.name)
        factor = _vowel(here, before, after) if vowel else _consonant(here, before, after)
        floor = shortest if here.stress == 1 else shortest / 2
        length = (floor + (inherent - floor) * factor) * (PACE_OF_VOWELS if vowel else PACE_OF_CONSONANTS)
        if (
            before is not None
            and before.name in ("P", "T", "K")
            and here.stress == 1
            and (vowel or here.name in LIQUIDS | GLIDES | NASALS)
        ):
            length += ASPIRATION_MS
        found.append(1e-3 * length * (EMPHASIS if here.emphasised else 1.0))
    return found
