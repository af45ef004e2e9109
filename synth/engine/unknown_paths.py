"""Why a path is not there: a gesture or motion of another kind would have it.  path, known paths -> one line.

Of a layer whose motion is still, "motion.period_s" is no typing error: it wants a kind first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.parameters.errors import InputError, unknown

_KINDS: Mapping[str, Mapping[str, Any]] = {"gesture": GESTURES, "motion": MOTIONS}


def kinds_having(part: str, name: str) -> list[str]:
    """Return the kinds of "gesture" or "motion" that have a parameter of this name; none of anything else."""
    return [each for each, parameters in _KINDS.get(part, {}).items() if name in [p.name for p in parameters]]


def unknown_path(path: str, known: Iterable[str], where: str = "", kind: str = "parameter") -> InputError:
    """Return the error for a path that is not known: what its part would have to be first, or the nearest one that is known.

    Parameters
    ----------
    path : "motion.period_s", or with a layer's name before it.
    known : every path that would have been right, of the same form.
    where : the place of the path.
    kind : what the path stands for.
    """
    known = list(known)
    before, _, name = path.rpartition(".")
    part = before.rpartition(".")[2]
    having = kinds_having(part, name)
    own = {each.rpartition(".")[2] for each in known if each.rpartition(".")[0] == before}
    if not having or name in own:
        return unknown(kind, path, known, where)
    now = [each for each, parameters in _KINDS[part].items() if {p.name for p in parameters} == own]
    is_now = f"its {part} is {now[0]}" if len(now) == 1 else f"its {part} is of a kind without it"
    prefix = f"{where}: " if where else ""
    return InputError(f"{prefix}unknown {kind} '{path}'; {is_now}; set {before}.kind first: {' or '.join(having)}")
