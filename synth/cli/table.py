"""Tables for people: rows of facts on stdout."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from synth.parameters.errors import clean


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


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return clean(", ".join(map(str, value)))
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else clean(str(value))
