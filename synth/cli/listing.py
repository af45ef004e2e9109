"""The catalogue: what there is to choose from, as rows.  registry, preset folder, ears, sound devices, MIDI ports -> tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from synth.cli.progress import note
from synth.parameters.errors import InputError, unknown


def rows(kind: str, tags: Sequence[str] = (), without: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return one row for each of "triggers", "presets", "ears" or "devices", JSON-serialisable.

    Parameters
    ----------
    kind : of what.
    tags : only the presets that have all of these, each whole or as a word of a tag.
    without : families of triggers, of "triggers" and "presets": neither these nor presets in which one of them sounds.

    Raises
    ------
    InputError
        If no preset has a tag, or no trigger is of a family.
    """
    found = _KINDS[kind]()
    for family in without:
        _check(family)
    for tag in tags:
        known = sorted({word for row in found for each in row["tags"] for word in (each, *each.split())})
        if tag not in known:
            raise unknown("tag", tag, known)
    found = [row for row in found if all(_has(row["tags"], tag) for tag in tags)]
    return [row for row in found if not {*row.get("families", ())} & {*without}]


def _has(tags: Sequence[str], wanted: str) -> bool:
    return any(wanted in (tag, *tag.split()) for tag in tags)


def _families() -> dict[str, tuple[str, ...]]:
    """Return which families each trigger is of, those left out that cannot be loaded."""
    from synth.trigger import TRIGGERS

    broken = TRIGGERS.broken
    return {name: TRIGGERS[name].families for name in TRIGGERS if name not in broken}


def _check(family: str) -> None:
    known = sorted({each for families in _families().values() for each in families})
    if family not in known:
        raise unknown("family", family, known)


def _triggers() -> list[dict[str, Any]]:
    from synth.trigger import TRIGGERS

    broken = TRIGGERS.broken
    found = [(TRIGGERS[name], families) for name, families in _families().items()]
    return [
        *({"name": t.name, "parameters": len(t.parameters), "families": list(of), "what": t.summary} for t, of in found),
        *({"name": name, "parameters": 0, "families": [], "what": f"broken: {why}"} for name, why in broken.items()),
    ]


def _presets() -> list[dict[str, Any]]:
    from synth.preset.library import load_preset, preset_names

    families = _families()

    def row(p: Any) -> dict[str, Any]:
        heard = {family for layer in p.layers for family in families.get(layer.trigger, ())}
        return {"name": p.name, "layers": len(p.layers), "families": sorted(heard), "title": p.title, "tags": list(p.tags)}

    return [row(load_preset(name)) for name in preset_names()]


def _ears() -> list[dict[str, Any]]:
    import hrtf

    return [{"name": name, **texts} for name, texts in hrtf.names().items()]


def _devices() -> list[dict[str, Any]]:
    """Return a row for each sound device, for the JACK server if one runs, and for each MIDI port; what is missing is said."""
    from synth.io.audio.portaudio import devices

    found = [{"kind": "sound", **device} for device in devices()]
    found += [*_if_there(_jack), *_if_there(_ports)]
    return [_DEVICE | row for row in found]


def _jack() -> list[dict[str, Any]]:
    from synth.io.audio.jack_server import server

    running = server()
    if running is None:
        return []
    latency_s = running.block_frames / running.sample_rate
    return [
        {
            "kind": "JACK",
            "name": "jack",
            "system": "JACK",
            "outputs": 2,
            "sample_rate": running.sample_rate,
            "latency_s": latency_s,
        }
    ]


def _ports() -> list[dict[str, Any]]:
    from synth.io.midi.ports import look

    ports, problems = look()
    for problem in problems:
        note(f"MIDI: {problem}")
    return [{"kind": "MIDI", **port} for port in ports]


def _if_there(look: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    try:
        return look()
    except InputError as error:
        note(str(error))
        return []


_DEVICE = dict.fromkeys(("kind", "number", "name", "system", "outputs", "sample_rate", "latency_s"))
"""The columns of devices; None: does not apply."""
_KINDS = {"triggers": _triggers, "presets": _presets, "ears": _ears, "devices": _devices}
