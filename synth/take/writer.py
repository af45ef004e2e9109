"""The writer of takes.  what an engine was told -> chunks -> file.

Kept are not the keys but what they did: every event with the frame at which it took effect, every layer as it was made, and live
input. Gestures and random streams are not kept: they are seeded and play again by themselves.
"""

from __future__ import annotations

import hashlib
import inspect
import platform
import threading
from importlib.metadata import version
from pathlib import Path

import numba
import numpy as np
import numpy.typing as npt

from synth.control.stream.memory import Definition
from synth.engine.engine import Engine
from synth.engine.layer import Layer
from synth.io.files.chunk_file import ChunkWriter
from synth.parameters.errors import InputError
from synth.rt.cache import SOURCES_HASH
from synth.take.format import (
    ACTS,
    EVENT_LAYOUT,
    EVENTS,
    FORMAT,
    FRAMES,
    HEAD,
    INPUT,
    LAYER,
    PRESET,
    SOUND,
    STREAM,
    TEXT,
    Head,
    LayerRecord,
    packed,
    packed_acts,
    packed_events,
)
from synth.take.translation import choices_of
from synth.trigger import TRIGGERS

Samples = npt.NDArray[np.float32]


def versions() -> dict[str, str]:
    """Return what a replay's bytes depend on beside the take itself."""
    return {
        "synth": version("synth"),
        "numba": numba.__version__,
        "numpy": np.__version__,
        "machine": f"{platform.machine()} {platform.system()}",
        "sources and processor": SOURCES_HASH,
        "triggers": _triggers_hash(),
    }


def _triggers_hash() -> str:
    """Return a hash of every trigger's source: the cache folder's name says nothing of them."""
    digest = hashlib.blake2b(digest_size=8)
    for trigger in TRIGGERS.values():
        digest.update(Path(inspect.getfile(inspect.unwrap(trigger.render))).read_bytes())
    return digest.hexdigest()


class TakeWriter:
    """Writes a take while it is played; an `EventLog` for `Engine.record_to`.

    Parameters
    ----------
    path : a new file.
    engine : one that has not played yet.
    inputs : channels of live input.

    Raises
    ------
    InputError
        If the file cannot be made or written.
    """

    def __init__(self, path: Path, engine: Engine, inputs: int = 0) -> None:
        self.path = path
        self._lock = threading.Lock()  # layers are made by any thread
        self._made: list[tuple[bytes, bytes]] = []  # chunks of what events will speak of
        self._events: list[npt.NDArray[np.void]] = []
        self._acts: list[tuple[int, npt.NDArray[np.uint8]]] = []
        self._engine = engine
        ears = engine.ears
        head = Head(FORMAT, engine.sample_rate, engine.seed, ears.name, ears.hash, inputs, EVENT_LAYOUT, versions())
        self._file = ChunkWriter(path, (HEAD, packed(head)))
        try:
            engine.record_to(self)
        except InputError:
            self._file.close()
            path.unlink()
            raise

    def layer(self, layer: Layer, values: dict[str, float], first_voice: int) -> None:
        """Keep a layer as it was made, with its sound or its text, until `flush`: whoever makes it has no disk to wait for."""
        made = LayerRecord(
            layer.index,
            layer.generation,
            layer.name,
            layer.trigger.name,
            layer.gesture,
            layer.motion,
            layer.input.channel,
            layer.input.is_loop,
            layer.input.sound is not None,
            first_voice,
            values,
            choices_of(layer.slots),
            layer.input.phones is not None,
        )
        with self._lock:
            if layer.input.sound is not None:
                self._made.append((SOUND, layer.input.sound.tobytes()))
            if layer.input.phones is not None:
                self._made.append((TEXT, layer.input.phones.tobytes()))
            self._made.append((LAYER, packed(made)))

    def events(self, events: npt.NDArray[np.void]) -> None:
        """Keep events, until `flush` writes them behind the input that they were heard with."""
        self._events.append(events)

    def stream(self, definition: Definition) -> None:
        """Keep what a stream moves."""
        with self._lock:
            self._made.append((STREAM, packed(definition)))

    def acts(self, number: int, acts: npt.NDArray[np.uint8]) -> None:
        """Keep the frames of a stream as they took effect, until `flush` writes them."""
        self._acts.append((number, acts))

    def preset(self, text: str) -> None:
        """Keep a preset's TOML, for people."""
        with self._lock:
            self._made.append((PRESET, text.encode()))

    def flush(self, frames: int, live_input: Samples | None = None) -> None:
        """Write what has come since the last time.

        Parameters
        ----------
        frames : how many frames have been played so far.
        live_input : (frames, inputs), what was heard since the last time; every frame from the first on.
        """
        events, self._events = self._events, []
        acts, self._acts = self._acts, []  # after the events, so that none is missing that came before one of them
        self._write_made()  # after both: nothing is told that is not known
        if live_input is not None and live_input.size:
            self._file.write(INPUT, np.ascontiguousarray(live_input).tobytes())
        for number, rows in acts:
            self._file.write(ACTS, packed_acts(number, rows))
        for batch in events:
            if len(batch):
                self._file.write(EVENTS, packed_events(batch))
        self._file.write(FRAMES, str(frames).encode())
        self._file.flush()

    def _write_made(self) -> None:
        with self._lock:
            made, self._made = self._made, []
        for kind, payload in made:
            self._file.write(kind, payload)

    def close(self) -> None:
        """End the take: nothing more is told to it."""
        self._engine.record_to(None)
        if not self._file.closed:
            self._write_made()
            self._file.close()
