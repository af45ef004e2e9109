"""The figures of the listener loop's bench, for docs/explore.md.  docs/explore/bench.json -> Markdown.

It holds what `synth explore bench --json` printed, part by part; it takes an hour, so it is not made anew with every page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generate.markdown import table

FILE = Path(__file__).resolve().parents[1] / "explore" / "bench.json"
_TITLES = {
    "graded": "Graded hold, 20 minutes",
    "button": "A key that is up or down, 20 minutes",
    "six sessions": "Graded hold, six sessions of 20 minutes",
}


def bench_figures() -> str:
    """Return the bench's figures: shares of the best utility by method and time, then all else as a list."""
    facts = json.loads(FILE.read_text(encoding="utf-8"))
    parts = [_shares(_TITLES[name], facts[name]) for name in _TITLES if name in facts]
    return "\n\n".join([*parts, "\n".join(f"- {line}" for line in _lines(facts))])


def _shares(title: str, part: dict[str, Any]) -> str:
    times = list(max(part["share_of_best"].values(), key=len))
    rows = [
        [f"`{policy}`", *(_number(shares.get(when)) for when in times), _against(part["explore_less"].get(policy))]
        for policy, shares in part["share_of_best"].items()
    ]
    return f"**{title}**, {part['listeners']} listeners\n\n" + table(["", *times, "explore less this; it loses to it"], rows)


def _number(value: dict[str, Any] | None) -> str:
    if value is None:
        return ""
    half = value["interval"][1] - value["mean"]
    return f"{value['mean']:.2f} ± {half:.2f}"


def _against(value: dict[str, Any] | None) -> str:
    return "" if value is None else f"{_number(value)}; {100 * value['losses']:.0f} %"


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    for name, title in _TITLES.items():
        if name in facts and "on_peak" in facts[name]:
            shares = ", ".join(f"{policy} {100 * each['mean']:.0f} %" for policy, each in facts[name]["on_peak"].items())
            yield f"{title}: recommended on the private peak: {shares}."
        if name in facts and "lag_error_s" in facts[name]:
            lag = facts[name]["lag_error_s"]
            median, most = (1000 * lag[each] for each in ("median", "p90"))
            yield f"{title}: error of the lag {median:.0f} ms in the median, {most:.0f} ms in one of ten."
    if part := facts.get("null"):
        yield f"Listeners who feel nothing: help is claimed in {100 * part['helped']:.1f} % of {part['runs']} runs."
    if part := facts.get("verified"):
        found = "; ".join(
            f"{name} ({each['listeners']}): " + ("none" if each["helped"] is None else f"{100 * each['helped']:.0f} %")
            for name, each in part.items()
            if isinstance(each, dict)
        )
        yield f"Blind pairs find help where the true utility rose: {found}."
    if part := facts.get("averse"):
        region, every = part["exposures_to_a_banned_region"], part["unbearable_sounds_in_all"]
        yield (
            f"Listeners who cannot bear 6 % of the sounds hear {every['mean']:.1f} of them in 20 minutes "
            f"({every['most']} at most; one in twenty they do not say), "
            f"{region['mean']:.1f} in the region that a second dislike bans ({region['most']} at most)."
        )
    if part := facts.get("pairs"):
        for name in ("sharp", "deaf to pairs"):
            each = part[name]
            yield (
                f"Duels and knobs beside holds, ears {name}: {_number(each['auto'])}, holds alone {_number(each['hold'])}, "
                f"the prior {_number(each['prior'])}."
            )
    if part := facts.get("ask"):
        ask, tell = part["ask_ms"], part["tell_ms"]
        yield f"At {part['trials']} trials asking takes {ask['median']:.0f} ms, telling, which learns, {tell['median']:.0f} ms."
