"""What is said to an OSC address: its arguments checked, and in the form in which they are used.  message -> numbers, texts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from synth.control.rejections import Refused
from synth.live.protocols.osc.packet import NUMBERS, Message
from synth.parameters.curves import Values
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter
from synth.parameters.space import Space


def is_question(message: Message) -> bool:
    """Whether nothing is said: no argument, Nil, or an Impulse."""
    return message.types in ("", "N", "I")


def one_of(message: Message, types: str, what: str) -> Any:
    """Return the one argument, of one of some types."""
    if len(message.types) != 1 or message.types not in types:
        raise Refused("argument type", f"it takes {what}")
    return message.arguments[0]


def name_or_number(message: Message, what: str) -> str | int:
    """Return the one argument, a text or a whole number of any type."""
    if message.types == "s":
        return str(message.arguments[0])
    number = finite(message, lambda: what)
    if not number.is_integer():
        raise Refused("no number", f"{number:g} is not whole; it takes {what}")
    return int(number)


def said(message: Message) -> dict[str, Any]:
    """Return what is to be said, and whether it is to interrupt."""
    if message.types not in ("s", "sT", "sF"):
        raise Refused("argument type", "it takes a text to say, and T if it is to interrupt")
    return {"text": str(message.arguments[0]), "interrupt": message.types == "sT"}


def finite(message: Message, what: Callable[[], str]) -> float:
    """Return the one argument as a number; `what` it takes is put into words only if it is none."""
    if len(message.types) != 1:
        raise Refused("argument count", lambda: f"it has {len(message.types)} arguments; it takes {what()}")
    if message.types not in NUMBERS:
        kind = message.types
        raise Refused("argument type", lambda: f"its argument has the type '{kind}'; it takes {what()}, of type f, d, i or h")
    number = float(message.arguments[0])
    if not math.isfinite(number):
        raise Refused("no number", lambda: f"{number:g} is no number; it takes {what()}")
    return number


def is_pressed(message: Message) -> bool:
    """Whether a button was pressed: nothing, or anything but 0, is said; 0 says that it was let go."""
    if is_question(message) or message.types in ("T", "F"):
        return message.types != "F"
    return finite(message, lambda: "nothing, or 1 for a button pressed and 0 for one let go") != 0.0


def number_of(parameter: Parameter, message: Message) -> float:
    """Return a value in natural units; what is beyond the range becomes its nearest end."""
    if message.types == "s" and parameter.choices:
        try:
            return parameter.number(message.arguments[0])
        except InputError as error:
            raise Refused("choice", str(error)) from None
    number = finite(message, lambda: parameter.range_text + (", by name or index" if parameter.choices else ""))
    return min(max(number, parameter.low), parameter.high)


def unit_of(message: Message) -> float:
    """Return a position; what is beyond 0..1 becomes its nearest end."""
    return min(max(finite(message, lambda: "a position in 0 .. 1"), 0.0), 1.0)


def whole_of(message: Message, space: Space) -> Values:
    """Return a whole vector (n,): [hash] and a number for each parameter, or one blob of big-endian float32."""
    types, arguments = message.types, message.arguments
    if types.startswith("s"):
        try:
            space.check(arguments[0], message.address)
        except InputError as error:
            raise Refused("another space", str(error)) from None
        types, arguments = types[1:], arguments[1:]
    if types == "b" and len(arguments[0]) % 4 == 0:
        with np.errstate(invalid="ignore"):  # there are NaNs that shout
            values = np.frombuffer(arguments[0], ">f4").astype(np.float64)
    elif types and NUMBERS.issuperset(types):
        values = np.array(arguments, np.float64)
    else:
        raise Refused("argument type", "it takes [hash] and a number for each parameter, or one blob of big-endian float32")
    if len(values) != len(space):
        raise Refused("vector length", f"{len(values)} values; the space has {len(space)}, hash '{space.hash}'")
    return values


def position_of(parameter: Parameter, value: float | str) -> float:
    """Return where a value, or a choice by name, lies in 0..1."""
    number = float(parameter.choices.index(value)) if isinstance(value, str) else value
    return parameter.to_unit(min(max(number, parameter.low), parameter.high))
