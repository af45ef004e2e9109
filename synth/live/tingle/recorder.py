"""The recorder of a session with a listener.  holds, signals, clock -> files of a folder of its own, append-only.

hold.jsonl     {"frame", "hold"}: each change, at the frame at which it took effect
heart.jsonl    {"frame", "heart_rate_bpm", ...}: at the frame that was rendered when it was taken; null: there was no device
clock.jsonl    {"frame", "device_s", "unix_s"}: once a second, which frame belonged to which moment
session.json   all else: what played, with which latencies, which signals and how good they were
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.io.files.append_file import AppendFile
from synth.io.files.tingle_folder import SESSION
from synth.io.files.whole_file import PRIVATE, write_whole
from synth.io.signals.sample import Sample, Signal
from synth.live.live import Live
from synth.live.tingle.alignment import Alignment, Latency, alignment_of
from synth.live.tingle.hold_track import HoldTrack
from synth.live.tingle.signal_words import HOLD, SignalWord
from synth.parameters.errors import InputError
from synth.parameters.tables import TINGLE
from synth.take.writer import versions

SCHEMA = 1
_CLOCK_EVERY_S = 1.0
WAIT_S = 0.03
"""So long a hold that comes as a signal waits beyond its stamp: a local network, its library and a busy Python take that."""


class TingleRecorder:
    """Writes what a listener gives while an engine plays live; a context manager, entered when sound has begun.

    Parameters
    ----------
    path : the session's folder, made for it.
    live : what plays.
    words : the signals that were asked for.
    notify : told in one line what happens to them.
    measured : latencies by device; see `synth.live.tingle.alignment.latencies`.
    facts : what else `session.json` is to say.

    Attributes
    ----------
    track : the hold, moved to the sound that it answers.
    """

    def __init__(
        self,
        path: Path,
        live: Live,
        words: Sequence[SignalWord],
        notify: Callable[[str], None],
        measured: dict[str, Latency],
        facts: dict[str, Any],
    ) -> None:
        self.path, self._live, self._words, self._notify = path, live, words, notify
        self._engine: Engine = live.engine
        self._measured, self._facts = measured, facts
        self._commands = EngineCommands(self._engine)
        self.track = HoldTrack(self._engine, lambda: self._alignment.frames(self._engine.sample_rate))
        self._signals: dict[str, Signal] = {}
        self._rows: dict[str, deque[dict[str, Any]]] = {}
        self._files: dict[str, AppendFile] = {}
        self._holds = self._wrong = self._late = 0
        self._clock_due_s = 0.0
        self._lost: set[str] = set()

    @property
    def _alignment(self) -> Alignment:
        words = [word for word in self._words if word.kind == HOLD]
        is_midi, is_signal = any(word.control for word in words), any(word.open for word in words)
        return alignment_of(self._live, self._measured, is_midi, WAIT_S if is_signal else 0.0)

    def __enter__(self) -> TingleRecorder:
        self._facts["began_at"] = datetime.now().astimezone().isoformat(timespec="seconds")
        self._facts["began_frame"] = self._engine.frame
        try:
            for name in (HOLD, "clock"):
                self._open(name)
            for word in self._words:
                if word.open is not None:
                    self._begin(word, word.open)
        except InputError:
            self._close_signals()
            self._close_files()
            raise
        self._write_facts()
        return self

    def __exit__(self, *_: object) -> None:
        self._close_signals()
        self.attend()
        self._facts["ended_at"] = datetime.now().astimezone().isoformat(timespec="seconds")
        self._write_facts()
        self._close_files()

    def _begin(self, word: SignalWord, begin: Callable[..., Signal]) -> None:
        if word.kind == HOLD:
            self._signals[HOLD] = begin(self._hold, self._notify)
            return
        rows = self._open(word.kind)
        self._signals[word.kind] = begin(lambda sample: rows.append(self._row(sample)), self._notify)

    def _open(self, name: str) -> deque[dict[str, Any]]:
        self._files[name] = AppendFile(self.path / f"{name}.jsonl", b"")
        self._rows[name] = deque()
        return self._rows[name]

    def _close_files(self) -> None:
        for file in self._files.values():
            file.close()

    def _close_signals(self) -> None:
        for kind, signal in self._signals.items():
            signal.close()
            self._facts.setdefault("signals", {})[kind] = signal.facts
        self._signals.clear()

    # ---- what comes, in the threads of those who send

    def _row(self, sample: Sample) -> dict[str, Any]:
        frame = self._live.frame_at(self._live.time_s() - sample.age_s) if self._live.is_playing else None
        return {"frame": frame, **sample.values}

    def _hold(self, sample: Sample) -> None:
        """Let a hold that comes as a signal take effect at its own moment, later by the same latency as any other."""
        value = next(iter(sample.values.values()))
        try:
            amount = TINGLE.number(value, HOLD)
        except InputError as error:
            self._wrong += 1
            if self._wrong == 1:
                self._notify(f"{error}; it is left out, and what else comes so is only counted")
            return
        at = None
        if self._live.is_playing:
            at = self._live.event_frame(self._live.time_s() - sample.age_s + WAIT_S)
            self._is_late(at)
        self._commands.tingle(amount, at=at)

    def _is_late(self, at: int) -> None:
        """Count a hold that comes when its frame is over; it acts at once, later than it should."""
        if at >= self._engine.frame:
            return
        self._late += 1
        if self._late == 1:
            self._notify(
                f"{HOLD}: its sender's way took more than {1000 * WAIT_S:.0f} ms; what comes late acts late, and is counted"
            )

    # ---- a dozen times a second

    def attend(self) -> None:
        """Write what has come."""
        new, self._holds = self._engine.holds.after(self._holds)
        self._rows[HOLD].extend({"frame": frame, "hold": round(amount, 6)} for frame, amount in new)
        self._note_clock()
        self._follow_stalls()
        for name, rows in self._rows.items():
            if rows:
                self._append(name, [rows.popleft() for _ in range(len(rows))])

    def _note_clock(self) -> None:
        now_s = time.monotonic()
        if self._live.is_playing and now_s >= self._clock_due_s:
            self._clock_due_s = now_s + _CLOCK_EVERY_S
            device_s, unix_s = self._live.time_s(), time.time()
            self._rows["clock"].append({"frame": self._live.frame_at(device_s), "device_s": device_s, "unix_s": unix_s})

    def _follow_stalls(self) -> None:
        signal = self._signals.get(HOLD)
        if signal is None:
            return
        if signal.is_stalled:
            self.track.lose("its sender stalls")
        else:
            self.track.find()

    def _append(self, name: str, rows: list[dict[str, Any]]) -> None:
        if name in self._lost:
            return
        try:
            self._files[name].append(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
            self._files[name].sync()
        except InputError as error:
            self._lost.add(name)
            self._notify(f"{error}; no more of it is kept")

    def _write_facts(self) -> None:
        engine, kept = self._engine, dict(self._facts)
        signals = {kind: signal.facts for kind, signal in self._signals.items()} | kept.pop("signals", {})
        facts = {
            "schema": SCHEMA,
            **kept,
            "frames": engine.frame,
            "sample_rate": engine.sample_rate,
            "latency_frames": engine.latency_frames,
            "alignment": self._alignment.facts,
            "seed": engine.seed,
            "ears": engine.ears.name,
            "ears_hash": engine.ears.hash,
            "hold_from": [word.sender for word in self._words if word.kind == HOLD],
            "holds_refused": self._wrong,
            "holds_late": self._late,
            "signals": signals,
            "versions": versions(),
        }
        try:
            write_whole(self.path / SESSION, json.dumps(facts, indent=2, ensure_ascii=False).encode() + b"\n", PRIVATE)
        except OSError as error:
            self._notify(f"{self.path / SESSION}: cannot be written: {error.strerror}")
