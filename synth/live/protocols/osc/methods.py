"""OSC methods: what each address does with what is said to it.  message -> a frame's numbers and commands, a command, a reply."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from synth.control.commands import (
    AMOUNT,
    LEVEL_DB,
    NOTHING,
    PATH,
    PRESET,
    SCENE,
    SECONDS,
    SEED,
    STEP_DB,
    SWITCH,
    Argument,
    Call,
    Command,
    Effects,
)
from synth.control.rejections import Refused
from synth.engine.commands import refusals
from synth.io.net.budget import Allowance, Budget
from synth.live.protocols.osc.addresses import COMMANDS, OF_LAYERS, OWN, UNIT, Addresses, is_pattern, matching
from synth.live.protocols.osc.arguments import (
    finite,
    is_pressed,
    is_question,
    name_or_number,
    number_of,
    one_of,
    position_of,
    said,
    unit_of,
    whole_of,
)
from synth.live.protocols.osc.packet import Message
from synth.live.protocols.osc.pending_frame import Asked, Frame
from synth.live.session_stream import as_json
from synth.parameters.errors import InputError, unknown
from synth.parameters.tables import VELOCITY

_MOST_HITS = 4096
_WORK, _ALL_WORK = Allowance(20e3, 40e3), Allowance(50e3, 80e3)  # comparisons for patterns not seen before: about 1 us each
Value = Callable[[str], float | str]
Reply = tuple[str | float, ...]
_Method = Callable[[Message, Frame, Addresses | None], Reply | None]
_STRIKE, _RELEASE, _SAY = OF_LAYERS["strike"], OF_LAYERS["release"], OF_LAYERS["say"]


class Methods:
    """Does what messages say.

    Parameters
    ----------
    value : returns what a parameter is now, by its path; a choice by its name.
    effects : what is no parameter, by name; see `Osc`.
    stats : returns what `/synth/stats` tells.
    """

    def __init__(self, value: Value, effects: Effects, stats: Callable[[], Mapping[str, Any]]) -> None:
        self._value, self._effects, self._stats = value, effects, stats
        self._work = Budget(_WORK, _ALL_WORK)
        self.begin(None)
        self._own: dict[str, _Method] = {
            f"/{OWN}/vector": _vector,
            f"/{OWN}/hash": lambda message, _, addresses: _asked(message, _needed(addresses).space.hash),
            f"/{OWN}/stats": lambda message, *_: _asked(message, json.dumps(as_json(self._stats()))),
        }

    def begin(self, sender: Any) -> None:
        """Take note of whose packet the next messages are: what patterns may cost is counted for each."""
        self._sender, self._hits_left = sender, _MOST_HITS

    def do(self, message: Message, frame: Frame, addresses: Addresses | None, sender: Any) -> Reply | None:
        """Do what a message says, or add it to its frame; return what is to be answered. `addresses`: None between two presets.

        Raises
        ------
        Refused
            If it cannot be used; then nothing of it is done.
        """
        if own := self._own.get(message.address):
            return own(message, frame, addresses)
        if command := COMMANDS.get(message.address):
            self._command(command, message, frame, addresses, sender)
            return None
        addresses = _needed(addresses)
        place = addresses.places.get(message.address)
        if place is not None and message.types:  # nearly all are this
            frame.set(place, number_of(addresses.space.parameters[place], message))
            return None
        is_unit = message.address.startswith(f"{UNIT}/")
        address = message.address.removeprefix(UNIT) if is_unit else message.address
        found = self._found(address, message, addresses, is_unit)
        if not message.types and found[0] in addresses.places:
            return self._now(addresses, address, is_unit)
        calls = [_of_layer(*addresses.commands[one], message) for one in found if one in addresses.commands]
        places = [addresses.places[one] for one in found if one in addresses.places]
        parameters = addresses.space.parameters
        numbers = [(place, unit_of(message) if is_unit else number_of(parameters[place], message)) for place in places]
        for place, number in numbers:  # all of them can be used
            (frame.set_unit if is_unit else frame.set)(place, number)
        frame.asked += [Asked(call, message.address, sender) for call in calls if call]
        return None

    def call(self, call: Call, at: int | None = None) -> None:
        """Do a command; whatever goes wrong in it is a refusal."""
        if call.command.name not in self._effects:
            raise Refused("no such command", f"nothing here does '{call.command.name}'")
        with refusals():
            call.do(self._effects, at)

    def _command(self, command: Command, message: Message, frame: Frame, addresses: Addresses | None, sender: Any) -> None:
        """Do what concerns the whole at once, or with its frame if it can be timed."""
        for argument in _ARGUMENTS[command.argument](message, addresses):
            call = Call(command, argument)
            if command.is_timed:
                frame.asked.append(Asked(call, message.address, sender))
            else:
                self.call(call)

    # ---- what is found at an address

    def _found(self, address: str, message: Message, addresses: Addresses, is_unit: bool) -> list[str]:
        if address in addresses.places or (address in addresses.commands and not is_unit):
            return [address]
        if not is_pattern(address):
            raise Refused("unknown address", lambda: _nearest(address, addresses))
        try:
            found = matching(address, addresses.all_places if is_unit else addresses.all, self._may_cost)
        except InputError as error:
            raise Refused("pattern", str(error)) from None
        self._hits_left -= len(found)
        if self._hits_left < 0:
            raise Refused("pattern", f"patterns of one packet mean more than {_MOST_HITS} addresses")
        if not found:
            raise Refused("unknown address", f"no address matches '{address}'")
        if not message.types and not addresses.commands.keys() >= set(found):
            raise Refused("pattern", "one address is asked at a time; GET shows them all, see OSCQuery")
        return found

    def _may_cost(self, comparisons: int) -> bool:
        return self._work.take(self._sender, comparisons)

    def _now(self, addresses: Addresses, address: str, is_unit: bool) -> Reply:
        place = addresses.places[address]
        try:
            value = self._value(addresses.space.paths[place])
        except Exception as error:  # another preset, just now
            raise Refused("refused", f"its value is not known: {error}") from None
        if not is_unit:
            return (value if isinstance(value, str) else float(value),)
        return (position_of(addresses.space.parameters[place], value),)


# ---- what is said to a command


def _of_layer(command: Command, layer: str, message: Message) -> Call | None:
    """Return what is done to a layer; None: a button was let go."""
    if command is _SAY:
        return Call(command, layer, said(message))
    if command is not _STRIKE:
        return Call(command, layer) if is_pressed(message) else None
    if is_question(message) or message.types in ("T", "F"):
        velocity = 0.0 if message.types == "F" else VELOCITY.default_number
    else:
        velocity = finite(message, lambda: "a velocity of 0 .. 1")
    if not 0.0 <= velocity <= 1.0:
        raise Refused("velocity", f"velocity = {velocity:g} is out of range; allowed: 0 .. 1, 0 releases")
    return Call(_RELEASE, layer) if velocity == 0.0 else Call(command, layer, {"velocity": velocity})


def _paths(message: Message, addresses: Addresses | None) -> list[str | None]:
    """Return the paths of a parameter, of all that a layer has, or None for everything."""
    addresses = _needed(addresses)
    if is_question(message):
        return [None]
    address = one_of(message, "s", "the address of a parameter or a layer, or nothing for all")
    prefix = f"{address}/" if address in addresses.layers else ""
    places = [place for one, place in addresses.places.items() if one == address or (prefix and one.startswith(prefix))]
    if not places:
        raise Refused("unknown address", lambda: _nearest(address, addresses))
    return [addresses.space.paths[place] for place in places]


_ARGUMENTS: dict[Argument, Callable[[Message, Addresses | None], Sequence[Any]]] = {
    NOTHING: lambda message, _: [None] if is_pressed(message) else [],
    SWITCH: lambda message, _: [None if is_question(message) else is_pressed(message)],
    SCENE: lambda message, _: [name_or_number(message, "the name of a scene, or its number from 1")],
    PRESET: lambda message, _: [one_of(message, "s", "the name of a preset")],
    PATH: _paths,
    STEP_DB: lambda message, _: [finite(message, lambda: "a step in dB")],
    LEVEL_DB: lambda message, _: [finite(message, lambda: "a level in dB")],
    SECONDS: lambda message, _: [finite(message, lambda: "seconds, 0 or more")],
    SEED: lambda message, _: [int(one_of(message, "ih", "a whole number"))],
    AMOUNT: lambda message, _: [_amount(message)],
}
"""What each kind of argument is read as; a command is done once with each."""


def _amount(message: Message) -> float:
    """Return how much, 0..1; what is beyond is refused: nobody knows what was meant by it."""
    amount = finite(message, lambda: "a number of 0 .. 1")
    if not 0.0 <= amount <= 1.0:
        raise Refused("amount", f"{amount:g} is out of range; allowed: 0 .. 1")
    return amount


def _needed(addresses: Addresses | None) -> Addresses:
    if addresses is None:
        raise Refused("no preset", "no preset plays at the moment")
    return addresses


def _asked(message: Message, answer: str) -> Reply:
    if not is_question(message):
        raise Refused("argument count", "it takes no argument, and answers")
    return (answer,)


def _vector(message: Message, frame: Frame, addresses: Addresses | None) -> None:
    frame.set_all(whole_of(message, _needed(addresses).space))


def _nearest(address: str, addresses: Addresses) -> str:
    """Return what is wrong with an address; only its own layer is looked through, so that it costs little to be told."""
    layer = "/" + address.removeprefix("/").partition("/")[0]
    near = [one for one in (*addresses.all, *COMMANDS) if one.startswith(f"{layer}/")]
    return str(unknown("address", address, near or [*addresses.layers, f"/{OWN}"]))
