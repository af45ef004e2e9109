"""The page of `synth explore`: it shows what is asked, and says what somebody who listens wishes.  state -> pages -> wishes.

It shows neither presets nor what kind of trial plays: nothing of it may say what is heard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from synth.control.rejections import Rejections
from synth.live.tingle.shared_hold import SharedHold
from synth.page.pages import Messages, Pages
from synth.page.playing import newer
from synth.page.server import SOCKET, STATIC
from synth.page.trial_lines import TrialLines
from synth.page.web_server import WebServer

FOLDER = "trials"
"""Where in the page's files those of the trials are."""
_GOODBYE_S = 1.5


class TrialPage:
    """Serves a page while the `with` block runs; `show` keeps it up to date.

    Parameters
    ----------
    hold : of all hands, of which each page is one. wish : told every other wish of `synth.explore.wishes.WISHES`.
    notify : told in one line what could not be used.
    host, port : where it listens; port 0: any that is free.
    token : the first part of every path.

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
        hold: SharedHold,
        wish: Callable[[str, float | None], object],
        notify: Callable[[str], None],
        host: str,
        port: int,
        token: str,
    ) -> None:
        rejections = Rejections("the page", notify)
        self._pages = Pages(lambda: TrialLines(hold.hand(), wish), rejections)
        self._shown: Mapping[str, Any] = {}
        self._said: tuple[str, ...] = ()
        routes = [
            Route("/", lambda _: RedirectResponse(f"{FOLDER}/")),
            WebSocketRoute(f"/{SOCKET}", self._pages.talk),
            Mount("/", StaticFiles(directory=STATIC, html=True)),
        ]
        self._web = WebServer(Starlette(routes=routes), self._begin, host, port, token, rejections)
        self.url = self._web.url

    async def _begin(self) -> None:
        self._pages.begin()

    def show(self, trial: Mapping[str, Any], said: Sequence[str] = ()) -> None:
        """Tell all pages how things are, if that has changed, and what is new among the lines said of late."""
        told: list[Mapping[str, Any]] = [{"said": line} for line in newer(self._said, tuple(said))]
        told += [{"trial": trial}] if trial != self._shown else []
        self._shown, self._said = trial, tuple(said)
        self._hand_out(told, [{"trial": trial}])

    def end(self, lines: Sequence[str]) -> None:
        """Tell all pages how it went, and wait until they have gone, for a few seconds at most."""
        ended = [{"ended": list(lines)}]
        self._hand_out(ended, ended)
        end_s = time.monotonic() + _GOODBYE_S
        while self._pages.count and time.monotonic() < end_s:
            time.sleep(0.02)
            self._hand_out([], ended)  # to those that come just now

    def _hand_out(self, told: Messages, whole: Messages) -> None:
        if (told or self._pages.new) and self._pages.count:
            new = self._pages.new
            self._pages.call(lambda: self._pages.hand_out(told, new, whole))

    def __enter__(self) -> TrialPage:
        self._web.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._web.__exit__(kind, error, trace)

    def close(self) -> None:
        """Listen no more; for one that never began, too."""
        self._web.close()
