"""The MIDI map: a preset's mapping, plugged into an engine's layers and ports.  mapping -> BINDING records."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from typing import Any

import numpy as np

from synth.control.commands import COMMANDS, SWITCH
from synth.control.midi import binding as does
from synth.control.midi import messages
from synth.control.midi.mapping import RELATIVES, TAKEOVERS, ActionBinding, ControlBinding, Mapping, NoteBinding, Source
from synth.control.midi.packets import PORTS
from synth.engine.addresses import THE_MASTER, Strip, strips_of
from synth.engine.engine import Engine
from synth.engine.kernels import event_record
from synth.engine.layer import Layer
from synth.parameters.errors import InputError
from synth.parameters.tables import TINGLE

_SOURCES = {
    "note": messages.NOTE_ON,
    "cc": messages.CONTROL,
    "nrpn": messages.NRPN,
    "rpn": messages.RPN,
    "program": messages.PROGRAM,
    "pressure": messages.CHANNEL_PRESSURE,
    "key_pressure": messages.POLY_PRESSURE,
    "bend": messages.BEND,
}
_REMEMBERED = 8
_EVERY_PORT = (1 << PORTS) - 1
_UNKNOWN = -1.0


class MidiMap:
    """Plugs one preset's mapping into an engine.

    Parameters
    ----------
    engine : plays it.
    mapping : the preset's.
    layers : the preset's layers in the engine, by name.
    ports : names of the ports that are there, by number.

    Attributes
    ----------
    number : by which the engine tells what this map asks for from what another one does.
    """

    def __init__(self, engine: Engine, mapping: Mapping, layers: Table[str, Layer], ports: Table[int, str]) -> None:
        self._bindings: tuple[NoteBinding | ControlBinding | ActionBinding, ...] = (
            *mapping.notes,
            *mapping.controls,
            *mapping.actions,
        )
        if len(self._bindings) > does.BINDINGS:
            raise InputError(f"{len(self._bindings)} MIDI bindings; at most {does.BINDINGS}")
        rows = np.zeros(len(self._bindings), does.BINDING)
        for row, binding in zip(rows, self._bindings, strict=True):
            _listen(row, binding.source)
            _WRITERS[type(binding)](row, binding, layers)
        self.number, self._rows = engine.map(rows, mapping.clock)
        self.plug(ports)

    def plug(self, ports: Table[int, str]) -> None:
        """Take note of the ports that are there now."""
        for row, binding in zip(self._rows, self._bindings, strict=True):
            row["ports"] = _mask(binding.source.port, ports)

    @property
    def size(self) -> int:
        """How many bindings there are."""
        return len(self._bindings)

    def action(self, index: int) -> ActionBinding | None:
        """Return the action that the quantum asks for by its index."""
        action = self._bindings[index] if 0 <= index < len(self._bindings) else None
        return action if isinstance(action, ActionBinding) else None


class MidiMaps:
    """The maps of late: what one of them has asked for may be done only when the next one plays already."""

    def __init__(self) -> None:
        self._maps: dict[int, MidiMap] = {}

    def add(self, midi_map: MidiMap) -> None:
        """Take note of a map that plays from now on."""
        self._maps[midi_map.number] = midi_map
        for number in list(self._maps)[:-_REMEMBERED]:
            del self._maps[number]

    def plug(self, ports: Table[int, str]) -> None:
        """Tell the newest of ports that came or went."""
        for midi_map in list(self._maps.values())[-1:]:
            midi_map.plug(ports)

    def actions(self, engine: Engine) -> Iterator[ActionBinding]:
        """Yield what is asked for, in order, each by the map that asked for it."""
        for number, index, _ in engine.asked():
            action = self._maps[number].action(index) if number in self._maps else None
            if action is not None:
                yield action


def _mask(wanted: str, ports: Table[int, str]) -> int:
    """Return a bit for each port of whose name `wanted` is a part."""
    if not wanted:
        return _EVERY_PORT
    return sum(1 << number for number, name in ports.items() if wanted.lower() in name.lower())


def _listen(row: Any, source: Source) -> None:
    row["source"], row["channel"] = _SOURCES[source.kind], source.channel - 1
    row["low"], row["high"] = source.low, source.high
    row["position"] = _UNKNOWN


def _aim(row: Any, strip: Strip) -> None:
    row["layer"], row["generation"] = strip.index, strip.generation


def _write_note(row: Any, binding: NoteBinding, layers: Table[str, Layer]) -> None:
    row["does"] = does.STRIKE_LAYER
    _aim(row, layers[binding.layer])
    row["root"] = -1 if binding.root is None else binding.root
    row["begin"], row["end"] = binding.velocity
    row["exponent"] = binding.curve


def _write_control(row: Any, binding: ControlBinding, layers: Table[str, Layer]) -> None:
    strip = strips_of(layers.values())[binding.layer]
    row["does"] = does.MOVE_MASTER if strip is THE_MASTER else does.MOVE_LAYER
    _aim(row, strip)
    row["slot"], parameter = strip.slot(binding.path)
    row["begin"], row["end"] = binding.low, binding.high
    row["is_discrete"] = bool(parameter.choices)
    row["is_exponential"] = (binding.curve or parameter.curve) == "exp" and min(binding.low, binding.high) > 0
    row["takeover"] = TAKEOVERS.index(binding.takeover)
    if strip is THE_MASTER and binding.path == TINGLE.name:
        row["takeover"] = TAKEOVERS.index("jump")  # a hold is where the hand is: there is nothing to wait for
    row["relative"] = RELATIVES.index(binding.relative) + 1 if binding.relative else does.ABSOLUTE


def _write_action(row: Any, binding: ActionBinding, layers: Table[str, Layer]) -> None:
    command = COMMANDS[binding.do]
    if command.quantum_kind is None:
        row["does"] = does.ASK
        return
    row["does"], row["event_kind"] = does.SEND_EVENT, getattr(event_record, command.quantum_kind)
    row["event_switch"] = event_record.TOGGLE if command.argument is SWITCH else event_record.ON


_WRITERS: dict[type, Any] = {NoteBinding: _write_note, ControlBinding: _write_control, ActionBinding: _write_action}
