"""The served page: between pages in browsers and the session that plays.

GET -> static files, the sound board · WebSocket -> lines -> the table of commands · session -> messages · engine -> frames
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

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
from synth.page.hub import BROWSER, Hub
from synth.page.sound_board import sound_board
from synth.page.web_server import WebServer
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from synth.trigger import TRIGGERS

STATIC = Path(__file__).parent / "static"
SOCKET, BOARD = "socket", "catalogue.json"
"""Where in the page the WebSocket is, and what can be called."""
RECORDINGS = "recordings"
"""Where in the page the files lie that the command `record` has made."""
_PLAYER, _REMOTE_PLAYER = "player.js", "remote_player.js"


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
        paths = {Path(each).stem: str(each) for each in presets if Path(each).suffix == ".toml"}
        self._hub = Hub(session, session_stream, self.rejections, paths, browser is not None)
        self._board: bytes | None = None
        self._web = WebServer(self._app(), self._hub.run, host, port, token, self.rejections)
        self.url = self._web.url

    def _app(self) -> Starlette:
        files = StaticFiles(directory=self._static, html=True)
        routes: list[Any] = [
            Route(f"/{BOARD}", self._sound_board),
            Route(f"/{_PLAYER}", lambda _: FileResponse(self._static / _REMOTE_PLAYER)),
            Route(f"/{RECORDINGS}/{{name}}", self._recording),
            WebSocketRoute(f"/{SOCKET}", self._hub.pages.talk),
        ]
        if self._browser is not None:
            routes += [Mount(f"/{BROWSER}", StaticFiles(directory=self._browser, html=True))]
        return Starlette(routes=[*routes, Mount("/", files)])

    def show(self, status: Status) -> None:
        """Tell all pages what has changed; called a dozen times a second by the thread that attends to the session."""
        self._hub.show(status)

    # ---- from beginning to end

    def __enter__(self) -> PageServer:
        self._web.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._web.__exit__(kind, error, trace)

    def close(self) -> None:
        """Listen no more; for one that never began, too."""
        self._web.close()

    @property
    def stats(self) -> Mapping[str, Any]:
        """How many `pages` are open, and what was left out, by kind."""
        return {"pages": self._hub.pages.count, "left_out": dict(self.rejections.counts)}

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
