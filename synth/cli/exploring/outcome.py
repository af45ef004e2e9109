"""How a session of `synth explore` went: as facts, and in words.  explorer, report -> facts -> lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synth.explore.explorer import Explorer
from synth.explore.session import Report


def facts_of(explorer: Explorer, found: Report | None, folder: Path) -> dict[str, Any]:
    """Return what is known by now, as JSON can say it; `found` of the session that has just been, None: there was none."""
    best, verdict = explorer.best, explorer.verdict
    return {
        "folder": str(folder),
        "preset": str(folder / "found.toml"),
        "trials": len(explorer.history.told),
        "is_over": found is not None and found.is_over,
        "best": dict(zip(explorer.macros, best.vector.tolist(), strict=True)),
        "hold": best.hold,
        "hold_interval": list(best.interval),
        "lag_s": explorer.lag_s,
        "verdict": verdict.outcome,
        "difference": verdict.difference,
        "difference_interval": list(verdict.interval),
        "pairs": verdict.pairs,
        "advice": "" if found is None else found.advice,
    }


def lines_of(facts: dict[str, Any]) -> Iterator[str]:
    """Yield it in words: what was found, and whether it helps."""
    at = ", ".join(f"{name} {value:g}" for name, value in facts["best"].items())
    low, high = facts["hold_interval"]
    yield f"after {facts['trials']} trials: {at}; expected hold {facts['hold']:.2f} ({low:.2f} to {high:.2f})"
    low, high = facts["difference_interval"]
    if facts["verdict"] == "not enough data":
        yield f"not enough data to say whether it helps: {facts['pairs']} blind pairs"
    elif not facts["pairs"]:
        yield "did not help: nothing was found that is better than the preset as it is"
    else:
        apart = f"{facts['difference']:+.2f} of the hold ({low:+.2f} to {high:+.2f})"
        yield f"{facts['verdict']}: {apart} in {facts['pairs']} blind pairs"
    if facts["advice"]:
        yield facts["advice"]
