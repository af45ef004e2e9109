"""A layer of an earlier take in today's parameters: what has moved is found by its path, what is gone is left out.

LayerRecord of then + slots of today -> values, events, stream targets of today

A trigger gains parameters, loses some, narrows a range, offers more choices. What was recorded is kept: it plays on today's
trigger, which starts from its own defaults where the take says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.stream.acts import ACT
from synth.engine.kernels import event_record as record
from synth.engine.kernels.state import AZIMUTH, GESTURE_AT, MOTION_AT
from synth.parameters.parameter import Parameter
from synth.parameters.tables import LAYER_PARAMETERS
from synth.take.format import LayerRecord

Slots = Mapping[str, tuple[int, Parameter]]
Key = tuple[int, int]
"""A layer's index and generation."""
_NOBODY = -1  # the generation of a layer that never was: a stream's target there moves nothing
_OF_LAYERS = {parameter.name for parameter in LAYER_PARAMETERS}
_CHOICES_OF_FORMAT_2: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("tap", "material"): (
        "glass", "ceramic", "stone", "metal", "hard_wood", "soft_wood", "plastic", "cardboard", "leather",
    ),
    ("rain", "surface"): ("tent", "umbrella", "leaves", "wood", "glass", "tin", "water"),
    ("crinkle", "material"): ("foil", "cellophane", "wrapper", "bag"),
    ("scratch", "texture"): ("wood", "leather", "paper", "stone", "linen", "corduroy", "mesh"),
    ("breath", "ear"): ("left", "right", "both"),
    ("breath", "phase"): ("breath", "inhale", "exhale"),
}  # fmt: skip
"""What a choice's index meant before takes kept the names of choices."""


class Translation:
    """What one layer of a take becomes today.

    Parameters
    ----------
    made : the layer as it was recorded.
    slots : today's slots and parameters of its trigger, gesture and motion, by path.

    Attributes
    ----------
    values : today's stored numbers by path.
    missing : paths of the take that are none today.
    """

    def __init__(self, made: LayerRecord, slots: Slots) -> None:
        self._slots, self._choices = slots, made.choices or _choices_then(made.trigger)
        self._paths = {slot: path for path, slot in _slots_then(list(made.values)).items()}
        self.missing = tuple(path for path in made.values if path not in slots)
        self.values = {path: parameter.default_number for path, (_, parameter) in slots.items()}
        self.values |= {path: self._number(path, value) for path, value in made.values.items() if path in slots}

    def event(self, event: Any) -> Any | None:
        """Return an EVENT record of then as it is today; None if what it changes is gone."""
        if event["kind"] not in (record.SET, record.RELEASE_OVERRIDE) or int(event["slot"]) not in self._paths:
            return event
        path = self._paths[int(event["slot"])]
        if path not in self._slots:
            return None
        event = event.copy()
        event["slot"] = self._slots[path][0]
        if event["kind"] == record.SET:
            event["value"] = self._number(path, float(event["value"]))
        return event

    def target(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row of a stream's targets as it is today; one whose parameter is gone moves nothing."""
        generation, layer, slot, _, _, preset_value, glide = row
        path = self._paths.get(int(slot))
        if path is None:
            return tuple(row)
        if path not in self._slots:
            return _NOBODY, *row[1:]
        now, parameter = self._slots[path]
        return generation, layer, now, parameter.low, parameter.high, self._number(path, preset_value), glide

    def column(self, slot: int, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return what a stream set one of its targets to, as it is today."""
        path = self._paths.get(slot)
        if path is None or path not in self._slots:
            return values
        return np.array([self._number(path, float(value)) for value in values], np.float32)

    def _number(self, path: str, value: float) -> float:
        if math.isnan(value):  # a stream's frame that leaves it as it is
            return value
        parameter = self._slots[path][1]
        names = self._choices.get(path, ())
        if parameter.choices and 0 <= int(value) < len(names) and names[int(value)] in parameter.choices:
            value = parameter.choices.index(names[int(value)])
        return float(min(max(value, parameter.low), parameter.high))


def acts_today(
    rows: npt.NDArray[np.uint8], targets: Sequence[Sequence[Any]], translations: Mapping[Key, Translation]
) -> npt.NDArray[np.uint8]:
    """Return a stream's acts, (k, bytes), as they are today; `targets`: its rows of then."""
    rows = rows.copy()
    values = rows[:, ACT.itemsize :].copy().view(np.float32)
    for column, (generation, layer, slot, *_) in enumerate(targets):
        if (layer, generation) in translations:
            values[:, column] = translations[layer, generation].column(int(slot), values[:, column])
    rows[:, ACT.itemsize :] = values.view(np.uint8)
    return rows


def choices_of(slots: Slots) -> dict[str, list[str]]:
    """Return the names that a take keeps of each choice, by path."""
    return {path: list(parameter.choices) for path, (_, parameter) in slots.items() if parameter.choices}


def _choices_then(trigger: str) -> dict[str, Sequence[str]]:
    return {path: names for (of, path), names in _CHOICES_OF_FORMAT_2.items() if of == trigger}


def _slots_then(paths: Sequence[str]) -> dict[str, int]:
    """Return the slot of each path, as an engine numbers them: the trigger's, the layer's, its gesture's and its motion's."""
    taken = {0: 0, AZIMUTH: 0, GESTURE_AT: 0, MOTION_AT: 0}
    slots = {}
    for path in paths:
        begin = _region_of(path)
        slots[path] = begin + taken[begin]
        taken[begin] += 1
    return slots


def _region_of(path: str) -> int:
    if path.startswith("gesture."):
        return GESTURE_AT
    if path.startswith("motion."):
        return MOTION_AT
    return AZIMUTH if path in _OF_LAYERS else 0
