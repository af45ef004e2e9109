"""A lesson: the player touches, says what it shall move, and goes on.  heard sources, typed lines -> answers, Mapping.

Knows no screen and no port; `synth.cli.midi_learn.command` gives it both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from synth.cli.midi_learn.detect import Heard
from synth.control.commands import COMMANDS, LAYER
from synth.control.midi.mapping import (
    ACTIONS,
    NAMED,
    RELATIVES,
    TAKEOVERS,
    ActionBinding,
    ControlBinding,
    Mapping,
    NoteBinding,
    Source,
)
from synth.engine.preset import Preset
from synth.parameters.errors import InputError
from synth.preset import schema_midi
from synth.preset.library import known_names
from synth.preset.midi_toml import source_row

Binding = NoteBinding | ControlBinding | ActionBinding
ARMED = "Touch a control. (Enter: write the file; ?: what there is; ? WORD: of it; undo; quit: write nothing)"
_FITS = {"note": ("strike", "do"), "program": ("do",), "pressure": ("move",), "key_pressure": ("move",), "bend": ("move",)}
_BY_BUTTON = ("tap", "freeze", "hold")
_ABSOLUTE = "absolute"
_HOW = {"takeover": TAKEOVERS, "relative": RELATIVES}


@dataclass(frozen=True)
class Target:
    """What a control can do: "strike" a layer, "move" a number, "do" an action; `text` names it."""

    kind: str
    text: str
    what: str = ""


def targets(preset: Preset) -> list[Target]:
    """Return all that a preset lets a player do, in order of use."""
    found = [Target("strike", f"strike {layer.name}", layer.name) for layer in preset.layers]
    for layer, paths in preset.hand_paths.items():
        found += [Target("move", f"{layer}.{path}", parameter.range_text) for path, parameter in paths.items()]
    found += [Target("do", f"scene {scene.name}", "go there") for scene in preset.scenes]
    layers = [layer.name for layer in preset.layers]
    found += [Target("do", f"{do} {name}") for do in NAMED if COMMANDS[do].argument is LAYER for name in layers]
    return found + [Target("do", do) for do in ACTIONS if do not in NAMED]


class Dialogue:
    """What has been learnt so far, and what is asked next.

    Attributes
    ----------
    targets : what there is to choose from, by number from 1.
    learnt : the new bindings, oldest first, with the port and the channel they were heard from.
    has_ended, is_discarded : whether the player is done, and wants nothing written.
    """

    def __init__(self, preset: Preset) -> None:
        self.targets = targets(preset)
        self.learnt: list[Binding] = []
        self.has_ended = self.is_discarded = False
        self._preset = preset
        self._before: list[list[Binding]] = []
        own = preset.midi
        self._bindings: list[Binding] = [*own.notes, *own.controls, *own.actions]
        self._heard: Heard | None = None
        self._row: dict[str, Any] | None = None

    @property
    def question(self) -> str:
        """What is asked now."""
        if self._heard is None:
            return ARMED
        if self._row is not None:
            return "How? (Enter: as it is; jump, pickup or scale; a range: LOW HIGH; twos, offset, sign or absolute)"
        suggestion = self._suggested()
        hint = f"Enter: {suggestion.text}; " if suggestion else ""
        return f"What shall it do? ({hint}a number or a name of the list; -: nothing)"

    def hear(self, heard: Heard) -> list[str]:
        """Take in what was touched. What was chosen for the control before holds; what was asked about it, stays asked."""
        if self._heard is not None and heard.source == self._heard.source:
            return []
        said = self._bind(self._row) if self._row is not None else []
        if self._heard is not None:
            return [f"heard {heard.text}, too; first say what {self._heard.text} shall do (-: nothing)"]
        self._heard = heard
        bound = [_said(binding) for binding in self._bindings if _is_same(binding.source, heard.source)]
        return [*said, f"heard {heard.text}", *(f"  so far: {text}" for text in bound)]

    def answer(self, line: str) -> list[str]:
        """Take in a line that was typed; return what to say."""
        line = line.strip()
        if line in ("quit", "done", "undo") or (not line and self._heard is None):
            return self._command(line)
        if self._heard is None:
            return ["first touch what shall do it"]
        try:
            return self._choose(self._heard, line) if self._row is None else self._bind(_with_how(self._row, line))
        except InputError as error:
            return [str(error)]

    def _command(self, line: str) -> list[str]:
        self._heard = self._row = None
        if line == "undo" and not self._before:
            return ["nothing to undo"]
        if line == "undo":
            self._bindings = self._before.pop()
            return [f"forgot: {_said(self.learnt.pop())}"]
        self.has_ended, self.is_discarded = True, line == "quit"
        return []

    # ---- what it shall do

    def _suggested(self) -> Target | None:
        """Return what the player most likely wants: what the control does already, or the next thing that has no control."""
        heard = self._heard
        assert heard is not None
        bound = [_target_text(binding) for binding in self._bindings if _is_same(binding.source, heard.source)]
        fitting = [target for target in self.targets if self._can(heard, target)]
        if bound:
            return next((target for target in fitting if target.text == bound[0]), None)
        taken = {_target_text(binding) for binding in self._bindings}
        first = [t for t in fitting if heard.is_button and t.text in _BY_BUTTON]
        free = [target for target in (*first, *fitting) if target.text not in taken]
        return next(iter([*free, *fitting]), None)

    def _can(self, heard: Heard, target: Target) -> bool:
        """Whether a control can do something: what is refused is not suggested."""
        if target.kind not in self._fits(heard):
            return False
        try:
            self._checked(self._row_of(heard, target))
        except InputError:
            return False
        return True

    @staticmethod
    def _fits(heard: Heard) -> tuple[str, ...]:
        return _FITS.get(heard.source.kind, ("move", "do"))

    def _choose(self, heard: Heard, line: str) -> list[str]:
        if line == "-":
            self._heard = None
            return []
        target = self._named(line)
        if target.kind not in self._fits(heard):
            raise InputError(f"{heard.text} cannot do that: {target.text}; it can {' or '.join(self._fits(heard))}")
        row = self._row_of(heard, target)
        if target.kind != "move":
            return self._bind(row)
        self._checked(row)
        self._row = row
        control = self._checked(self._row)
        assert isinstance(control, ControlBinding)
        return [f"  {_said(control)}"]

    @staticmethod
    def _row_of(heard: Heard, target: Target) -> dict[str, Any]:
        """Return what a preset would say of a control that does something."""
        row = source_row(heard.source)
        if target.kind == "strike":
            return {"layer": target.what} | row
        if target.kind == "do":
            if heard.source.kind == "note" and heard.source.low != heard.source.high:
                raise InputError("an action needs one key; play only that one")
            do, _, name = target.text.partition(" ")
            return row | {"do": do} | ({"name": name} if name else {})
        return row | {"set": target.text} | ({"relative": heard.relative} if heard.relative else {})

    def _named(self, line: str) -> Target:
        if not line:
            suggestion = self._suggested()
            if suggestion is None:
                raise InputError("nothing to suggest; a number or a name of the list, please")
            return suggestion
        if line.isascii() and line.isdecimal() and 1 <= int(line) <= len(self.targets):
            return self.targets[int(line) - 1]
        do, _, name = line.partition(" ")
        if do in NAMED or line in ACTIONS:
            return Target("do", f"{do} {name.strip()}".strip())
        named = [target for target in self.targets if target.text == line or (target.kind == "strike" and target.what == line)]
        return named[0] if named else Target("move", ".".join(schema_midi.target(line, self._preset.hand_paths, "there")))

    def _checked(self, row: dict[str, Any]) -> Binding:
        kind = "note" if "layer" in row else "action" if "do" in row else "control"
        scenes = [scene.name for scene in self._preset.scenes]
        found = schema_midi.mapping({kind: [row]}, "there", self._preset.hand_paths, scenes, known_names)
        bindings: list[Binding] = [*found.notes, *found.controls, *found.actions]
        return bindings[0]

    def _bind(self, row: dict[str, Any]) -> list[str]:
        binding = self._checked(row)
        replaced = [other for other in self._bindings if _gives_way(other, binding)]
        self._before.append(self._bindings)
        self._bindings = [*(other for other in self._bindings if other not in replaced), binding]
        self.learnt.append(binding)
        self._heard = self._row = None
        return [*(f"no longer: {_said(other)}" for other in replaced), f"learnt: {_said(binding)}"]

    # ---- what was learnt

    @property
    def mapping(self) -> Mapping:
        """All bindings; a learnt one names its channel and port only if another has the same number elsewhere."""
        bound = [self._widened(binding) if binding in self.learnt else binding for binding in self._bindings]
        actions = [binding for binding in bound if isinstance(binding, ActionBinding)]
        return replace(
            self._preset.midi,
            notes=tuple(binding for binding in bound if isinstance(binding, NoteBinding)),
            controls=tuple(binding for binding in bound if isinstance(binding, ControlBinding)),
            actions=tuple(sorted(actions, key=lambda action: (action.is_program, action.is_program and action.source.low))),
        )

    def _widened(self, binding: Binding) -> Binding:
        source = binding.source
        wide = replace(source, channel=0, port="")
        others = {(other.source.channel, other.source.port) for other in self._bindings if other.source.meets(wide)}
        is_alone = others <= {(source.channel, source.port), (0, "")}
        return replace(binding, source=wide) if is_alone else binding


def _is_same(bound: Source, heard: Source) -> bool:
    """Return whether a binding belongs to what was touched."""
    return bound.meets(heard) and (bound.kind != "note" or (bound.low, bound.high) == (heard.low, heard.high))


def _gives_way(old: Binding, new: Binding) -> bool:
    """Return whether an older binding ends: it belongs to the same control, or moves the same number."""
    if isinstance(old, ControlBinding) and isinstance(new, ControlBinding) and (old.layer, old.path) == (new.layer, new.path):
        return True
    return _is_same(old.source, new.source)


def _target_text(binding: Binding) -> str:
    if isinstance(binding, NoteBinding):
        return f"strike {binding.layer}"
    if isinstance(binding, ControlBinding):
        return f"{binding.layer}.{binding.path}"
    return f"{binding.do} {binding.name}".strip()


def _said(binding: Binding) -> str:
    """Return a binding in one line."""
    text = f"{Heard(binding.source).text.replace(', 7 bits', '')} -> {_target_text(binding)}"
    if not isinstance(binding, ControlBinding):
        return text
    return f"{text}, {binding.low:g} .. {binding.high:g}, {binding.relative or binding.takeover}"


def _with_how(row: dict[str, Any], line: str) -> dict[str, Any]:
    """Return a control's row changed by a line like "scale 0.2 0.9"."""
    words = line.split()
    changed = {key: value for key, value in row.items() if key != "relative" or _ABSOLUTE not in words}
    changed |= {kind: word for word in words for kind, known in _HOW.items() if word in known}
    ends = [_number(word) for word in words if word not in (*TAKEOVERS, *RELATIVES, _ABSOLUTE)]
    return changed | ({"range": ends} if ends else {})


def _number(word: str) -> Any:
    try:
        return float(word)
    except ValueError:
        return word


def lines(found: Sequence[Target], word: str, width: int, height: int, start: int = 0) -> tuple[list[str], int]:
    """Return the targets whose name holds a word, in columns that fit a screen, and where the next screen begins; 0: nowhere.

    Parameters
    ----------
    found : all of them. word : in any case; "": all.
    width, height : of the screen.
    start : how many were shown before.
    """
    texts = [f"{number:3d} {target.text}" for number, target in enumerate(found, 1) if word.lower() in target.text.lower()]
    if not texts:
        return [f"nothing here has '{word}' in its name"], 0
    widest = min(max(map(len, texts)) + 2, width)
    columns = max(width // widest, 1)
    page = texts[start : start + columns * max(height, 1)]
    count = -(-len(page) // columns)
    shown = ["".join(text[: widest - 1].ljust(widest) for text in page[row::count]).rstrip() for row in range(count)]
    end = start + len(page)
    return shown, end if end < len(texts) else 0
