"""What a terminal sends for keys, as names.  text -> escape sequences -> names of keys, releases among them where they are told.

A plain terminal says that a key was pressed, again while it repeats, and never that it was let go. One that speaks the keyboard
protocol of kitty (https://sw.kovidgoyal.net/kitty/keyboard-protocol/) says all three when it is asked to.
"""

from __future__ import annotations

import re

UP = " up"
"""Behind a key's name: it was let go. Only the space bar's is told."""
TELLS_RELEASES = "releases"
"""In place of a key's name: the terminal has answered that it tells when keys are let go."""
ASK_FOR_RELEASES, NO_MORE_RELEASES = b"\x1b[>27u\x1b[?u", b"\x1b[<u"
"""Flags 1, 2, 8 and 16: every key as a sequence, with its kind of event and its text; then the question what was understood."""
SIGNALS = {"ctrl+c": "SIGINT", "ctrl+z": "SIGTSTP", "ctrl+\\": "SIGQUIT"}
"""What the terminal itself makes signals of, unless it reports every key as a sequence."""

_SEQUENCE = re.compile(r"\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])|\x1bO(?P<ss3>[ -~])|(?P<one>.)", re.DOTALL)
_UNFINISHED = re.compile(r"\x1b(\[[0-?]*[ -/]*|O)?$")
_ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
_NAMED = {" ": "space", "\x1b": "escape", "\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace"}
_REPORTED = re.compile(
    r"(?P<code>\d{1,7})(?::\d*)*(?:;(?P<modifiers>\d{0,3})(?::(?P<event>[123]))?)?(?:;(?P<text>\d{1,7})[\d:]*)?(?P<final>[uABCD])"
)
_UNDERSTOOD = re.compile(r"\?(\d{1,3})u")
_PRESSED, _REPEATED, _RELEASED = "1", "2", "3"
_SHIFT, _CTRL, _LOCKS = 1, 4, 64 | 128
_EVENT_FLAG = 2


def decode(text: str, is_all: bool = False) -> tuple[list[str], str]:
    """Return the names of the keys in what a terminal sent, and the beginning of a sequence whose end has not come yet.

    Parameters
    ----------
    text : what came, after the beginning that was left over.
    is_all : nothing followed for a while, so an escape at the end is the key and not the beginning of a sequence.
    """
    names, rest = [], ""
    unfinished = _UNFINISHED.search(text)
    if unfinished:
        text, rest = text[: unfinished.start()], unfinished.group()
    if is_all and rest:
        rest, text = "", text + ("\x1b" if rest == "\x1b" else "")
    for match in _SEQUENCE.finditer(text):
        one = match["one"]
        name = _of_sequence(match["csi"] or match["ss3"]) if one is None else _NAMED.get(one, one.lower())
        if name and name.isprintable():
            names.append(name)
    return names, rest


def _of_sequence(sequence: str) -> str:
    """Return the name that a sequence stands for; nothing if it is none of ours."""
    if sequence in _ARROWS:
        return _ARROWS[sequence]
    if understood := _UNDERSTOOD.fullmatch(sequence):
        return TELLS_RELEASES if int(understood[1]) & _EVENT_FLAG else ""
    found = _REPORTED.fullmatch(sequence)
    if found is None:
        return ""
    modifiers = max(int(found["modifiers"] or 1) - 1, 0) & ~_LOCKS
    name, event = _reported_name(found), found["event"] or _PRESSED
    if modifiers & ~_SHIFT:
        signal = f"ctrl+{name}"
        return signal if modifiers == _CTRL and event == _PRESSED and signal in SIGNALS else ""
    if event == _RELEASED:
        return name + UP if name == "space" else ""
    return "" if event == _REPEATED and name == "space" else name  # it is still held


def _reported_name(found: re.Match[str]) -> str:
    if found["final"] != "u":
        return _ARROWS[found["final"]]
    try:
        character = chr(int(found["text"] or found["code"]))
    except (ValueError, OverflowError):
        return ""
    return _NAMED.get(character, character.lower())
