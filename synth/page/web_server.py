"""A thread with an event loop of its own that serves one application behind the gate.  ASGI application -> address to open."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from synth.control.rejections import Rejections
from synth.page.access import BACKLOG, listening, url_of
from synth.page.door import Door, Window
from synth.page.gate import Gate
from synth.page.page_socket import LONGEST_BYTES

_END_S = 5.0
_PING_S = 20.0  # keeps proxies from closing what is quiet


class WebServer:
    """Listens from the beginning, and answers while the `with` block runs.

    Parameters
    ----------
    app : what is served. background : runs beside it in the event loop, until that ends.
    host, port : where it listens; port 0: any that is free.
    token : the first part of every path.
    rejections : what could not be used, summed up at the end.

    Attributes
    ----------
    url : what to open.

    Raises
    ------
    InputError
        If nobody can listen there.
    """

    def __init__(
        self,
        app: ASGIApp,
        background: Callable[[], Coroutine[Any, Any, None]],
        host: str,
        port: int,
        token: str,
        rejections: Rejections,
    ) -> None:
        self._background, self._rejections = background, rejections
        self._listener = listening(host, port)
        self.url = url_of(self._listener, host, token)
        config = uvicorn.Config(
            Gate(app, self._listener.getsockname()[0], host, token),
            http=Door,
            ws=Window,
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",  # what strangers send is no business of stderr's
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws_max_size=LONGEST_BYTES,
            ws_ping_interval=_PING_S,
            ws_ping_timeout=None,  # an answer may wait behind a flood; who is gone takes nothing, and that is seen
            ws_per_message_deflate=False,
            backlog=BACKLOG,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._has_begun = threading.Event()
        self._thread = threading.Thread(target=self._run, name="synth page", daemon=True)

    def __enter__(self) -> WebServer:
        self._process = os.getpid()
        self._thread.start()
        self._has_begun.wait(_END_S)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if os.getpid() == self._process:  # a forked child: socket and thread are its parent's
            self._server.should_exit = True
            self._thread.join(_END_S)
            self._rejections.sum_up()

    def close(self) -> None:
        """Listen no more; for one that never began, too."""
        self._listener.close()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        background = asyncio.create_task(self._background())
        asyncio.get_running_loop().call_soon(self._has_begun.set)
        try:
            await self._server.serve(sockets=[self._listener])
        finally:
            background.cancel()
