"""Readable statistics that lie off a class of real recordings, as a table.  comparisons, reasons -> rows -> Markdown.

Everything more than two standard deviations from the real mean stands here, whatever was known when a reason was written; a
reason is printed only while its statistic lies off.
"""

from __future__ import annotations

from collections.abc import Iterable

from generate.markdown import table

from synth.analysis.comparison import Comparison, Difference, most_off

MOST_SD = 2
HEAD = ("sound", "class", "statistic", "ours", "real", "sd off", "why")
NOT_KNOWN = "not known"
REASONS: dict[tuple[str, str, str], str] = {}
"""Trigger, class, statistic -> why it lies there."""


def off(beside: Comparison, measured: dict[str, float]) -> list[Difference]:
    """Return every readable statistic that lies more than two standard deviations from the real mean, the worst first."""
    return [each for each in most_off(measured, beside.like, len(measured)) if abs(each.z) > MOST_SD]


def off_table(sounds: Iterable[tuple[str, Comparison, dict[str, float]]]) -> str:
    """Return all of them of all sounds (name, comparison, what was measured) as a table."""
    rows = [_row(name, beside.like.name, each) for name, beside, own in sounds for each in off(beside, own)]
    return table(HEAD, rows) if rows else "None."


def _row(name: str, kind: str, each: Difference) -> tuple[str, ...]:
    statistic = each.name.removeprefix("x.")
    real = f"{each.real:.3g} ± {each.sd:.2g}"
    return (
        f"`{name}`",
        kind,
        statistic,
        f"{each.ours:.3g}",
        real,
        f"{each.z:+.1f}",
        REASONS.get((name, kind, statistic), NOT_KNOWN),
    )
