"""OSC methods: what each address does with what is said to it.  message -> numbers and strikes of a frame, deeds, a reply."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from synth.doors.osc_address import OWN, RELEASE, STRIKE, UNIT, Addresses, is_pattern, matching
from synth.doors.osc_frame import Act, Frame
from synth.errors import InputError, unknown
from synth.io.osc_packet import NUMBERS, Message
from synth.parameter import Parameter

VELOCITY = 0.7
"""Of a strike that says none."""
Value = Callable[[str], float | str]
Deeds = Mapping[str, Callable[..., object]]
Reply = tuple[str | float, ...]
_Method = Callable[[Message, Frame, Addresses | None], Reply | None]


class MessageError(Exception):
    """A message that cannot be used: its kind, and why, or what says why."""

    def __init__(self, kind: str, why: str | Callable[[], str]) -> None:
        super().__init__(kind)
        self.kind, self.why = kind, why


class Methods:
    """Does what messages say.

    Parameters
    ----------
    value : returns what a parameter is now, by its path; a choice by its name.
    deeds : what is no parameter, by name; see `Osc`.
    stats : returns what `/synth/stats` tells.
    """

    def __init__(self, value: Value, deeds: Deeds, stats: Callable[[], Mapping[str, Any]]) -> None:
        self._value, self._deeds, self._stats = value, deeds, stats
        self._own: dict[str, _Method] = {
            f"/{OWN}/vector": _vector,
            f"/{OWN}/hash": lambda message, _, addresses: _asked(message, _needed(addresses).space.hash),
            f"/{OWN}/stats": lambda message, *_: _asked(message, json.dumps(_plain(self._stats()))),
            f"/{OWN}/panic": lambda message, *_: self.call("panic") if _is_pressed(message) else None,
            f"/{OWN}/preset": lambda message, *_: self.call("preset", _one(message, "s", "the name of a preset")),
            f"/{OWN}/scene": lambda message, *_: self.call("scene", _one(message, "si", "the name or the number of a scene")),
            f"/{OWN}/give_back": self._give_back,
        }

    def do(self, message: Message, frame: Frame, addresses: Addresses | None, sender: Any) -> Reply | None:
        """Do what a message says, or add it to its frame; return what is to be answered. `addresses`: None between two presets.

        Raises
        ------
        MessageError
            If it cannot be used; then nothing of it is done.
        """
        if own := self._own.get(message.address):
            return own(message, frame, addresses)
        addresses = _needed(addresses)
        place = addresses.places.get(message.address)
        if place is not None and message.types:  # nearly all are this
            frame.set(place, _number(addresses.space.parameters[place], message))
            return None
        is_unit = message.address.startswith(f"{UNIT}/")
        address = message.address.removeprefix(UNIT) if is_unit else message.address
        found = self._found(address, message, addresses, is_unit)
        if not message.types and found[0] in addresses.places:
            return self._now(addresses, address, is_unit)
        acts = [self._note(addresses.deeds[one], message, sender) for one in found if one in addresses.deeds]
        places = [addresses.places[one] for one in found if one in addresses.places]
        parameters = addresses.space.parameters
        numbers = [(place, _position(message) if is_unit else _number(parameters[place], message)) for place in places]
        for place, number in numbers:  # all of them can be used
            (frame.set_unit if is_unit else frame.set)(place, number)
        frame.acts += [act for act in acts if act]
        return None

    def call(self, deed: str, *arguments: Any, **options: Any) -> None:
        """Call one of the deeds; whatever goes wrong in it is a refusal."""
        if deed not in self._deeds:
            raise MessageError("no such deed", f"nothing here does '{deed}'")
        try:
            self._deeds[deed](*arguments, **options)
        except InputError as error:
            raise MessageError("refused", str(error)) from None
        except Exception as error:  # the door outlives whatever it opens on
            raise MessageError("failed", f"{type(error).__name__}: {error}") from None

    # ---- what is found at an address

    def _found(self, address: str, message: Message, addresses: Addresses, is_unit: bool) -> list[str]:
        if address in addresses.places or (address in addresses.deeds and not is_unit):
            return [address]
        if not is_pattern(address):
            raise MessageError("unknown address", lambda: _nearest(address, addresses))
        try:
            found = matching(address, addresses.all_places if is_unit else addresses.all)
        except InputError as error:
            raise MessageError("pattern", str(error)) from None
        if not found:
            raise MessageError("unknown address", f"no address matches '{address}'")
        if not message.types and not addresses.deeds.keys() >= set(found):
            raise MessageError("pattern", "one address is asked at a time; GET shows them all, see OSCQuery")
        return found

    def _now(self, addresses: Addresses, address: str, is_unit: bool) -> Reply:
        place = addresses.places[address]
        try:
            value = self._value(addresses.space.paths[place])
        except Exception as error:  # another preset, just now
            raise MessageError("refused", f"its value is not known: {error}") from None
        if not is_unit:
            return (value if isinstance(value, str) else float(value),)
        return (position_of(addresses.space.parameters[place], value),)

    # ---- strikes, and what takes an address

    def _note(self, deed: tuple[str, str], message: Message, sender: Any) -> Act | None:
        name, layer = deed
        if name != STRIKE:
            return Act(name, (layer,), {}, message.address, sender) if _is_pressed(message) else None
        velocity = VELOCITY if message.types in ("", "N") else _finite(message, lambda: "a velocity of 0 .. 1")
        if not 0.0 <= velocity <= 1.0:
            raise MessageError("velocity", f"velocity = {velocity:g} is out of range; allowed: 0 .. 1, 0 releases")
        if velocity == 0.0:
            return Act(RELEASE, (layer,), {}, message.address, sender)
        return Act(name, (layer,), {"velocity": velocity}, message.address, sender)

    def _give_back(self, message: Message, _: Frame, addresses: Addresses | None) -> None:
        """Let go of a parameter, all of a layer, or everything."""
        addresses = _needed(addresses)
        if message.types in ("", "N"):
            return self.call("give_back", None)
        address = _one(message, "s", "the address of a parameter or a layer, or nothing for all")
        prefix = f"{address}/" if address in addresses.layers else ""
        places = [place for one, place in addresses.places.items() if one == address or (prefix and one.startswith(prefix))]
        if not places:
            raise MessageError("unknown address", lambda: _nearest(address, addresses))
        for place in places:
            self.call("give_back", addresses.space.paths[place])
        return None


# ---- arguments


def _needed(addresses: Addresses | None) -> Addresses:
    if addresses is None:
        raise MessageError("no preset", "no preset plays at the moment")
    return addresses


def _asked(message: Message, answer: str) -> Reply:
    if message.types not in ("", "N"):
        raise MessageError("argument count", "it takes no argument, and answers")
    return (answer,)


def _one(message: Message, types: str, what: str) -> Any:
    if len(message.types) != 1 or message.types not in types:
        raise MessageError("argument type", f"it takes {what}")
    return message.arguments[0]


def _finite(message: Message, what: Callable[[], str]) -> float:
    """Return the one argument as a number; `what` it takes is put into words only if it is none."""
    if len(message.types) != 1:
        raise MessageError("argument count", lambda: f"it has {len(message.types)} arguments; it takes {what()}")
    if message.types not in NUMBERS:
        kind = message.types
        raise MessageError(
            "argument type", lambda: f"its argument has the type '{kind}'; it takes {what()}, of type f, d, i or h"
        )
    number = float(message.arguments[0])
    if not math.isfinite(number):
        raise MessageError("no number", lambda: f"{number:g} is no number; it takes {what()}")
    return number


def _is_pressed(message: Message) -> bool:
    """Whether a button was pressed: nothing, or anything but 0, is said; 0 says that it was let go."""
    if message.types in ("", "N", "T", "F"):
        return message.types != "F"
    return _finite(message, lambda: "nothing, or 1 for a button pressed and 0 for one let go") != 0.0


def _number(parameter: Parameter, message: Message) -> float:
    """Return a value in natural units; what is beyond the range becomes its nearest end."""
    if message.types == "s" and parameter.choices:
        try:
            return parameter.number(message.arguments[0])
        except InputError as error:
            raise MessageError("choice", str(error)) from None
    number = _finite(message, lambda: parameter.range_text + (", by name or index" if parameter.choices else ""))
    return min(max(number, parameter.low), parameter.high)


def _position(message: Message) -> float:
    return min(max(_finite(message, lambda: "a position in 0 .. 1"), 0.0), 1.0)


def _vector(message: Message, frame: Frame, addresses: Addresses | None) -> None:
    """Take in a whole vector: [hash] and a number for each parameter, or one blob of big-endian float32."""
    space, types, arguments = _needed(addresses).space, message.types, message.arguments
    if types.startswith("s"):
        try:
            space.check(arguments[0], message.address)
        except InputError as error:
            raise MessageError("another space", str(error)) from None
        types, arguments = types[1:], arguments[1:]
    if types == "b" and len(arguments[0]) % 4 == 0:
        with np.errstate(invalid="ignore"):  # there are NaNs that shout
            values = np.frombuffer(arguments[0], ">f4").astype(np.float64)
    elif types and NUMBERS.issuperset(types):
        values = np.array(arguments, np.float64)
    else:
        raise MessageError("argument type", "it takes [hash] and a number for each parameter, or one blob of big-endian float32")
    if len(values) != len(space):
        raise MessageError("vector length", f"{len(values)} values; the space has {len(space)}, hash '{space.hash}'")
    frame.set_all(values)


def position_of(parameter: Parameter, value: float | str) -> float:
    """Return where a value, or a choice by name, lies in 0..1."""
    number = float(parameter.choices.index(value)) if isinstance(value, str) else value
    return parameter.to_unit(min(max(number, parameter.low), parameter.high))


def _nearest(address: str, addresses: Addresses) -> str:
    """Return what is wrong with an address; only its own layer is looked through, so that it costs little to be told."""
    layer = "/" + address.removeprefix("/").partition("/")[0]
    near = [one for one in addresses.all if one.startswith(f"{layer}/")]
    return str(unknown("address", address, near or [*addresses.layers, f"/{OWN}"]))


def _plain(stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return counters as JSON can say them."""
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in stats.items()}
