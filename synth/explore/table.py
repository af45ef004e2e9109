"""What a listener was asked and answered, as a table.  journal -> a row for each trial -> dicts, Parquet that pandas opens.

`trials.jsonl` itself is complete; this is the same with the hold's score, its lag taken off, and one column a macro.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth.explore.explorer import Explorer
from synth.explore.hold import RATE_HZ
from synth.io.files.parquet import pyarrow_or
from synth.parameters.errors import InputError


def rows_of(explorer: Explorer) -> list[dict[str, Any]]:
    """Return a row for each trial that was told, in their order.

    Columns: number, session, at_s (of listening), kind, one for each macro, vectors (of a duel or a knob), score 0..1, disliked,
    pair and side of blind pairs, hold_rate_hz, and the hold itself.
    """
    return [
        {
            "number": told["number"],
            "session": told["session"],
            "at_s": told["at_s"],
            "kind": told["kind"],
            **dict(zip(explorer.macros, told["vector"], strict=True)),
            "vectors": told.get("vectors", []),
            "score": told["score"],
            "disliked": bool(told.get("disliked", False)),
            "pair": told.get("pair", -1),
            "side": told.get("side", ""),
            "hold_rate_hz": RATE_HZ,
            "hold": told["hold"],
        }
        for told in explorer.history.told
    ]


def write_parquet(explorer: Explorer, path: str | Path) -> None:
    """Write the table as a Parquet file, its preset, macros and seed as metadata of the schema.

    Raises
    ------
    InputError
        If pyarrow is not installed, or the file cannot be written.
    """
    pyarrow = pyarrow_or("pyarrow is not installed; a Parquet file needs it: pip install pyarrow")
    facts = {"preset": explorer.preset.name, "macros": ",".join(explorer.macros), "seed": str(explorer.seed)}
    table = pyarrow.Table.from_pylist(rows_of(explorer)).replace_schema_metadata(facts)
    try:
        pyarrow.parquet.write_table(table, Path(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
