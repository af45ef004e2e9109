"""What a layer of a preset says: a text in the preset, or a text file.  text or table -> the same as a table, checked.

A table only: `synth.preset.inputs` makes phones of it when the preset is played.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synth.parameters.errors import InputError, shown
from synth.preset.checks import known, typed
from synth.trigger import Trigger

_KEYS = ("say", "file", "loop")


def spoken(given: Any, trigger: Trigger, where: str, folder: Path) -> dict[str, Any]:
    """Return what a layer says, complete; empty for a trigger that does not speak.

    Parameters
    ----------
    given : the layer's `text`, a text or a table; None: left out, the trigger's own.
    trigger : the layer's.
    where : what errors begin with, the file and the layer.
    folder : from where a relative path goes.

    Raises
    ------
    InputError
        If the trigger does not speak, or it is none of the two.
    """
    if given is None:
        return {"say": trigger.text, "loop": True} if trigger.speaks else {}
    if not trigger.speaks:
        raise InputError(f"{where}: text = {shown(given)}: trigger '{trigger.name}' does not speak; leave it out")
    where = f"{where}: text"
    table = {"say": given} if isinstance(given, str) else given
    if not isinstance(table, Mapping) or ("say" in table) == ("file" in table):
        raise InputError(
            f"{where} = {shown(given)}; it must be a text, {{ say = TEXT, loop = true }} or {{ file = PATH, loop = true }}"
        )
    known(table, _KEYS, where)
    loop = table.get("loop", True)
    if not isinstance(loop, bool):
        raise InputError(f"{where}: loop = {shown(loop)}; allowed: true or false")
    if "file" in table:
        if not typed(table, "file", str, where):
            raise InputError(f"{where}: file = '' is no path of a text file")
        return {"file": os.path.abspath(folder / table["file"]), "loop": loop}
    if not typed(table, "say", str, where).strip():
        raise InputError(f"{where}: say = '' is empty; it must say something")
    return {"say": table["say"], "loop": loop}
