"""The socket of one page: lines in, messages and status frames out.  WebSocket <-> `PageLines`, `Outbox`.

Whoever sends more than is heard waits: what it sends stays in its own connection. So a flood costs a known share of the time, and
no memory.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from synth.control.rejections import Refused, Rejections, printable, worded
from synth.io.net.budget import Allowance, Budget
from synth.page.outbox import Outbox

LONGEST_BYTES = 1 << 16
"""Of one message, which may hold several lines."""
EACH, TOGETHER = Allowance(1000.0, 2000.0), Allowance(2000.0, 4000.0)
"""Lines a second that are heard of one page, and of all; and how many at once. Each costs up to 0.4 ms of Python's one thread."""
_BYTES_A_LINE = 2048.0  # a longer one counts as several
_REST_S = 0.02
_WATCH_S = 0.25
_GOODBYE_S = 1.0
_SEND_S = 10.0  # a page that takes nothing for so long is gone
_TRY_AGAIN = 1013


class Lines(Protocol):
    """Does what the lines of one page say."""

    def do(self, text: bytes) -> None:
        """Do a line; raises `Refused` if it cannot be used."""

    def watch(self) -> None:
        """Take back what was not said again; called a few times a second."""

    def leave(self) -> None:
        """Take back what only this page could end: it has gone."""


class PageSocket:
    """One page that is open.

    Parameters
    ----------
    lines : does what it says.
    rejections : counts what could not be used, of all pages.
    budget : what all pages may cost.

    Attributes
    ----------
    outbox : what it is told.
    """

    def __init__(self, lines: Lines, rejections: Rejections, budget: Budget) -> None:
        self.outbox = Outbox()
        self._lines, self._rejections, self._budget = lines, rejections, budget

    async def run(self, socket: WebSocket, opened: Callable[[PageSocket], None]) -> None:
        """Talk until one of the two ends; `opened` is called when the page listens."""
        await socket.accept()
        opened(self)
        tasks = [asyncio.create_task(work) for work in (self._hear(socket), self._tell(socket), self._watch())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._lines.leave()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(Exception):  # whoever has gone needs no goodbye, and who takes nothing does not hear it
                await asyncio.wait_for(socket.close(_TRY_AGAIN), _GOODBYE_S)

    async def _tell(self, socket: WebSocket) -> None:
        while (message := await self.outbox.get()) is not None:
            sent = socket.send_bytes(message) if isinstance(message, bytes) else socket.send_text(message)
            await asyncio.wait_for(sent, _SEND_S)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_S)
            self._lines.watch()

    async def _hear(self, socket: WebSocket) -> None:
        while (message := await socket.receive())["type"] == "websocket.receive":
            data = message.get("bytes") or (message.get("text") or "").encode()
            for line in data.split(b"\n"):
                await self._pay(1.0 + len(line) / _BYTES_A_LINE)
                if line.strip():
                    self._take(line)

    async def _pay(self, cost: float) -> None:
        """Wait until so much more may be heard, and let others have their turn."""
        await asyncio.sleep(0)
        while not self._budget.take(id(self), cost):
            await asyncio.sleep(_REST_S)

    def _take(self, line: bytes) -> None:
        try:
            self._lines.do(line)
        except Refused as refused:
            self._refuse(refused.kind, worded(refused.why))
        except Exception as error:  # whatever a session throws, the page stays
            self._refuse("failed", f"{type(error).__name__}: {error}")

    def _refuse(self, kind: str, why: str) -> None:
        self._rejections.add(kind, why)
        self.outbox.answer({"refused": {"kind": kind, "why": printable(why)}})


async def refuse(socket: WebSocket) -> None:
    """Tell a page that there are too many already."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.accept()
        await socket.send_text(json.dumps({"refused": {"kind": "too many", "why": "too many pages are open; close one"}}))
        await socket.close(_TRY_AGAIN)
