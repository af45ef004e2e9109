"""Checks of what was read from a table: keys, types, numbers.  value -> the same, or one line saying what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from synth.errors import InputError, unknown
from synth.parameter import Parameter


def known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    """Refuse keys that are not among those that can be."""
    for key in table:
        if key not in keys:
            raise unknown("key", key, keys, where)


_NAMES: dict[type, str] = {str: "a text", list: "a list", dict: "a table"}


def typed(table: Mapping[str, Any], key: str, kind: Callable[[], Any], where: str) -> Any:
    """Return a key's value, of the right type; an empty one if it is left out."""
    value = table.get(key, kind())
    if not isinstance(value, kind):  # type: ignore[arg-type]
        raise InputError(f"{where}: {key} = {short(value)} is not {_NAMES[kind]}")  # type: ignore[index]
    return value


def short(value: Any) -> str:
    """Return a value for an error message."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def texts(values: list[Any], where: str) -> Iterator[str]:
    """Yield texts; refuse anything else."""
    for value in values:
        if not isinstance(value, str):
            raise InputError(f"{where}: {short(value)} is not a text")
        yield value


def numbers(table: Mapping[str, Any], parameters: Mapping[str, Parameter], where: str) -> dict[str, Any]:
    """Check values against their parameters; choices stay names."""
    values = {}
    for key, value in table.items():
        if key not in parameters:
            raise unknown("parameter", key, parameters, where)
        values[key] = natural(parameters[key], value, where)
    return values


def natural(parameter: Parameter, value: Any, where: str) -> Any:
    """Return a checked value as it is written in a preset: a number, or the name of a choice."""
    number = parameter.number(value, where)
    return parameter.choices[round(number)] if parameter.choices else number


def plain(table: Any, where: str) -> Any:
    """Return a table as it is, if every number in it is finite."""
    if isinstance(table, dict):
        return {key: plain(value, f"{where}: {key}") for key, value in table.items()}
    if isinstance(table, list):
        return [plain(value, where) for value in table]
    if isinstance(table, float) and not math.isfinite(table):
        raise InputError(f"{where} = {table!r} is not a finite number")
    if not isinstance(table, (str, int, float)):
        raise InputError(f"{where} = {short(table)} is neither a text nor a number")
    return table
