"""Tapping along: how late an answer comes, measured.  clicks at known frames -> taps that take effect -> median, spread.

Whoever taps along a steady beat taps with it, mostly a little before (a few hundredths of a second: Repp, "Sensorimotor
synchronization", 2005); so what lies between a click's frame and its tap's is the way to the ears and back, wireless or not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.engine.engine import Engine
from synth.engine.layer import Layer
from synth.live.tingle.alignment import Latency
from synth.parameters.errors import InputError
from synth.trigger import TRIGGERS

CLICKS = 12
PERIOD_S = 0.8
"""75 beats a minute: slow enough that a tap half a second late belongs to one click only, and easy to tap to."""
FIRST_S = 1.0
EARLIEST_S = -0.25
"""Of a tap, against its click; the latest is this and one period."""
LEAST_TAPS = 8
MOST_SPREAD_S = 0.06
"""Taps of people without training scatter by about 0.03 s; beyond twice that they did not follow."""
_MAD = 1.4826  # of a normal distribution: median of the distances from the median -> standard deviation
_LOOK_S = 0.02
_CLASS = "tap_glass"
"""Of real recordings: what stands for it begins within a millisecond, and rings high enough for any headphone."""
_DISTANCE_M = 0.3


def offset_of(clicks: Sequence[int], taps: Sequence[int], sample_rate: float) -> Latency:
    """Return how late taps come after clicks; one tap a click, the one nearest to the others.

    Parameters
    ----------
    clicks : frames, a steady beat.
    taps : frames at which taps took effect.

    Raises
    ------
    InputError
        If there are too few taps, or they do not follow the clicks.
    """
    late_s = _after_their_clicks(np.asarray(clicks), np.asarray(taps, np.int64), sample_rate)
    if len(late_s) < LEAST_TAPS:
        raise InputError(
            f"{len(late_s)} taps along {len(clicks)} clicks; {LEAST_TAPS} are needed: tap with each click that you hear"
        )
    median_s = float(np.median(late_s))
    spread_s = _MAD * float(np.median(np.abs(late_s - median_s)))
    if spread_s > MOST_SPREAD_S:
        raise InputError(
            f"the taps scatter by {1000 * spread_s:.0f} ms, allowed: {1000 * MOST_SPREAD_S:.0f} ms; try again, with the beat"
        )
    return Latency(round(median_s, 6), round(spread_s, 6), len(late_s), date.today().isoformat())


def _after_their_clicks(
    clicks: npt.NDArray[np.int64], taps: npt.NDArray[np.int64], sample_rate: float
) -> npt.NDArray[np.float64]:
    """Return by how many seconds the first tap of each click follows it."""
    found = []
    for click in clicks:
        late_s = (taps - click) / sample_rate
        own = late_s[(late_s >= EARLIEST_S) & (late_s < EARLIEST_S + PERIOD_S)]
        found += own[:1].tolist()
    return np.array(found)


def tap_along(
    engine: Engine, attend: Callable[[float], bool], told: Callable[[int], None] = lambda number: None, clicks: int = CLICKS
) -> Latency:
    """Play clicks on an engine that plays live, and return how late the holds that answer them come.

    Parameters
    ----------
    attend : called all the time with the seconds that it may take: brings taps in; False: it is to end.
    told : told the number of the click that is due, from 1.
    clicks : how many.

    Raises
    ------
    InputError
        If it was ended, or the taps say nothing; see `offset_of`.
    """
    period = round(PERIOD_S * engine.sample_rate)
    layer = _clicker(engine)
    first = engine.frame + round(FIRST_S * engine.sample_rate)
    frames = [first + period * number for number in range(clicks)]
    for frame in frames:
        engine.release(engine.strike(layer, 1.0, at=frame), at=frame + period // 2)
    end, number = frames[-1] + period + round(-EARLIEST_S * engine.sample_rate), 0
    try:
        while engine.frame < end:
            if not attend(_LOOK_S):
                raise InputError("calibration was ended; nothing was measured")
            if number < clicks and engine.frame >= frames[number]:
                number += 1
                told(number)
    finally:
        engine.remove(layer)
    engine.attend()
    return offset_of(frames, taps_in(engine, first), engine.sample_rate)


def _clicker(engine: Engine) -> Layer:
    """Add a layer that clicks, in front of the head."""
    for trigger in TRIGGERS.values():
        if choices := trigger.classes.get(_CLASS):
            values: dict[str, Any] = {p.name: choice for p in trigger.parameters for choice in choices if choice in p.choices}
            return engine.add(trigger.name, distance_m=_DISTANCE_M, **values)
    raise InputError(f"no trigger stands for the class {_CLASS}: nothing clicks")


def taps_in(engine: Engine, since: int) -> list[int]:
    """Return the frames at which a hold began."""
    frames, amounts = engine.holds.steps
    begins = (amounts > 0) & (np.concatenate([[0.0], amounts[:-1]]) == 0)
    return [int(frame) for frame in frames[begins] if frame >= since - engine.sample_rate]


def wait(seconds: float) -> bool:
    """Let time pass: taps come by themselves, from a controller."""
    time.sleep(seconds)
    return True
