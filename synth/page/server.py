"""The served page: a thread with an event loop of its own, between pages in browsers and the session that plays.

GET -> static files, the sound board · WebSocket -> lines -> the table of commands · session -> messages · engine -> frames
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from synth.control.rejections import Rejections
from synth.live.session import Session
from synth.live.session_stream import SessionStream
from synth.live.status import Status
from synth.page.access import BACKLOG, listening, url_of
from synth.page.door import Door, Window
from synth.page.gate import Gate
from synth.page.hub import BROWSER, Hub
from synth.page.page_socket import LONGEST_BYTES
from synth.page.sound_board import sound_board
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from synth.trigger import TRIGGERS

STATIC = Path(__file__).parent / "static"
SOCKET, BOARD = "socket", "catalogue.json"
"""Where in the page the WebSocket is, and what can be called."""
RECORDINGS = "recordings"
"""Where in the page the files lie that the command `record` has made."""
_PLAYER, _REMOTE_PLAYER = "player.js", "remote_player.js"
_END_S = 5.0
_PING_S = 20.0  # keeps proxies from closing what is quiet


class PageServer:
    """Serves a page for a session while the `with` block runs; `show` keeps it up to date.

    Parameters
    ----------
    session : is played; its own thread calls `show`.
    session_stream : one of the session's, for values with a stamp.
    host, port : where it listens; port 0: any that is free.
    token : the first part of every path.
    presets : names, or paths to `.toml` files, which pages call by their name: the sound board. The session must know them so.
    browser : an exported page's folder, for those who want the sound in their browser; None: not offered.
    static : the face's files.

    Attributes
    ----------
    url : what to open.
    rejections : what could not be used.

    Raises
    ------
    InputError
        If nobody can listen there, or `browser` is no exported page.
    """

    def __init__(
        self,
        session: Session,
        session_stream: SessionStream,
        host: str,
        port: int,
        token: str,
        presets: Sequence[str | Path],
        browser: Path | None = None,
        static: Path = STATIC,
    ) -> None:
        if browser is not None and not (browser / BOARD).is_file():
            raise InputError(f"--browser {browser}: no exported page is there; synth page --export {browser} writes one")
        self._session, self._presets = session, presets
        self._browser, self._static = browser, static
        self.rejections = Rejections("the page", session.notify)
        self._listener = listening(host, port)
        self.url = url_of(self._listener, host, token)
        paths = {Path(each).stem: str(each) for each in presets if Path(each).suffix == ".toml"}
        self._hub = Hub(session, session_stream, self.rejections, paths, browser is not None)
        self._board: bytes | None = None
        config = uvicorn.Config(
            Gate(self._app(), self._listener.getsockname()[0], host, token),
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

    def _app(self) -> Starlette:
        files = StaticFiles(directory=self._static, html=True)
        routes: list[Any] = [
            Route(f"/{BOARD}", self._sound_board),
            Route(f"/{_PLAYER}", lambda _: FileResponse(self._static / _REMOTE_PLAYER)),
            Route(f"/{RECORDINGS}/{{name}}", self._recording),
            WebSocketRoute(f"/{SOCKET}", self._hub.talk),
        ]
        if self._browser is not None:
            routes += [Mount(f"/{BROWSER}", StaticFiles(directory=self._browser, html=True))]
        return Starlette(routes=[*routes, Mount("/", files)])

    def show(self, status: Status) -> None:
        """Tell all pages what has changed; called a dozen times a second by the thread that attends to the session."""
        self._hub.show(status)

    # ---- from beginning to end

    def __enter__(self) -> PageServer:
        self._process = os.getpid()
        self._thread.start()
        self._has_begun.wait(_END_S)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if os.getpid() != self._process:
            return  # a forked child: socket and thread are its parent's
        self._server.should_exit = True
        self._thread.join(_END_S)
        self.rejections.sum_up()

    def close(self) -> None:
        """Listen no more; for one that never began, too."""
        self._listener.close()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        frames = asyncio.create_task(self._hub.run())
        asyncio.get_running_loop().call_soon(self._has_begun.set)
        try:
            await self._server.serve(sockets=[self._listener])
        finally:
            frames.cancel()

    @property
    def stats(self) -> Mapping[str, Any]:
        """How many `pages` are open, and what was left out, by kind."""
        return {"pages": self._hub.count, "left_out": dict(self.rejections.counts)}

    async def _recording(self, request: Request) -> Response:
        """Give a file that this session has recorded; its name is looked up, never a path."""
        name = request.path_params["name"]
        path = self._session.recordings.made.get(name)
        if path is None or not path.is_file():
            return PlainTextResponse("this session has recorded no such file\n", 404)
        return FileResponse(path, filename=name)

    async def _sound_board(self, _: Request) -> Response:
        if self._board is None:
            self._board = await run_in_threadpool(
                lambda: json.dumps(sound_board(map(load_preset, self._presets), TRIGGERS)).encode()
            )
        return Response(self._board, media_type="application/json")
