"""Time tags: 2^-32 seconds since 1900, by whatever clock the sender has.  tag -> seconds since the stream's start."""

from __future__ import annotations

from synth.control.stream.stream import Stream
from synth.live.protocols.osc.packet import TAGS_A_SECOND

_ANOTHER_CLOCK_S = 1e6


class Origin:
    """The tag of stamp 0: the first one, or that of `/synth/start`.

    The first stamp of all, and the first after a stall, is synced to its arrival by the stream. A new origin in between is
    brought to its arrival here.
    """

    def __init__(self) -> None:
        self._tag: int | None = None
        self._shift_s = 0.0

    def move(self, tag: int, stream: Stream | None) -> None:
        """Let a tag be stamp 0."""
        is_first = self._tag is None  # stamp 0, even where the contract gives its frame
        now_s = None if is_first or stream is None else stream.time_s
        self._tag, self._shift_s = tag, now_s or 0.0

    def time_s(self, tag: int, stream: Stream) -> float:
        """Return a tag as a stamp; a clock that has jumped by days begins anew."""
        if self._tag is None or abs(tag - self._tag) > _ANOTHER_CLOCK_S * TAGS_A_SECOND:
            self.move(tag, stream)
        assert self._tag is not None
        return (tag - self._tag) / TAGS_A_SECOND + self._shift_s
