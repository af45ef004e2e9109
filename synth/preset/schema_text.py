"""What a layer of a preset says: a text in the preset, or a text file.  text or table -> the same as a table, checked.

A table only: `synth.preset.inputs` makes phones of it when the preset is played.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synth.parameters.errors import InputError, shown
from synth.preset.checks import known, typed
from synth.preset.schema_inputs import from_file, loop_of
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
    if "file" in table:
        return from_file(table, where, folder, "text file")
    if not typed(table, "say", str, where).strip():
        raise InputError(f"{where}: say = '' is empty; it must say something")
    return {"say": table["say"], "loop": loop_of(table, where)}
