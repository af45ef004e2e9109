"""A sine that sounds in an engine, for tests of what moves it."""

from __future__ import annotations

import numpy as np

from synth.engine.engine import Engine

RATE = 48000
_LEVEL_DB = 12.16  # from 1 m away


def probe(frequency_hz: float = 1000.0, **values) -> tuple[Engine, object]:
    """An engine in which one sine sounds, if it is one of 100 Hz at -20 dBFS in both ears."""
    engine = Engine(RATE, "sphere")
    layer = engine.add("sine", name="probe", frequency_hz=frequency_hz, distance_m=1.0, **values)
    engine.set_master(ramp_s=0, level_db=_LEVEL_DB)
    engine.strike(layer, 1.0)
    return engine, layer


def value(engine: Engine, layer, path: str) -> float:
    return engine.values(layer)[path]


def steepest(samples: np.ndarray) -> float:
    """Return the largest step between two samples."""
    return float(np.abs(np.diff(samples.astype(float), axis=0)).max())
