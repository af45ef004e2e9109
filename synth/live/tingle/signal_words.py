"""Signals in words: what of the listener is taken in, and from where.  "heart=ble", "hold=pressure" -> SignalWord.

Each is asked for by itself: what nobody names is not listened to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from synth.control.midi.mapping import MODES_FROM, SELECTORS, ControlBinding, Mapping, Source
from synth.io.signals.heart_rate import HeartRate
from synth.io.signals.lsl import open_lsl
from synth.io.signals.sample import Deliver, Say, Signal
from synth.parameters.errors import InputError, unknown
from synth.parameters.paths import MASTER
from synth.parameters.tables import TINGLE

HOLD, HEART, SKIN = "hold", "heart", "skin"
KINDS = {
    HOLD: "how strongly it tingles, 0 .. 1",
    HEART: "heart rate",
    SKIN: "skin conductance",
}
FORMS = {HOLD: ("pressure", "cc:NUMBER", "lsl:NAME"), HEART: ("ble", "ble:ADDRESS", "lsl:NAME"), SKIN: ("lsl:NAME",)}
"""Where each may come from."""
_LSL, _BLE, _CC, _PRESSURE = "lsl:", "ble", "cc:", "pressure"
Open = Callable[[Deliver, Say], Signal]


@dataclass(frozen=True)
class SignalWord:
    """One signal: its kind, and its sender as it was named.

    Attributes
    ----------
    open : what begins to listen; None: a controller, which the engine hears by itself.
    control : the controller; None: none.
    """

    kind: str
    sender: str
    open: Open | None = None
    control: Source | None = None


def signals_from(texts: Iterable[str]) -> tuple[SignalWord, ...]:
    """Return the signals that "KIND=SENDER" texts ask for.

    Raises
    ------
    InputError
        If a kind or a sender is none, or a kind is given twice.
    """
    found: dict[str, SignalWord] = {}
    for text in texts:
        kind, _, sender = text.partition("=")
        if kind not in KINDS:
            raise unknown("signal", kind, KINDS, f"--signal {text}")
        if kind in found:
            raise InputError(f"--signal {text}: {kind} is given twice")
        found[kind] = _word(kind, sender, f"--signal {text}")
    return tuple(found.values())


def _word(kind: str, sender: str, where: str) -> SignalWord:
    if sender.startswith(_LSL) and sender != _LSL:
        return SignalWord(kind, sender, open=open_lsl(sender.removeprefix(_LSL)))
    if kind == HEART and (sender == _BLE or sender.startswith(f"{_BLE}:")):
        address = sender.removeprefix(_BLE).removeprefix(":")
        return SignalWord(kind, sender, open=lambda deliver, say: HeartRate(address, deliver, say))
    if kind == HOLD and sender == _PRESSURE:
        return SignalWord(kind, sender, control=Source("pressure"))
    number = sender.removeprefix(_CC)
    if kind == HOLD and sender.startswith(_CC) and number.isascii() and number.isdecimal() and _is_controller(int(number)):
        return SignalWord(kind, sender, control=Source("cc", int(number), int(number)))
    raise InputError(f"{where}: {kind} comes from {', '.join(FORMS[kind])}; NUMBER is 0 .. {MODES_FROM - 1}")


def _is_controller(number: int) -> bool:
    return number < MODES_FROM and number not in SELECTORS


def with_hold(mapping: Mapping, control: Source | None) -> Mapping:
    """Return a preset's mapping with a controller that says the hold; it does nothing else meanwhile."""
    if control is None:
        return mapping
    others = tuple(each for each in mapping.controls if not each.source.meets(control))
    actions = tuple(each for each in mapping.actions if not each.source.meets(control))
    own = ControlBinding(control, MASTER, TINGLE.name, float(TINGLE.low), float(TINGLE.high), takeover="jump")
    return replace(mapping, controls=(own, *others), actions=actions)
