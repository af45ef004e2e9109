"""A listener by its name: MODULE:FACTORY -> factory(preset, seed) -> an object with `listen(audio, sample_rate)`."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from typing import Any

import synth
from synth.parameters.errors import InputError, shown


def listener_named(name: str, preset: synth.Preset, seed: int) -> Any:
    """Return the listener that a factory makes: it is given as many of (preset, seed) as it takes.

    Raises
    ------
    InputError
        If the module or the factory is not there, or what it makes cannot listen.
    """
    module_name, colon, factory_name = name.partition(":")
    if not colon or not module_name or not factory_name:
        raise InputError(f"listener {shown(name)}; needed: MODULE:FACTORY, as in synth.explore.listeners.family:graded")
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    try:
        factory = getattr(importlib.import_module(module_name), factory_name)
    except (ImportError, AttributeError) as error:
        raise InputError(f"listener '{name}': {error}") from None
    if not callable(factory):
        raise InputError(f"listener '{name}': {factory_name} cannot be called")
    takes = len(inspect.signature(factory).parameters)
    listener = factory(*(preset, seed)[:takes])
    if not callable(getattr(listener, "listen", None)):
        raise InputError(f"listener '{name}': what it makes has no listen(audio, sample_rate)")
    return listener
