"""A layer as Python sees it: its trigger, its name, and the table of everything that can be set on it.

path ("hardness", "azimuth_deg", "gesture.rate_hz") -> slot in the native record and Parameter
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.dsp import phone
from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.engine.kernels.state import AZIMUTH, GESTURE_AT, INPUTS, MOTION_AT
from synth.engine.unknown_paths import unknown_path
from synth.parameters.errors import InputError, shown
from synth.parameters.parameter import Parameter
from synth.parameters.tables import LAYER_PARAMETERS
from synth.trigger import Trigger


@dataclass(frozen=True, eq=False)
class Input:
    """What a layer's kernel is given to hear or to say: a live channel, a sound, phones, or nothing.

    Attributes
    ----------
    channel : 0 or 1; None: no live channel.
    sound : (frames,) float32 at the engine's rate, heard from its beginning at each strike, instead of a live channel.
    is_loop : whether the sound, or the text, begins anew at its end.
    phones : (phones,) of PHONE (`synth.dsp.phone`), what a layer that speaks says: a phrase at each strike, all of it if held.

    Raises
    ------
    InputError
        If there is no such channel, or the sound is not of that kind: the quantum reads it by its address.
    """

    channel: int | None = None
    sound: npt.NDArray[np.float32] | None = None
    is_loop: bool = True
    phones: npt.NDArray[np.void] | None = None

    def __post_init__(self) -> None:
        if self.channel is not None and (type(self.channel) is not int or self.channel not in range(INPUTS)):
            raise InputError(f"input: channel = {shown(self.channel)}; allowed: 0 .. {INPUTS - 1}")
        if self.sound is not None:
            _check_sound(self.sound)
        if self.phones is not None:
            try:
                phone.check(self.phones)
            except ValueError as error:
                raise InputError(f"input: phones: {error}") from None


def _check_sound(sound: Any) -> None:
    if not isinstance(sound, np.ndarray) or sound.dtype != np.float32 or sound.ndim != 1:
        raise InputError(f"input: sound = {_kind_of(sound)}; it must be an array (frames,) of float32")
    if not len(sound) or not sound.flags.c_contiguous:
        raise InputError("input: sound is empty or strided; it must hold one sample after the other")


def _kind_of(sound: Any) -> str:
    return f"{sound.shape} of {sound.dtype}" if isinstance(sound, np.ndarray) else type(sound).__name__


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer of a running engine; the handle for `strike`, `set` and `remove`."""

    index: int
    generation: int
    name: str
    trigger: Trigger
    gesture: str
    motion: str
    slots: Mapping[str, tuple[int, Parameter]]
    input: Input = Input()

    @property
    def where(self) -> str:
        """What an error names."""
        return f"layer '{self.name}'"

    def slot(self, path: str) -> tuple[int, Parameter]:
        """Return the slot and the parameter of a path, or raise `InputError` with the nearest path."""
        if path not in self.slots:
            raise unknown_path(path, self.slots, self.where)
        return self.slots[path]


@dataclass(frozen=True)
class Note:
    """A struck note; the handle for `release` and `set_note`."""

    layer: Layer
    id: int


def slots_of(trigger: Trigger, gesture: str, motion: str) -> dict[str, tuple[int, Parameter]]:
    """Return every path of a layer with its slot and parameter, in stable order."""
    rows: list[tuple[str, int, Parameter]] = [(p.name, i, p) for i, p in enumerate(trigger.parameters)]
    rows += [(p.name, AZIMUTH + i, p) for i, p in enumerate(LAYER_PARAMETERS)]
    rows += [(f"gesture.{p.name}", GESTURE_AT + i, p) for i, p in enumerate(GESTURES[gesture])]
    rows += [(f"motion.{p.name}", MOTION_AT + i, p) for i, p in enumerate(MOTIONS[motion])]
    return {path: (slot, parameter) for path, slot, parameter in rows}
