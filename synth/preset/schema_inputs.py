"""What a layer of a preset hears: a live channel or a sound file.  table -> the same, checked, with the whole path.

A table only: `synth.preset.inputs` reads the file when the preset is played.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synth.engine.kernels.state import INPUTS
from synth.parameters.errors import InputError, shown
from synth.preset.checks import known, typed
from synth.trigger import Trigger

_KEYS = ("file", "loop", "channel")
_CHANNELS = tuple(range(1, INPUTS + 1))


def heard(given: Mapping[str, Any] | None, trigger: Trigger, where: str, folder: Path) -> dict[str, Any]:
    """Return what a layer hears, complete: `{ file, loop }` or `{ channel }`; empty for a trigger that hears nothing.

    Parameters
    ----------
    given : the layer's table `sound`; None: left out, the first live channel.
    trigger : the layer's.
    where : what errors begin with, the file and the layer.
    folder : from where a relative path goes.

    Raises
    ------
    InputError
        If the trigger hears nothing, or the table is not one of the two.
    """
    if given is None:
        return {"channel": _CHANNELS[0]} if trigger.hears else {}
    if not trigger.hears:
        raise InputError(f"{where}: sound = {shown(given)}: trigger '{trigger.name}' hears nothing; leave it out")
    where = f"{where}: sound"
    known(given, _KEYS, where)
    if ("file" in given) == ("channel" in given):
        raise InputError(f"{where} = {shown(given)}; it must be {{ file = PATH, loop = true }} or {{ channel = 1 }}")
    return _live(given, where) if "channel" in given else from_file(given, where, folder, "sound file")


def _live(given: Mapping[str, Any], where: str) -> dict[str, Any]:
    channel = given["channel"]
    if isinstance(channel, bool) or channel not in _CHANNELS:
        raise InputError(f"{where}: channel = {shown(channel)}; allowed: {' or '.join(map(str, _CHANNELS))}")
    if "loop" in given:
        raise InputError(f"{where}: loop = {shown(given['loop'])}: only a file is looped; leave it out")
    return {"channel": int(channel)}


def from_file(given: Mapping[str, Any], where: str, folder: Path, kind: str) -> dict[str, Any]:
    """Return `{ file, loop }` of a table that names a file of some kind, with its whole path; raises `InputError`."""
    if not typed(given, "file", str, where):
        raise InputError(f"{where}: file = '' is no path of a {kind}")
    return {"file": os.path.abspath(folder / given["file"]), "loop": loop_of(given, where)}


def loop_of(given: Mapping[str, Any], where: str) -> bool:
    """Return whether what a table names begins anew at its end: it does if nothing is said; raises `InputError`."""
    loop = given.get("loop", True)
    if not isinstance(loop, bool):
        raise InputError(f"{where}: loop = {shown(loop)}; allowed: true or false")
    return loop
