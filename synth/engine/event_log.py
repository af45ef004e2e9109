"""What an engine tells whoever records it: layers, events as they took effect, streams and what they did.  responses -> log."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from synth.control.stream.memory import Definition
from synth.engine.kernels.event_record import APPLIED
from synth.engine.layer import Layer


class EventLog(Protocol):
    """What an engine writes into; see `Engine.record_to`."""

    def layer(self, layer: Layer, values: dict[str, float], first_voice: int) -> None:
        """Take in a layer that was made, with every stored number by path."""

    def events(self, events: npt.NDArray[np.void]) -> None:
        """Take in EVENT records in the order in which they took effect, each with the frame at which it did."""

    def stream(self, definition: Definition) -> None:
        """Take in a stream that was made."""

    def acts(self, number: int, acts: npt.NDArray[np.uint8]) -> None:
        """Take in what the stream of that number did, (k, bytes): an ACT and its values each; after the events of that time."""


def applied(responses: npt.NDArray[np.void]) -> Any:
    """Return the events among RESPONSE records that came from outside: what gestures strike, a replay strikes by itself."""
    events = responses["event"][responses["kind"] == APPLIED]
    return events[events["note"] >= 0]
