"""Heteronyms: words that are written alike and sound otherwise, told apart by the words beside them."""

from __future__ import annotations

from collections.abc import Callable

from synth.speech.heteronym_tables import ASKS_FOR_A_NOUN, ASKS_FOR_A_VERB, HELPERS, MOSTLY_VERBS, OBJECTS, PAIRS, SAID
from synth.speech.sounds import Sounds


def heteronym(word: str, before: str, after: str) -> Sounds | None:
    """Return how a word sounds between two others ("" at a phrase's edges); None if it has one sound only."""
    pair = PAIRS.get(word)
    if pair is not None:
        return pair[0] if _is_verb(word, before, after) else pair[1]
    choose = _CHOICES.get(word)
    return None if choose is None else SAID[choose(before, after)]


def _is_verb(word: str, before: str, after: str) -> bool:
    if before in ASKS_FOR_A_NOUN:
        return False
    return before in ASKS_FOR_A_VERB or after in OBJECTS or word in MOSTLY_VERBS


def _read_word(before: str, after: str) -> str:
    past = before in HELPERS or before in ("he", "she", "who") or after in ("yesterday", "aloud")
    return "red" if past else "read"


def _live(before: str, after: str) -> str:
    if before in ("a", "the", "is", "are", "was", "were", "go", "going", "playing", "broadcast", "this", "my") and after not in (
        "in",
        "with",
    ):
        return "laiv"
    return (
        "laiv"
        if after
        in ("music", "show", "shows", "band", "concert", "broadcast", "stream", "audience", "wire", "recording", "performance")
        else "liv"
    )


def _close(before: str, after: str) -> str:
    if before in (
        "so",
        "too",
        "very",
        "come",
        "comes",
        "came",
        "coming",
        "stay",
        "get",
        "getting",
        "how",
        "as",
        "really",
        "quite",
        "is",
        "are",
        "was",
        "be",
        "lie",
        "sit",
    ):
        return "near"
    if after in ("to", "by", "friend", "friends", "enough", "together", "up", "behind", "beside") or before in (
        "a",
        "my",
        "your",
    ):
        return "near"
    return "clothes"


def _wind(before: str, after: str) -> str:
    verb = before in ("to", "will", "can", "let's", "we", "you", "i", "they") or after in ("up", "down", "it", "them")
    return "coil" if verb and before not in ASKS_FOR_A_NOUN else "breeze"


def _tear(before: str, after: str) -> str:
    if after in ("up", "off", "out", "open", "apart", "down", "away") or before in (
        "to",
        "will",
        "can",
        "i",
        "you",
        "we",
        "they",
        "don't",
        "and",
        "slowly",
        "gently",
    ):
        return "rip"
    return "rip" if before == "" and after in OBJECTS else "weep"


def _tears(before: str, after: str) -> str:
    return "rips" if before in ("he", "she", "it", "who") or after in ("up", "off", "apart", "open") else "weeps"


def _lead(before: str, after: str) -> str:
    metal = before in ("of", "like", "heavy", "molten", "as") or after in (
        "pipe",
        "pipes",
        "paint",
        "poisoning",
        "weights",
        "pencil",
        "bullet",
    )
    return "metal" if metal and after not in ("to", "the") else "guide"


def _lives(before: str, after: str) -> str:
    return (
        "livz"
        if before in ("he", "she", "it", "who", "that", "which", "there")
        or after in ("in", "on", "at", "with", "by", "here", "there", "alone")
        else "lives"
    )


_CHOICES: dict[str, Callable[[str, str], str]] = {
    "read": _read_word,
    "live": _live,
    "lives": _lives,
    "close": _close,
    "closer": lambda before, after: "closer",
    "wind": _wind,
    "winds": lambda before, after: (
        "coils" if before in ("it", "he", "she", "that", "which", "road", "path") or after in ("up", "down") else "winds"
    ),
    "tear": _tear,
    "tears": _tears,
    "lead": _lead,
    "bow": lambda before, after: (
        "knot"
        if before in ("a", "the", "his", "her", "violin", "bow") and after in ("and", "in", "tie", "of", "", "with")
        else "bend"
    ),
    "minute": lambda before, after: (
        "tiny" if after in ("detail", "details", "amount", "amounts", "particles", "changes", "movements") else "time"
    ),
    "wound": lambda before, after: "wrapped" if after in ("up", "down", "around", "round", "its", "through") else "hurt",
    "dove": lambda before, after: "dived" if after in ("into", "in", "under", "down") else "bird",
    "uses": lambda before, after: (
        "usesn" if before in ("the", "many", "its", "of", "other", "some", "these", "several", "no") else "uses"
    ),
    "used": lambda before, after: "usedto" if after == "to" else "used",
    "row": lambda before, after: "row",
    "sow": lambda before, after: "sow",
    "bass": lambda before, after: "bass",
    "invalid": lambda before, after: "invalid",
    "resume": lambda before, after: "resume",
}
