"""A small terminal: what a person sees of a stream of text and control codes.  bytes -> scrollback and screen."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\x1b\[(?P<arguments>[0-9;?]*)(?P<code>[A-Za-z])|(?P<character>.)", re.DOTALL)


class Screen:
    """Knows what the painter uses: carriage return, line feed, cursor up, home, erase; anything else is refused."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows, self.scrolled = [""] * height, list[str]()
        self.column = self.row = self.written = 0
        self.is_cursor_shown = True

    def feed(self, text: str) -> None:
        for token in _TOKEN.finditer(text):
            if token["character"]:
                self._put(token["character"])
            else:
                self._control(token["code"], token["arguments"])

    @property
    def lines(self) -> list[str]:
        return [row.rstrip() for row in (*self.scrolled, *self.rows)]

    def _put(self, character: str) -> None:
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.column = 0
            self.row += 1
            if self.row == self.height:
                self.scrolled.append(self.rows.pop(0))
                self.rows.append("")
                self.row -= 1
        else:
            assert character.isprintable()
            assert self.column < self.width, "the text would wrap"
            row = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = row[: self.column] + character + row[self.column + 1 :]
            self.column += 1
            self.written += 1

    def _control(self, code: str, arguments: str) -> None:
        if code == "A":
            self.row -= int(arguments)
            assert self.row >= 0, "the cursor would leave the screen"
        elif code == "H":
            self.row = self.column = 0
        elif code == "J":
            assert arguments == "2"
            self.rows = [""] * self.height
        elif code == "K":
            assert arguments == "0"
            self.rows[self.row] = self.rows[self.row][: self.column]
        elif code in "hl" and arguments == "?25":
            self.is_cursor_shown = code == "h"
        else:
            assert code == "m", f"what is {code}?"
