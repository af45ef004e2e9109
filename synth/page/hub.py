"""The hub: all pages that are open, and what they are told.  session -> messages; engine -> frames; WebSockets -> `PageSocket`.

Two threads meet here: the one that attends to the session calls `show`, all else is the server's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from starlette.websockets import WebSocket

from synth.control.commands import COMMANDS, PAGE, names_of
from synth.control.rejections import Rejections
from synth.io.net.budget import Budget
from synth.live.session import Session
from synth.live.session_stream import SessionStream
from synth.live.status import Status
from synth.page import frame
from synth.page.outbox import Outbox
from synth.page.page_lines import PageLines
from synth.page.page_socket import EACH, TOGETHER, PageSocket, refuse
from synth.page.playing import Playing, newer, state_of

MOST_PAGES = 16
BROWSER = "browser"
"""Where in the page the one lies that plays in the browser itself."""
_Messages = Sequence[Mapping[str, Any]]


class Hub:
    """What pages are told, and who listens.

    Parameters
    ----------
    session : is played. session_stream : one of its own, for values with a stamp.
    rejections : counts what could not be used.
    paths : of presets that have a file of their own, by the name by which pages call them.
    has_browser : whether a page that plays in the browser is offered too.
    """

    def __init__(
        self,
        session: Session,
        session_stream: SessionStream,
        rejections: Rejections,
        paths: Mapping[str, str],
        has_browser: bool,
    ) -> None:
        self._session, self._session_stream, self._rejections = session, session_stream, rejections
        self._has_browser = has_browser
        self._budget = Budget(EACH, TOGETHER)
        effects = session.requests.effects
        self._effects = effects | {"preset": lambda name: effects["preset"](paths.get(name, name))}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pages: set[PageSocket] = set()
        self._new: set[PageSocket] = set()  # who has been told nothing yet
        self._playing: Playing | None = None
        self._status: Status | None = None
        self._state: dict[str, Any] = {}

    @property
    def count(self) -> int:
        """How many pages are open."""
        return len(self._pages)

    # ---- the session's thread

    def show(self, status: Status) -> None:
        """Tell all pages what has changed; called a dozen times a second by the thread that attends to the session."""
        told: list[Mapping[str, Any]] = (
            [] if self._status is None else [{"said": line} for line in newer(self._status.messages, status.messages)]
        )
        self._status = status
        session, before = self._session, self._playing
        if before is None or before.layers != session.engine.layers:
            self._playing = Playing(session.engine, session.preset, before.number + 1 if before else 1)
        playing = self._playing
        assert playing is not None
        if not self._pages:
            return
        values = playing.changes()
        if playing is not before:
            told.insert(0, {"preset": playing.as_dict()})
            values = {}
        state = state_of(status)
        changed = {name: value for name, value in state.items() if self._state.get(name) != value or name not in self._state}
        self._state = state
        told += [{"state": changed}] if changed else []
        new = list(self._new)
        whole = [self._hello(), {"preset": playing.as_dict()}, {"state": state}] if new else []
        self._call(lambda: self._hand_out(told, values, new, whole))

    def _hello(self) -> dict[str, Any]:
        """Return what a page is told first: versions, commands with what they take, how status frames lie in memory."""
        commands = {name: {"doc": COMMANDS[name].doc, "takes": COMMANDS[name].argument.value} for name in names_of(PAGE)}
        layout = {
            name: [[field, dtype.fields[field][0].str] for field in dtype.names]  # type: ignore[index, union-attr]
            for name, dtype in (("head", frame.HEAD), ("layer", frame.LAYER), ("event", frame.EVENT))
        }
        hello = {"version": version("synth"), "commands": commands, "frame": layout, "rate_hz": frame.RATE_HZ}
        return {"hello": hello | {"browser": f"{BROWSER}/" if self._has_browser else None}}

    def _call(self, function: Callable[[], None]) -> None:
        with suppress(RuntimeError, AttributeError):  # the loop has ended
            self._loop.call_soon_threadsafe(function)  # type: ignore[union-attr]

    # ---- the event loop's thread

    def _hand_out(self, told: _Messages, values: Mapping[str, float], new: Sequence[PageSocket], whole: _Messages) -> None:
        for page in self._pages - self._new:
            if values:
                page.outbox.put_values(values)
            _put_all(page.outbox, told)
        for page in new:
            self._new.discard(page)
            _put_all(page.outbox, whole)

    async def run(self) -> None:
        """Send status frames until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1 / frame.RATE_HZ)
            known = [page for page in self._pages if page not in self._new]
            if known and self._playing is not None:
                self._send_frame(self._playing, known)

    def _send_frame(self, playing: Playing, known: Sequence[PageSocket]) -> None:
        try:
            data = frame.packed(self._session.engine, playing.layers, playing.number, self._status)
        except Exception as error:  # read while it was written: the next one is as good
            self._rejections.add("failed", f"a status frame: {type(error).__name__}: {error}")
            return
        for page in known:
            page.outbox.put_frame(data)

    async def talk(self, socket: WebSocket) -> None:
        """Talk with a page until it has gone."""
        if len(self._pages) >= MOST_PAGES:
            await refuse(socket)
            return
        page = PageSocket(PageLines(self._session.engine, self._session_stream, self._effects), self._rejections, self._budget)
        try:
            await page.run(socket, self._open)
        finally:
            self._pages.discard(page)
            self._new.discard(page)

    def _open(self, page: PageSocket) -> None:
        self._new.add(page)
        self._pages.add(page)


def _put_all(outbox: Outbox, messages: _Messages) -> None:
    for message in messages:
        outbox.put(message)
