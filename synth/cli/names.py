"""A preset's name, looked up before anything heavy is imported: a slip is answered at once.  folders -> names -> one line."""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from pathlib import Path

from synth.parameters.errors import InputError, unknown

_KINDS = ("triggers", "presets", "ears", "devices")
_ROOT = Path(__file__).resolve().parents[2]


def preset_name(text: str | None) -> str | None:
    """Return the name of a preset or trigger, or the path of a `.toml`, as it is.

    Raises
    ------
    InputError
        If there is no such thing; what is wrong inside of it, others say.
    """
    if text is None:
        return None
    if text.lower().endswith(".toml") or "/" in text or "\\" in text:
        try:
            os.stat(text)
        except OSError as error:
            raise InputError(f"{text}: cannot be read: {error.strerror}") from None
        except ValueError:
            raise InputError(f"{text!a}: cannot be read: no file has such a name") from None
        return text
    names = [*(path.stem for path in (_ROOT / "presets").glob("*.toml")), *_triggers("synth/triggers")]
    if text in names:
        return text
    names += [entry.name for entry in entry_points(group="synth.triggers")]
    if text in names:
        return text
    raise unknown("preset or trigger", text, names)


def kind_of(text: str) -> str:
    """Return what `synth list` lists, or refuse it."""
    if text not in _KINDS:
        raise unknown("kind of list", text, _KINDS)
    return text


def _triggers(folder: str) -> list[str]:
    return [path.stem for path in (_ROOT / folder).glob("*.py") if path.stem != "__init__"]
