"""The MIDI sources that play a session: with ports of their own, or through the sound device's client.

sources -> thread "synth midi" -> bytes, stamped with a frame -> engine; names by number
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from synth.control.midi.packets import PORTS
from synth.engine.engine import Engine

_NOTHING = b"\xfe"  # active sensing
_DEVICES_PORT = PORTS - 1  # kept for the device's own MIDI


class MidiSources:
    """Follows sources as they come and go.

    Parameters
    ----------
    engine : is played.
    event_frame : returns the frame at which something acts that came at a moment of the device's clock; None: it acts at once.
    notify : told in one line what comes and goes.

    Attributes
    ----------
    names : of the sources that are there, by number; replaced whenever one comes or goes.
    """

    def __init__(self, engine: Engine, event_frame: Callable[[float], int] | None, notify: Callable[[str], None]) -> None:
        self._engine, self._event_frame, self._notify = engine, event_frame, notify
        self.names: Mapping[int, str] = {}
        self._of_device: list[str] = []

    def ports(self, wanted: str, time_s: Callable[[], float], is_jack_native: bool) -> AbstractContextManager[object]:
        """Return what listens, while its `with` block runs, to the sources that do not come through the device itself."""
        from synth.io.midi.ports import Ports

        self._engine.push_midi(0, _NOTHING)  # its kernel is loaded now, not when the first note comes
        return Ports(
            self._deliver,
            time_s,
            wanted,
            came=self.came,
            gone=self.gone,
            problem=self._notify,
            ports=_DEVICES_PORT,
            jack=not is_jack_native,
        )

    def _deliver(self, port: int, time_s: float, data: bytes) -> None:
        self._engine.push_midi(port, data, self._event_frame(time_s) if self._event_frame else None)

    def came(self, port: int, name: str) -> None:
        """Take note of a source."""
        self.names = {**self.names, port: name}
        self._notify(f"MIDI: {name} is there")

    def gone(self, port: int) -> None:
        """Release what a source holds that is gone."""
        self._engine.unplug_midi(port)
        name = self.names.get(port, f"port {port}")
        self.names = {number: name for number, name in self.names.items() if number != port}
        self._notify(f"MIDI: {name} is gone; its notes were released")

    def device_changed(self, came: Sequence[str], went: Sequence[str]) -> None:
        """Take note of sources that came and went through the device's own client: they all are its one port."""
        for name in came:
            self._notify(f"MIDI: {name} is there")
        for name in went:
            self._notify(f"MIDI: {name} is gone; its notes were released")
        if came or went:
            self._of_device = [name for name in (*self._of_device, *came) if name not in went]
            others = {number: name for number, name in self.names.items() if number != _DEVICES_PORT}
            self.names = others | ({_DEVICES_PORT: ", ".join(self._of_device)} if self._of_device else {})

    @property
    def are_all_the_devices(self) -> bool:
        """Whether none has a port of its own."""
        return not self.names.keys() - {_DEVICES_PORT}
