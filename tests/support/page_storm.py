"""Messages of which none can be used: `malformed(random)` makes one, text or bytes, each kind as often as the others."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from synth.control.commands import PAGE, names_of

Made = str | bytes
_NAMES = names_of(PAGE)
_WRONG: list[Any] = [None, [], {}, "", "../x", -1e400, 10**400, {"a": {}}, "\ud7ff", [[1]], -3, "\x1b[2J"]


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(1, 200)).replace(b"\n", b"x") + b"\xff"


def _cut(rng: random.Random) -> str:
    whole = json.dumps({"values": {"left nails.hardness": 0.5}, "strike": "left nails", "velocity": rng.random()})
    return whole[: rng.randint(1, len(whole) - 1)]


def _wrong_argument(rng: random.Random) -> str:
    return json.dumps({rng.choice(_NAMES): rng.choice([None, [], {}, -1e400, {"a": {}}, [[1]]])})


def _wrong_path(rng: random.Random) -> str:
    return json.dumps({"values": {f"{rng.choice(['left nails', 'master', '..', ''])}.{rng.random()}": rng.choice(_WRONG)}})


def _wrong_value(rng: random.Random) -> str:
    return json.dumps({"values": {"left nails.hardness": rng.choice([[], {}, "soft", True, [[1]], "\x00"])}})


def _two_commands(rng: random.Random) -> str:
    return json.dumps(dict.fromkeys(rng.sample(_NAMES, 2), True))


def _foreign(rng: random.Random) -> str:
    key = rng.choice(["quit", "at", "__class__", "ramp_s", "eval", "path", "constructor", " strike", "STRIKE", "level_db"])
    return json.dumps({key: rng.choice(_WRONG)})


def _deep(rng: random.Random) -> str:
    return rng.choice(["[", '{"a":', '{"values":']) * rng.randint(1, 5000)


def _no_object(rng: random.Random) -> str:
    return json.dumps(rng.choice([None, True, 1.5, "panic", [], [{"panic": True}]]))


def _twice(_: random.Random) -> str:
    return '{"mute": true, "mute": true}'


def _unknown(rng: random.Random) -> str:
    return json.dumps({rng.choice(["preset", "scene", "strike", "mute_layer", "hush"]): f"no such {rng.random()}"})


def _unsaid(rng: random.Random) -> str:
    return json.dumps({rng.choice(["save", "give_back"]): rng.choice([1, [], {}])})


_MAKERS: tuple[Callable[[random.Random], Made], ...] = (
    *(_noise, _cut, _wrong_argument, _wrong_path, _wrong_value, _two_commands, _foreign, _deep, _no_object, _twice),
    *(_unknown, _unsaid),
)


def malformed(rng: random.Random) -> Made:
    """Return a message that must be refused, and change nothing, in the preset nails_on_glass."""
    return rng.choice(_MAKERS)(rng)
