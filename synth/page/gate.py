"""The gate: who may speak to the page's server.  Host, Origin, method, token -> the rest of the path, or a refusal of one line.

A page of a stranger in the listener's own browser reaches this machine too: by our address (its Origin tells), or by a name of
its own that it has made to mean our address (its Host tells: DNS rebinding). Neither knows the token.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from synth.io.net.address import is_loopback

_METHODS = "GET, HEAD"
_HOST = re.compile(r"[A-Za-z0-9.%:\[\]-]{1,255}")
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob: mediastream:; worker-src 'self' blob:; manifest-src 'self'; "
    "connect-src 'self' ws://{host} wss://{host}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "Cache-Control": "no-cache",
}


class Gate:
    """Lets through to an application what is meant for it, with the token taken off the path.

    Parameters
    ----------
    app : gets what may come in; a WebSocket that may not is closed before it is accepted.
    address : at which the server listens: on a loopback address no other one may be the Host.
    name : what that address was called; it and this machine's own names may be the Host.
    token : the first part of every path.
    """

    def __init__(self, app: ASGIApp, address: str, name: str, token: str) -> None:
        self._app, self._token, self._is_private = app, token, is_loopback(address)
        own = socket.gethostname().lower()
        self._names = {"localhost"} | (set() if self._is_private else {name.lower(), own, f"{own.partition('.')[0]}.local"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI asks."""
        if scope["type"] not in ("http", "websocket"):
            return
        headers = _headers(scope["headers"])
        refusal = self._refusal(scope, headers)
        answer = self._app if refusal is None else refusal
        if scope["type"] == "websocket":
            await (answer if refusal is None else _closed)(scope, receive, send)
            return
        policy = _POLICY.format(host=headers.get("host", "localhost") if refusal is None else "localhost")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS | {"Content-Security-Policy": policy})
            await send(message)

        await answer(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        """Return what is answered instead, and otherwise leave only the path after the token."""
        host = headers.get("host", "")
        if not self._is_meant(host):
            return _said(403, "the Host is not this machine")
        if "origin" in headers and not _is_own(headers["origin"], host):
            return _said(403, "the Origin is another page")
        if scope["type"] == "http" and scope["method"] not in _METHODS.split(", "):
            return _said(405, f"allowed: {_METHODS}", {"Allow": _METHODS, "Connection": "close"})
        token, slash, rest = scope["path"].removeprefix("/").partition("/")
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
            return _said(403, "this address lacks its token: open the whole address that synth has printed")
        if not slash:
            return RedirectResponse(f"/{self._token}/")
        scope["path"], scope["root_path"] = f"/{rest}", ""
        scope["raw_path"] = scope["path"].encode("utf-8", "replace")
        return None

    def _is_meant(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or "" if _HOST.fullmatch(host) else ""
        except ValueError:
            return False
        if _is_address(name):
            return not self._is_private or is_loopback(name)
        return name in self._names


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by name; of one that stands several times nothing that any rule allows."""
    found: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        found[key] = f"{found[key]}, {value.decode('latin-1')}" if key in found else value.decode("latin-1")
    return found


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_own(origin: str, host: str) -> bool:
    scheme, separator, place = origin.partition("://")
    return scheme in ("http", "https") and bool(separator) and place.lower() == host.lower()


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers)


async def _closed(scope: Any, receive: Receive, send: Send) -> None:
    """Refuse a WebSocket: its client is told 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})
