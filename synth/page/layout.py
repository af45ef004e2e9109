"""The layout: where in an engine's memory a browser finds what it sets and shows.  records, constants -> one table, JSON.

It lies in the .wasm itself, so that it always is that of the kernels beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from hrtf.kernels.records import EARS, HISTORY, SOURCE
from synth.control.midi.packets import PORTS
from synth.dsp import emitter, limiter
from synth.engine.kernels import event_record, meters, state
from synth.engine.kernels.gesture import GESTURE
from synth.engine.kernels.motion import MOTION
from synth.parameters.tables import MASTER_PARAMETERS
from synth.rt.records import offset
from synth.rt.units import QUANTUM
from synth.trigger import TRIGGERS, Trigger

_RECORDS: dict[str, tuple[np.dtype[Any], Sequence[str]]] = {
    "EVENT": (event_record.EVENT, event_record.EVENT.names or ()),
    "STATE": (
        state.STATE,
        (
            *("frame", "sample_rate", "dry_delay", "late", "dropped_events", "muted", "scrubbed", "sounding"),
            *("meters", "midi", "responses", "layers", "voices"),
        ),
    ),
    "RING": (event_record.EVENT_RING, ("written", "read")),
    "RESPONSES": (event_record.RESPONSE_RING, ("written", "read", "items")),
    "RESPONSE": (event_record.RESPONSE, ("kind", "note", "binding", "number")),
    "TABLES": (state.TABLES, ("kernels", "sounds", "arena", "ears")),
    "EARS": (EARS, ("stored_ears",)),
    "SMOOTH": (state.SMOOTH, ("value", "target")),
    "LAYER": (
        state.LAYER,
        ("emitters", "first_voice", "voices", "seed", "slots", "gesture", "motion", "x_m", "y_m", "z_m"),
    ),
    "GESTURE": (GESTURE, ("rng",)),
    "MOTION": (MOTION, ("rng",)),
    "VOICE": (state.VOICE, ("life", "layer", "note", "gate", "level", "emitters_at", "points_at")),
    "EMITTERS": (emitter.emitters_dtype(1), ("slot",)),
    "SLOT": (emitter.SLOT, ("life", "route")),
    "POINT": (state.POINT, ("source", "is_placed", "quiet")),
    "SOURCE": (SOURCE, ("position_m",)),
    "METERS": (meters.METERS, ("written", "rows")),
    "METER_ROW": (meters.METER_ROW, ("frame", "frames", "weighted", "peak", "gain")),
}
"""What a browser looks at, record by record."""
_KINDS = ("SET", "STRIKE", "RELEASE", "NOTE", "MASTER", "STEP_MASTER", "PANIC", "HOLD", "FREEZE", "PAUSE", "TAP")


def layout() -> dict[str, Any]:
    """Return the table: records with sizes and fields, `[offset, kind, count]`, kinds of event, slots, constants, triggers."""
    return {
        "records": {name: _fields(dtype, names) for name, (dtype, names) in _RECORDS.items()},
        "kinds": {name: getattr(event_record, name) for name in _KINDS},
        "owners": {name: getattr(event_record, name) for name in ("BY_PYTHON", "BY_CUE", "BY_MIDI")},
        "switches": {name: getattr(event_record, name) for name in ("OFF", "ON", "TOGGLE", "FORGET")},
        "master": {parameter.name: slot for slot, parameter in enumerate(MASTER_PARAMETERS)},
        "constants": _constants(),
        "triggers": {name: _stamp(TRIGGERS[name]) for name in trigger_names()},
    }


def trigger_names() -> list[str]:
    """Return the triggers that a page can play, in the order of their kernels: all that can be loaded, other packages' too."""
    return [name for name in TRIGGERS if name not in TRIGGERS.broken]


def _stamp(trigger: Trigger) -> str:
    """Return by what a trigger's kernels and a preset's memory know that they are of one making."""
    records = [str(dtype.descr) for dtype in (trigger.state, trigger.params_dtype, trigger.emitters_dtype)]
    return hashlib.sha256(" ".join(records).encode()).hexdigest()[:8]


def _constants() -> dict[str, float]:
    return {
        "quantum": QUANTUM,
        "layers": state.MAX_LAYERS,
        "voices": state.MAX_VOICES,
        "audible_slot": state.AUDIBLE,
        "own_ramp": event_record.OWN_RAMP,
        "asked": event_record.ASKED,
        "ring": event_record.RING,
        "heap": event_record.HEAP,
        "meter_rows": meters.ROWS,
        "meter_row_s": meters.ROW_S,
        "running_at": offset(SOURCE, "line") + 4 * HISTORY,  # in a source: the running quantum, for what goes past the head ...
        "past_at": offset(SOURCE, "line") + 4 * (HISTORY - QUANTUM),  # ... and the one that has gone into the ears
        "ears_route": emitter.EARS,
        "left_route": emitter.DRY_LEFT,
        "midi_ports": PORTS,
        "limiter_frames": limiter.LATENCY,
        "ceiling_db": limiter.CEILING_DB,
    }


def _fields(dtype: np.dtype[Any], names: Sequence[str]) -> dict[str, Any]:
    fields: Any = dtype.fields
    return {"size": dtype.itemsize, "fields": {name: [fields[name][1], *_kind(fields[name][0])] for name in names}}


def _kind(dtype: np.dtype[Any]) -> tuple[str, int]:
    """Return what a field holds ("f8", "i4"; "V": records) and how many of them."""
    base, shape = (dtype.base, dtype.shape) if dtype.subdtype else (dtype, ())
    return base.str[1:] if base.kind != "V" else "V", int(np.prod(shape, dtype=int))


def layout_hash(table: dict[str, Any]) -> str:
    """Return by what a snapshot and a .wasm know that they belong together."""
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:16]
