"""Keys that are struck without being let go: those of the terminal.  key, bindings -> notes of a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from synth.engine.engine import Engine
from synth.engine.layer import Layer

KEY_S = 0.4


def struck_by_key(engine: Engine, notes: Iterable[Any], layers: Mapping[str, Layer], key: int, velocity: float) -> None:
    """Strike what a MIDI key strikes, by the bindings `notes`, and release it after `KEY_S`.

    Parameters
    ----------
    layers : by name; a binding of one that is not among them does nothing.
    key : 0..127. velocity : 0..1.
    """
    at = engine.frame + round(KEY_S * engine.sample_rate)
    for note in notes:
        if note.source.low <= key <= note.source.high and note.layer in layers:
            pitch = 0.0 if note.root is None else float(min(max(key - note.root, -60), 60))
            low, high = note.velocity
            struck = engine.strike(layers[note.layer], low + (high - low) * velocity**note.curve, pitch=pitch)
            engine.release(struck, at=at)
