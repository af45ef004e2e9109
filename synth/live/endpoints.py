"""Endpoints: from the words of `synth play` to streams and where their frames come in.  words -> session streams, endpoints."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from typing import Any, Protocol

from synth.control.rejections import Notify
from synth.control.stream.contract import Contract
from synth.control.stream.shared_memory import SharedMemory
from synth.engine.commands import EngineCommands
from synth.live.session_stream import SessionStream, as_json
from synth.parameters.errors import InputError, unknown

STDIN, _SHARED = "-", "shm:"
_WHOLE = {"start"}


class Endpoint(Protocol):
    """Where frames come in."""

    @property
    def stats(self) -> Mapping[str, Any]:
        """What came, and what could not be used."""


def _nowhere(requests: EngineCommands, notify: Notify) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True)
class WayIn:
    """A stream, and what opens its endpoint; shared memory needs none."""

    session_stream: SessionStream
    open: Callable[[EngineCommands, Notify], AbstractContextManager[Endpoint | None]] = _nowhere


def ways_in(streams: Sequence[str], osc: str | None, contract: Sequence[str], has_page: bool = False) -> list[WayIn]:
    """Return the ways in that a command line asks for.

    Parameters
    ----------
    streams : each "-": JSON lines on stdin, or "shm:NAME": shared memory.
    osc : "HOST:PORT" or a port; None: no OSC.
    contract : "KEY=VALUE" of each part of the contract that is not as `Contract` has it, the same for all.
    has_page : whether a page is served, whose stream has that contract too; it is no way in of these.

    Raises
    ------
    InputError
        If one of them cannot be.
    """
    agreed = contract_from(contract)
    if agreed and not (streams or osc is not None or has_page):
        raise InputError("--contract goes with --stream, --osc or --page; there is no stream that it could be of")
    ways = [_from_stream(stream, agreed) for stream in streams] + _from_osc(osc, agreed)
    names = [way.session_stream.name for way in ways]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two streams would be called '{name}'; give the shared memory another name, and each once")
    return ways


def contract_from(texts: Sequence[str]) -> dict[str, Any]:
    """Return a contract's parts from "KEY=VALUE" texts; `SessionStream` checks them."""
    known = [field.name for field in fields(Contract)]
    agreed: dict[str, Any] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in known:
            raise unknown("part of a contract", name, known, "--contract")
        if name in agreed:
            raise InputError(f"--contract {text}: {name} is given twice")
        agreed[name] = value if name == "interpolation" else _number(name, value)
    return agreed


def _number(name: str, text: str) -> float | int:
    try:
        return int(text) if name in _WHOLE else float(text)
    except ValueError:
        kind = "a whole number" if name in _WHOLE else "a number"
        raise InputError(f"--contract {name}={text}: it must be {kind}") from None


def _from_stream(stream: str, contract: Mapping[str, Any]) -> WayIn:
    if stream == STDIN:
        from synth.live.protocols.pipe_lines import Lines

        if sys.stdin is None:
            raise InputError("--stream -: stdin is closed")
        session_stream = SessionStream("stdin", **contract)
        return WayIn(session_stream, lambda requests, notify: Lines(session_stream, sys.stdin.buffer, notify, requests.effects))
    if stream.startswith(_SHARED) and stream != _SHARED:
        name = stream.removeprefix(_SHARED)
        session_stream = SessionStream(name, shared=name, **contract)
        SharedMemory(name, 1).remove()  # said now, not when it already plays, if the name is none or taken
        return WayIn(session_stream)
    raise InputError(f"--stream {stream}: it must be - (JSON lines on stdin) or shm:NAME (shared memory)")


def _from_osc(osc: str | None, contract: Mapping[str, Any]) -> list[WayIn]:
    if osc is None:
        return []
    from synth.io.net.address import host_and_port
    from synth.io.net.udp import Post
    from synth.live.protocols.osc.server import Osc

    host, port = host_and_port(osc)
    session_stream = SessionStream("osc", **contract)
    Post(host, port).close()  # said now, not when it already plays, if nobody can listen there
    return [
        WayIn(
            session_stream,
            lambda requests, notify: Osc(session_stream, host, port, notify, value=requests.value, effects=requests.effects),
        )
    ]


def facts(session_stream: SessionStream, endpoint: Endpoint | None) -> dict[str, Any]:
    """Return what was counted of a way in, JSON-serialisable."""
    return as_json(session_stream.stats | ({"endpoint": endpoint.stats} if endpoint else {}))
