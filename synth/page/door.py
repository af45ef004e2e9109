"""The door: HTTP connections, of which one that is slow on purpose costs little and holds up nobody.

Each has a minute from its beginning to its end, however it spends it. When there are too many, the oldest goes. Little is read at
once, so that whoever sends most has no longer a turn than the others. A WebSocket leaves the door behind.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_AT_ONCE = 32
LONGEST_S = 60.0
_GOODBYE_S = 2.0
_PIECE_BYTES = 8192


class Door(H11Protocol):
    """uvicorn's HTTP connection, with an end."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let it in, and the oldest out if there are too many."""
        if hasattr(transport, "max_size"):  # asyncio's own, of what is read at once
            transport.max_size = _PIECE_BYTES
        self.began_s = self.loop.time()
        super().connection_made(transport)
        doors = sorted((each for each in self.connections if isinstance(each, Door)), key=lambda each: each.began_s)
        for oldest in doors[:-MOST_AT_ONCE]:
            oldest.transport.abort()
        self.end = self.loop.call_later(LONGEST_S, self._end)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget it."""
        self.end.cancel()
        super().connection_lost(error)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Let it stay: a WebSocket is watched by its pings."""
        self.end.cancel()
        super().handle_websocket_upgrade(event)

    def _end(self) -> None:
        self.transport.abort()


class Window(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, whose end does not wait for one that takes nothing."""

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Give what was said last some time to arrive, and no more."""
        super().on_task_complete(task)
        self.loop.call_later(_GOODBYE_S, self.transport.abort)
