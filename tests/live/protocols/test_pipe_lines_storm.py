"""A storm of lines, a million in `make soak`: never an exception, nothing changed that was not named, every rejection counted."""

from __future__ import annotations

import os
from contextlib import closing

from tests.support.lines_storm import Storm
from tests.support.sizes import short_and_long

KINDS = {
    *("no UTF-8", "no JSON", "no frame", "no time", "no preset", "double key", "too long"),
    *("another space", "unknown path", "unknown layer", "wrong value", "wrong length", "wrong act"),
}


@short_and_long("lines", 4_000, 1_000_000)
def test_each_line_does_what_the_oracle_says_or_is_refused_as_its_kind(lines: int) -> None:
    with closing(Storm(seed=2)) as storm:
        storm.run(lines)
        assert set(storm.kinds) == KINDS
        assert len(storm.told) == len(KINDS)
        assert storm.used > lines / 10


def test_lines_through_a_pipe_are_all_counted() -> None:
    """The same door, read by its own thread: as many lines as were sent, none of them fatal."""
    with closing(Storm(seed=3)) as storm, storm.endpoint as endpoint:
        for _ in range(50):
            os.write(storm.pipe, b"".join(storm.line() + b"\n" for _ in range(100)))
        os.write(storm.pipe, b'{"values": {}}')
        os.close(storm.pipe)
        endpoint._thread.join(60)
        assert endpoint.has_ended
        assert endpoint.stats["lines"] == 5001
        assert endpoint.stats["frames"] > 500
        assert len(storm.told) == len(endpoint.rejections.counts) + 1
        storm.pipe = os.open(os.devnull, os.O_RDONLY)
