"""A take: a performance as it was played, complete in itself.  journal -> chunks -> file; file -> engine -> the same bytes.

Kept are not the keys but what they did: every event with the frame at which it took effect, every layer as it was made, and live
input. Gestures and random streams are not kept: they are seeded and play again by themselves.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import platform
import struct
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

import hrtf
from synth.engine import memory
from synth.engine.engine import Engine
from synth.engine.feed import Stream
from synth.engine.layer import Input, Layer, slots_of
from synth.engine.stream_memory import Definition
from synth.errors import InputError
from synth.io.chunks import Chunks, ChunkWriter
from synth.jit import CACHE_FOLDER
from synth.preset import dump
from synth.schema.scene import Preset
from synth.trigger import TRIGGERS
from synth.units import QUANTUM

Samples = npt.NDArray[np.float32]
_HEAD, _LAYER, _SOUND, _PRESET = b"head", b"layr", b"soun", b"prst"
_EVENTS, _INPUT, _FRAMES = b"evnt", b"inpt", b"fram"
_STREAM, _ACTS = b"strm", b"acts"
_FORMAT = 1
_LONGEST_BLOCK = 1 << 15


def _versions() -> dict[str, str]:
    """Return what a replay's bytes depend on beside the take itself."""
    return {
        "synth": version("synth"),
        "numba": numba.__version__,
        "numpy": np.__version__,
        "machine": f"{platform.machine()} {platform.system()}",
        "sources and processor": CACHE_FOLDER.name,
        "triggers": _triggers_hash(),
    }


def _triggers_hash() -> str:
    """Return a hash of every trigger's source: the cache folder's name says nothing of them."""
    digest = hashlib.blake2b(digest_size=8)
    for trigger in TRIGGERS.values():
        digest.update(Path(inspect.getfile(inspect.unwrap(trigger.render))).read_bytes())
    return digest.hexdigest()


# ---- recording


class TakeWriter:
    """Writes a take while it is played; a `Journal` for `Engine.record_to`.

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
        self._file = ChunkWriter(path)
        self._lock = threading.Lock()  # layers are made by any thread
        self._events: list[npt.NDArray[np.void]] = []
        self._acts: list[tuple[int, npt.NDArray[np.uint8]]] = []
        head = {
            "format": _FORMAT,
            "sample_rate": engine.sample_rate,
            "seed": engine.seed,
            "ears": engine.ears.name,
            "ears_hash": engine.ears.hash,
            "inputs": inputs,
            "event": str(memory.EVENT.descr),
            "versions": _versions(),
        }
        self._write(_HEAD, json.dumps(head).encode())
        try:
            engine.record_to(self)
        except InputError:
            self._file.close()
            path.unlink()
            raise

    def _write(self, kind: bytes, payload: bytes) -> None:
        with self._lock:
            self._file.write(kind, payload)

    def layer(self, layer: Layer, values: dict[str, float], first_voice: int) -> None:
        """Keep a layer as it was made, with the sound that it plays."""
        if layer.input.sound is not None:
            self._write(_SOUND, layer.input.sound.tobytes())
        made = {
            "index": layer.index,
            "generation": layer.generation,
            "name": layer.name,
            "trigger": layer.trigger.name,
            "gesture": layer.gesture,
            "motion": layer.motion,
            "channel": layer.input.channel,
            "is_loop": layer.input.is_loop,
            "has_sound": layer.input.sound is not None,
            "first_voice": first_voice,
            "values": values,
        }
        self._write(_LAYER, json.dumps(made).encode())

    def events(self, events: npt.NDArray[np.void]) -> None:
        """Keep events, until `flush` writes them behind the input that they were heard with."""
        self._events.append(events)

    def stream(self, definition: Definition) -> None:
        """Keep what a stream moves."""
        self._write(_STREAM, json.dumps(asdict(definition)).encode())

    def acts(self, number: int, acts: npt.NDArray[np.uint8]) -> None:
        """Keep the frames of a stream as they took effect, until `flush` writes them."""
        self._acts.append((number, acts))

    def preset(self, preset: Preset) -> None:
        """Keep a preset's text, for people."""
        self._write(_PRESET, dump(preset).encode())

    def flush(self, frames: int, live_input: Samples | None = None) -> None:
        """Write what has come since the last time.

        Parameters
        ----------
        frames : how many frames have been played so far.
        live_input : (frames, inputs), what was heard since the last time; every frame from the first on.
        """
        events, self._events = self._events, []
        if live_input is not None and live_input.size:
            self._write(_INPUT, np.ascontiguousarray(live_input).tobytes())
        acts, self._acts = self._acts, []  # after the events, so that none is missing that came before one of them
        for number, rows in acts:
            self._write(_ACTS, struct.pack("<2Q", number, len(rows)) + rows.tobytes())
        for batch in events:
            if len(batch):
                self._write(_EVENTS, batch.tobytes())
        self._write(_FRAMES, str(frames).encode())
        self._file.flush()

    def close(self) -> None:
        """End the take."""
        self._file.close()


# ---- replaying


@dataclass
class Take:
    """A recorded performance, to be rendered again.

    Attributes
    ----------
    path : its file.
    head : what it begins with: sample_rate, seed, ears, versions.
    frames : how many frames were played.
    warnings : what makes a replay differ from what was heard, a line each; known after `load_take`.
    """

    path: Path
    head: dict[str, Any]
    frames: int
    presets: tuple[str, ...]
    warnings: list[str] = field(default_factory=list)

    @property
    def sample_rate(self) -> float:
        """Hertz."""
        return float(self.head["sample_rate"])


