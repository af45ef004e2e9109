"""Addresses as people write them, of OSC, its queries and the page.  "HOST:PORT" -> host, port -> text; who reaches them."""

from __future__ import annotations

import ipaddress

from synth.parameters.errors import InputError

LOOPBACK = "127.0.0.1"


def host_and_port(text: str, option: str = "--osc", usual_port: int = 9000) -> tuple[str, int]:
    """Return what "HOST:PORT", ":PORT" or "PORT" says; without a host it is this machine alone.

    Parameters
    ----------
    text : what was given.
    option, usual_port : what it was given to, and a port to show as an example; for error messages.

    Raises
    ------
    InputError
        If it is none of these.
    """
    host, _, port = text.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise InputError(f"{option} {text}: an IPv6 address stands in brackets, as in [::1]:{usual_port}")
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:
        allowed = f"HOST:PORT with a port of 0 .. 65535, as in {LOOPBACK}:{usual_port}"
        raise InputError(f"{option} {text}: '{port}' is no port; allowed: {allowed}")
    return host or LOOPBACK, int(port)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback


def place_of(host: str, port: int) -> str:
    """Return an address as it is written: "127.0.0.1:9000", "[::1]:9000"."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
