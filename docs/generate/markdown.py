"""Pieces of Markdown: tables of parameters, settings as TOML, cells that hold a bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from synth.parameters.parameter import Parameter


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; bars within cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "&#124;") for cell in line) + " |" for line in lines)


def parameter_table(parameters: Iterable[Parameter]) -> str:
    """Return parameters as a table: name, range, default, curve, meaning."""
    return table(("parameter", "range", "default", "curve", ""), map(_row, parameters))


def _row(parameter: Parameter) -> Sequence[str]:
    default = parameter.text(parameter.default_number)
    curve = "choice" if parameter.choices else parameter.curve
    return f"`{parameter.name}`", parameter.range_text.replace("|", "·"), default, curve, parameter.doc


def inline(settings: Mapping[str, Any]) -> str:
    """Return settings as an inline table of TOML."""
    pairs = (f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value:g}" for key, value in settings.items())
    return "{ " + ", ".join(pairs) + " }"


def code(text: str, language: str = "toml") -> str:
    """Return a fenced block."""
    return f"```{language}\n{text.strip()}\n```"
