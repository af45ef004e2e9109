"""Addresses: read from text and written again, with what would be right where they are none."""

from __future__ import annotations

import pytest

from synth.io.net.address import host_and_port, is_loopback, place_of
from synth.parameters.errors import InputError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("9000", ("127.0.0.1", 9000)),
        (":9000", ("127.0.0.1", 9000)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:9000", ("::1", 9000)),
        ("0.0.0.0:1", ("0.0.0.0", 1)),
        ("box.local:80", ("box.local", 80)),
    ],
)
def test_host_and_port_are_read_from_text(text: str, wanted: tuple[str, int]) -> None:
    assert host_and_port(text) == wanted
    assert host_and_port(place_of(*wanted)) == wanted


@pytest.mark.parametrize("text", ["", "host", "host:", "::1", "::1:9000", "host:99999", "host:-1", "host:٣", "1.2.3.4:9e3", "²"])
def test_text_that_is_no_host_and_port_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(InputError, match=rf"^--page-at {text}.*:8700"):
        host_and_port(text, "--page-at", 8700)


@pytest.mark.parametrize(("host", "is_private"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False)])
def test_only_this_machine_reaches_a_loopback_address(host: str, is_private: bool) -> None:
    assert is_loopback(host) is is_private
