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
ONE_RECORDING = "of one recording, which ends at 10.7 kHz, no spread is known"
EVEN = "a pan may sizzle more evenly than foam, which bursts in avalanches: supposed, not measured"
REASONS: dict[tuple[str, str, str], str] = {
    ("bowl", "bowl", "dip_5k_db"): "its partials end below 5 kHz; what a recording holds there may be its own noise",
    ("crumple", "crumple", "onset_gap_cv"): "its gesture rests between handfuls",
    (
        "fizz",
        "fizz",
        "mod_above_40_pct",
    ): ("single pops, close by, for seconds; the one recording that could be looked at is two seconds of a pour"),
    ("fizz", "sizzle", "onsets_per_s"): EVEN,
    ("fizz", "sizzle", "mod_3_10_pct"): EVEN,
    ("heartbeat", "heart", "tilt_250_4k_db_oct"): "the recordings hold nothing above 1 kHz; here cloth and a hush do, 60 dB down",
    ("rain", "rain_leaves", "flatness"): ONE_RECORDING,
    ("rain", "rain_leaves", "crest_db"): ONE_RECORDING,
    ("rain", "rain_leaves", "kurtosis_log"): ONE_RECORDING,
    ("snore", "snore", "onset_gap_cv"): "two recordings that happen to agree",
    ("tap", "tap_soft", "onsets_per_s"): "its hand taps half as fast as those of the recordings",
    ("whisper", "whisper", "onset_gap_cv"): "rests between its sentences: the breath in them is too soft to count as an onset",
    ("whisper", "whisper", "dip_5k_db"): "the KU100 hears 5 kHz up to 4 dB louder, and s and sh lie there, which carry the words",
}
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
