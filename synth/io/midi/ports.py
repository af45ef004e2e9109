"""MIDI ports.  sources as they come and go -> one input each -> thread "synth midi" -> (port number, time, bytes) -> session.

Inputs are polled, never called back: RtMidi would wait for Python in JACK's process thread and stall the whole audio graph.
A late poll does not matter to the stamps, see `timestamps`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from synth.control.midi.packets import PORTS
from synth.io.midi.backend import System, is_wanted, lasting_name, look_around
from synth.io.midi.library import binding
from synth.io.midi.port_numbers import Key, key_name, new_key, note_gone, number_for
from synth.io.midi.timestamps import Timestamps
from synth.io.thread_priority import MIDI, raise_priority

_SCAN_S = 0.2  # but for JACK, a source that goes and comes back between two looks is not seen to have gone, and stays mute
_RETRY_S = 1.0
_IDLE_S, _BUSY_S = 0.001, 0.0005
_END_S = 2.0  # a JACK server that does not answer may keep its clients waiting for a minute
_AT_ONCE = 1024  # messages of one port before the others have their turn
_UNHEARD = (0xF0, 0xF7, 0xFE)  # system exclusive, active sensing


@dataclass
class _Input:
    key: Key
    system: System
    source: str
    port: int
    midi_in: Any
    empty_s: float
    stamps: Timestamps = field(default_factory=Timestamps)


def _ignore(*_: Any) -> None:
    """Leave unheard what the session does not ask for."""


class Ports:
    """Opens MIDI sources, follows them as they come and go, and delivers their messages, while the `with` block runs.

    Parameters
    ----------
    deliver : called with port number, time on `clock` in seconds, and one message's bytes.
        System exclusive and active sensing are left out.
    clock : now, in seconds. May be set back or forward, as when the sound device is opened anew.
    wanted : which sources, see `backend.is_wanted`.
    came, gone : called with (port, name) and (port) when a source was opened and when it vanished, in order with `deliver`.
    problem : called with one line when something failed, once for each kind of failure.
    ports : how many port numbers there are, from 0 up. A source that comes back gets its number back.
    jack : False leaves JACK's sources to the session's own JACK client.

    Raises
    ------
    InputError
        If no MIDI library is installed.

    Notes
    -----
    Everything is called from the one thread "synth midi". When `with` is entered, the sources that are there have been opened.
    """

    def __init__(
        self,
        deliver: Callable[[int, float, bytes], Any],
        clock: Callable[[], float],
        wanted: str | Iterable[str] = "",
        *,
        came: Callable[[int, str], Any] = _ignore,
        gone: Callable[[int], Any] = _ignore,
        problem: Callable[[str], Any] = _ignore,
        ports: int = PORTS,
        jack: bool = True,
    ) -> None:
        self._deliver, self._clock, self._came, self._gone, self._problem = deliver, clock, came, gone, problem
        self._wanted = wanted if isinstance(wanted, str) else tuple(wanted)
        self._ports, self._jack = ports, jack
        library = binding()
        self._systems = [System(library, name) for name in library.systems]
        self._inputs: list[_Input] = []
        self._numbers: dict[Key, int] = {}
        self._retry_s: dict[str, float] = {}
        self._reported: set[tuple[str, str]] = set()
        self._looked, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="synth midi", daemon=True)

    def __enter__(self) -> Ports:
        self._thread.start()
        self._looked.wait(5.0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join(_END_S)

    @property
    def names(self) -> dict[int, str]:
        """The open sources: port number -> name."""
        return {source.port: key_name(source.key) for source in tuple(self._inputs)}

    def _run(self) -> None:
        raise_priority(0, MIDI)  # else a busy computer makes notes late; it sleeps between two looks
        self._guard("looking for ports", self._look)
        self._guard("looking for ports", self._miss)
        self._looked.set()
        next_look_s = time.monotonic() + _SCAN_S
        while not self._ended.is_set():
            count = sum(self._guard(f"reading {source.key[1]}", self._read, source) or 0 for source in self._inputs)
            if time.monotonic() >= next_look_s:
                self._guard("looking for ports", self._look)
                next_look_s = time.monotonic() + _SCAN_S
            time.sleep(_BUSY_S if count else _IDLE_S)
        for system in self._systems:
            self._guard("closing", system.end_watch)
        for source in self._inputs:
            self._guard("closing", source.system.close_input, source.midi_in)
        for system in self._systems:
            self._guard("closing", system.close)

    def _guard(self, place: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call; if that fails, say so once and go on: the thread must outlive whatever a driver or the session throws."""
        try:
            return function(*arguments)
        except Exception as error:
            self._report(place, type(error).__name__, error)
        return None

    def _report(self, place: str, kind: str, what: object) -> None:
        if (place, kind) not in self._reported:
            self._reported.add((place, kind))
            self._problem(f"MIDI: {place}: {what}")

    def _read(self, source: _Input) -> int:
        """Deliver what waits in a port's queue; return how much that was."""
        before_s = self._clock()
        for count in range(_AT_ONCE):
            got = source.midi_in.get_message()
            if got is None:
                source.empty_s = before_s
                return count
            message, delta_s = got
            time_s = source.stamps.stamp(delta_s, self._clock(), source.empty_s)
            if message and message[0] not in _UNHEARD:
                self._guard("taking in a message", self._deliver, source.port, time_s, bytes(message))
        return _AT_ONCE

    def _look(self) -> None:
        """Close what vanished, open what came."""
        found = [(system, source) for system, source in look_around(self._systems) if self._jack or system.name != "JACK"]
        for system in self._systems:
            if system.problem:
                self._report(system.name, system.problem, system.problem)
        for source in tuple(self._inputs):
            if (source.system, source.source) not in found or not source.system.is_connected(source.source):
                self._close(source)
        known = {(source.system, source.source) for source in self._inputs}
        for system, name in found:
            if (system, name) not in known and is_wanted(lasting_name(system.name, name), self._wanted):
                self._open(system, name)

    def _miss(self) -> None:
        """Say so when nothing that is there was asked for by name."""
        if self._wanted not in ("", "all") and not self._inputs:
            there = ", ".join(lasting_name(system.name, source) for system, source in look_around(self._systems)) or "none"
            self._report(f"no port matches {self._wanted!r}", "", f"waiting for one; there are: {there}")

    def _open(self, system: System, source: str) -> None:
        name = lasting_name(system.name, source)
        if time.monotonic() < self._retry_s.get(source, 0.0):
            return
        in_use = {other.key for other in self._inputs}
        key = new_key(system.name, name, in_use)
        port = number_for(key, self._numbers, in_use, self._ports)
        if port is None:
            self._report(name, "full", f"not opened: {self._ports} ports are open already")
            return
        self._retry_s[source] = time.monotonic() + _RETRY_S
        now_s = self._clock()
        midi_in = self._guard(f"{name} cannot be opened", system.open, source)
        if midi_in is not None:
            self._guard("a port that came", self._came, port, key_name(key))
            self._inputs.append(_Input(key, system, source, port, midi_in, now_s))
            self._retry_s.pop(source)

    def _close(self, source: _Input) -> None:
        self._guard(f"reading {source.key[1]}", self._read, source)
        self._inputs.remove(source)
        note_gone(source.key, self._numbers)
        self._guard(f"closing {source.key[1]}", source.system.close_input, source.midi_in)
        self._guard("a port that went", self._gone, source.port)


def list_ports() -> list[dict[str, str]]:
    """Return the MIDI sources there are, JSON-serialisable, or raise `InputError` if no MIDI library is installed."""
    return look()[0]


def look() -> tuple[list[dict[str, str]], list[str]]:
    """Return the MIDI sources there are, and why a system that is here lists none; raises as `list_ports`."""
    library = binding()
    systems = [System(library, name) for name in library.systems]
    try:
        ports = [{"name": lasting_name(system.name, source), "system": system.name} for system, source in look_around(systems)]
        return ports, [system.problem for system in systems if system.problem]
    finally:
        for system in systems:
            system.close()
