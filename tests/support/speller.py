"""A trigger that spells: a pulse at the beginning of each phone that it says, as high as the phone's number."""

from __future__ import annotations

import numpy as np

from synth.dsp import emitter
from synth.dsp.phone import END
from synth.rt import kernel
from synth.rt.units import F32, QUANTUM
from synth.trigger import Trigger

PULSE = 1e-3
"""How high the pulse of phone number 1 is."""


@kernel
def _begin(state, params, velocity, sample_rate):
    """Nothing is said yet."""
    state.said_s = 0.0


@kernel
def _spell(state, params, gate, sample_rate, emitters, start, stop):
    """Say one phone after the other, each for its length in whole quanta."""
    emitter.hold(emitters, 0, emitter.DRY_LEFT, 0.0, 0.0, 0.0)
    if start > 0:
        return
    if state.is_saying:
        state.said_s += QUANTUM / sample_rate
        if state.said_s >= emitters.phone[0].seconds - 1e-6:
            state.is_saying = 0
            emitters.said += 1
    elif emitters.phone[0].number != END:
        state.is_saying = 1
        state.said_s = 0.0
        emitters.slot[0].out[0] += F32(PULSE * emitters.phone[0].number)


TRIGGER = Trigger(
    "speller",
    (),
    np.dtype([("rng", "u8"), ("said_s", "f8"), ("is_saying", "i8")], align=True),
    _begin,
    _spell,
    tail_s=5,
    voices=2,
    text="a b",
)
