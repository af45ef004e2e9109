"""A catch: how a nail or a bristle that bends follows the hand.  hand's way -> stuck, bent -> slips -> the tip's speed.

Dragged over a rough surface a tip sticks while what holds it bends, lets go, and catches up within a short way: a hard start,
fast and so bright, then slower and darker. All of it is reckoned in way, not in time: drawn twice as fast, it is the same path.
"""

from __future__ import annotations

import numpy as np

from synth.dsp import noise
from synth.rt import kernel

CATCH = np.dtype(
    [
        ("rng", "u8"),
        ("left_m", "f8"),  # of the hand's way until the tip lets go
        ("bent_m", "f8"),  # how far the tip is behind
        ("freed_m", "f8"),  # how much of that it may catch up now ...
        ("speed", "f8"),  # ... and how fast it does, in the hand's speeds
        ("tip", "f8"),  # the tip's speed, in the hand's ...
        ("step", "f8"),  # ... and how it glides
    ],
    align=True,
)
_EVERY = 8
_SHORTEST = 0.25  # of the mean way between two slips
_LONGEST = 2.0  # then friction gives way in any case
_PER_RISE = 1.0 / 0.15  # a slip's length over the way in which it sets in: a tip has a mass


@kernel
def start(catch, seed, apart_m):
    """Begin somewhere between two slips, with a stream of its own."""
    catch.rng = seed
    catch.left_m = apart_m * noise.uniform(catch)
    catch.tip = catch.step = 0.0


@kernel
def follow(catch, step_m, hold, apart_m, per_slip_m):
    """Return the tip's speed in the hand's speeds after a step of the hand; its mean over the way is 1.

    hold : 0..1, share of the hand's way that a stuck tip stays behind.
    apart_m : the hand's way between two slips on average.
    per_slip_m : one over the way in which a slip dies away (by 1/e).
    """
    catch.left_m -= step_m
    catch.bent_m += hold * step_m
    if catch.left_m <= 0.0:
        catch.freed_m += catch.bent_m
        catch.bent_m = 0.0
        catch.left_m += apart_m * (_SHORTEST + (1.0 - _SHORTEST) * min(noise.exponential(catch), _LONGEST))
    way = min(step_m * per_slip_m, 1.0)
    part = _part(way)
    goal = catch.freed_m * part * per_slip_m
    catch.freed_m -= way * part * catch.freed_m
    way = min(way * _PER_RISE, 1.0)
    catch.speed += way * _part(way) * (goal - catch.speed)
    return 1.0 - hold + catch.speed


@kernel
def glide(catch, frame, step_m, hold, apart_m, per_slip_m):
    """Return the tip's speed at a frame, as `follow` does; it is looked up every 8 frames and glides between.

    A slip sets in within 0.2 mm: 1 ms under a quick hand.
    """
    if frame % _EVERY == 0:
        catch.step = (follow(catch, _EVERY * step_m, hold, apart_m, per_slip_m) - catch.tip) / _EVERY
    catch.tip += catch.step
    return catch.tip


@kernel
def _part(x):
    """Return (1 - exp(-x)) / x up to x = 1, within 1 %, and never by dividing."""
    return 1.0 - x * (0.5 - x * (0.1667 - 0.035 * x))
