"""The page's address: a token that is this user's alone and stays, places that are said as they must be, errors of one line."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from synth.page.access import kept_token, listening, url_of
from synth.parameters.errors import InputError


def test_a_token_stays_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    token = kept_token(tmp_path / "state")
    assert kept_token(tmp_path / "state") == token
    assert len(token) == 22
    (file,) = (tmp_path / "state").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_a_new_one_takes_its_place(tmp_path: Path) -> None:
    before = kept_token(tmp_path)
    after = kept_token(tmp_path, is_new=True)
    assert before != after == kept_token(tmp_path)


@pytest.mark.parametrize("content", ["", "short", "a" * 22 + "!", "../" * 8, "\xff" * 30])
def test_what_is_no_token_is_not_believed(tmp_path: Path, content: str) -> None:
    file = tmp_path / "page_token"
    file.write_text(content)
    file.chmod(0o600)
    assert kept_token(tmp_path) != content


def test_one_that_others_could_have_read_is_not_believed(tmp_path: Path) -> None:
    token = kept_token(tmp_path)
    (tmp_path / "page_token").chmod(0o644)
    assert kept_token(tmp_path) != token


def test_a_folder_that_refuses_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert len(kept_token(tmp_path / "file")) == 22


@pytest.mark.parametrize(
    ("host", "port"), [("no.such.host.invalid", 0), ("203.0.113.9", 0), ("127.0.0.1", 65536), ("127.0.0.1", -1)]
)
def test_where_nobody_can_listen_is_said(host: str, port: int) -> None:
    with pytest.raises(InputError, match=r"page cannot be served|port = "):
        listening(host, port)


def test_an_address_names_where_others_find_it() -> None:
    with listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url_of(listener, "localhost", "t") == f"http://localhost:{port}/t/"
    with listening("0.0.0.0", 0) as listener:
        assert "0.0.0.0" not in url_of(listener, "0.0.0.0", "t")


@pytest.mark.skipif(not socket.has_ipv6 or not os.path.exists("/proc/net/if_inet6"), reason="no IPv6 here")
def test_an_ipv6_address_stands_in_brackets() -> None:
    with listening("::1", 0) as listener:
        assert url_of(listener, "::1", "t").startswith("http://[::1]:")
