"""OSCQuery: the tree of OSC addresses over HTTP, for programs that draw their own controls.  GET /path?ATTRIBUTE -> JSON."""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from synth.io.net.address import is_loopback, place_of
from synth.parameters.errors import InputError

_TIMEOUT_S = 5.0
"""From a connection's beginning to its end, however it spends it."""
_MOST_AT_ONCE = 16
_MOST_THREADS = 4 * _MOST_AT_ONCE
_LOOK_S = 0.05
_METHODS = "GET, HEAD, OPTIONS"
Answer = Callable[[str, str, str], tuple[int, Any]]
"""From a path, an attribute ("" for all) and the address at which this machine was reached to a status and what is said, None for
nothing."""


class _Request(BaseHTTPRequestHandler):
    """One question; every connection is closed after its answer."""

    server: _Server
    timeout = _TIMEOUT_S
    server_version, sys_version = "synth", ""

    def do_GET(self) -> None:
        """Answer with a node, or one attribute of it."""
        if not self._is_meant():
            self.send_error(403, "Forbidden", "the Host is not this machine")
            return
        try:
            asked = urlsplit(self.path)
            path, attribute = unquote(asked.path, errors="strict"), unquote(asked.query, errors="strict")
        except ValueError:
            self.send_error(400)
            return
        here = str(self.connection.getsockname()[0]).removeprefix("::ffff:")  # what the socket is bound to may be "all"
        with self.server.one_at_a_time:  # however many ask, OSC waits for one answer's making at most
            status, said = self.server.answer("/" + path.strip("/"), attribute.removesuffix("="), here)
            body = b"" if said is None else json.dumps(said, allow_nan=False).encode()
        if status >= 400:
            self.send_error(status)
            return
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 (the library's way)

    def do_OPTIONS(self) -> None:
        """Say what may be asked."""
        self.send_response(204 if self._is_meant() else 403)
        self.send_header("Allow", _METHODS)
        self.end_headers()

    def end_headers(self) -> None:
        """Let a page of this machine's own read the answer; never one from elsewhere, nor one without a name ("null")."""
        origin = self.headers.get("Origin", "") if hasattr(self, "headers") else ""
        if self._is_local(urlsplit(origin).netloc if origin.startswith(("http://", "https://")) else ""):
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Allow-Methods", _METHODS)
        self.send_header("Vary", "Origin")
        super().end_headers()

    def _is_meant(self) -> bool:
        """Whether who asks means this machine: a page in a browser may have given its own name our address (DNS rebinding)."""
        host = self.headers.get("Host")
        if host is None or not self.server.is_private:
            return True
        return self._is_local(host)

    @staticmethod
    def _is_local(host: str) -> bool:
        name = host.strip().lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.rpartition(":")[0] or name
        try:
            return name == "localhost" or ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    def log_message(self, *_: Any) -> None:
        """Say nothing: what comes from outside is no business of stderr's."""


class _Server(ThreadingHTTPServer):
    """A thread a connection; a connection has its time, and the oldest goes when there are too many.

    So one that is slow on purpose holds a place for some seconds at most, and never one that somebody else needs.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 2 * _MOST_AT_ONCE

    def __init__(self, family: int, host: str, port: int, answer: Answer) -> None:
        self.address_family, self.answer, self.is_private = socket.AddressFamily(family), answer, is_loopback(host)
        self.one_at_a_time = threading.Lock()
        self._lock = threading.Lock()
        self._began_s: dict[socket.socket, float] = {}  # of each connection, the oldest first
        super().__init__((host, port), _Request)

    def server_bind(self) -> None:
        """Bind without asking who this machine is, which may take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection; without descriptors, wait a moment rather than ask again and again."""
        try:
            return super().get_request()
        except OSError:
            time.sleep(_LOOK_S)
            raise

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Let it in, and the oldest out if there are too many; threads that have not yet heard of their end are counted too."""
        with self._lock:
            if len(self._began_s) >= _MOST_THREADS:
                return False
            self._began_s[request] = time.monotonic()
            for oldest in list(self._began_s)[:-_MOST_AT_ONCE]:
                _end(oldest)
        return True

    def service_actions(self) -> None:
        """End those whose time is over."""
        with self._lock:
            for request, began_s in self._began_s.items():
                if time.monotonic() - began_s > _TIMEOUT_S:
                    _end(request)

    def shutdown_request(self, request: Any) -> None:
        """Forget it."""
        with self._lock:
            self._began_s.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a connection that broke is no business of stderr's."""


def _end(request: socket.socket) -> None:
    """Let whoever reads or writes it find that it has ended."""
    with suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)


class OscQuery:
    """Answers HTTP in a thread of its own until it is closed.

    Parameters
    ----------
    family, host, port : where the OSC socket listens; HTTP has the same port number over TCP.
    answer : what a question is answered with.

    Raises
    ------
    InputError
        If the port is taken.
    """

    def __init__(self, family: int, host: str, port: int, answer: Answer) -> None:
        try:
            self._server = _Server(family, host, port, answer)
        except OSError as error:
            raise InputError(f"OSCQuery cannot listen on {place_of(host, port)}: {error.strerror}; OSC goes on without") from None
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_LOOK_S,), name="synth oscquery", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
