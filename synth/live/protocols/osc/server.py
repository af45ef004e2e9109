"""The OSC server: parameters, strikes and questions over UDP, the tree of addresses over HTTP.

datagrams -> thread "synth osc" -> dispatcher -> session stream (frames), commands (the session), replies
GET -> threads of OSCQuery -> the same addresses -> JSON
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from synth.control.commands import Effects
from synth.control.rejections import Notify, Rejections
from synth.io.net.address import is_loopback, place_of
from synth.io.net.http import OscQuery
from synth.io.net.turns import Turns
from synth.io.net.udp import AT_ONCE, Post
from synth.io.thread_priority import MIDI, raise_priority
from synth.live.protocols.osc.dispatcher import Hearing
from synth.live.protocols.osc.methods import Value
from synth.live.protocols.osc.query_tree import answer, host_info
from synth.live.session_stream import SessionStream
from synth.parameters.errors import InputError

_TRIES = 8  # to find a number that is free for UDP and for TCP
_A_ROUND = 32  # datagrams heard before the socket is looked at again
_REST_S = 0.0005  # between two helpings of a flood, so that others are heard too
_END_S = 2.0


class Osc:
    """Listens to OSC while the `with` block runs; until then no socket is open.

    Parameters
    ----------
    session_stream : where parameters go; its space is what addresses are made of.
    host, port : where it listens, see `synth.io.net.address.host_and_port`; port 0: any that is free.
    notify : told in one line what happens.
    value : returns what a parameter is now by its path, a choice by its name; called by several threads.
    effects : what does each command, as `synth.control.commands.Call.do` calls it: strike(layer, velocity=, at=), panic() ...
        They are called by the thread that listens, must return at once, and may raise `InputError`.
    tree : describe the addresses over HTTP at the same port number.

    Attributes
    ----------
    host, port : where it listens; before the `with` block, where it is to.
    rejections : what could not be used.

    Raises
    ------
    InputError
        On entering, if it cannot listen there.
    """

    def __init__(
        self,
        session_stream: SessionStream,
        host: str,
        port: int,
        notify: Notify,
        *,
        value: Value,
        effects: Effects | None = None,
        tree: bool = True,
    ) -> None:
        self._notify, self._has_tree, self._value = notify, tree, value
        self.rejections = Rejections("OSC", notify)
        self.host, self.port = host, port
        self._hearing = Hearing(session_stream, value, effects or {}, self.rejections, self._reply)
        self._stack = ExitStack()
        self._thread = threading.Thread(target=self._run, name="synth osc", daemon=True)

    def __enter__(self) -> Osc:
        self._process = os.getpid()
        with ExitStack() as stack:
            why_no_tree = self._open(stack)
            self.host, self.port = self._post.host, self._post.port
            place = place_of(self.host, self.port)
            self._notify(f"OSC: listening on {place}")
            if not is_loopback(self.host):
                self._notify(f"OSC: everybody who reaches {place} can play and change this session")
            if why_no_tree:
                self._notify(why_no_tree)
            self._hearing.warm()
            self._thread.start()
            stack.callback(self._end)
            self._stack = stack.pop_all()
        return self

    def _reply(self, data: bytes, to: Any) -> bool:
        return self._post.send(data, to)

    def _open(self, stack: ExitStack) -> str:
        """Open the socket, and the tree at the same number; returns why there is no tree. Any port: one that is free for both."""
        tries = _TRIES if self.port == 0 else 1
        while True:
            tries -= 1
            with ExitStack() as opened:
                self._post = Post(self.host, self.port)
                opened.callback(self._post.close)
                why = self._open_tree(opened)
                if not why or not tries:
                    stack.enter_context(opened.pop_all())
                    return why

    def _open_tree(self, stack: ExitStack) -> str:
        """Open the tree, if it is wanted; returns why it cannot be, "" if it can."""
        if self._has_tree:
            try:
                stack.callback(OscQuery(self._post.family, self._post.host, self._post.port, self._answer).close)
            except InputError as error:
                return str(error)
        return ""

    def _answer(self, path: str, attribute: str, here: str) -> tuple[int, Any]:
        return answer(self._hearing.addresses, self._value, host_info(here, self.port), path, attribute)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if os.getpid() != self._process:
            return  # a forked child: socket and thread are its parent's
        self._stack.close()
        self.rejections.sum_up()

    def _end(self) -> None:
        self._post.end()
        self._thread.join(_END_S)

    @property
    def stats(self) -> Mapping[str, Any]:
        """What has come and gone, and what was left out, by kind."""
        return self._hearing.counts | {"left_out": dict(self.rejections.counts)}

    def _run(self) -> None:
        raise_priority(0, MIDI)  # else a busy computer makes frames late; it sleeps between two helpings
        seconds: float | None = None
        turns, heard = Turns(), 0
        while self._post.wait(0.0 if turns else seconds):
            for data, sender in self._post.received():
                if not turns.add(sender, data):
                    self.rejections.add("flood", "more comes from one sender, or from more of them, than can be heard")
            for data, sender in turns.take(_A_ROUND):
                self._hear(data, sender)
                heard += 1
            seconds = self._hearing.look()
            if heard >= AT_ONCE:
                time.sleep(_REST_S)
            heard = heard if turns and heard < AT_ONCE else 0

    def _hear(self, data: bytes, sender: Any) -> None:
        try:
            self._hearing.hear(data, sender)
        except Exception as error:  # whatever a session throws, the server goes on
            self.rejections.add("failed", f"{type(error).__name__}: {error}")
