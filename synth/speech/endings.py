"""Endings and prefixes: how they sound, how they change spelling, and what is left of a word without them."""

from __future__ import annotations

import re

from synth.speech.sounds import SIBILANTS, VOICELESS, Sounds, is_vowel, parse

_FIXED = {
    "ing": "IH0 NG", "ings": "IH0 NG Z", "er": "ER0", "ers": "ER0 Z", "est": "AH0 S T", "ly": "L IY0", "ally": "L IY0",
    "ness": "N AH0 S", "less": "L AH0 S",
    "lessness": "L AH0 S N AH0 S", "ful": "F AH0 L", "fully": "F AH0 L IY0", "ment": "M AH0 N T", "ments": "M AH0 N T S",
    "able": "AH0 B AH0 L",
    "ish": "IH0 SH", "ism": "IH2 Z AH0 M", "ist": "IH0 S T", "ists": "IH0 S T S", "ship": "SH IH2 P", "hood": "HH UH2 D",
    "man": "M AH0 N", "men": "M EH0 N", "ward": "W ER0 D", "wards": "W ER0 D Z", "wise": "W AY2 Z", "like": "L AY2 K",
    "some": "S AH0 M",
    "ize": "AY2 Z", "ized": "AY2 Z D", "izes": "AY2 Z AH0 Z", "izing": "AY2 Z IH0 NG", "dom": "D AH0 M",
    "'ll": "AH0 L", "'ve": "AH0 V", "'re": "ER0", "'em": "AH0 M", "'er": "ER0",
}  # fmt: skip
_SOUNDS = {ending: parse(sounds) for ending, sounds in _FIXED.items()}
_VOICED = ("s", "es", "'s", "ed", "d", "'d")
_LONG_FIRST = sorted((ending for ending in _SOUNDS if ending[0] != "'"), key=lambda ending: (-len(ending), ending))
ENDINGS = ("s", "es", "ed", *_LONG_FIRST)
"""As they are tried."""
PREFIXES = tuple(
    (prefix, parse(sounds))
    for prefix, sounds in sorted(
        {
            "un": "AH0 N", "re": "R IY0", "dis": "D IH0 S", "non": "N AA0 N", "over": "OW2 V ER0", "under": "AH2 N D ER0",
            "out": "AW2 T", "pre": "P R IY0", "mis": "M IH0 S", "anti": "AE2 N T IY0", "inter": "IH2 N T ER0",
            "super": "S UW2 P ER0", "sub": "S AH0 B",
            "counter": "K AW2 N T ER0", "semi": "S EH2 M IY0", "multi": "M AH2 L T IY0", "micro": "M AY2 K R OW0",
            "tele": "T EH2 L AH0", "fore": "F AO2 R",
            "mid": "M IH2 D", "bio": "B AY2 OW0", "geo": "JH IY2 OW0", "photo": "F OW2 T OW0", "hydro": "HH AY2 D R OW0",
            "electro": "IH2 L EH2 K T R OW0",
            "ultra": "AH2 L T R AH0", "post": "P OW2 S T", "mega": "M EH2 G AH0", "mini": "M IH2 N IY0", "auto": "AO2 T OW0",
            "neo": "N IY2 OW0",
            "psycho": "S AY2 K OW0", "pseudo": "S UW2 D OW0", "hyper": "HH AY2 P ER0", "self": "S EH2 L F",
            "trans": "T R AE0 N S",
            "kilo": "K IH2 L AH0", "nano": "N AE2 N OW0",
        }.items(), key=lambda item: -len(item[0]),
    )
)  # fmt: skip


def ended(sounds: Sounds, ending: str, stem: str = "") -> Sounds | None:
    """Return a word's sounds with an ending behind; -s and -ed take the voice of what stands before. None: an unknown ending."""
    last = sounds[-1]
    if ending in ("s", "es", "'s"):
        return sounds + (("IH0", "Z") if last in SIBILANTS else ("S",) if last in VOICELESS else ("Z",))
    if ending in ("ed", "d", "'d"):
        return sounds + (("IH0", "D") if last in ("T", "D") else ("T",) if last in VOICELESS else ("D",))
    if ending == "'m":
        return (*sounds, "M")
    behind = _SOUNDS.get(ending)
    if behind is None:
        return None
    if ending in ("ly", "ful", "fully") and stem.endswith("y") and last == "IY0":  # easily, beautiful
        return (*sounds[:-1], "AH0", *behind)
    if ending == "ly" and last == "L" and len(sounds) > 2:
        if stem.endswith("le") and sounds[-2] == "AH0":  # gently
            return (*sounds[:-2], "L", "IY0")
        return (*sounds, "IY0")  # fully: one l
    if ending in ("er", "est") and stem in ("long", "strong", "young"):
        return (*sounds, "G", *behind)
    return sounds + behind


