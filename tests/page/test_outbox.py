"""An outbox: order is kept, the newest frame and values stand for those before, and it never holds more than it says."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from synth.page.outbox import MOST_ANSWERS, MOST_MESSAGES, Outbox
from synth.page.playing import newer


async def _all(outbox: Outbox, count: int) -> list[Any]:
    found = [await asyncio.wait_for(outbox.get(), 5) for _ in range(count)]
    return [json.loads(each) if isinstance(each, str) else each for each in found]


def test_only_the_newest_frame_waits_and_messages_go_first() -> None:
    async def run() -> None:
        outbox = Outbox()
        for n in range(100):
            outbox.put_frame(b"%d" % n)
        outbox.put({"said": "a"})
        outbox.put({"said": "b"})
        assert await _all(outbox, 3) == [{"said": "a"}, {"said": "b"}, b"99"]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(outbox.get(), 0.01)

    asyncio.run(run())


def test_values_join_until_a_message_comes_between() -> None:
    async def run() -> None:
        outbox = Outbox()
        outbox.put_values({"a": 1.0, "b": 1.0})
        outbox.put_values({"a": 2.0})
        outbox.put({"preset": "another"})
        outbox.put_values({"a": 3.0})
        assert await _all(outbox, 3) == [{"values": {"a": 2.0, "b": 1.0}}, {"preset": "another"}, {"values": {"a": 3.0}}]

    asyncio.run(run())


def test_a_page_that_takes_nothing_is_at_its_end_when_its_messages_find_no_room() -> None:
    async def run() -> None:
        outbox = Outbox()
        for n in range(MOST_MESSAGES):
            outbox.put({"said": str(n)})
            outbox.put_frame(b"x")
        assert not outbox.is_full
        outbox.put({"said": "one more"})
        assert outbox.is_full
        assert await outbox.get() is None

    asyncio.run(run())


def test_answers_are_left_out_long_before() -> None:
    async def run() -> None:
        outbox = Outbox()
        for _ in range(10_000):
            outbox.answer({"refused": {}})
        assert (outbox.is_full, outbox.answers_left_out) == (False, 10_000 - MOST_ANSWERS)
        assert len(await _all(outbox, MOST_ANSWERS)) == MOST_ANSWERS

    asyncio.run(run())


def test_whoever_waits_is_woken() -> None:
    async def run() -> None:
        outbox = Outbox()
        waiting = asyncio.create_task(outbox.get())
        await asyncio.sleep(0)
        outbox.put_frame(b"x")
        assert await asyncio.wait_for(waiting, 5) == b"x"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        ("", "ab", "ab"),
        ("ab", "ab", ""),
        ("ab", "abc", "c"),
        ("ab", "abab", "ab"),
        ("abc", "bcd", "d"),
        ("abc", "xyz", "xyz"),
        ("aaa", "aaa", ""),
    ],
)
def test_of_lines_that_are_told_again_only_the_newer_are_new(before: str, now: str, new: str) -> None:
    assert newer(tuple(before), tuple(now)) == tuple(new)
