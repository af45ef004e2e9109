"""The UDP side of OSC.  host, port -> socket -> datagrams, all that wait at once; replies."""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
from collections.abc import Iterator
from typing import Any

from synth.io.net.address import place_of
from synth.parameters.errors import InputError

_RECEIVE_BYTES = 1 << 22  # what the system grants of it
_LONGEST_DATAGRAM = 1 << 16
AT_ONCE = 256
"""Datagrams that are taken in before anything else gets a chance."""
Sender = Any


def _find(host: str, port: int) -> tuple[int, Any]:
    """Return family and address; IPv4 where a name has both, since that is where most senders send."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise InputError(f"OSC cannot listen on {place_of(host, port)}: no such host ({error})") from None
    family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    return family, address


class Post:
    """A UDP socket that hears and answers; closed by `close`, from any thread.

    Parameters
    ----------
    host, port : where it listens; port 0: any that is free.

    Attributes
    ----------
    host, port : where it does.

    Raises
    ------
    InputError
        If it cannot listen there.
    """

    def __init__(self, host: str, port: int) -> None:
        self.family, address = _find(host, port)
        self._socket = socket.socket(self.family, socket.SOCK_DGRAM)
        try:
            self._socket.bind(address)
        except OSError as error:
            self._socket.close()
            hint = "; another program listens there, choose another port" if error.errno == errno.EADDRINUSE else ""
            raise InputError(f"OSC cannot listen on {place_of(host, port)}: {error.strerror}{hint}") from None
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        self._socket.setblocking(False)
        self.host, self.port = self._socket.getsockname()[:2]
        self._wake, self._waker = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for each in (self._socket, self._wake):
            self._selector.register(each, selectors.EVENT_READ)

    def wait(self, seconds: float | None) -> bool:
        """Sleep until something has come, or so long; False once it was told to end."""
        return not any(key.fileobj is self._wake for key, _ in self._selector.select(seconds))

    def received(self) -> Iterator[tuple[bytes, Sender]]:
        """Yield what waits, and who sent it."""
        for _ in range(AT_ONCE):
            try:
                yield self._socket.recvfrom(_LONGEST_DATAGRAM)
            except BlockingIOError:
                return
            except OSError:  # what a reply has met on its way (ICMP) is told here; the next datagram is none the worse for it
                continue

    def send(self, data: bytes, to: Sender) -> bool:
        """Send a reply; whether it went on its way."""
        try:
            self._socket.sendto(data, to)
        except OSError:
            return False
        return True

    def end(self) -> None:
        """Tell who waits to end."""
        with contextlib.suppress(OSError):
            self._waker.send(b"\0")

    def close(self) -> None:
        """Close it, after who waits has ended."""
        self._selector.close()
        for each in (self._socket, self._wake, self._waker):
            each.close()
