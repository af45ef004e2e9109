"""Mapping: what a key or a controller plays.  MESSAGE, table of BINDING records -> position -> takeover -> number.

A binding's two ends are numbers in the parameter's own unit, the way from one to the other is straight or in equal ratios.

Takeover is what happens when a knob is not where its number is: left at one end, it must not throw the number there when it is
touched. JUMP lets it; PICKUP waits until the knob passes the number; SCALE moves the number at once in the knob's direction, in
proportion to the way that both have left, so they meet at the end (Ableton Live's "None", "Pick-Up" and "Value Scaling").
"""

from __future__ import annotations

import math

import numpy as np

from synth.control.midi import messages
from synth.rt import kernel

BINDINGS = 256
MAPS = 4
"""Tables of them: one counts, and as many as may be made before the next quantum are written meanwhile."""
STRIKE_LAYER, MOVE_LAYER, MOVE_MASTER, SEND_EVENT, ASK = range(5)
"""What a binding does: strike a layer's notes, move one of its numbers or the master's; as a button, send an event of its own,
or ask the Python side for what only that can do."""
ABSOLUTE, TWOS, OFFSET, SIGN = range(4)
"""What a controller's bytes mean: a position, or for endless encoders steps (two's complement, around 64, or bit 6 for down)."""
JUMP, PICKUP, SCALE = range(3)
"""A binding's takeover."""
NOT_YET = -1.0
_STEP = 1.0 / 127.0
_CLOSE = 1.5 / 127.0
"""A 7-bit knob turned slowly passes a number at least this near."""

BINDING = np.dtype(
    [
        ("source", "i4"),  # a kind of message; both kinds of controller are CONTROL, steps of an NRPN are NRPN
        ("channel", "i4"),  # 0..15, -1: any
        ("ports", "i8"),  # a bit each
        ("low", "i4"),
        ("high", "i4"),  # numbers from .. to
        ("does", "i4"),
        ("layer", "i4"),
        ("generation", "i8"),
        ("slot", "i4"),
        ("root", "i4"),  # STRIKE_LAYER: the key that sounds untransposed, -1: every one
        ("begin", "f8"),  # the number, or the velocity, at the controller's low end ...
        ("end", "f8"),  # ... and at its high end
        ("exponent", "f8"),  # of the velocity
        ("is_exponential", "i4"),
        ("is_discrete", "i4"),
        ("takeover", "i4"),
        ("relative", "i4"),
        ("is_caught", "i4"),
        ("is_down", "i4"),  # SEND_EVENT, ASK: a button acts when it goes down
        ("event_kind", "i4"),  # SEND_EVENT: what is sent ...
        ("event_switch", "i4"),  # ... and how it switches
        ("position", "f8"),  # where the controller was last, -1: unknown
        ("sent", "f8"),  # the number it gave last ...
        ("sent_frame", "i8"),  # ... and when
    ],
    align=True,
)


@kernel
def source_of(kind):
    """Return the source that a kind of message belongs to."""
    if kind == messages.CONTROL_14:
        return messages.CONTROL
    if kind == messages.NRPN_STEP:
        return messages.NRPN
    if kind == messages.RPN_STEP:
        return messages.RPN
    return kind


@kernel
def concerns(binding, port, message):
    """Whether a message is one that the binding listens to."""
    is_there = (binding.ports >> port) & 1 and (binding.channel < 0 or binding.channel == message.channel)
    return is_there and binding.source == source_of(message.kind) and binding.low <= message.number <= binding.high


@kernel
def number_at(binding, position):
    """Return the number at a controller's position 0..1."""
    if binding.is_exponential:
        number = binding.begin * math.exp(position * math.log(binding.end / binding.begin))
    else:
        number = binding.begin + position * (binding.end - binding.begin)
    return float(round(number)) if binding.is_discrete else number


@kernel
def position_of(binding, number):
    """Return the controller's position 0..1 at which it would give a number, the nearest end for one outside."""
    if binding.begin == binding.end:
        return 0.0
    if binding.is_exponential:
        position = math.log(max(number, 1e-12) / binding.begin) / math.log(binding.end / binding.begin)
    else:
        position = (number - binding.begin) / (binding.end - binding.begin)
    return min(max(position, 0.0), 1.0)


@kernel
def take_over(binding, position, own):
    """Return where a number goes when its controller moves, or `NOT_YET`.

    Parameters
    ----------
    binding : record with `takeover`, `is_caught` and `position`, the controller's last place (-1: unknown); both are updated.
    position : 0..1, where the controller is now.
    own : 0..1, where the number is now.
    """
    before = binding.position
    binding.position = position
    if binding.takeover == JUMP:
        binding.is_caught = 1
    if binding.is_caught:
        return position
    has_met = abs(position - own) <= _CLOSE or (before >= 0.0 and (before - own) * (position - own) <= 0.0)
    if has_met:
        binding.is_caught = 1
        return position
    if binding.takeover == PICKUP or before < 0.0:
        return NOT_YET
    if position > before:
        return own + (position - before) * (1.0 - own) / (1.0 - before)
    if position < before:
        return own + (position - before) * own / before
    return own


@kernel
def steps(binding, value):
    """Return how many steps an endless encoder's value 0..1 (of 127) says, up or down."""
    byte = int(value * 127.0 + 0.5)
    if binding.relative == TWOS:
        return byte if byte < 64 else byte - 128
    if binding.relative == OFFSET:
        return byte - 64
    return byte if byte < 64 else 64 - byte


@kernel
def stepped(binding, own, count):
    """Return the place 0..1 that so many steps of an encoder lead to; among choices a step is one choice, however small."""
    step = _STEP
    if binding.is_discrete and binding.begin != binding.end:
        step = 1.0 / abs(binding.end - binding.begin)
        count = count if count == 0.0 else math.copysign(max(abs(count), 1.0), count)
    return min(max(own + count * step, 0.0), 1.0)


@kernel
def velocity(binding, value):
    """Return the velocity that a key's own 0..1 stands for."""
    return min(max(binding.begin + (binding.end - binding.begin) * value**binding.exponent, 0.0), 1.0)
