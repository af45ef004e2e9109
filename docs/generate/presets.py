"""The list of the shipped presets, for docs/presets.md.  presets/*.toml -> Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from generate.markdown import table

from synth.preset.library import load_preset, preset_names


def preset_table() -> str:
    """Return every shipped preset as a row."""
    return table(("preset", "title", "what is heard", "layers", "tags"), map(_row, preset_names()))


def _row(name: str) -> Sequence[str]:
    preset = load_preset(name)
    layers = ", ".join(f"{layer.name} ({layer.trigger})" for layer in preset.layers)
    return f"`{name}`", preset.title, preset.description, layers, ", ".join(preset.tags)
