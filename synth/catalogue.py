"""The catalogue: what there is to choose from, as rows.  registry, preset folder, ears, sound devices -> tables."""

from __future__ import annotations

from typing import Any


def rows(kind: str) -> list[dict[str, Any]]:
    """Return one row for each of "triggers", "presets", "ears" or "devices", JSON-serialisable."""
    return _KINDS[kind]()


def _triggers() -> list[dict[str, Any]]:
    from synth.trigger import TRIGGERS

    broken = TRIGGERS.broken
    found = {name: TRIGGERS[name] for name in TRIGGERS if name not in broken}
    return [
        *({"name": name, "parameters": len(trigger.parameters), "what": trigger.summary} for name, trigger in found.items()),
        *({"name": name, "parameters": 0, "what": f"broken: {why}"} for name, why in broken.items()),
    ]


def _presets() -> list[dict[str, Any]]:
    from synth.preset import load_preset, preset_names

    presets = [load_preset(name) for name in preset_names()]
    return [{"name": p.name, "layers": len(p.layers), "title": p.title, "tags": list(p.tags)} for p in presets]


def _ears() -> list[dict[str, Any]]:
    import hrtf

    return [{"name": name, **texts} for name, texts in hrtf.names().items()]


def _devices() -> list[dict[str, Any]]:
    from synth.io.audio import devices

    return devices()


_KINDS = {"triggers": _triggers, "presets": _presets, "ears": _ears, "devices": _devices}
