"""A trigger: the contract of a trigger file, its compilation to native kernels, and the registry of all there are.

file in synth/triggers/ or entry point -> Trigger -> record types -> addresses of `strike` and `render`
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import types

from synth.dsp.emitter import MAX_EMITTERS, emitters_dtype
from synth.parameters.errors import InputError, unknown
from synth.parameters.parameter import MAX_PARAMETERS, NOTE_FIELDS, Parameter, record_dtype
from synth.rt import native_address

ENTRY_POINT_GROUP = "synth.triggers"
_PLACE_AND_LEVEL = ("azimuth_deg", "elevation_deg", "distance_m", "level_db")
_RESERVED = {"at", "ramp_s", "velocity", "name", "gesture", "motion", "text", *_PLACE_AND_LEVEL, *NOTE_FIELDS}


@dataclass(frozen=True)
class Trigger:
    """A kind of sound, as its file declares it.

    Attributes
    ----------
    name : the trigger's name; equals its file's.
    parameters : in order of use, controllers are assigned to the first ones first.
    state : record of one voice; has a u8 field `rng`. The engine zeroes it and seeds `rng` before each strike.
    strike : kernel `(state, params, velocity, sample_rate)`, velocity 0..1.
    render : kernel `(state, params, gate, sample_rate, emitters, start, stop)`: adds frames start..stop of the quantum into the
        emitters; gate is 1 from strike to release, then 0.
    emitters : how many point sources a voice has.
    tail_s : after release, the longest time until the voice is silent, at any setting.
    gesture : what plays it in its init preset: `kind` and that gesture's parameters.
    place, motion : where its init preset puts it, and how that moves.
    room : the room of its init preset, `t60_s` and `level_db`; empty: none.
    level_db : brings it to the loudness that the others have.
    voices : how many sound at once before the oldest is stolen.
    hears : whether it makes its sound from `emitters.input`, a live channel or a sound file.
    text : what its init preset says, for one that makes its sound from `emitters.phone`; empty for one that does not.
    families : what people may not want to hear any of, as "mouth": `synth list --without` leaves it out.
    classes : which classes of real recordings it stands for, as `synth.analysis` names them: what it is measured against. The
        first one is the usual one; others name the choices ("glass") that make it one of those.
    doc : the file's docstring.
    """

    name: str
    parameters: tuple[Parameter, ...]
    state: np.dtype[Any]
    strike: Callable[..., Any]
    render: Callable[..., Any]
    emitters: int = 1
    tail_s: float = 1.0
    gesture: Mapping[str, Any] = field(default_factory=lambda: {"kind": "hold"})
    place: Mapping[str, float] = field(default_factory=dict)
    motion: Mapping[str, Any] = field(default_factory=lambda: {"kind": "still"})
    room: Mapping[str, float] = field(default_factory=dict)
    level_db: float = 0.0
    voices: int = 4
    hears: bool = False
    text: str = ""
    families: tuple[str, ...] = ()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doc: str | None = ""

    def __post_init__(self) -> None:
        if self.doc is None:  # python -OO leaves a file's docstring out
            object.__setattr__(self, "doc", documentation_of(self.strike))
        problem = self._problem()
        if problem:
            raise InputError(f"trigger '{self.name}': {problem}")

    def _problem(self) -> str:
        names = [parameter.name for parameter in self.parameters]
        if not self.name.isidentifier():
            return "its name is no identifier"
        if len(names) > MAX_PARAMETERS:
            return f"{len(names)} parameters; at most {MAX_PARAMETERS}"
        if len(set(names)) < len(names) or _RESERVED & set(names):
            return f"parameter names must differ from each other and from {', '.join(sorted(_RESERVED))}"
        if self.state.names is None or "rng" not in self.state.names or self.state["rng"] != np.dtype("u8"):
            return "its state needs a u8 field 'rng'"
        if not 1 <= self.emitters <= MAX_EMITTERS:
            return f"{self.emitters} emitters; allowed: 1 .. {MAX_EMITTERS}"
        return ""

    @property
    def speaks(self) -> bool:
        """Whether it says phones."""
        return bool(self.text)

    @property
    def summary(self) -> str:
        """The first sentence of the documentation."""
        return (self.doc or "").strip().split("\n", 1)[0].split(".  ", 1)[0].rstrip(".")

    @cached_property
    def params_dtype(self) -> np.dtype[Any]:
        """The record that the kernels read: the parameters as f4 in order, then the note's pitch, bend, pressure and timbre."""
        return record_dtype(self.parameters)

    @cached_property
    def emitters_dtype(self) -> np.dtype[Any]:
        """The record of a voice's emitters."""
        return emitters_dtype(self.emitters)

    @cached_property
    def signatures(self) -> tuple[tuple[Callable[..., Any], tuple[types.Type, ...]], ...]:
        """`strike` and `render`, each with the one signature for which it is compiled."""
        state, params = numba.from_dtype(self.state), numba.from_dtype(self.params_dtype)
        emitters = numba.from_dtype(self.emitters_dtype)
        return (
            (self.strike, (state, params, types.float64, types.float64)),
            (self.render, (state, params, types.float64, types.float64, emitters, types.int64, types.int64)),
        )

    @cached_property
    def addresses(self) -> tuple[int, int]:
        """The C entry points of `strike` and `render`, compiled (or loaded from the cache) on first use."""
        strike, render = (native_address(*each) for each in self.signatures)
        return strike, render


