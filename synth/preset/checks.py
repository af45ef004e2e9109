"""Checks of what was read from a table: keys, types, numbers.  value -> the same, or one line saying what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from synth.engine.unknown_paths import unknown_path
from synth.parameters.errors import InputError, shown, unknown
from synth.parameters.parameter import Parameter
from synth.parameters.paths import MASTER

_LONGEST_NAME = 64


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
        raise InputError(f"{where}: {key} = {shown(value)} is not {_NAMES[kind]}")  # type: ignore[index]
    return value


def texts(values: list[Any], where: str) -> Iterator[str]:
    """Yield texts; refuse anything else."""
    for value in values:
        if not isinstance(value, str):
            raise InputError(f"{where}: {shown(value)} is not a text")
        yield value


def numbers(table: Mapping[str, Any], parameters: Mapping[str, Parameter], where: str) -> dict[str, Any]:
    """Check values against their parameters; choices stay names."""
    values = {}
    for key, value in table.items():
        if key not in parameters:
            raise unknown_path(key, parameters, where)
        values[key] = natural(parameters[key], value, where)
    return values


def natural(parameter: Parameter, value: Any, where: str) -> Any:
    """Return a checked value as it is written in a preset: a number, or the name of a choice."""
    number = parameter.number(value, where)
    return parameter.choices[round(number)] if parameter.choices else number


def named(table: Mapping[str, Any], where: str) -> str:
    """Return the name that a table gives itself; empty if it gives none."""
    name = str(typed(table, "name", str, where))
    if name == MASTER or len(name) > _LONGEST_NAME or (name and not name.isprintable()) or name != name.strip():
        raise InputError(f"{where}: name = {shown(name)}; allowed: 1 to {_LONGEST_NAME} printable characters, not '{MASTER}'")
    return name


def whole(table: Mapping[str, Any], key: str, low: int, high: int, where: str) -> int:
    """Return a key's value, a whole number in low .. high."""
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{where}: {key} = {shown(value)} is not a whole number in its range; allowed: {low} .. {high}")
    return value


def pair(table: Mapping[str, Any], key: str, default: list[Any], where: str) -> list[Any]:
    """Return a key's value, a list of two; `default` if it is left out."""
    value: list[Any] = typed({key: table.get(key, default)}, key, list, where)
    if len(value) != 2:
        raise InputError(f"{where}: {key} = {shown(value)} is not two values, as in {key} = {default}")
    return value


def flag(table: Mapping[str, Any], key: str, default: bool, where: str) -> bool:
    """Return a key's value, true or false; `default` if it is left out."""
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise InputError(f"{where}: {key} = {shown(value)} is neither true nor false")
    return value


def one_of(table: Mapping[str, Any], key: str, names: tuple[str, ...], default: str, where: str) -> str:
    """Return a key's value, one of some names; `default` if it is left out."""
    if key not in table:
        return default
    value = str(typed(table, key, str, where))
    if value not in names:
        raise unknown(key, value, names, where)
    return value
