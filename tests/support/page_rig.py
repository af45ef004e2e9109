"""A served page without a sound device: an engine that a thread renders, its session, a server, clients.

session <- thread "turns": what waits is done, a block is rendered, pages are told
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

import synth
from synth.engine.engine import Engine
from synth.engine.kernels.state import VOLUME
from synth.engine.preset import LayerSpec
from synth.live.recordings import Recordings
from synth.live.session import Session
from synth.live.session_stream import SessionStream
from synth.live.status import Status
from synth.page.server import PageServer

TOKEN = "abcdefghijklmnopqrstuv"
PATIENCE_S = 20.0
_BLOCK, _TURN_S = 2400, 0.02


class PageRig:
    """A session and its page.

    Attributes
    ----------
    kinds : of the events that took effect.
    """

    def __init__(self, folder: Path, presets: tuple[str, ...] = ("nails_on_glass", "tap"), **options: Any) -> None:
        tape = SimpleNamespace(read=self._heard)
        live = SimpleNamespace(ports={}, recorder=None, fade=1.0, tape=lambda: tape, frame_of_now=lambda: None)
        self._blocks: list[Any] = []
        stream = SessionStream("page", delay_s=0.0)
        self.engine = Engine(48000, "sphere")
        self.session = Session(self.engine, live, presets, exposure=None, session_streams=[stream])
        self.session.recordings = Recordings(live.tape, 48000, self.session.notify, folder.with_name(f"{folder.name}-recordings"))
        self.kinds: list[int] = []
        self.engine.record_to(SimpleNamespace(layer=_nothing, stream=_nothing, acts=_nothing, events=self._applied))
        self._requests: Queue[tuple[Callable[[], Any], Event]] = Queue()
        self._begin()
        (folder / "index.html").write_text("<!doctype html><title>face</title>")
        (folder / "remote_player.js").write_text("export {};")
        port, token = options.pop("port", 0), options.pop("token", TOKEN)
        host = options.pop("host", "127.0.0.1")
        self.server = PageServer(self.session, stream, host, port, token, presets, static=folder, **options)
        self._ends = Event()
        self._thread = Thread(target=self._run, name="turns", daemon=True)

    def _begin(self) -> None:
        """Play a preset one of whose layers speaks, its gestures paused, as if nothing had been asked for."""
        self.session._silence.sleep(0)
        self.session.recordings.end()
        self.engine.seed = 0
        if self.session._silence.is_muted:
            self.session._silence.mute()
        preset = synth.load_preset("nails_on_glass")
        self.session.play(replace(preset, layers=(*preset.layers, LayerSpec("voice", "whisper")), cues=()))
        for switch in (self.engine.pause, self.engine.hold, self.engine.freeze):
            switch(switch == self.engine.pause)
        self.engine.set_master(volume_db=0.0)
        self.kinds.clear()

    def begin(self) -> None:
        """Begin anew, for another test, in the thread of the turns."""
        done = Event()
        self._requests.put((self._begin, done))
        assert done.wait(PATIENCE_S)

    def _applied(self, events: Any) -> None:
        self.kinds += events["kind"].tolist()

    def _heard(self) -> tuple[Any, int]:
        """Return what a tape's reader would: what came since the last time, and that nothing was missed."""
        blocks, self._blocks = self._blocks, []
        return (np.concatenate(blocks) if blocks else np.zeros((0, 2), np.float32)), 0

    def _run(self) -> None:
        while not self._ends.wait(_TURN_S):
            self.turn()

    def turn(self) -> None:
        """Do what waits, render a block, tell the pages."""
        asked = None if self._requests.empty() else self._requests.get()
        if asked:
            asked[0]()
        self.session._do_what_waits()
        self._blocks.append(self.engine.process(_BLOCK))
        self.session.recordings.attend()
        self._blocks.clear()
        self.engine.attend()
        self.server.show(self.status())
        if asked:
            asked[1].set()

    def status(self) -> Status:
        session, switches = self.session, self.session._layer_switches
        return Status(
            preset=session.preset.name,
            scene=session._scene,
            is_muted=session._silence.is_muted,
            sleep_s=session._silence.left_s,
            volume_db=float(self.engine.state["master"]["target"][VOLUME]),
            muted=tuple(switches.muted),
            soloed=tuple(switches.soloed),
            underruns=3,
            seed=self.engine.seed,
            recording=session.recordings.name,
            recordings=tuple(session.recordings.made),
            messages=tuple(session.messages),
        )

    def __enter__(self) -> PageRig:
        self.server.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self.server.__exit__(None, None, None)

    @contextmanager
    def page(self, **options: Any) -> Iterator[Page]:
        """Open a page, as a client without a browser."""
        with connect(socket_url(self.server.url), **({"max_queue": None, "ping_interval": None} | options)) as connection:
            yield Page(connection)


class Page:
    """A client: what it was told, by kind."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[bytes] = []
        self.messages: list[dict[str, Any]] = []

    def say(self, **line: Any) -> None:
        self.connection.send(json.dumps(line))

    def wait(self, what: str, fits: Callable[[Any], bool] = lambda _: True, patience_s: float = PATIENCE_S) -> Any:
        """Return the detail of the first message of a kind that fits, of those from now on."""
        end_s = time.monotonic() + patience_s
        while time.monotonic() < end_s:
            message = self.receive(end_s - time.monotonic())
            if isinstance(message, dict) and what in message and fits(message[what]):
                return message[what]
        raise AssertionError(f"no such message '{what}'; there came {[list(each) for each in self.messages[-20:]]}")

    def frame(self) -> bytes:
        """Return the next status frame."""
        end_s = time.monotonic() + PATIENCE_S
        while not isinstance(message := self.receive(end_s - time.monotonic()), bytes):
            pass
        return message

    def end(self) -> int | None:
        """Wait until the server closes the connection; return its code."""
        with suppress(ConnectionClosed):
            while True:
                self.receive(PATIENCE_S)
        return self.connection.close_code

    def receive(self, timeout_s: float) -> dict[str, Any] | bytes:
        message = self.connection.recv(timeout=timeout_s)
        if isinstance(message, bytes):
            self.frames.append(message)
            return message
        found: dict[str, Any] = json.loads(message)
        self.messages.append(found)
        return found


def socket_url(url: str) -> str:
    """Return where the WebSocket of a page's address is."""
    return url.replace("http://", "ws://", 1) + "socket"


def upgrade_request(host: str, origin: str = "") -> bytes:
    """Return the request that opens a WebSocket, for a socket without a client."""
    lines = [f"GET /{TOKEN}/socket HTTP/1.1", f"Host: {host}", "Connection: Upgrade", "Upgrade: websocket"]
    lines += [
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *([f"Origin: {origin}"] if origin else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def until(fits: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until something holds."""
    end_s = time.monotonic() + patience_s
    while not fits():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def _nothing(*_: Any) -> None:
    pass
