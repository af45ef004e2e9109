"""The page's address: where it listens, and the token that only those have to whom it was shown.  host, port -> socket, URL.

The token is kept from day to day, so that a page that is open, or kept among the bookmarks, finds its way back.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import stat
from contextlib import suppress
from pathlib import Path

from synth.io.files.exposure_log import state_folder
from synth.io.net.address import place_of
from synth.parameters.errors import InputError

PORT = 8700
"""Where a page is served if nothing else is said; chosen, IANA has nothing there."""
_NAME = "page_token"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_TOKEN_BYTES = 16
_EVERYWHERE = ("0.0.0.0", "::")
_SEND_BYTES = 1 << 17  # some seconds of status frames: who takes nothing is soon known
BACKLOG = 64
"""Connections that may wait to be let in."""


def kept_token(folder: Path | None = None, is_new: bool = False) -> str:
    """Return the token of this user's pages, 22 letters and digits: the one that was kept, or a new one, kept from now on.

    Parameters
    ----------
    folder : where its file lies, readable by this user alone; None: the state folder. One that refuses is let be.
    is_new : make another one: addresses given away before lead nowhere any more.
    """
    path = (folder or state_folder()) / _NAME
    token = None if is_new else _read(path)
    if token is None:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        with suppress(OSError):
            _write(path, token)
    return token


def _read(path: Path) -> str | None:
    """Return a kept token; None if there is none, or others could have read or written it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(64).decode("ascii", "replace").strip()
    except OSError:
        return None
    is_private = os.name == "nt" or not mode & (stat.S_IRWXG | stat.S_IRWXO)
    return text if is_private and _TOKEN.fullmatch(text) else None


def _write(path: Path, token: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{_NAME}.{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{token}\n")
        os.replace(part, path)
    finally:
        with suppress(OSError):
            part.unlink()


def listening(host: str, port: int) -> socket.socket:
    """Return a TCP socket that listens; port 0: any that is free.

    Raises
    ------
    InputError
        If nobody can listen there.
    """
    if not 0 <= port <= 65535:
        raise InputError(f"port = {port}; allowed: 0 .. 65535, 0 for any that is free")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise InputError(f"the page cannot be served on {place_of(host, port)}: no such host ({error})") from None
    family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":  # there it would let two programs listen
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        hint = "; another program listens there, choose another port" if error.errno == errno.EADDRINUSE else ""
        raise InputError(f"the page cannot be served on {place_of(host, port)}: {error.strerror}{hint}") from None
    return listener


def url_of(listener: socket.socket, host: str, token: str) -> str:
    """Return the address to open; where the server listens everywhere, the one by which others reach this machine."""
    bound, port = listener.getsockname()[:2]
    name = _outward(listener.family) if bound in _EVERYWHERE else host
    return f"http://{place_of(name, port)}/{token}/"


def _outward(family: int) -> str:
    """Return the address by which this machine speaks to others; nothing is sent to find it."""
    far = "192.0.2.1" if family == socket.AF_INET else "2001:db8::1"  # RFC 5737, RFC 3849: nobody's
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((far, 9))
        return str(probe.getsockname()[0])
    return socket.gethostname()
