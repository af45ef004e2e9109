"""Tokens: what a text is cut into, as one regular expression whose named groups say what each piece is.

No group can be tried twice over a long stretch, so that the time goes with the length of the text.
"""

from __future__ import annotations

import re

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)|\d+\.\d+(?!\.?\d)|(?<!\d)\.\d+(?!\.?\d)|\d+"
_SCALE = "(?i:thousand|million|billion|trillion|bn)|[kKmM]"

TOKENS = re.compile(
    rf"""
      (?P<by_hand>\[[^\[\]]{{0,2000}}\])
    | (?P<paragraph>\n[ \t]*\n\s*)
    | (?P<stars>\*+)
    | (?P<long>\.(?:[ ]?\.)+)
    | (?P<clock>(?<![\d:.])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])(?:\s?(?i:[ap]\.m\.|[ap]m\b))?)
    | (?P<hour>(?<![\w.,])(?:1[0-2]|[1-9])\s?(?i:[ap]\.m\.|[ap]m\b))
    | (?P<iso>(?<![\d-])\d{{4}}-(?:0\d|1[0-2])-[0-3]\d(?![\d-]))
    | (?P<slashed>(?<![\d/])[0-3]?\d/[0-3]?\d/(?:\d{{4}}|\d\d)(?![\d/]))
    | (?P<telephone>(?<![\w.])(?:\+\d{{1,3}}[ -]?)?
        (?:(?:\(\d{{2,4}}\)|\d{{3,4}})[ -]?\d{{3,4}}[ -]\d{{2,5}}|\d{{3}}-\d{{4}})(?![\w,-]|\.\d))
    | (?P<money>[$£€¥][ ]?(?:{NUMBER})(?:[ ]?(?:{_SCALE})\b)?)
    | (?P<fraction>(?<![\d/.])(?:\d{{1,3}}[ ])?\d{{1,2}}/\d{{1,3}}(?![\d/]))
    | (?P<ordinal>\d{{1,15}}(?i:st|nd|rd|th)\b)
    | (?P<decade>(?<!\w)'?\d\d(?:\d\d)?'?s\b)
    | (?P<dotted>\d+(?:\.\d+){{2,}})
    | (?P<number>(?:(?<![\w)])[-+])?(?P<figure>{NUMBER})
        (?:(?P<range>[-\u2013]|[ ][-\u2013][ ])(?=\d)|(?P<unit>[ ]?(?:km/h|m/s|[A-Za-z]{{1,4}})(?![\w'.])))?)
    | (?P<pointed>(?<![A-Za-z.])[A-Za-z]\.(?:[ ]?[A-Za-z]\.)+(?![A-Za-z])(?:'s\b)?|\b[Pp]h\.[ ]?[Dd]\.)
    | (?P<word>[A-Za-z]+(?:'[A-Za-z]+)*(?:(?<=s)'(?=\s))?)
    | (?P<sentence>[.!?]+)
    | (?P<comma>[,;:()\u2014]+|--+|(?<=\s)[-\u2013](?=\s)|\u2013)
    | (?P<sign>[%&+=@$£€¥]|\#(?=\d))
    """,
    re.VERBOSE,
)


def emphasis(text: str) -> frozenset[int]:
    """Return where runs of asterisks begin and end emphasis: in pairs within a paragraph, tight around their words."""
    marks: list[int] = []
    opened = -1
    for found in re.finditer(r"\*+|\n[ \t]*\n", text):
        if found[0][0] == "\n":
            opened = -1
        elif opened >= 0 and not text[found.start() - 1].isspace():
            marks += [opened, found.start()]
            opened = -1
        elif opened < 0 and text[found.end() : found.end() + 1].strip():
            opened = found.start()
    return frozenset(marks)
