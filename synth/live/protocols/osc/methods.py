"""OSC methods: what each address does with what is said to it.  message -> numbers and strikes of a frame, deeds, a reply."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from synth.control.rejections import Refused
from synth.engine.commands import refusals
from synth.live.protocols.osc.addresses import OWN, RELEASE, STRIKE, UNIT, Addresses, is_pattern, matching
from synth.live.protocols.osc.arguments import finite, is_pressed, is_question, number_of, one_of, position_of, unit_of, whole_of
from synth.live.protocols.osc.packet import Message
from synth.live.protocols.osc.pending_frame import Act, Frame
from synth.live.session_stream import as_json
from synth.parameters.errors import InputError, unknown
from synth.parameters.tables import VELOCITY

Value = Callable[[str], float | str]
Commands = Mapping[str, Callable[..., object]]
Reply = tuple[str | float, ...]
_Method = Callable[[Message, Frame, Addresses | None], Reply | None]


class Methods:
    """Does what messages say.

    Parameters
    ----------
    value : returns what a parameter is now, by its path; a choice by its name.
    deeds : what is no parameter, by name; see `Osc`.
    stats : returns what `/synth/stats` tells.
    """

    def __init__(self, value: Value, commands: Commands, stats: Callable[[], Mapping[str, Any]]) -> None:
        self._value, self._commands, self._stats = value, commands, stats
        self._own: dict[str, _Method] = {
            f"/{OWN}/vector": _vector,
            f"/{OWN}/hash": lambda message, _, addresses: _asked(message, _needed(addresses).space.hash),
            f"/{OWN}/stats": lambda message, *_: _asked(message, json.dumps(as_json(self._stats()))),
            f"/{OWN}/panic": lambda message, *_: self.call("panic") if is_pressed(message) else None,
            f"/{OWN}/preset": lambda message, *_: self.call("preset", one_of(message, "s", "the name of a preset")),
            f"/{OWN}/scene": lambda message, *_: self.call("scene", one_of(message, "si", "the name or the number of a scene")),
            f"/{OWN}/release_override": self._release_override,
        }

    def do(self, message: Message, frame: Frame, addresses: Addresses | None, sender: Any) -> Reply | None:
        """Do what a message says, or add it to its frame; return what is to be answered. `addresses`: None between two presets.

        Raises
        ------
        Refused
            If it cannot be used; then nothing of it is done.
        """
        if own := self._own.get(message.address):
            return own(message, frame, addresses)
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
        acts = [self._note(addresses.commands[one], message, sender) for one in found if one in addresses.commands]
        places = [addresses.places[one] for one in found if one in addresses.places]
        parameters = addresses.space.parameters
        numbers = [(place, unit_of(message) if is_unit else number_of(parameters[place], message)) for place in places]
        for place, number in numbers:  # all of them can be used
            (frame.set_unit if is_unit else frame.set)(place, number)
        frame.acts += [act for act in acts if act]
        return None

    def call(self, command: str, *arguments: Any, **options: Any) -> None:
        """Call one of the deeds; whatever goes wrong in it is a refusal."""
        if command not in self._commands:
            raise Refused("no such command", f"nothing here does '{command}'")
        with refusals():
            self._commands[command](*arguments, **options)

    # ---- what is found at an address

    def _found(self, address: str, message: Message, addresses: Addresses, is_unit: bool) -> list[str]:
        if address in addresses.places or (address in addresses.commands and not is_unit):
            return [address]
        if not is_pattern(address):
            raise Refused("unknown address", lambda: _nearest(address, addresses))
        try:
            found = matching(address, addresses.all_places if is_unit else addresses.all)
        except InputError as error:
            raise Refused("pattern", str(error)) from None
        if not found:
            raise Refused("unknown address", f"no address matches '{address}'")
        if not message.types and not addresses.commands.keys() >= set(found):
            raise Refused("pattern", "one address is asked at a time; GET shows them all, see OSCQuery")
        return found

    def _now(self, addresses: Addresses, address: str, is_unit: bool) -> Reply:
        place = addresses.places[address]
        try:
            value = self._value(addresses.space.paths[place])
        except Exception as error:  # another preset, just now
            raise Refused("refused", f"its value is not known: {error}") from None
        if not is_unit:
            return (value if isinstance(value, str) else float(value),)
        return (position_of(addresses.space.parameters[place], value),)

    # ---- strikes, and what takes an address

    def _note(self, command: tuple[str, str], message: Message, sender: Any) -> Act | None:
        name, layer = command
        if name != STRIKE:
            return Act(name, (layer,), {}, message.address, sender) if is_pressed(message) else None
        velocity = VELOCITY.default_number if is_question(message) else finite(message, lambda: "a velocity of 0 .. 1")
        if not 0.0 <= velocity <= 1.0:
            raise Refused("velocity", f"velocity = {velocity:g} is out of range; allowed: 0 .. 1, 0 releases")
        if velocity == 0.0:
            return Act(RELEASE, (layer,), {}, message.address, sender)
        return Act(name, (layer,), {"velocity": velocity}, message.address, sender)

    def _release_override(self, message: Message, _: Frame, addresses: Addresses | None) -> None:
        """Let go of a parameter, all of a layer, or everything."""
        addresses = _needed(addresses)
        if is_question(message):
            return self.call("release_override", None)
        address = one_of(message, "s", "the address of a parameter or a layer, or nothing for all")
        prefix = f"{address}/" if address in addresses.layers else ""
        places = [place for one, place in addresses.places.items() if one == address or (prefix and one.startswith(prefix))]
        if not places:
            raise Refused("unknown address", lambda: _nearest(address, addresses))
        for place in places:
            self.call("release_override", addresses.space.paths[place])
        return None


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
    near = [one for one in addresses.all if one.startswith(f"{layer}/")]
    return str(unknown("address", address, near or [*addresses.layers, f"/{OWN}"]))
