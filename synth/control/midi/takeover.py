"""Takeover: what happens when a knob is not where its number is.  position, the number's own place -> new place, or not yet.

A knob that was left at one end must not throw a number there when it is touched. JUMP lets it; PICKUP waits until the knob passes
the number; SCALE moves the number at once in the knob's direction, in proportion to the way that both have left, so they meet at
the end (Ableton Live's "None", "Pick-Up" and "Value Scaling").
"""

from __future__ import annotations

from synth.rt import kernel

JUMP, PICKUP, SCALE = range(3)
NAMES = ("jump", "pickup", "scale")
NOT_YET = -1.0
_CLOSE = 1.5 / 127.0
"""A 7-bit knob turned slowly passes a number at least this near."""


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
