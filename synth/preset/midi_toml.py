"""Bindings as text: a Mapping -> the [midi] table that `synth.preset.schema_midi` reads as the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synth.control.midi.key_names import LAST_KEY, key_name
from synth.control.midi.mapping import ActionBinding, ControlBinding, NoteBinding, Source
from synth.control.midi.mapping import Mapping as Bindings
from synth.parameters.parameter import Parameter

_EVERY = (0, LAST_KEY)


def midi_table(mapping: Bindings, paths: Mapping[str, Mapping[str, Parameter]]) -> dict[str, Any]:
    """Return the table of a mapping; `paths` holds what can be moved, by layer."""
    programs = [action for action in mapping.actions if action.is_program]
    table: dict[str, Any] = {
        "automatic": False if mapping.is_complete else None,
        "clock": mapping.clock or None,
        "note": [_note_row(note) for note in mapping.notes],
        "control": [_control_row(control, paths[control.layer][control.path]) for control in mapping.controls],
        "action": [_action_row(action) for action in mapping.actions if action not in programs],
        "program": {str(action.source.low): action.name for action in programs},
    }
    return {key: value for key, value in table.items() if value not in (None, [], {})}


def _note_row(note: NoteBinding) -> dict[str, Any]:
    row = {"layer": note.layer} | _keys_of(note.source, "key", "keys")
    row |= {} if note.root is None else {"root": key_name(note.root)}
    row |= {} if note.velocity == (0.0, 1.0) else {"velocity": list(note.velocity)}
    row |= {} if note.curve == 1.0 else {"curve": note.curve}
    return row | _place_of(note.source)


def _control_row(control: ControlBinding, parameter: Parameter) -> dict[str, Any]:
    row = _touched(control.source) | {"set": f"{control.layer}.{control.path}"}
    ends = (control.low, control.high)
    row["range"] = [parameter.choices[round(end)] for end in ends] if parameter.choices else list(ends)
    row |= {"curve": control.curve} if control.curve else {}
    row |= {"relative": control.relative} if control.relative else {}
    row |= {} if control.relative and control.takeover == "pickup" else {"takeover": control.takeover}
    return row | _place_of(control.source)


def _action_row(action: ActionBinding) -> dict[str, Any]:
    row = _touched(action.source) | {"do": action.do}
    return row | ({"name": action.name} if action.name else {}) | _place_of(action.source)


def source_row(source: Source) -> dict[str, Any]:
    """Return what a row says about its source."""
    return _touched(source) | _place_of(source)


def _touched(source: Source) -> dict[str, Any]:
    if source.kind == "note":
        return _keys_of(source, "key", "keys")
    if source.kind in ("pressure", "bend") or (source.kind == "key_pressure" and (source.low, source.high) == _EVERY):
        return {source.kind: True}
    if source.kind == "key_pressure":
        return _keys_of(source, "key_pressure", "key_pressure")
    return {source.kind: source.low}


def _keys_of(source: Source, one: str, several: str) -> dict[str, Any]:
    if (source.low, source.high) == _EVERY:
        return {}
    if source.low == source.high:
        return {one: key_name(source.low)}
    return {several: [key_name(source.low), key_name(source.high)]}


def _place_of(source: Source) -> dict[str, Any]:
    place = {"channel": source.channel or None, "port": source.port or None}
    return {key: value for key, value in place.items() if value is not None}
