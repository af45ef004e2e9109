"""HTTP for OSCQuery: connections that are slow on purpose hold nobody up, and end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from synth.io.net import http
from synth.io.net.http import OscQuery

_ASK = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    server = OscQuery(socket.AF_INET, "127.0.0.1", 0, lambda path, attribute, here: (200, {"path": path}))
    yield server._server.server_port
    server.close()


def ask(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as one:
        one.sendall(_ASK)
        said = b""
        while more := one.recv(4096):
            said += more
        return said


def test_half_open_connections_never_keep_another_out(port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    for each in held:
        each.sendall(b"GET / HTTP/1.1\r\n")
    for _ in range(20):
        assert b'{"path": "/x"}' in ask(port)
    for each in held:
        each.close()


def test_a_connection_that_drips_ends(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_TIMEOUT_S", 0.2)
    stop = threading.Event()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as one:

        def drip() -> None:
            try:
                while not stop.wait(0.01):
                    one.sendall(b"x")
            except OSError:
                pass

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            assert one.recv(100) == b""
        except ConnectionError:
            pass
        finally:
            stop.set()
            thread.join()
    assert b'{"path": "/x"}' in ask(port)