def documentation_of(function: Any) -> str:
    """Return what stands at the top of the file in which a function is written, or "" if there is no such file."""
    try:
        source = Path(getattr(function, "py_func", function).__globals__["__file__"]).read_text(encoding="utf-8")
        return ast.get_docstring(ast.parse(source)) or ""
    except (AttributeError, KeyError, OSError, SyntaxError, ValueError):
        return ""


class Registry(Mapping[str, Trigger]):
    """Every trigger by name: the files of `synth/triggers/` and the entry points of other packages.  Loaded on first access."""

    def __init__(self) -> None:
        self._loaded: dict[str, Trigger] = {}

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent / "triggers")]))

    @cached_property
    def _foreign(self) -> dict[str, EntryPoint]:
        return {entry.name: entry for entry in entry_points(group=ENTRY_POINT_GROUP)}

    def __getitem__(self, name: str) -> Trigger:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Trigger:
        if name in self._own:
            trigger = importlib.import_module(f"synth.triggers.{name}").TRIGGER
        elif name in self._foreign:
            trigger = self._from_package(name, self._foreign[name])
        else:
            raise unknown("trigger", name, self)
        if not isinstance(trigger, Trigger) or trigger.name != name:
            home = _home(self._foreign[name]) if name not in self._own else "its file"
            raise InputError(f"trigger '{name}': {home} must hold a Trigger of that name")
        return trigger

    @staticmethod
    def _from_package(name: str, entry: EntryPoint) -> Any:
        try:
            return entry.load()
        except Exception as error:  # a package may raise whatever it likes
            raise InputError(f"trigger '{name}': {_home(entry)} cannot be loaded: {type(error).__name__}: {error}") from error

    @contextmanager
    def register(self, trigger: Trigger) -> Iterator[Trigger]:
        """Know one more trigger, by its name, while a `with` lasts: for tests, and to try one out; it is not listed."""
        before = self._loaded.get(trigger.name)
        self._loaded[trigger.name] = trigger
        try:
            yield trigger
        finally:
            del self._loaded[trigger.name]
            if before is not None:
                self._loaded[trigger.name] = before

    @property
    def broken(self) -> dict[str, str]:
        """What other packages announce and cannot be loaded: name -> why."""
        found = {}
        for name in sorted(self._foreign.keys() - self._own):
            try:
                _ = self[name]
            except InputError as error:
                found[name] = str(error)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._own | self._foreign.keys()))

    def __len__(self) -> int:
        return len(self._own | self._foreign.keys())

    def __contains__(self, name: object) -> bool:
        return name in self._loaded or name in self._own or name in self._foreign


def _home(entry: EntryPoint) -> str:
    package = f" of package '{entry.dist.name}'" if entry.dist else ""
    return f"entry point '{entry.value}'{package}"


TRIGGERS = Registry()
