"""The hub: what the pages of a session are told.  session -> messages; engine -> frames; -> `Pages`.

Two threads meet here: the one that attends to the session calls `show`, all else is the server's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from synth.control.commands import COMMANDS, PAGE, names_of
from synth.control.rejections import Rejections
from synth.live.session import Session
from synth.live.session_stream import SessionStream
from synth.live.status import Status
from synth.live.tingle.shared_hold import SharedHold
from synth.page import frame
from synth.page.page_lines import PageLines
from synth.page.page_socket import PageSocket
from synth.page.pages import Pages
from synth.page.playing import Playing, newer, state_of

BROWSER = "browser"
"""Where in the page the one lies that plays in the browser itself."""


class Hub:
    """What pages are told, and who listens.

    Parameters
    ----------
    session : is played. session_stream : one of its own, for values with a stamp.
    rejections : counts what could not be used.
    paths : of presets that have a file of their own, by the name by which pages call them.
    has_browser : whether a page that plays in the browser is offered too.

    Attributes
    ----------
    pages : that are open.
    """

    def __init__(
        self,
        session: Session,
        session_stream: SessionStream,
        rejections: Rejections,
        paths: Mapping[str, str],
        has_browser: bool,
    ) -> None:
        self._session, self._rejections, self._has_browser = session, rejections, has_browser
        usual = session.requests.effects
        effects = usual | {"preset": lambda name: usual["preset"](paths.get(name, name))}
        hold = SharedHold(usual["tingle"])
        self.pages = Pages(lambda: PageLines(session.engine, session_stream, effects, hold.hand()), rejections)
        self._playing: Playing | None = None
        self._status: Status | None = None
        self._state: dict[str, Any] = {}

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
        if not self.pages.count:
            return
        values = playing.changes()
        if playing is not before:
            told.insert(0, {"preset": playing.as_dict()})
            values = {}
        state = state_of(status)
        changed = {name: value for name, value in state.items() if self._state.get(name) != value or name not in self._state}
        self._state = state
        told += [{"state": changed}] if changed else []
        new = self.pages.new
        whole = [self._hello(), {"preset": playing.as_dict()}, {"state": state}] if new else []
        self.pages.call(lambda: self.pages.hand_out(told, new, whole, values))

    def _hello(self) -> dict[str, Any]:
        """Return what a page is told first: versions, commands with what they take, how status frames lie in memory."""
        commands = {name: {"doc": COMMANDS[name].doc, "takes": COMMANDS[name].argument.value} for name in names_of(PAGE)}
        layout = {
            name: [[field, dtype.fields[field][0].str] for field in dtype.names]  # type: ignore[index, union-attr]
            for name, dtype in (("head", frame.HEAD), ("layer", frame.LAYER), ("event", frame.EVENT))
        }
        hello = {"version": version("synth"), "commands": commands, "frame": layout, "rate_hz": frame.RATE_HZ}
        return {"hello": hello | {"browser": f"{BROWSER}/" if self._has_browser else None}}

    # ---- the event loop's thread

    async def run(self) -> None:
        """Send status frames until it is cancelled."""
        self.pages.begin()
        while True:
            await asyncio.sleep(1 / frame.RATE_HZ)
            if self._playing is not None and (known := self.pages.known):
                self._send_frame(self._playing, known)

    def _send_frame(self, playing: Playing, known: list[PageSocket]) -> None:
        try:
            data = frame.packed(self._session.engine, playing.layers, playing.number, self._status)
        except Exception as error:  # read while it was written: the next one is as good
            self._rejections.add("failed", f"a status frame: {type(error).__name__}: {error}")
            return
        for page in known:
            page.outbox.put_frame(data)
