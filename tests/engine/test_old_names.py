"""Names of the version before: they work in this one still."""

from __future__ import annotations

from synth.engine.engine import Engine
from synth.live.session_stream import SessionStream

COUNTERS = {"fouled": "corrupt", "not_numbers": "non_finite", "joined": "merged", "pins": "syncs"}


def test_the_engines_methods_are_found_under_their_old_names() -> None:
    assert (Engine.give_back, Engine.furnish) == (Engine.release_override, Engine.set_room)


def test_a_streams_counters_are_told_under_their_old_names_too() -> None:
    engine, follows = Engine(48000, "sphere"), SessionStream("model")
    engine.add("tap")
    follows.aim(engine)
    assert follows.stream is not None
    for _ in range(3):
        follows.push([[float("nan")] * len(follows.space)])
        engine.process(640)
        for stats in (follows.stats, follows.stream.stats):
            assert {old: stats[old] for old in COUNTERS} == {old: stats[new] for old, new in COUNTERS.items()}
    assert follows.stats["not_numbers"] > 0
