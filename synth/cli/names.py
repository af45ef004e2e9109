"""Names of presets and of their layers, looked up before anything heavy is imported: a slip is answered at once.

folders, a preset's text -> names -> one line
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

from synth.parameters.errors import InputError, unknown
from synth.preset.toml_text import table_of

_KINDS = ("triggers", "presets", "ears", "devices")
_LONGEST_SHOWN = 80
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
    if _is_path(text):
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


def _is_path(text: str) -> bool:
    return text.lower().endswith(".toml") or "/" in text or "\\" in text


def check_layers(preset: str | None, assignments: Iterable[str]) -> None:
    """Refuse a `--set LAYER.PARAM=VALUE` whose layer a preset does not have; whatever else is wrong, others say.

    Raises
    ------
    InputError
        If there is no such layer.
    """
    layers = _layers_of(preset) if preset else []
    heads = [*layers, "master", *map(str, range(1, len(layers) + 1))]
    for text in assignments:
        path, equals, _ = text.partition("=")
        path = path.strip()
        if layers and equals and "." in path and not any(path.startswith(f"{head}.") for head in heads):
            raise unknown("layer", path.partition(".")[0][:_LONGEST_SHOWN], [*layers, "master"], f"--set {text[:_LONGEST_SHOWN]}")


def _layers_of(preset: str) -> list[str]:
    """Return the names of a preset's layers, none if it cannot be read."""
    path = Path(preset) if _is_path(preset) else _ROOT / "presets" / f"{preset}.toml"
    if not _is_path(preset) and not path.is_file():
        return [preset]  # a trigger
    try:
        layers = table_of(path.read_text("utf-8-sig"), preset)["layer"]
        return [str(layer.get("name") or layer["trigger"]) for layer in layers]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def kind_of(text: str) -> str:
    """Return what `synth list` lists, or refuse it."""
    if text not in _KINDS:
        raise unknown("kind of list", text, _KINDS)
    return text


def _triggers(folder: str) -> list[str]:
    return [path.stem for path in (_ROOT / folder).glob("*.py") if path.stem != "__init__"]
