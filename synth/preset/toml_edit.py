"""A preset's text with other bindings: all that is not [midi] stays as it was written, comments too.  text + Mapping -> text."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth.control.midi.mapping import Mapping
from synth.engine.preset import Preset
from synth.preset.library import dump, file_of
from synth.preset.midi_toml import midi_table

_HEADER = re.compile(r"\s*\[\[?[^\[\]=]+\]\]?\s*(#.*)?")
_MIDI = re.compile(r"\s*\[\[?\s*(midi|\"midi\"|'midi')\s*[\].]")


def with_midi(name_or_path: str | Path, preset: Preset, midi: Mapping) -> tuple[str, bool]:
    """Return the text of a preset with other bindings, and whether its comments were kept.

    Parameters
    ----------
    name_or_path, preset : what was loaded, and from where; a trigger's init preset is written anew.
    midi : what it shall bind.
    """
    path, table = file_of(name_or_path), midi_table(midi, preset.hand_paths)
    anew = dump(replace(preset, midi=midi))
    if path is None:
        return anew, True
    text = path.read_text(encoding="utf-8-sig")
    wanted = {key: value for key, value in tomllib.loads(text).items() if key != "midi"} | ({"midi": table} if table else {})
    kept = "\n".join([_without_midi(text).rstrip(), *_sections(table)]) + "\n"
    try:
        is_kept = tomllib.loads(kept) == wanted
    except tomllib.TOMLDecodeError:
        is_kept = False
    return (kept, True) if is_kept else (anew, False)


def _without_midi(text: str) -> str:
    """Return a text without the sections of [midi]."""
    lines, is_midi = [], False
    for line in text.splitlines(keepends=True):
        if _HEADER.fullmatch(line.rstrip()):
            is_midi = bool(_MIDI.match(line))
        if not is_midi:
            lines.append(line)
    return "".join(lines)


def _sections(table: Table[str, Any]) -> Iterator[str]:
    """Yield the lines of [midi], one row of it a section, every value in one line."""
    plain = {key: value for key, value in table.items() if not isinstance(value, (list, dict))}
    if plain:
        yield from ("", "[midi]", *_lines(plain))
    for key, value in table.items():
        for row in value if isinstance(value, list) else ():
            yield from ("", f"[[midi.{key}]]", *_lines(row))
        if isinstance(value, dict):
            yield from ("", f"[midi.{key}]", *_lines(value))


def _lines(row: Table[str, Any]) -> Iterator[str]:
    yield from (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items())  # in JSON as in TOML
