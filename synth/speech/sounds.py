"""Sounds of English as the dictionary writes them: ARPAbet, vowels with a stress digit (0 none, 1 primary, 2 secondary).

Packed, a sound is one character, so that 126 000 words lie in one short text.
"""

from __future__ import annotations

VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
"""Those of the dictionary. `AX`, the reduced vowel, is its AH0."""
CONSONANTS = (
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z",
    "ZH",
)  # fmt: skip
SOUNDS = (*CONSONANTS, *(vowel + stress for stress in "012" for vowel in VOWELS))
_FIRST = 35  # '#': no blank, no line's end, nothing that a word is written with is needed beside it
PACKED = {sound: chr(_FIRST + number) for number, sound in enumerate(SOUNDS)}
UNPACKED = {character: sound for sound, character in PACKED.items()}

PLOSIVES = frozenset(["B", "D", "G", "K", "P", "T"])
AFFRICATES = frozenset(("CH", "JH"))
FRICATIVES = frozenset(["DH", "F", "HH", "S", "SH", "TH", "V", "Z", "ZH"])
NASALS = frozenset(["M", "N", "NG"])
LIQUIDS = frozenset(["L", "R"])
GLIDES = frozenset(["W", "Y"])
VOICELESS = frozenset(["CH", "F", "HH", "K", "P", "S", "SH", "T", "TH"])
SIBILANTS = frozenset(["CH", "JH", "S", "SH", "Z", "ZH"])

Sounds = tuple[str, ...]
"""How a word sounds: `("K", "AE1", "T")`."""


def pack(sounds: Sounds) -> str:
    """Return sounds as a string, a character each."""
    return "".join(PACKED[sound] for sound in sounds)


def unpack(packed: str) -> Sounds:
    """Return the sounds that `pack` packed."""
    return tuple(UNPACKED[character] for character in packed)


def parse(text: str) -> Sounds:
    """Return the sounds of `"K AE1 T"`, as tables in this package write them."""
    return tuple(text.split())


def is_vowel(sound: str) -> bool:
    """Return whether a sound is a vowel, with its stress digit or without."""
    return sound[0] in "AEIOU"


def syllables(sounds: Sounds) -> int:
    """Return how many syllables a word has: one for each vowel."""
    return sum(sound[0] in "AEIOU" for sound in sounds)


def bare(sounds: Sounds) -> Sounds:
    """Return sounds without their stress."""
    return tuple(sound.rstrip("012") for sound in sounds)
