"""TOML as text to a table, in bounded time.  text -> keys of too many parts, or too many values, refused -> tomllib -> table."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from synth.parameters.errors import InputError

_MOST_PARTS = 16  # tomllib takes quadratic time of them; a preset needs three
_MOST_VALUES = 100_000  # tomllib takes 30 us for one; 4096 cues with all that they can hold are half as many
_BEGIN_VALUES = "=,["
_TEXTS = re.compile(r'''"""[\s\S]*?"""|\'{3}[\s\S]*?\'{3}|"(?:[^"\\\n]|\\.)*+"|\'[^\'\n]*+\'|\#[^\n]*+''')
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_.-])(?:{_PART}){{{_MOST_PARTS}}}")


def table_of(text: str, where: str) -> dict[str, Any]:
    """Return the table that a TOML text is, or raise `InputError`, which begins with `where`."""
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InputError(f"{where}: line {line}: a key of more than {_MOST_PARTS} parts: {found[0][:20]}...")
    if _values(text) > _MOST_VALUES and _values(_TEXTS.sub("", text)) > _MOST_VALUES:
        raise InputError(
            f"{where}: more than {_MOST_VALUES} values; too many for a preset: at most 4096 cues, 128 scenes, 64 layers"
        )
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: not TOML: {error}") from None


def _values(text: str) -> int:
    """Return how many values a TOML text may hold, at most."""
    return sum(map(text.count, _BEGIN_VALUES))
