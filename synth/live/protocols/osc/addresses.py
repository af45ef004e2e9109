"""OSC addresses: where everything that can be moved or struck is found.  paths of a space <-> "/layer/parameter", patterns."""

from __future__ import annotations

import fnmatch
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from synth.control.commands import LAYER, OSC, Command, offered
from synth.parameters.errors import InputError
from synth.parameters.paths import MASTER, layers_in, split_path
from synth.parameters.space import Space

OWN = "synth"
"""What is the session's own begins with /synth."""
UNIT = f"/{OWN}/unit"
"""Before an address: its number as a position in 0..1."""
ERROR = "error"
"""What is refused is told at /error; a layer of this name has another address."""
COMMANDS = {f"/{OWN}/{name}": command for name, command in offered(OSC).items() if command.argument is not LAYER}
"""By address what is done to the whole, under its old name too."""
OF_LAYERS = {name: command for name, command in offered(OSC).items() if command.argument is LAYER}
"""By the last part of an address what is done to a layer."""
_PARTS = ("gesture", "motion")
_FORBIDDEN = re.compile(r"[^!-~]|[#*,/?\[\]{}]")  # what OSC 1.0 does not allow in a name, and what is no ASCII
_WILD = re.compile(r"[*?\[\]{}]")
_LONGEST_PATTERN, _MOST_ALTERNATIVES = 256, 16


@dataclass(frozen=True)
class Addresses:
    """The addresses of a space.

    Attributes
    ----------
    space : whose.
    places : by the address of a parameter, its place in the vector.
    layers : by the address of a layer, its name; the master's is "master".
    """

    space: Space
    places: Mapping[str, int]
    layers: Mapping[str, str]

    @cached_property
    def all_places(self) -> tuple[str, ...]:
        """The addresses of parameters, in the vector's order."""
        return tuple(self.places)

    @cached_property
    def all(self) -> tuple[str, ...]:
        """The addresses of parameters, then of what is done to layers."""
        return (*self.places, *self.commands)

    @cached_property
    def commands(self) -> dict[str, tuple[Command, str]]:
        """By address what is done to a layer: the command, and the layer's name."""
        layers = {address: name for address, name in self.layers.items() if name != MASTER}
        return {f"{address}/{part}": (command, name) for address, name in layers.items() for part, command in OF_LAYERS.items()}


def addresses_of(space: Space) -> Addresses:
    """Return the addresses of all that a preset has: each parameter has one of its own, whatever its layer is called."""
    parts = {MASTER: MASTER, **_distinct(layers_in(space.paths), {OWN, MASTER, ERROR})}
    splits = [split for path in space.paths if (split := split_path(path, parts))]
    places = {}
    for layer, part in parts.items():
        own = {path: "/".join(map(_plain, path.split("."))) for name, path in splits if name == layer}
        for path, text in _distinct(own, {*OF_LAYERS, *_PARTS}, own).items():
            places[space.index(f"{layer}.{path}")] = f"/{part}/{text}"
    ordered = {places[place]: place for place in sorted(places)}
    return Addresses(space, ordered, {f"/{part}": name for name, part in parts.items()})


def _plain(name: str) -> str:
    """Return a name as part of an address."""
    return _FORBIDDEN.sub("_", name) or "_"


def _distinct(names: Iterable[str], taken: set[str], texts: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a text for each name; those that need no change keep theirs, others are numbered where two would be the same."""
    wanted = {name: texts[name] if texts else _plain(name) for name in names}
    kept = {name: text for name, text in wanted.items() if text.replace("/", ".") == name and text not in taken}
    taken = taken | set(kept.values())
    for name, text in wanted.items():
        if name not in kept:
            count = 1
            while (one := text if count == 1 else f"{text}_{count}") in taken:
                count += 1
            taken.add(one)
            kept[name] = one
    return {name: kept[name] for name in wanted}


# ---- patterns


def is_pattern(address: str) -> bool:
    """Whether an address stands for several: it holds * ? [ ] { }."""
    return bool(_WILD.search(address))


def matching(pattern: str, addresses: tuple[str, ...], may_cost: Callable[[int], bool] = lambda _: True) -> list[str]:
    """Return the addresses that a pattern of OSC 1.0 means; no part of a pattern reaches beyond a "/".

    Parameters
    ----------
    pattern, addresses : which of which.
    may_cost : asked, before a pattern that was not used of late is compared, whether so many comparisons may be made.

    Raises
    ------
    InputError
        If it is too long, or has too many alternatives: what it costs to compare must stay small. Or it may not cost as much.
    """
    known = _KNOWN.get((pattern, addresses))
    if known is None:
        if len(pattern) > _LONGEST_PATTERN:
            raise InputError(f"a pattern of {len(pattern)} characters; allowed: {_LONGEST_PATTERN}")
        alternatives = _alternatives(pattern)
        if not may_cost(len(alternatives) * (len(addresses) + _COMPILED)):
            raise InputError(f"'{pattern}': too many patterns in too short a time; use the same ones again, or wait a second")
        known = _KNOWN[pattern, addresses] = _compared(alternatives, addresses)
        if len(_KNOWN) > _MOST_KNOWN:
            _KNOWN.popitem(last=False)
    return known


_KNOWN: OrderedDict[tuple[str, tuple[str, ...]], list[str]] = OrderedDict()
_MOST_KNOWN = 256
_COMPILED = 150  # compiling an alternative costs as much as so many comparisons


def _compared(alternatives: list[str], addresses: tuple[str, ...]) -> list[str]:
    """Return what alternatives mean; fnmatch knows the rest of OSC's signs, and never turns back over a star."""
    found: set[str] = set()
    for alternative in alternatives:
        wanted = [re.compile(fnmatch.translate(part)).match for part in alternative.split("/")]
        for address in addresses:
            parts = address.split("/")
            if len(parts) == len(wanted) and all(fits(part) for fits, part in zip(wanted, parts, strict=True)):
                found.add(address)
    return [address for address in addresses if address in found]


def _alternatives(pattern: str) -> list[str]:
    """Return a pattern with each {a,b} written out."""
    found, done = [pattern], []
    while found:
        one = found.pop()
        begin, end = one.find("{"), one.find("}")
        if begin < 0 and end < 0:
            done.append(one)
            continue
        if begin < 0 or end < begin or "{" in one[begin + 1 : end]:
            raise InputError(f"'{pattern}': its braces do not pair")
        found += [one[:begin] + choice + one[end + 1 :] for choice in one[begin + 1 : end].split(",")]
        if len(found) + len(done) > _MOST_ALTERNATIVES:
            raise InputError(f"'{pattern}' has more than {_MOST_ALTERNATIVES} alternatives")
    return done
