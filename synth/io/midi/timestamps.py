"""Time stamps of a MIDI port.  deltas from the driver, arrivals on the session's clock -> stamps free of the poll's jitter.

The driver's deltas are exact but belong to another clock; arrivals are on the right clock but late by however long Python was
held up. The sum of the deltas plus an offset is the stamp. Nothing arrives before it is sent, so the offset is the least
(arrival - sum) seen.
"""

from __future__ import annotations

from math import inf

RISE = 200e-6  # how fast the offset may grow: crystals differ by up to 100 ppm each
SLACK_S = 0.02  # how long a message may wait between the driver's stamp and the queue, the driver's thread being held up


class Timestamps:
    """Stamps the messages of one port, in their order."""

    def __init__(self) -> None:
        self._sum_s = 0.0
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._offset_s, self._arrival_s, self._stamp_s = inf, -inf, -inf

    def stamp(self, delta_s: float, arrival_s: float, empty_s: float) -> float:
        """Return when a message came in, on the clock of the arrivals.

        Parameters
        ----------
        delta_s : seconds since the message before it, as the driver measured; 0 for the first.
        arrival_s : when it was fetched.
        empty_s : when the port's queue was last seen empty: the message came after that, give or take `SLACK_S`.

        Returns
        -------
        time_s : never before the last stamp, never after `arrival_s`. If the arrivals' clock is set back, stamps begin anew.
        """
        if arrival_s < self._arrival_s:
            self._begin_anew()
        elapsed_s = arrival_s - self._arrival_s
        self._sum_s += delta_s
        self._offset_s = min(self._offset_s + RISE * elapsed_s, arrival_s - self._sum_s)
        if self._sum_s + self._offset_s < empty_s - SLACK_S:  # deltas were lost, or the clock was set forward
            self._offset_s = min(empty_s, arrival_s) - self._sum_s
        self._arrival_s = arrival_s
        self._stamp_s = max(self._stamp_s, min(self._sum_s + self._offset_s, arrival_s))
        return self._stamp_s
