"""The MIDI library: python-rtmidi, or supriya-midi where that has no wheels.  module -> systems -> inputs.

Both wrap the C++ library RtMidi with classes of nearly the same names; what differs is in the table below.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Any

from synth.parameters.errors import InputError

_MODULES = (
    ("python-rtmidi", "rtmidi", "_rtmidi", "get_compiled_api"),
    ("supriya-midi", "supriya_midi", "rtmidi_ext", "get_compiled_apis"),
)
"""Package, its module, the module's compiled part, and the function that says which systems that knows."""
_SYSTEMS = {3: "JACK", 2: "ALSA", 1: "CoreMIDI", 4: "WinMM"}  # RtMidi's own numbers, in the order in which they are asked
_PACKAGE = "python-rtmidi" if sys.version_info < (3, 13) else "supriya-midi"
_QUEUE_MESSAGES = 8192  # a message lost in a full queue takes its delta with it


@dataclass(frozen=True)
class Binding:
    """A package, its module that wraps RtMidi, the compiled part's file, and the systems: name -> RtMidi's constant."""

    package: str
    module: Any
    extension: str
    systems: dict[str, Any]

    def new_input(self, system: str) -> Any:
        """Return a new RtMidi input, with no port open yet.

        It lets everything through: RtMidi drops the delta of a message that it ignores, and the stamps after it would be wrong.
        """
        midi_in = self.module.MidiIn(self.systems[system], "synth", _QUEUE_MESSAGES)
        midi_in.ignore_types(False, False, False)
        return midi_in


def binding() -> Binding:
    """Return the MIDI library that is installed.

    Raises
    ------
    InputError
        If none is; says how to get one.
    """
    for package, name, part, function in _MODULES:
        try:
            module = importlib.import_module(name)
            extension = str(getattr(module, part).__file__)
            compiled = {int(api): api for api in getattr(module, function)()}
        except (ImportError, AttributeError):  # other packages call themselves rtmidi, too
            continue
        systems = {system: compiled[number] for number, system in _SYSTEMS.items() if number in compiled}
        return Binding(package, module, extension, systems)
    raise InputError(f"no MIDI library is installed; install it: pip install {_PACKAGE}")
