"""Who may speak to the served page: token, Host, Origin, methods and paths, over real sockets."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import synth
from synth.parameters.errors import InputError
from tests.support.page_rig import TOKEN, PageRig, socket_url, upgrade_request


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageRig]:
    with PageRig(tmp_path_factory.mktemp("face")) as rig:
        yield rig


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urlopen(Request(url, method=method, headers=headers), timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_the_files_come_with_headers_that_shut_strangers_out(rig: PageRig) -> None:
    status, headers, body = get(rig.server.url)
    assert (status, b"face" in body) == (200, True)
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert get(f"{rig.server.url}player.js")[2] == b"export {};"
    board = json.loads(get(f"{rig.server.url}catalogue.json")[2])
    assert [preset["name"] for preset in board["presets"]] == ["nails_on_glass", "tap"]
    assert board["triggers"].keys() == synth.TRIGGERS.keys()


@pytest.mark.parametrize(
    "path", ["../server.py", "%2e%2e/server.py", "..%2f..%2fpyproject.toml", "//etc/passwd", "%00", "nowhere"]
)
def test_no_path_leads_out_of_the_folder(rig: PageRig, path: str) -> None:
    place = urlsplit(rig.server.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.request("GET", f"/{TOKEN}/{path}")
    answer = connection.getresponse()
    assert answer.status in (400, 403, 404, 405)
    assert b"import" not in answer.read()
    connection.close()


@pytest.mark.parametrize("token", ["", "x" * 22, TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), "%s", "é"])
def test_a_wrong_token_is_refused(rig: PageRig, token: str) -> None:
    place = urlsplit(rig.server.url)
    url = f"{place.hostname}:{place.port}/{token.encode().decode('latin-1') if token.isascii() else '%C3%A9'}"
    assert get(f"http://{url}/")[0] == 403
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{url}/socket").__enter__()
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "192.168.1.5", "[2001:db8::1]:80", "a@localhost", "localhost;x", ""]
)
def test_a_foreign_host_is_refused(rig: PageRig, host: str) -> None:
    assert get(rig.server.url, Host=host or " ")[0] in (400, 403)
    with socket.create_connection((urlsplit(rig.server.url).hostname, urlsplit(rig.server.url).port)) as raw:
        raw.sendall(upgrade_request(host))
        assert raw.recv(100).split(b" ")[1] in (b"400", b"403")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost", "http://{host}.evil.example", "x"]
)
def test_a_foreign_origin_is_refused(rig: PageRig, origin: str) -> None:
    place = urlsplit(rig.server.url)
    origin = origin.format(host=place.netloc)
    assert get(rig.server.url, Origin=origin)[0] == 403
    with pytest.raises(InvalidStatus) as refused:
        connect(socket_url(rig.server.url), origin=origin).__enter__()
    assert refused.value.response.status_code == 403


def test_the_pages_own_origin_and_every_name_of_this_machine_come_in(rig: PageRig) -> None:
    place = urlsplit(rig.server.url)
    with connect(socket_url(rig.server.url), origin=f"http://{place.netloc}"):
        pass
    for host in ("localhost", f"localhost:{place.port}", "127.0.0.1", "[::1]:9"):
        assert get(rig.server.url, Host=host)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_only_reading_is_allowed(rig: PageRig, method: str) -> None:
    status, headers, _ = get(rig.server.url, method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


# ---- the page that plays in the browser itself


def test_an_exported_page_is_offered_under_the_same_address(tmp_path: Path) -> None:
    face, exported = tmp_path / "face", tmp_path / "exported"
    for folder in (face, exported):
        folder.mkdir()
    (exported / "catalogue.json").write_text('{"presets": []}')
    (exported / "index.html").write_text("exported")
    with PageRig(face, browser=exported) as rig:
        with rig.page() as page:
            assert page.wait("hello")["browser"] == "browser/"
        assert get(f"{rig.server.url}browser/")[2] == b"exported"
        assert get(f"{rig.server.url}browser/catalogue.json")[2] == b'{"presets": []}'
        assert get(rig.server.url.replace(TOKEN, "x" * 22) + "browser/")[0] == 403


def test_a_folder_that_is_no_exported_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no exported page"):
        PageRig(tmp_path, browser=tmp_path)


def test_one_that_never_began_listens_no_more_once_it_is_closed(tmp_path: Path) -> None:
    rig = PageRig(tmp_path)
    host, port = rig.server.url.split("/")[2].split(":")
    rig.server.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=5)
