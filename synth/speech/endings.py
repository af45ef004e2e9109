"""Endings and prefixes: how they sound, how they change spelling, and what is left of a word without them."""

from __future__ import annotations

from synth.speech.sounds import SIBILANTS, VOICELESS, Sounds, is_vowel, parse

_FIXED = {
    "ing": "IH0 NG", "ings": "IH0 NG Z", "er": "ER0", "ers": "ER0 Z", "est": "AH0 S T", "ly": "L IY0", "ness": "N AH0 S", "less": "L AH0 S",
    "lessness": "L AH0 S N AH0 S", "ful": "F AH0 L", "fully": "F AH0 L IY0", "ment": "M AH0 N T", "ments": "M AH0 N T S", "able": "AH0 B AH0 L",
    "ish": "IH0 SH", "y": "IY0", "ism": "IH2 Z AH0 M", "ist": "IH0 S T", "ists": "IH0 S T S", "ship": "SH IH2 P", "hood": "HH UH2 D",
    "man": "M AH0 N", "men": "M EH0 N", "ward": "W ER0 D", "wards": "W ER0 D Z", "wise": "W AY2 Z", "like": "L AY2 K", "some": "S AH0 M",
    "or": "ER0", "ize": "AY2 Z", "ized": "AY2 Z D", "izes": "AY2 Z AH0 Z", "izing": "AY2 Z IH0 NG", "dom": "D AH0 M", "ette": "EH1 T",
    "'ll": "AH0 L", "'ve": "AH0 V", "'re": "ER0", "'em": "AH0 M", "'er": "ER0",
}  # fmt: skip
_SOUNDS = {ending: parse(sounds) for ending, sounds in _FIXED.items()}
_VOICED = ("s", "es", "'s", "ed", "d", "'d")
ENDINGS = tuple(sorted((*(ending for ending in _SOUNDS if ending[0] != "'"), "s", "es", "ed"), key=lambda ending: (-len(ending), ending)))
"""The longest first."""
PREFIXES = tuple(
    (prefix, parse(sounds))
    for prefix, sounds in sorted(
        {
            "un": "AH0 N", "re": "R IY0", "in": "IH0 N", "im": "IH0 M", "dis": "D IH0 S", "non": "N AA0 N", "over": "OW2 V ER0", "under": "AH2 N D ER0",
            "out": "AW2 T", "pre": "P R IY0", "mis": "M IH0 S", "anti": "AE2 N T IY0", "inter": "IH2 N T ER0", "super": "S UW2 P ER0", "sub": "S AH0 B",
            "counter": "K AW2 N T ER0", "semi": "S EH2 M IY0", "multi": "M AH2 L T IY0", "micro": "M AY2 K R OW0", "tele": "T EH2 L AH0", "fore": "F AO2 R",
            "mid": "M IH2 D", "bio": "B AY2 OW0", "geo": "JH IY2 OW0", "photo": "F OW2 T OW0", "hydro": "HH AY2 D R OW0", "electro": "IH2 L EH2 K T R OW0",
            "ultra": "AH2 L T R AH0", "post": "P OW2 S T", "mega": "M EH2 G AH0", "mini": "M IH2 N IY0", "auto": "AO2 T OW0", "neo": "N IY2 OW0",
            "psycho": "S AY2 K OW0", "pseudo": "S UW2 D OW0", "hyper": "HH AY2 P ER0", "self": "S EH2 L F", "trans": "T R AE0 N S", "ex": "EH2 K S",
            "co": "K OW0", "de": "D IY0", "bi": "B AY0", "tri": "T R AY0", "kilo": "K IH2 L AH0", "nano": "N AE2 N OW0",
        }.items(), key=lambda item: -len(item[0]),
    )
)  # fmt: skip


def ended(sounds: Sounds, ending: str) -> Sounds | None:
    """Return a word's sounds with an ending behind: -s and -ed take the voice of what stands before; None for an unknown ending."""
    last = sounds[-1]
    if ending in ("s", "es", "'s"):
        return sounds + (("AH0", "Z") if last in SIBILANTS else ("S",) if last in VOICELESS else ("Z",))
    if ending in ("ed", "d", "'d"):
        return sounds + (("IH0", "D") if last in ("T", "D") else ("T",) if last in VOICELESS else ("D",))
    if ending == "'m":
        return (*sounds, "M")
    behind = _SOUNDS.get(ending)
    if behind is None:
        return None
    if ending == "ly" and last == "L" and len(sounds) > 2:  # fully, gently: one l
        return (*sounds, "IY0")
    return sounds + behind


def stems(word: str, ending: str) -> list[str]:
    """Return what a word with an ending may have been without: mak-e, run-n, cit-y."""
    stem = word[: -len(ending)]
    found = [stem]
    vowel_follows = ending[0] in "aeioy"
    if vowel_follows:
        found = [stem, stem + "e"]
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "aeiouls":
            found = [stem[:-1], stem]
        elif len(stem) > 3 and stem[-1] == stem[-2]:
            found = [stem, stem[:-1], stem + "e"]
    if ending in ("es", "s") and stem.endswith(("se", "ze", "ce", "ge")):
        found = [stem]
    if stem.endswith("i") and ending not in ("ing", "ism", "ist", "s"):
        found = [stem[:-1] + "y"]
    if ending == "ly" and stem.endswith(("b", "p", "t", "d", "g", "k", "f")):  # possibly
        found.append(stem + "le")
    if ending == "ly" and stem.endswith("ical"):
        found.append(stem[:-2])
    return found


def unended(word: str, longer: str, sounds: Sounds) -> list[tuple[Sounds, int]]:
    """Return what a word sounds like by a longer one with an ending, with how far that is to be believed."""
    if longer in (word + "s", word + "'s", word + "es"):
        ends, weight = (("AH0", "Z"), ("IH0", "Z"), ("Z",), ("S",)), 3
        ending = "s"
    elif longer in (word + "ed", word + "d", word + word[-1] + "ed", word[:-1] + "ied") and (word[-1] == "e") == (longer == word + "d"):
        ends, weight, ending = (("IH0", "D"), ("AH0", "D"), ("D",), ("T",)), 2, "ed"
    else:
        ending = next((known for known in ENDINGS if longer.endswith(known) and _joins(word, known, longer)), "")
        if not ending or ending not in _SOUNDS:
            return []
        ends, weight = (_SOUNDS[ending],), 2 if ending in ("ing", "er", "ly", "ness", "less", "ful", "ers", "ings") else 1
    for end in ends:
        base = sounds[: -len(end)]
        if sounds[-len(end) :] == end and any(map(is_vowel, base)) and (len(ends) == 1 or _bare(ended(base, ending)) == _bare(sounds)):
            return [(base, weight)]
    return []


def _joins(word: str, ending: str, longer: str) -> bool:
    if longer == word + ending:
        return True
    if ending[0] not in "aeioy":
        return longer == word[:-1] + "i" + ending and word[-1] == "y"
    return longer in (word + word[-1] + ending, word[:-1] + "i" + ending if word[-1] == "y" else "", word[:-1] + ending if word[-1] == "e" else "")


def _bare(sounds: Sounds | None) -> list[str]:
    return [sound.replace("AH0", "IH0") for sound in sounds or ()]
