"""The kinds of gestures and motions, for docs/gestures.md and docs/motions.md.  tables beside the kernels -> Markdown."""

from __future__ import annotations

from collections.abc import Mapping

from generate.markdown import code, inline, parameter_table, table

from synth.engine.kernels import gesture, motion
from synth.parameters.parameter import Parameter

_Kinds = Mapping[str, tuple[str, tuple[Parameter, ...]]]


def gesture_kinds() -> str:
    """Return a section for each kind of gesture."""
    return _sections("gesture", gesture.KINDS)


def motion_kinds() -> str:
    """Return a section for each kind of motion."""
    return _sections("motion", motion.KINDS)


def gesture_list() -> str:
    """Return the kinds of gesture, a row each."""
    return _list("gestures.md", gesture.KINDS)


def motion_list() -> str:
    """Return the kinds of motion, a row each."""
    return _list("motions.md", motion.KINDS)


def _list(page: str, kinds: _Kinds) -> str:
    rows = [
        (f"[`{kind}`]({page}#{kind})", doc, ", ".join(f"`{parameter.name}`" for parameter in parameters) or "none")
        for kind, (doc, parameters) in kinds.items()
    ]
    return table(("kind", "", "parameters"), rows)


def _sections(what: str, kinds: _Kinds) -> str:
    return "\n\n".join(_section(what, kind, doc, parameters) for kind, (doc, parameters) in kinds.items())


def _section(what: str, kind: str, doc: str, parameters: tuple[Parameter, ...]) -> str:
    settings = {"kind": kind} | {parameter.name: parameter.default for parameter in parameters}
    parts = [f"## {kind}", f"{doc[0].upper()}{doc[1:]}.", code(f"{what} = {inline(settings)}")]
    return "\n\n".join([*parts, parameter_table(parameters)] if parameters else parts)
