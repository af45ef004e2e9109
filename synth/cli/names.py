"""Names of presets, of their layers and of parameters, looked up before anything heavy is imported: a slip is answered at once.

folders, a preset's text -> names -> one line
"""

from __future__ import annotations

import ast
import os
from collections.abc import Collection
from importlib.metadata import entry_points
from pathlib import Path

from synth.parameters.errors import InputError, nearest, unknown
from synth.preset.toml_text import table_of

_KINDS = ("triggers", "presets", "ears", "devices")
_LONGEST_SHOWN = 80
_MASTER = "master"
LAYER_NAMES = ("azimuth_deg", "elevation_deg", "distance_m", "level_db")
"""What every layer has beside its trigger's parameters; those of gesture and motion depend on their kinds."""
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


def check_assignments(preset: str | None, assignments: Collection[str]) -> None:
    """Refuse a `--set LAYER.PARAM=VALUE` whose layer the preset does not have, or whose parameter is nearly one of the layer's.

    Whatever else is wrong, others say.

    Raises
    ------
    InputError
        If there is no such layer or parameter.
    """
    layers = _layers_of(preset) if preset and assignments else {}
    heads = {**layers, _MASTER: None, **{str(number): trigger for number, trigger in enumerate(layers.values(), 1)}}
    for text in assignments:
        path, equals, _ = text.partition("=")
        path, where = path.strip(), f"--set {text[:_LONGEST_SHOWN]}"
        if not (layers and equals and "." in path):
            continue
        head = max((head for head in heads if path.startswith(f"{head}.")), key=len, default=None)
        if head is None:
            raise unknown("layer", path.partition(".")[0][:_LONGEST_SHOWN], [*layers, _MASTER], where)
        name = path[len(head) + 1 :]
        known = [*_parameters_of(heads[head]), *LAYER_NAMES]
        if head != _MASTER and "." not in name and name not in known and nearest(name, known):
            layer = head if head in layers else list(layers)[int(head) - 1]
            raise unknown("parameter", name, known, f"{where}: layer '{layer}'")


def _layers_of(preset: str) -> dict[str, str]:
    """Return the trigger of each of a preset's layers, none if it cannot be read."""
    path = Path(preset) if _is_path(preset) else _ROOT / "presets" / f"{preset}.toml"
    if not _is_path(preset) and not path.is_file():
        return {preset: preset}  # a trigger
    try:
        layers = table_of(path.read_text("utf-8-sig"), preset)["layer"]
        return {str(layer.get("name") or layer["trigger"]): str(layer["trigger"]) for layer in layers}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _parameters_of(trigger: str | None) -> list[str]:
    """Return the names of the parameters that a trigger's file here declares, none if there is no such file."""
    path = _ROOT / "synth" / "triggers" / f"{trigger}.py"
    if trigger not in _triggers("synth/triggers"):
        return []
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    first = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Parameter" and call.args)
    return [argument.value for argument in first if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]


def kind_of(text: str) -> str:
    """Return what `synth list` lists, or refuse it."""
    if text not in _KINDS:
        raise unknown("kind of list", text, _KINDS)
    return text


def _triggers(folder: str) -> list[str]:
    return [path.stem for path in (_ROOT / folder).glob("*.py") if path.stem != "__init__"]
