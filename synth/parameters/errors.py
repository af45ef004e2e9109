"""Bad input, said in one line: what was wrong, where, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST = 1000


class InputError(ValueError):
    """Something the user gave cannot be used; the message is one line and names the place, the value and what would be right."""

    def __init__(self, message: str) -> None:
        super().__init__(clean(message))


def clean(text: str, longest: int = LONGEST) -> str:
    """Return a text that holds what a file or somebody else said as one line that no terminal takes for a command."""
    line = " ".join(text[: 4 * longest].splitlines())
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line[:longest])
    return shown + " ..." if len(line) > longest else shown


def shown(value: object, longest: int = 60) -> str:
    """Return any value for a message as Python writes it, cut short."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of lists in each other
        text = f"<{type(value).__name__} too large to be shown>"
    return text if len(text) <= longest else text[: longest - 3] + "..."


def unknown(kind: str, name: str, known: Iterable[str], where: str = "") -> InputError:
    """Return the error for a name that is not known, with the nearest one that is.

    Parameters
    ----------
    kind : what the name stands for, as in "parameter".
    name : what was given.
    known : every name that would have been right.
    where : the place of the name, as in "glass.toml: layer 2"; empty if there is only one.
    """
    names = sorted(known)
    close = nearest(name, names)
    hint = f"did you mean '{close}'?" if close else "known: " + (", ".join(names) or "none")
    prefix = f"{where}: " if where else ""
    return InputError(f"{prefix}unknown {kind} '{name}'; {hint}")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name among those that are known that may have been meant; None if none is like it."""
    return next(iter(difflib.get_close_matches(str(name), sorted(known), n=1, cutoff=0.5)), None)
