"""A listener by its name: MODULE:FACTORY -> factory(preset, seed) -> an object with `listen(audio, sample_rate)`.

It is somebody else's program: whatever it raises is said in one line, and what it answers is checked.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

import synth
from synth.explore.hold import Hold, checked_hold
from synth.parameters.errors import InputError, shown

COMPARES = ("compare", "turn_knob")
"""What a listener must have, beside `listen`, to be asked for duels and knobs."""
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_GIVEN = 2


def listener_named(name: str, preset: synth.Preset, seed: int, needs: Sequence[str] = ()) -> Foreign:
    """Return the listener that a factory makes: it is given as many of (preset, seed) as it takes.

    Parameters
    ----------
    needs : methods that it must have beside `listen`, of `COMPARES`.

    Raises
    ------
    InputError
        If the module or the factory is not there or raises, or what it makes cannot listen.
    """
    module_name, colon, factory_name = name.partition(":")
    if not colon or not module_name or not factory_name:
        raise InputError(f"listener {shown(name)}; needed: MODULE:FACTORY, as in synth.explore.listeners.family:graded")
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    with _said(name, f"importing {module_name}"):
        module = importlib.import_module(module_name)
    factory = getattr(module, factory_name, None)
    if factory is None:
        raise InputError(f"listener '{name}': module {module_name} has no {factory_name}")
    if not callable(factory):
        raise InputError(f"listener '{name}': {factory_name} cannot be called")
    takes = _takes(name, factory_name, factory)
    with _said(name, f"{factory_name}()"):
        listener = factory(*(preset, seed)[:takes])
    for method in ("listen", *needs):
        if not callable(getattr(listener, method, None)):
            what = "listen(audio, sample_rate)" if method == "listen" else f"{method}, which --duels needs"
            raise InputError(f"listener '{name}': what it makes has no {what}")
    return Foreign(name, listener)


def _takes(name: str, factory_name: str, factory: Callable[..., Any]) -> int:
    """Return how many of (preset, seed) a factory takes."""
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        raise InputError(
            f"listener '{name}': {factory_name} does not say what it takes; needed: (preset, seed) or less"
        ) from None
    positional = [each for each in parameters if each.kind in _POSITIONAL]
    required = [each.name for each in positional if each.default is each.empty][_GIVEN:]
    required += [each.name for each in parameters if each.kind is each.KEYWORD_ONLY and each.default is each.empty]
    if required:
        raise InputError(f"listener '{name}': {factory_name} needs {required[0]} too; it is given (preset, seed) or less")
    takes_any = any(each.kind is each.VAR_POSITIONAL for each in parameters)
    return _GIVEN if takes_any else min(len(positional), _GIVEN)


@contextmanager
def _said(name: str, place: str) -> Iterator[None]:
    """Let what somebody else's program raises be said in one line."""
    try:
        yield
    except InputError as error:
        raise InputError(f"listener '{name}': {place}: {error}") from None
    except (Exception, SystemExit) as error:
        raise InputError(f"listener '{name}': {place}: {type(error).__name__}: {error}") from None


class Foreign:
    """Somebody else's listener; each of its methods raises InputError where theirs raises or answers what cannot be.

    Parameters
    ----------
    name : how it was asked for. listener : an object with `listen`, and with `COMPARES` if it is to be asked for these.
    """

    def __init__(self, name: str, listener: Any) -> None:
        self._name, self._listener = name, listener

    def listen(self, audio: np.ndarray, sample_rate: float) -> Hold:
        """Return its hold (n,) 0..1 at 50 Hz; one number is an array of one."""
        with _said(self._name, "listen()"):
            return checked_hold(self._listener.listen(audio, sample_rate))

    @property
    def disliked(self) -> bool:
        """Whether the last sound was unpleasant; no, if it does not say."""
        with _said(self._name, "disliked"):
            return bool(getattr(self._listener, "disliked", False))

    def compare(self, one: np.ndarray, other: np.ndarray, sample_rate: float) -> float:
        """Return which of two sounds tingles more: 0 or 1."""
        with _said(self._name, "compare()"):
            return self._among(self._listener.compare(one, other, sample_rate), 1)

    def turn_knob(self, sounds: Sequence[np.ndarray], sample_rate: float) -> float:
        """Return at which of sounds along a line a knob is left, from 0."""
        with _said(self._name, "turn_knob()"):
            return self._among(self._listener.turn_knob(sounds, sample_rate), len(sounds) - 1)

    @staticmethod
    def _among(answer: Any, last: int) -> float:
        value = float(answer)
        if not 0 <= value <= last:
            raise InputError(f"{shown(answer)}; needed: 0 .. {last}")
        return value
