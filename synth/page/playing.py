"""What plays, for a page: layers, parameters, scenes, and what changes of it.  engine, preset -> JSON-serialisable tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from synth.engine.addresses import THE_MASTER, strips_of
from synth.engine.engine import Engine
from synth.engine.preset import Preset
from synth.live.status import Status
from synth.page.sound_board import parameter_row, preset_row
from synth.parameters.paths import MASTER
from synth.parameters.tables import MASTER_TARGETS
from synth.preset.space import space
from synth.trigger import TRIGGERS

_LEFT_OUT = {"sources", "streams", "messages", "left", "right", "limiter_db", "load_mean", "load_p999", "seconds", "voices"}
_LEFT_OUT |= {"emitters", "scenes", "preset", "recorded_s", "morph", "midi_ports", "last_midi"}
_KEPT = [field.name for field in fields(Status) if field.name not in _LEFT_OUT]
_STEPS = {"dose_share": 1e-3, "time_left_s": 60.0, "sleep_s": 1.0, "latency_ms": 1.0, "guard_db": 0.1, "compiled": 0.01}


class Playing:
    """The layers of a preset as they were when it began.

    Parameters
    ----------
    engine : plays it.
    preset : what plays.
    number : of the presets that have played so far; a page knows by it which frames are of which.

    Attributes
    ----------
    layers : in their order.
    """

    def __init__(self, engine: Engine, preset: Preset, number: int) -> None:
        self._engine, self._preset, self.number = engine, preset, number
        self.layers = engine.layers
        rows = [
            (name, strip, path, *where) for name, strip in strips_of(self.layers).items() for path, where in strip.slots.items()
        ]
        rows = [row for row in rows if row[1] is not THE_MASTER or row[2] in MASTER_TARGETS]
        self._rows = [(name, path, parameter) for name, _, path, _, parameter in rows]
        self._paths = [f"{name}.{path}" for name, path, _ in self._rows]
        self._is_master = np.array([row[1] is THE_MASTER for row in rows])
        self._strips = np.array([0 if row[1] is THE_MASTER else row[1].index for row in rows])
        self._slots = np.array([row[3] for row in rows])
        self._known = self._now()

    def _now(self) -> Any:
        """Return where every number goes to, in the order of the paths."""
        state = self._engine.state
        targets = state["layers"]["slots"]["target"][self._strips, np.where(self._is_master, 0, self._slots)]
        masters = state["master"]["target"][np.where(self._is_master, self._slots, 0)]
        return np.where(self._is_master, masters, targets)

    def as_dict(self) -> dict[str, Any]:
        """Return the preset as a page shows it, with its values as they are now.

        `number`; `row` of the sound board; `hash` of its space; `layers` in their order, each with `name`, `trigger`, `speaks`
        and `parameters` by path: low, high, value, usual (its own), unit, curve, help, choices; `master` alike; `scenes` with
        their values.
        """
        numbers, vector = self._known.tolist(), space(self._preset)
        usual = dict(zip(vector.paths, vector.default.tolist(), strict=True))
        tables: dict[str, dict[str, Any]] = {name: {} for name in [*(layer.name for layer in self.layers), MASTER]}
        for (name, path, parameter), full, value in zip(self._rows, self._paths, numbers, strict=True):
            tables[name][path] = parameter_row(parameter) | {"value": value, "usual": usual.get(full, value)}
        master = tables.pop(MASTER)
        layers = [
            {"name": layer.name, "trigger": layer.trigger.name, "speaks": layer.trigger.speaks, "parameters": tables[layer.name]}
            for layer in self.layers
        ]
        scenes = [{"name": each.name, "over_s": each.over_s, "values": each.values} for each in self._preset.scenes]
        row = preset_row(self._preset, TRIGGERS)
        return {
            "number": self.number,
            "hash": vector.hash,
            "row": row,
            "layers": layers,
            "master": master,
            "scenes": _plain(scenes),
        }

    def changes(self) -> dict[str, float]:
        """Return what goes elsewhere than at the last call, by "LAYER.PATH"."""
        now = self._now()
        moved = np.flatnonzero(now != self._known)
        self._known = now
        return {self._paths[index]: float(now[index]) for index in moved if math.isfinite(now[index])}


def _plain(value: Any) -> Any:
    """Return tables and lists of numbers as JSON can say them."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def state_of(status: Status) -> dict[str, Any]:
    """Return how a session is beside its sound, in steps in which people see it change; what is infinite is None."""
    found = {name: getattr(status, name) for name in _KEPT}
    found = {name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in found.items()}
    for name, step in _STEPS.items():
        if (value := found[name]) is not None:
            found[name] = round(value / step) * step
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def newer(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of the lines `now` came after those `before`; old ones may have been dropped at the front."""
    for count in range(len(now) + 1):
        rest = now[: len(now) - count]
        if before[len(before) - len(rest) :] == rest:
            return now[len(now) - count :]
    return now
