"""What tests send to the OSC door, built by python-osc; bundles by hand, whose time tags it would round."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from synth.control.rejections import Rejections
from synth.engine.engine import Engine
from synth.engine.layer import Note
from synth.live.protocols.osc.dispatcher import Hearing
from synth.live.session_stream import SessionStream
from synth.parameters.tables import MASTER_TARGETS

RATE = 48000
_NOTED = ("panic", "preset", "scene", "release_override", "mute_layer", "solo_layer", "say", "hush")
SECOND = 1 << 32
NOON = 3_900_000_000 << 32
"""A time tag of our days."""


def message(address: str, *arguments: Any, types: str = "") -> bytes:
    builder = OscMessageBuilder(address)
    for index, argument in enumerate(arguments):
        builder.add_arg(argument, types[index] if types else None)
    return builder.build().dgram


def bundle(*contents: bytes, tag: int = 1) -> bytes:
    parts = b"".join(len(one).to_bytes(4, "big") + one for one in contents)
    return b"#bundle\0" + tag.to_bytes(8, "big") + parts


def floats(values: Any) -> bytes:
    """A blob of big-endian float32."""
    return np.asarray(values, ">f4").tobytes()


def by_python_osc(time_s: float, *contents: bytes) -> bytes:
    """A bundle as python-osc sends it, stamped by the wall clock."""
    builder = OscBundleBuilder(time_s)  # type: ignore[arg-type]
    for one in contents:
        builder.add_content(OscMessage(one))
    return builder.build().dgram


class Rig:
    """An engine, a drive into it, what hears OSC packets, and what came of them."""

    def __init__(self, engine: Engine, is_live: bool = False, **contract: Any) -> None:
        self.engine = engine
        self.session_stream = SessionStream("osc", **{"timeout_s": math.inf, **contract})
        self.told: list[str] = []
        self.answers: list[tuple[Any, ...]] = []
        self.done: list[tuple[Any, ...]] = []
        self.struck: list[tuple[str, float, int | None]] = []
        self.notes: dict[str, Note] = {}
        self.rejections = Rejections("OSC", self.told.append)
        self.effects = {name: self._note_down(name) for name in _NOTED}
        self.effects |= {"strike": self.strike, "release": self.release}
        self.hearing = Hearing(self.session_stream, self.value, self.effects, self.rejections, self._answer)
        self.is_live = is_live
        self.aim()

    def aim(self) -> None:
        self.session_stream.aim(self.engine)
        if self.is_live:  # frames go to the ring at once, as with a sound device
            assert self.session_stream.stream is not None
            self.session_stream.stream.go_live(True)

    def _note_down(self, name: str) -> Any:
        return lambda *what, **_: self.done.append((name, *what))

    def strike(self, layer: str, velocity: float = 0.7, at: int | None = None) -> None:
        self.struck.append((layer, velocity, at))
        self.notes[layer] = self.engine.strike(self.layer(layer), velocity, at)

    def release(self, layer: str, at: int | None = None) -> None:
        self.done.append(("release", layer, at))
        if layer in self.notes:
            self.engine.release(self.notes.pop(layer), at)

    def layer(self, name: str) -> Any:
        return next(layer for layer in self.engine.layers if layer.name == name)

    def value(self, path: str) -> float | str:
        if path.startswith("master."):
            return float(self.engine.state["master"][MASTER_TARGETS[path.removeprefix("master.")]]["value"])
        layer = next(layer for layer in self.engine.layers if path.startswith(f"{layer.name}."))
        return self.engine.values(layer)[path[len(layer.name) + 1 :]]

    def _answer(self, data: bytes, sender: Any) -> bool:
        read = OscMessage(data)
        self.answers.append((read.address, *read.params))
        return True

    def send(self, *packets: bytes) -> None:
        for packet in packets:
            self.hearing.hear(packet, "me")

    def values(self) -> np.ndarray:
        """What every number of the space is now, choices as indices."""
        space = self.session_stream.space
        now = [self.value(path) for path in space.paths]
        return np.array([p.choices.index(v) if isinstance(v, str) else v for p, v in zip(space.parameters, now, strict=True)])
