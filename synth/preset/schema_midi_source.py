"""Checks of what a player touches, as a row of a [midi] table says it: a key, a controller, a channel, a port.  row -> Source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synth.control.midi.key_names import LAST_KEY, key_number
from synth.control.midi.mapping import LAST_PROGRAM, MODES_FROM, SELECTORS, Source
from synth.parameters.errors import InputError, shown
from synth.preset.checks import pair, typed, whole

PLACE = ("channel", "port")
CONTROL_SOURCES = ("cc", "nrpn", "rpn", "pressure", "key_pressure", "bend")
ACTION_SOURCES = ("key", "cc", "nrpn", "rpn", "program")
_LAST_PARAMETER = 16383
_LAST = {"cc": MODES_FROM - 1, "nrpn": _LAST_PARAMETER, "rpn": _LAST_PARAMETER, "program": LAST_PROGRAM}


def source(row: Mapping[str, Any], kinds: tuple[str, ...], where: str) -> Source:
    """Return what a row says is touched: exactly one of `kinds`."""
    given = [kind for kind in kinds if kind in row]
    if len(given) != 1:
        got = f"{' and '.join(given)} are given" if given else "nothing says what is touched"
        raise InputError(f"{where}: {got}; one of: {', '.join(kinds)}")
    kind, from_where = given[0], place(row, where)
    if kind == "key":
        return Source("note", *keys(row, where), *from_where)
    if kind == "key_pressure" and not isinstance(row[kind], bool):
        return Source(kind, *keys({"keys" if isinstance(row[kind], list) else "key": row[kind]}, where), *from_where)
    if kind in ("pressure", "key_pressure", "bend"):
        if row[kind] is not True:
            raise InputError(f"{where}: {kind} = {shown(row[kind])}; allowed: true")
        return Source(kind, 0, LAST_KEY, *from_where)
    number = whole(row, kind, 0, _LAST[kind], where)
    if kind == "cc" and number in SELECTORS:
        raise InputError(f"{where}: cc = {number} selects an NRPN or RPN and moves nothing; bind nrpn = or rpn = with its number")
    return Source(kind, number, number, *from_where)


def place(row: Mapping[str, Any], where: str) -> tuple[int, str]:
    """Return the channel and the port that a row names; 0 and "" where it names none."""
    channel = whole(row, "channel", 1, 16, where) if "channel" in row else 0
    return channel, typed(row, "port", str, where)


def keys(row: Mapping[str, Any], where: str) -> tuple[int, int]:
    """Return the lowest and the highest key of a row; all keys where it names none."""
    if "key" in row and "keys" in row:
        raise InputError(f"{where}: key and keys are given; one of them: key = 36, or keys = ['C2', 'D#3']")
    if "key" in row:
        number = key_number(row["key"], f"{where}: key")
        return number, number
    low, high = (key_number(value, f"{where}: keys") for value in pair(row, "keys", [0, LAST_KEY], where))
    if low > high:
        raise InputError(f"{where}: keys = {shown(row['keys'])}: the lower one comes first")
    return low, high