def is_short(stem: str) -> bool:
    """Return whether a stem is a short syllable that doubles its last letter before a vowel (hop: hopping, hope: hoping)."""
    return re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", stem) is not None


def stems(word: str, ending: str) -> list[str]:
    """Return what a word with an ending may have been without, the likeliest first: mak-e, run-n, cit-y."""
    stem = word[: -len(ending)]
    if ending == "s":
        return [] if word.endswith(("ss", "us", "is")) else [stem]
    if ending == "es":
        if stem.endswith("i"):
            return [stem + "e", stem[:-1] + "y"] if len(stem) < 4 else [stem[:-1] + "y", stem + "e"]
        if re.search(r"[^sz][sz]$", stem):
            return [stem + "e", stem]
        return [stem] if stem.endswith(("s", "x", "z", "ch", "sh", "o")) else []
    if ending == "ally":
        return [stem] if stem.endswith("ic") else []
    if stem.endswith("i") and ending not in ("ing", "ings", "ism", "ist", "ists"):
        return [stem[:-1] + "y", stem + "e"] if len(stem) > 2 else [stem + "e", stem[:-1] + "y"]
    if ending == "ly":
        return [stem, stem + "le"] if stem.endswith(tuple("bptdgkf")) else [stem]
    if ending[0] not in "aeio":
        return [stem]
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "aeiou":
        if stem[-1] not in "slfz":
            return [stem[:-1], stem]
        return [stem] if is_short(stem[:-1]) else [stem, stem[:-1]]
    with_e = re.search(r"[cszvu]$|(?<![iou]n)g$", stem) or is_short(stem)
    return [stem + "e", stem] if with_e else [stem, stem + "e"]


def unended(word: str, longer: str, sounds: Sounds) -> list[tuple[Sounds, int]]:
    """Return what a word sounds like by a longer one with an ending, with how far that is to be believed."""
    if word.endswith("ed") and longer == word + "ly":  # supposedly
        return []
    if is_short(word) and longer in (word + "ed", word + "ing", word + "er", word + "est", word + "ers", word + "ings"):
        return []
    takes_es = word.endswith(("s", "x", "z", "ch", "sh", "o"))
    if longer in (word + "s", word + "'s") or (takes_es and longer == word + "es"):
        ends: tuple[Sounds, ...] = (("AH0", "Z"), ("IH0", "Z"), ("Z",), ("S",))
        weight = 3
        ending = "s"
    elif longer in (word + "d",) if word[-1] == "e" else longer in (word + "ed", word + word[-1] + "ed", word[:-1] + "ied"):
        ends, weight, ending = (("IH0", "D"), ("AH0", "D"), ("D",), ("T",)), 2, "ed"
    else:
        ending = next((known for known in ENDINGS if longer.endswith(known) and _joins(word, known, longer)), "")
        if not ending or ending not in _SOUNDS:
            return []
        ends = (("AH0", "L", "IY0"), _SOUNDS[ending]) if ending == "ally" else (_SOUNDS[ending],)
        weight = 2 if ending in ("ing", "er", "ly", "ness", "less", "ful", "ers", "ings") else 1
    if ending == "ly" and word.endswith("l") and sounds[-2:] == _SOUNDS["ly"]:
        full = sounds[:-2] if is_vowel(sounds[-3]) else (*sounds[:-2], "AH0")  # beautiful from beautifully
        return [((*full, "L"), weight)]
    for end in ends:
        base = sounds[: -len(end)]
        fits = sounds[-len(end) :] == end and any(map(is_vowel, base))
        if fits and (ending not in ("s", "ed") or _bare(ended(base, ending)) == _bare(sounds)):
            if word.endswith("le") and base[-1] == "L" and len(base) > 1 and not is_vowel(base[-2]):  # handle from handling
                base = (*base[:-1], "AH0", "L")
            if word.endswith("th") and base[-1] == "DH":  # mouth from mouths
                base = (*base[:-1], "TH")
            return [(base, weight)]
    return []


def _joins(word: str, ending: str, longer: str) -> bool:
    if longer == word + ending:
        return True
    if ending[0] not in "aeioy":
        return longer == word[:-1] + "i" + ending and word[-1] == "y"
    changed = {"y": word[:-1] + "i" + ending, "e": word[:-1] + ending}.get(word[-1], "")
    return longer in (word + word[-1] + ending, changed)


def _bare(sounds: Sounds | None) -> list[str]:
    return [sound.replace("AH0", "IH0") for sound in sounds or ()]
