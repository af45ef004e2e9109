"""A preset's text with other bindings: all that stays bound stays as it was written, comments too.  text + Mapping -> text.

The text is cut at its headers. A section of [midi] whose binding stays is kept to the letter; of one that goes its comments on
lines of their own are kept; what is new stands at the end.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synth.control.midi.mapping import Mapping
from synth.engine.preset import Preset
from synth.parameters.errors import InputError
from synth.preset.library import dump, file_of, read_text
from synth.preset.midi_toml import midi_table

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]=#]+?)\s*\]\]?\s*(#.*)?")
_MIDI = re.compile(r"(?:midi|\"midi\"|'midi')(?:\s*\.\s*[\"']?(\w+)[\"']?)?")
_PLAIN = ""
_TABLES = (_PLAIN, "program")


@dataclass(frozen=True)
class _Section:
    """A header with the comments above it, and what stands under it; `kind` is that of a part of [midi], None for all else."""

    kind: str | None
    above: str
    text: str


def with_midi(name_or_path: str | Path, preset: Preset, midi: Mapping) -> tuple[str, bool]:
    """Return the text of a preset with other bindings, and whether its comments were kept.

    Parameters
    ----------
    name_or_path, preset : what was loaded, and from where; a trigger's init preset is written anew.
    midi : what it shall bind.
    """
    path, anew = file_of(name_or_path), dump(replace(preset, midi=midi))
    if path is None:
        return anew, True
    text = path.read_text(encoding="utf-8-sig")
    kept = _edited(text, preset, midi)
    try:
        same = _rest(kept) == _rest(text)
        is_kept = same and read_text(kept, preset.name, str(path), path.parent).midi == midi
    except (tomllib.TOMLDecodeError, InputError):
        is_kept = False
    return (kept, True) if is_kept else (anew, False)


def _rest(text: str) -> dict[str, Any]:
    return {key: value for key, value in tomllib.loads(text).items() if key != "midi"}


def _edited(text: str, preset: Preset, midi: Mapping) -> str:
    """Return a text whose sections of [midi] are those of a mapping."""
    table = midi_table(midi, preset.hand_paths)
    own = midi_table(preset.midi, preset.hand_paths)
    left = {key: list(rows) if isinstance(rows, list) else rows for key, rows in _by_kind(table).items()}
    before = _by_kind(own)
    seen: defaultdict[str, int] = defaultdict(int)
    parts: list[str] = []
    for section in _sections_of(text):
        kind = section.kind
        if kind is None:
            parts.append(section.above + section.text)
            continue
        index, seen[kind] = seen[kind], seen[kind] + 1
        if not _holds_rows(kind, section.text) and _stays(kind, index, before, left):
            parts.append(section.above + section.text)
        else:
            parts.append(section.above + _comments(section.text))
    return "\n".join(["".join(parts).rstrip(), *_sections(left)]) + "\n"


def _by_kind(table: Table[str, Any]) -> dict[str, Any]:
    """Return a [midi] table by the kinds of its sections: rows of each kind, the plain values under ""."""
    plain = {key: value for key, value in table.items() if not isinstance(value, (list, dict))}
    return {_PLAIN: plain} | {key: value for key, value in table.items() if key not in plain}


def _holds_rows(kind: str, text: str) -> bool:
    """Whether a section [midi] holds rows in its values: they are written anew, a section each."""
    return kind == _PLAIN and any(isinstance(value, (list, dict)) for value in tomllib.loads(text).get("midi", {}).values())


def _stays(kind: str, index: int, before: Table[str, Any], left: dict[str, Any]) -> bool:
    """Whether a section is still wanted as it is; what is left to be written is less by it then."""
    if kind in _TABLES:
        if before.get(kind, {}) != left.get(kind, {}):
            return False
        left[kind] = {}
        return True
    rows, wanted = before.get(kind, []), left.get(kind, [])
    if index >= len(rows) or rows[index] not in wanted:
        return False
    wanted.remove(rows[index])
    return True


def _sections_of(text: str) -> Iterator[_Section]:
    """Yield the sections of a text: first what stands before any header."""
    kind: str | None = None
    above, lines = "", list[str]()
    for line in text.splitlines(keepends=True):
        header = _HEADER.fullmatch(line.rstrip())
        if header:
            body, following = _without_last_comments(lines)
            yield _Section(kind, above, "".join(body))
            above, lines = "".join(following), []
            found = _MIDI.fullmatch(header[1])
            kind = (found[1] or _PLAIN) if found else None
        lines.append(line)
    yield _Section(kind, above, "".join(lines))


def _without_last_comments(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return lines, and apart from them the comments and empty lines at their end, which belong to what follows."""
    end = len(lines)
    while end > 0 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return lines[:end], lines[end:]


def _comments(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.lstrip().startswith("#"))


def _sections(table: Table[str, Any]) -> Iterator[str]:
    """Yield the lines of [midi], one row of it a section, every value in one line."""
    if plain := table.get(_PLAIN):
        yield from ("", "[midi]", *_lines(plain))
    for key, value in table.items():
        for row in value if isinstance(value, list) else ():
            yield from ("", f"[[midi.{key}]]", *_lines(row))
        if isinstance(value, dict) and value and key != _PLAIN:
            yield from ("", f"[midi.{key}]", *_lines(value))


def _lines(row: Table[str, Any]) -> Iterator[str]:
    yield from (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items())  # in JSON as in TOML
