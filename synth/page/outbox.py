"""An outbox: what waits to be sent to one page, and never more than it holds.  messages, frames -> in order, the newest frame.

Of status frames only the newest waits, of values the newest of each path. A page that reads so slowly that its messages find no
room is told nothing more: it connects again, and then gets everything anew.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from typing import Any

MOST_MESSAGES, MOST_ANSWERS = 128, 32
"""That wait for one page; answers to refused lines are left out long before its own state is."""


class Outbox:
    """Messages for one page; the server's event loop alone uses it.

    Attributes
    ----------
    is_full : whether a message found no room: what the page knows is not true any more.
    answers_left_out : how many refusals were not told.
    """

    def __init__(self) -> None:
        self._messages: deque[str] = deque()
        self._values: dict[str, float] = {}
        self._frame: bytes | None = None
        self._has_come = asyncio.Event()
        self.is_full = False
        self.answers_left_out = 0

    def put(self, message: Mapping[str, Any]) -> None:
        """Add a message; values that wait go before it."""
        self._flush_values()
        self._add(message)
        self._has_come.set()

    def put_values(self, values: Mapping[str, float]) -> None:
        """Let values by path take the place of those that wait."""
        self._values.update(values)
        self._has_come.set()

    def put_frame(self, frame: bytes) -> None:
        """Let a status frame take the place of the one that waits."""
        self._frame = frame
        self._has_come.set()

    def answer(self, message: Mapping[str, Any]) -> None:
        """Add an answer if few messages wait."""
        if len(self._messages) < MOST_ANSWERS:
            self.put(message)
        else:
            self.answers_left_out += 1

    def _add(self, message: Mapping[str, Any]) -> None:
        if len(self._messages) < MOST_MESSAGES:
            self._messages.append(json.dumps(message, allow_nan=False, separators=(",", ":")))
        else:
            self.is_full = True

    def _flush_values(self) -> None:
        if self._values:
            self._add({"values": self._values})
            self._values = {}

    async def get(self) -> str | bytes | None:
        """Wait for what is to be sent next: messages, values, then the frame; None: it is full, and this was the end."""
        while not (self._messages or self._values or self._frame or self.is_full):
            self._has_come.clear()
            await self._has_come.wait()
        if self.is_full:
            return None
        if not self._messages:
            self._flush_values()
        if self._messages:
            return self._messages.popleft()
        frame, self._frame = self._frame, None
        return frame