def load_take(path: str | Path) -> Take:
    """Read what a take holds, all but its events.

    Raises
    ------
    InputError
        If it is not a take, or one of another format.
    """
    path = Path(path)
    head: dict[str, Any] | None = None
    frames, presets, chunks = 0, [], Chunks(path)
    for kind, payload in chunks:
        if kind == _HEAD:
            head = _checked(path, payload)
        elif kind == _FRAMES:
            frames = int(payload)
        elif kind == _PRESET:
            presets.append(payload.decode())
    if head is None:
        raise InputError(f"take '{path}' holds nothing: it ends before its head is complete")
    take = Take(path, head, frames, tuple(presets))
    now, then = _versions(), head["versions"]
    take.warnings += [
        f"{what}: recorded with {then.get(what, 'another')}, replayed with {own}; the samples may differ"
        for what, own in now.items()
        if then.get(what) != own
    ]
    if not chunks.is_complete:
        take.warnings.append(f"'{path}' was cut short: what it holds ends at {frames / take.sample_rate:.1f} s")
    return take


def _checked(path: Path, payload: bytes) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(payload)
    if head.get("format") != _FORMAT or head.get("event") != str(memory.EVENT.descr):
        raise InputError(
            f"take '{path}' has format {head.get('format')!r} of another version; this one reads format {_FORMAT} of its own"
        )
    return head


def replay(take: Take, ears: Any = None) -> Iterator[Samples]:
    """Render a take block by block: float32 (frames, 2), the bytes that were heard, from the score's frame 0.

    Parameters
    ----------
    take : see `load_take`.
    ears : loaded ears instead of those of the take's name, for one recorded with a `.sofa` file.

    Raises
    ------
    InputError, hrtf.EarsError
        If its ears or triggers are not here.
    """
    chosen = hrtf.load(take.head["ears"]) if ears is None else ears
    if chosen.hash != take.head["ears_hash"]:
        raise InputError(
            f"take '{take.path}' was heard with other ears than '{chosen.name}' is here: name its .sofa file with --ears"
        )
    player = Player(Engine(take.sample_rate, chosen, int(take.head["seed"])), take)
    skip = player.engine.latency_frames
    for block in player.blocks():
        heard = block[min(skip, len(block)) :]
        skip = max(0, skip - len(block))
        if len(heard):
            yield heard


class Player:
    """An engine to which a take's entries happen again."""

    def __init__(self, engine: Engine, take: Take) -> None:
        self.engine = engine
        self._take = take
        self._played = 0
        self._made: dict[tuple[int, int], tuple[Layer, dict[str, float], int]] = {}
        self._input = np.zeros((0, max(1, take.head["inputs"])), np.float32)
        self._sound: npt.NDArray[np.float32] | None = None
        self._streams: dict[int, Stream] = {}

    def blocks(self) -> Iterator[Samples]:
        """Yield everything that was played."""
        for kind, payload in Chunks(self._take.path):
            if kind == _SOUND:
                self._sound = np.frombuffer(payload, np.float32).copy()
            elif kind == _LAYER:
                self._learn(json.loads(payload))
            elif kind == _INPUT:
                self._input = np.concatenate([self._input, np.frombuffer(payload, np.float32).reshape(-1, self._input.shape[1])])
            elif kind == _STREAM:
                definition = Definition(**json.loads(payload))
                self._streams[definition.number] = self.engine.stream_again(definition)
            elif kind == _ACTS:
                number, count = struct.unpack_from("<2Q", payload)
                rows = np.frombuffer(payload, np.uint8, offset=16).reshape(count, -1)
                self._streams[number].act_again(rows)
            elif kind == _EVENTS:
                yield from self._events(np.frombuffer(payload, memory.EVENT))
        yield from self._play(self._take.frames)

    def _learn(self, made: dict[str, Any]) -> None:
        """Take in a layer, which begins with its ADD event."""
        trigger = TRIGGERS[made["trigger"]]
        sound = self._sound if made["has_sound"] else None
        layer = Layer(
            made["index"],
            made["generation"],
            made["name"],
            trigger,
            made["gesture"],
            made["motion"],
            slots_of(trigger, made["gesture"], made["motion"]),
            Input(made["channel"], sound, made["is_loop"]),
        )
        if set(made["values"]) != set(layer.slots):
            raise InputError(
                f"take '{self._take.path}': trigger '{trigger.name}' has other parameters here than when it was recorded"
            )
        self._made[layer.index, layer.generation] = layer, made["values"], made["first_voice"]

    def _events(self, events: npt.NDArray[np.void]) -> Iterator[Samples]:
        """Let events happen; a layer is put into place when the quantum of the first event that concerns it comes, not before."""
        for event in events:
            key = (int(event["layer"]), int(event["generation"]))
            if key in self._made:
                yield from self._play(int(event["frame"]) // QUANTUM * QUANTUM)
                self.engine.attend()
                self.engine.install(*self._made.pop(key))
            self.engine.send_again(event)
        if len(events):
            yield from self._play(int(events[-1]["frame"]) // QUANTUM * QUANTUM)

    def _play(self, stop: int) -> Iterator[Samples]:
        """Yield the frames before `stop` that were not yet played."""
        while self._played < stop:
            frames = min(stop - self._played, _LONGEST_BLOCK)
            heard, self._input = self._input[:frames], self._input[frames:]
            coming = np.zeros((frames, self._input.shape[1]), np.float32)
            coming[: len(heard)] = heard
            self._played += frames
            yield self.engine.process(frames, coming if self._take.head["inputs"] else None)
