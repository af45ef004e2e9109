"""A preset as it sounds at this moment: every number where hands, scenes and cues have brought it.  preset, engine -> Preset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.engine.layer import Layer
from synth.engine.preset import LayerSpec, Preset
from synth.parameters.tables import PLACE_PARAMETERS
from synth.rt.units import wrapped_deg

_PLACE = tuple(parameter.name for parameter in PLACE_PARAMETERS)
_DIGITS = 6  # more than a hand can tell; a file is to be read


def as_it_sounds(preset: Preset, engine: Engine, layers: Mapping[str, Layer]) -> Preset:
    """Return a preset with the numbers that its layers have now; its cues, scenes and MIDI stay what they are."""
    specs = tuple(_layer(spec, engine.values(layers[spec.name])) for spec in preset.layers)
    master = engine.state["master"]
    room = {**preset.room, "level_db": _round(master[state.ROOM_LEVEL]["value"])} if preset.room else preset.room
    return replace(
        preset,
        name=f"{preset.name}-saved",
        title=f"{preset.title or preset.name}, saved",
        layers=specs,
        level_db=_round(master[state.MASTER_LEVEL]["value"]),
        soften_db=_round(master[state.SOFTEN]["value"]),
        room=room,
    )


def _round(number: Any) -> float:
    return float(f"{float(number):.{_DIGITS}g}")


def _layer(spec: LayerSpec, values: Mapping[str, Any]) -> LayerSpec:
    values = {path: value if isinstance(value, str) else _round(value) for path, value in values.items()}
    values["azimuth_deg"] = _round(wrapped_deg(values["azimuth_deg"]))

    def part(name: str, kind: Mapping[str, Any]) -> dict[str, Any]:
        own = {path.partition(".")[2]: value for path, value in values.items() if path.startswith(f"{name}.")}
        return {"kind": kind["kind"], **own}

    return replace(
        spec,
        level_db=values["level_db"],
        place={name: values[name] for name in _PLACE},
        params={name: value for name, value in values.items() if "." not in name and name not in (*_PLACE, "level_db")},
        gesture=part("gesture", spec.gesture),
        motion=part("motion", spec.motion),
    )
