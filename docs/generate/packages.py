"""The table of packages, for docs/internals/architecture.md.  docstrings of synth/**/__init__.py and hrtf/** -> Markdown.

A package's docstring says what may live there, what it imports, and what it must never do, in this order.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from generate.markdown import table

ROOT = Path(__file__).resolve().parents[2]


def package_table() -> str:
    """Return every package below `synth` and `hrtf` as a row, in the order of the tree."""
    return table(("package", "what lives there", "imports", "never"), map(_row, _packages()))


def _packages() -> Iterator[Path]:
    for top in ("hrtf", "synth"):
        yield from (path.parent for path in sorted((ROOT / top).rglob("__init__.py")) if path.parent != ROOT / top)


def _row(package: Path) -> Sequence[str]:
    doc = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    what, _, rest = doc.partition("\n\n")
    rest = " ".join(rest.split())
    imports, _, never = rest.partition("Never ")
    name = package.relative_to(ROOT).as_posix()
    if not imports.startswith("Imports ") or not never:
        raise SystemExit(f"{name}/__init__.py: its docstring must say 'Imports ...' and 'Never ...'")
    return f"`{name}/`", _sentence(what), _sentence(imports.removeprefix("Imports ")), _sentence(never.partition(". ")[0])


def _sentence(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
