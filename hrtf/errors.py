"""Errors: what goes wrong when ears are loaded."""

from __future__ import annotations

_LONGEST = 1000  # a file may say anything


class EarsError(ValueError):
    """A set of ears cannot be loaded; one line that names the file and what is wrong."""

    def __init__(self, message: str) -> None:
        line = " ".join(message[: 4 * _LONGEST].splitlines())[:_LONGEST]
        super().__init__("".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line))
