"""Tables for people: rows of facts on stdout."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from synth.parameters.errors import clean

_WIDE = 120
_LONGEST_TEXT = 10_000


def show(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows with the same keys; the last column wraps, nothing is cut off when the output is no terminal."""
    if not rows:
        sys.stdout.write("none\n")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for key in rows[0]:
        table.add_column(key, overflow="fold", no_wrap=key in ("name", "parameter"))
    for row in rows:
        table.add_row(*(Text(_text(value)) for value in row.values()))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def show_described(rows: Sequence[Mapping[str, str]]) -> None:
    """Print a description's rows: a table where there is room for it, else what each parameter does on lines of its own."""
    width = shutil.get_terminal_size().columns
    if not sys.stdout.isatty() or width >= _WIDE:
        show(rows)
        return
    longest = max((len(row["parameter"]) for row in rows), default=0)
    for row in rows:
        facts = [f"{row['range']} {row['unit']}".strip(), f"default {row['default']}", row["curve"]]
        text = f"{row['#']:>3} {row['parameter']:<{longest}}  {', '.join(fact for fact in facts if fact)}"
        sys.stdout.write("\n".join([*textwrap.wrap(text, width, subsequent_indent=" " * 6), *_wrapped(row["what"], width), ""]))


def show_text(text: str) -> None:
    """Print paragraphs, one a line of `text`; in a terminal they are wrapped to its width."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _LONGEST_TEXT
    for line in text.splitlines():
        indent = "  " if line.startswith("- ") else ""
        wrapped = textwrap.wrap(clean(line, _LONGEST_TEXT), max(width, 20), subsequent_indent=indent)
        sys.stdout.write("\n".join([*wrapped, ""]))
    sys.stdout.write("\n")


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return clean(", ".join(map(str, value)))
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else clean(str(value))
