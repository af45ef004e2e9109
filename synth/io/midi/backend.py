"""The MIDI systems of this machine and the sources that they list.  JACK, ALSA, CoreMIDI, WinMM -> names -> open inputs.

One scanner per system, kept: every new RtMidi object is a new client, and systems run out of clients.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from synth.io.midi.jack import Watch
from synth.io.midi.library import Binding

_RETRY_S = 1.0
_ALSA = Path("/dev/snd/seq")
_NUMBERS = {  # what a system puts into a name and changes when the port comes back
    "JACK": re.compile(r" \[\d+\]"),  # a2j:nanoKONTROL2 [24] (capture): nanoKONTROL2 MIDI 1
    "ALSA": re.compile(r" \d+:\d+$"),  # nanoKONTROL2:nanoKONTROL2 MIDI 1 28:0
    "CoreMIDI": re.compile(r"$^"),
    "WinMM": re.compile(r" \d+$"),  # nanoKONTROL2 1
}
_OURS = re.compile(r"synth(-\d+)?:")
_LOOP = re.compile(r"midi.?through", re.IGNORECASE)  # gives back what other programs send
_BRIDGE = re.compile(r"a2j:|Midi-Bridge:|system:midi|alsa_midi:")  # ALSA's ports, shown by JACK


class System:
    """One MIDI system: what it lists, and how a source of it is opened. Absent systems list nothing, and may come later."""

    def __init__(self, binding: Binding, name: str) -> None:
        self.name = name
        self._binding = binding
        self._scanner: Any = None
        self._watch: Watch | None = None
        self.problem = ""
        self._retry_s = 0.0
        self._inputs = 0
        self._listed: list[str] = []

    def sources(self) -> list[str]:
        """Return the names of all sources, as the system gives them; none when its server has died.

        The dead server's inputs must be closed before the next is looked for: as soon as libjack sees a new client, it frees the
        old ones, and closing them then is a crash.
        """
        if self._watch and self._watch.has_ended:
            if self._inputs == 0:
                self.close()
            return []
        try:
            if self._scanner is None and not self._find():
                return []
            self._listed = [name for name in self._scanner.get_ports() if name]
        except Exception as error:  # a port went while it was asked for its name; the next look will tell
            self.problem = str(error)
        return self._listed

    def _find(self) -> bool:
        """Make the scanner if the system is there; RtMidi would write to the terminal where it is not."""
        if time.monotonic() < self._retry_s:
            return False
        self._retry_s = time.monotonic() + _RETRY_S
        if not {"JACK": self._find_jack, "ALSA": self._find_alsa}.get(self.name, lambda: True)():
            return False
        self._scanner = self._binding.new_input(self.name)
        return True

    def _find_jack(self) -> bool:
        with contextlib.suppress(OSError):
            self._watch = self._watch or Watch(self._binding.extension)
        return self._watch is not None

    def _find_alsa(self) -> bool:
        if _ALSA.exists() and not os.access(_ALSA, os.R_OK | os.W_OK):
            self.problem = f"{_ALSA} may not be opened: add this user to the audio group"
        return os.access(_ALSA, os.R_OK | os.W_OK)

    def open(self, source: str) -> Any:
        """Return an input connected to a source, in a client called "synth"; its port is called as the source is."""
        midi_in = self._binding.new_input(self.name)
        try:
            midi_in.open_port(midi_in.get_ports().index(source), _port(source))
            if not self.is_connected(source):  # the other program has registered its port, but is not active yet
                raise OSError("it is not ready")
        except Exception:
            midi_in.delete()
            raise
        self._inputs += 1
        return midi_in

    def is_connected(self, source: str) -> bool:
        """Return whether an open source still leads to us; only JACK tells, elsewhere it is taken for granted."""
        return self._watch is None or self._watch.is_connected(source, _port(source))

    def close_input(self, midi_in: Any) -> None:
        """Close what `open` returned."""
        self._inputs -= 1
        midi_in.close_port()
        midi_in.delete()

    def end_watch(self) -> None:
        """Take the watching client out of JACK: before RtMidi's own, which stop all Python until the server answers."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()

    def close(self) -> None:
        """Let go of the scanner; the next look makes a new one."""
        self.end_watch()
        if self._scanner is not None:
            self._scanner.delete()
        self._scanner, self._listed = None, []


def _port(source: str) -> str:
    """Return the name of our port for a source."""
    return source.replace(":", " ")


def lasting_name(system: str, source: str) -> str:
    """Return the part of a source's name that stays when it is unplugged and comes back."""
    return _NUMBERS[system].sub("", source)


def look_around(systems: Sequence[System]) -> list[tuple[System, str]]:
    """Return every source but our own, each once: if JACK shows ALSA's ports, ALSA is not asked."""
    found: list[tuple[System, str]] = []
    for system in systems:
        if not any(_BRIDGE.match(source) for _, source in found):
            found += [(system, source) for source in system.sources() if not _OURS.match(source)]
    return found


def is_wanted(name: str, wanted: str | Iterable[str]) -> bool:
    """Return whether a source is to be opened.

    Parameters
    ----------
    name : the source's lasting name.
    wanted : "": all but those that give back what other programs send; "all"; part of a name; or several parts.
        Capitals do not count.
    """
    if wanted == "":
        return not _LOOP.search(name)
    parts = [wanted] if isinstance(wanted, str) else list(wanted)
    return wanted == "all" or any(part.casefold() in name.casefold() for part in parts)
