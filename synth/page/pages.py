"""Pages that are open: who is new, and what all are told.  WebSockets -> `PageSocket`; messages -> outboxes.

All of it belongs to the server's event loop, but for `call`, `count` and `new`, which any thread may use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket

from synth.control.rejections import Rejections
from synth.io.net.budget import Budget
from synth.page.page_socket import EACH, TOGETHER, Lines, PageSocket, refuse

MOST_PAGES = 16
Messages = Sequence[Mapping[str, Any]]


class Pages:
    """Talks with pages.

    Parameters
    ----------
    lines_of : makes what does the lines of one page.
    rejections : counts what could not be used.
    """

    def __init__(self, lines_of: Callable[[], Lines], rejections: Rejections) -> None:
        self._lines_of, self._rejections = lines_of, rejections
        self._budget = Budget(EACH, TOGETHER)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open: set[PageSocket] = set()
        self._new: set[PageSocket] = set()  # who has been told nothing yet

    @property
    def count(self) -> int:
        """How many pages are open."""
        return len(self._open)

    @property
    def new(self) -> list[PageSocket]:
        """Those that have been told nothing yet."""
        return list(self._new)

    @property
    def known(self) -> list[PageSocket]:
        """Those that have been told everything."""
        return [page for page in self._open if page not in self._new]

    def begin(self) -> None:
        """Say that this is the event loop."""
        self._loop = asyncio.get_running_loop()

    def call(self, function: Callable[[], None]) -> None:
        """Have the event loop call a function, from another thread."""
        with suppress(RuntimeError, AttributeError):  # the loop has ended
            self._loop.call_soon_threadsafe(function)  # type: ignore[union-attr]

    def hand_out(
        self, told: Messages, new: Sequence[PageSocket], whole: Messages, values: Mapping[str, float] | None = None
    ) -> None:
        """Tell those that know everything what is new, numbers by path among it, and those that are `new` the whole."""
        for page in self.known:
            if values:
                page.outbox.put_values(values)
            for message in told:
                page.outbox.put(message)
        for page in new:
            self._new.discard(page)
            for message in whole:
                page.outbox.put(message)

    async def talk(self, socket: WebSocket) -> None:
        """Talk with a page until it has gone."""
        if len(self._open) >= MOST_PAGES:
            await refuse(socket)
            return
        page = PageSocket(self._lines_of(), self._rejections, self._budget)
        try:
            await page.run(socket, self._greet)
        finally:
            self._open.discard(page)
            self._new.discard(page)

    def _greet(self, page: PageSocket) -> None:
        self._new.add(page)
        self._open.add(page)
