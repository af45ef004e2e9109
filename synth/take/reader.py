"""A take: a performance as it was played, complete in itself, to be played again.  file -> chunks -> engine -> the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import hrtf
from synth.control.stream.acts import ACT
from synth.control.stream.memory import Definition
from synth.control.stream.stream import Stream
from synth.dsp.phone import PHONE
from synth.engine import compiling
from synth.engine.engine import Engine
from synth.engine.kernels.gesture import GESTURES
from synth.engine.kernels.motion import MOTIONS
from synth.engine.layer import Input, Layer, slots_of
from synth.io.files.chunk_file import Chunks
from synth.parameters.errors import InputError, unknown
from synth.parameters.parameter import Parameter
from synth.rt.units import QUANTUM
from synth.take.checks import check_acts, check_values, damage, frames_of
from synth.take.format import (
    ACTS,
    EVENTS,
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
    acts_of,
    events_of,
    head_of,
    layer_of,
    stream_of,
)
from synth.take.translation import Key, Translation, acts_today
from synth.take.writer import versions
from synth.trigger import TRIGGERS

Samples = npt.NDArray[np.float32]
_LONGEST_BLOCK = 1 << 15


@dataclass
class Take:
    """A recorded performance, to be rendered again.

    Attributes
    ----------
    path : its file.
    head : what it begins with.
    frames : how many frames were played.
    is_of_another_version : whether it was recorded by another version of anything that its head names.
    warnings : what makes a replay differ from what was heard, a line each; known after `load_take`.
    """

    path: Path
    head: Head
    frames: int
    presets: tuple[str, ...]
    is_of_another_version: bool
    warnings: list[str] = field(default_factory=list)

    @property
    def sample_rate(self) -> float:
        """Hertz."""
        return float(self.head.sample_rate)


def load_take(path: str | Path) -> Take:
    """Read what a take holds, all but its events.

    Raises
    ------
    InputError
        If it is not a take, or one of another format.
    """
    path = Path(path)
    head: Head | None = None
    frames, presets, missing, chunks = 0, [], set[tuple[str, str]](), Chunks(path)
    for kind, payload in chunks:
        if kind == HEAD:
            head = head_of(payload, f"take '{path}'")
        elif head is None:
            break
        elif kind == FRAMES:
            with damage(f"take '{path}': its length"):
                frames = frames_of(payload, frames, head.sample_rate)
        elif kind == PRESET:
            with damage(f"take '{path}': a preset"):
                presets.append(payload.decode())
        elif kind == LAYER:
            with damage(f"take '{path}': a layer"):
                made = layer_of(payload)
                missing |= {(made.trigger, name) for name in Translation(made, _slots_today(made, f"take '{path}'")).missing}
    if head is None:
        raise InputError(f"take '{path}' holds nothing: it ends before its head is complete")
    now, then = versions(), head.versions
    take = Take(path, head, frames, tuple(presets), now != then)
    take.warnings += [
        f"{what}: recorded with {then.get(what, 'another')}, replayed with {own}; the samples may differ"
        for what, own in now.items()
        if then.get(what) != own
    ]
    take.warnings += [
        f"{trigger} has no {name} any more: what moved it is left out; the samples differ" for trigger, name in sorted(missing)
    ]
    if not chunks.is_complete:
        take.warnings.append(f"'{path}' was cut short: what it holds ends at {frames / take.sample_rate:.1f} s")
    return take


def _slots_today(made: LayerRecord, where: str) -> Mapping[str, tuple[int, Parameter]]:
    """Return the slots and parameters that a recorded layer has today, by path."""
    for kind, name, known in (
        ("trigger", made.trigger, TRIGGERS),
        ("gesture", made.gesture, GESTURES),
        ("motion", made.motion, MOTIONS),
    ):
        if name not in known:
            raise unknown(kind, name, known, where)
    return slots_of(TRIGGERS[made.trigger], made.gesture, made.motion)


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
    chosen = hrtf.load(take.head.ears) if ears is None else ears
    if chosen.hash != take.head.ears_hash:
        raise InputError(
            f"take '{take.path}' was heard with other ears than '{chosen.name}' is here: name its .sofa file with --ears"
        )
    player = Player(Engine(take.sample_rate, chosen, take.head.seed), take)
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
        self._input = np.zeros((0, max(1, take.head.inputs)), np.float32)
        self._sound: npt.NDArray[np.float32] | None = None
        self._phones: npt.NDArray[np.void] | None = None
        self._translations: dict[Key, Translation] = {}  # of layers that have other parameters today
        self._targets: dict[int, list[tuple[Any, ...]]] = {}  # of each stream, as they were recorded
        self._streams: dict[int, Stream] = {}
        self._defined: dict[int, Definition] = {}  # streams that have not done anything yet
        self._acts: list[tuple[int, int, npt.NDArray[np.uint8]]] = []  # what those did: frame, number, rows; in order

    def blocks(self) -> Iterator[Samples]:
        """Yield everything that was played."""
        for kind, payload in Chunks(self._take.path):
            events = None
            with damage(f"take '{self._take.path}'"):
                events = self._take_in(kind, payload)
            if events is not None:
                yield from self._events(events)
        yield from self._play(self._take.frames)

    def _take_in(self, kind: bytes, payload: bytes) -> npt.NDArray[np.void] | None:
        """Take in a chunk; return the events that it holds, if it does."""
        if kind == SOUND:
            self._sound = np.frombuffer(payload, np.float32).copy()
        elif kind == TEXT:
            self._phones = np.frombuffer(payload, PHONE).copy()
        elif kind == LAYER:
            self._learn(layer_of(payload))
        elif kind == INPUT:
            self._input = np.concatenate([self._input, np.frombuffer(payload, np.float32).reshape(-1, self._input.shape[1])])
        elif kind == STREAM:
            self._define(stream_of(payload))
        elif kind == ACTS:
            self._take_acts(*acts_of(payload))
        elif kind == EVENTS:
            return events_of(self._take.head, payload)
        return None

    def _define(self, definition: Definition) -> None:
        """Take in what a stream moves, as it is today."""
        rows = self._targets[definition.number] = definition.targets
        translations = [self._translations.get((row[1], row[0])) for row in rows]
        today = [each.target(row) if each else row for each, row in zip(translations, rows, strict=True)]
        self._defined[definition.number] = replace(definition, targets=today)

    def _take_acts(self, number: int, rows: npt.NDArray[np.uint8]) -> None:
        """Let a stream's acts happen at their frames; it is there from the quantum of the first one on.

        So those whose place it took have gone by then, as they had when it was recorded.
        """
        check_acts(rows, len(self._targets[number]))
        if self._translations:
            rows = acts_today(rows, self._targets[number], self._translations)
        if number in self._streams:
            self._streams[number].act_again(rows)
            return
        if number not in self._defined:
            raise ValueError(f"stream {number} acts after its end")
        begin = int(rows[0, : ACT.itemsize].copy().view(ACT)["frame"][0])
        self._acts.append((begin // QUANTUM * QUANTUM, number, rows))
        self._acts.sort(key=lambda acts: acts[0])

    def _begin_streams(self) -> None:
        """Let those streams be there whose first acts come in the quantum that is rendered next."""
        if self._acts and self._acts[0][0] <= self._played:
            self.engine.attend()
            self._streams = {number: stream for number, stream in self._streams.items() if not stream.has_ended}  # their memory
        while self._acts and self._acts[0][0] <= self._played:
            number = self._acts[0][1]
            self._streams[number] = self.engine.stream_again(self._defined.pop(number))
            for rows in [rows for _, owner, rows in self._acts if owner == number]:
                self._streams[number].act_again(rows)  # all that are known: a later one may not overtake them
            self._acts = [acts for acts in self._acts if acts[1] != number]

    def _learn(self, made: LayerRecord) -> None:
        """Take in a layer, which begins with its ADD event."""
        slots = _slots_today(made, f"take '{self._take.path}'")
        trigger = TRIGGERS[made.trigger]
        compiling.ready([trigger.name])
        sound, phones = self._sound if made.has_sound else None, self._phones if made.has_text else None
        hears = Input(made.channel, sound, made.is_loop, phones)
        layer = Layer(made.index, made.generation, made.name, trigger, made.gesture, made.motion, slots, hears)
        key, values = (layer.index, layer.generation), made.values
        if self._take.is_of_another_version:
            self._translations[key] = translation = Translation(made, slots)
            values = translation.values
        check_values(values, slots)
        self._made[key] = layer, values, made.first_voice

    def _events(self, events: npt.NDArray[np.void]) -> Iterator[Samples]:
        """Let events happen; a layer is put into place when the quantum of the first event that concerns it comes, not before."""
        last = 0
        for event in events[events["frame"] < self._take.frames + QUANTUM]:  # of one cut short, what was played to its end
            key = (int(event["layer"]), int(event["generation"]))
            if key in self._made:
                yield from self._play(int(event["frame"]) // QUANTUM * QUANTUM)
                self.engine.attend()
                self.engine.install(*self._made.pop(key))
            translation = self._translations.get(key)
            today = translation.event(event) if translation else event
            if today is not None:
                self.engine.send_again(today)
            last = int(event["frame"])
        yield from self._play(last // QUANTUM * QUANTUM)

    def _play(self, stop: int) -> Iterator[Samples]:
        """Yield the frames before `stop` that were not yet played."""
        while self._played < stop:
            self._begin_streams()
            until = min(stop, self._acts[0][0]) if self._acts else stop
            frames = min(until - self._played, _LONGEST_BLOCK)
            heard, self._input = self._input[:frames], self._input[frames:]
            coming = np.zeros((frames, self._input.shape[1]), np.float32)
            coming[: len(heard)] = heard
            self._played += frames
            yield self.engine.process(frames, coming if self._take.head.inputs else None)
