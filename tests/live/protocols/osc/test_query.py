"""OSCQuery over real HTTP: nodes and attributes, statuses, whoever asks in another's name, and what is no HTTP at all."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from synth.engine.engine import Engine
from synth.io.net.http import OscQuery
from synth.live.protocols.osc.server import Osc
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from tests.support.osc_sender import RATE, Rig, message


@pytest.fixture
def endpoint(sine_trigger: None) -> Iterator[tuple[Rig, Osc]]:
    engine = Engine(RATE, "sphere")
    engine.add("sine", name="left nails", gesture={"kind": "taps", "rate_hz": 2}, distance_m=1.0)
    rig = Rig(engine)
    with Osc(rig.session_stream, "127.0.0.1", 0, rig.told.append, value=rig.value, effects=rig.effects) as osc:
        yield rig, osc


def get(osc: Osc, path: str, **headers: str) -> tuple[int, Any]:
    try:
        with urlopen(Request(f"http://127.0.0.1:{osc.port}{path}", headers=headers), timeout=10) as answer:
            body = answer.read()
            return answer.status, json.loads(body) if body else None
    except HTTPError as error:
        with error:
            return error.code, None


def test_any_port_is_one_that_is_free_for_both(monkeypatch: pytest.MonkeyPatch, sine_trigger: None) -> None:
    refused: list[int] = []

    def taken_at_first(family: int, host: str, port: int, answer: Any) -> OscQuery:
        if not refused:
            refused.append(port)
            raise InputError("somebody else has this port for TCP")
        return OscQuery(family, host, port, answer)

    monkeypatch.setattr("synth.live.protocols.osc.server.OscQuery", taken_at_first)
    rig = Rig(Engine(RATE, "sphere"))
    with Osc(rig.session_stream, "127.0.0.1", 0, rig.told.append, value=rig.value, effects=rig.effects) as osc:
        assert get(osc, "/")[0] == 200
    assert refused
    assert "somebody else has this port for TCP" not in rig.told


def test_the_whole_tree_holds_every_address(endpoint) -> None:
    rig, osc = endpoint
    status, root = get(osc, "/")
    assert status == 200
    assert set(root["CONTENTS"]) == {"left_nails", "master", "synth"}
    leaves = []

    def walk(node: dict[str, Any]) -> None:
        for name, child in node.get("CONTENTS", {}).items():
            assert child["FULL_PATH"].endswith(f"/{name}")
            walk(child)
        if "CONTENTS" not in node:
            assert node["ACCESS"] in (1, 2, 3)
            assert node["TYPE"]
            assert node["DESCRIPTION"]
            leaves.append(node["FULL_PATH"])

    walk(root)
    table = rig.hearing.addresses
    assert {*table.all, *(f"/synth/unit{one}" for one in table.places)} <= set(leaves)


def test_a_parameter_says_all_of_itself(endpoint) -> None:
    rig, osc = endpoint
    assert get(osc, "/left_nails/frequency_hz") == (
        200,
        {
            "FULL_PATH": "/left_nails/frequency_hz",
            "TYPE": "f",
            "ACCESS": 3,
            "DESCRIPTION": "left nails.frequency_hz",
            "RANGE": [{"MIN": 20.0, "MAX": 4000.0}],
            "CLIPMODE": ["both"],
            "UNIT": ["time.hz"],
            "VALUE": [1000.0],
        },
    )
    assert get(osc, "/left_nails/colour?RANGE") == (200, {"RANGE": [{"VALS": ["plain", "loud", "soft"]}]})
    rig.send(message("/left_nails/colour", "soft"), message("/left_nails/level_db", -6))
    rig.engine.process(RATE // 4)
    assert get(osc, "/left_nails/colour/?VALUE") == (200, {"VALUE": ["soft"]})
    assert get(osc, "/left_nails/level_db?VALUE") == (200, {"VALUE": [-6.0]})
    assert get(osc, "/synth/hash?VALUE") == (200, {"VALUE": [rig.session_stream.space.hash]})
    assert get(osc, "/left_nails/strike?ACCESS") == (200, {"ACCESS": 2})
    assert get(osc, "/left_nails/gesture?CONTENTS")[1]["CONTENTS"]["rate_hz"]["VALUE"] == [2.0]


def test_host_info_says_where_osc_is_heard(endpoint) -> None:
    _, osc = endpoint
    status, info = get(osc, "/?HOST_INFO")
    assert status == 200
    assert (info["OSC_IP"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("127.0.0.1", osc.port, "UDP")
    assert info["EXTENSIONS"]["VALUE"] is True
    assert info["EXTENSIONS"]["LISTEN"] is False


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/left_nails/level_db/x", 404),
        ("/left_nails?VALUE", 204),
        ("/left_nails/strike?VALUE", 204),
        ("/left_nails/colour?UNIT", 204),
        ("/left_nails/level_db?TAGS", 204),
        ("/left_nails/level_db?COLOUR", 400),
        ("/left_nails/level_db?value", 400),
        ("/left_nails/level_db?%ff", 400),
        ("/%ff", 400),
        ("/left%5Fnails/level_db", 200),
    ],
)
def test_statuses(endpoint, path: str, status: int) -> None:
    assert get(endpoint[1], path)[0] == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:1", 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        ("10.0.0.1", 403),
        ("", 403),
        ("[", 403),
    ],
)
def test_a_page_that_gave_its_name_our_address_hears_nothing(endpoint, host: str, status: int) -> None:
    assert get(endpoint[1], "/", Host=host)[0] == status


def test_no_page_elsewhere_may_read_it(endpoint) -> None:
    with urlopen(f"http://127.0.0.1:{endpoint[1].port}/?HOST_INFO", timeout=10) as answer:
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x00\xff\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
    ],
)
def test_what_is_no_question_leaves_stderr_alone_and_others_answered(
    endpoint, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    _, osc = endpoint
    with socket.create_connection(("127.0.0.1", osc.port), timeout=10) as one:
        one.sendall(sent)
        one.shutdown(socket.SHUT_WR)
        try:
            while one.recv(4096):
                pass
        except ConnectionResetError:
            pass
    assert get(osc, "/?HOST_INFO")[0] == 200
    assert capfd.readouterr().err == ""


def test_another_preset_is_another_tree(endpoint) -> None:
    rig, osc = endpoint
    rig.session_stream.release()
    assert set(get(osc, "/")[1]["CONTENTS"]) == {"synth"}
    rig.engine.load(load_preset("tap"))
    rig.aim()
    assert set(get(osc, "/")[1]["CONTENTS"]) == {"tap", "master", "synth"}


def test_a_port_that_is_taken_is_said_and_osc_goes_on() -> None:
    engine = Engine(RATE, "sphere")
    engine.load(load_preset("tap"))
    rig = Rig(engine)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with Osc(rig.session_stream, "127.0.0.1", port, rig.told.append, value=rig.value) as osc:
            assert osc.port == port
            assert rig.told[-1].startswith(f"OSCQuery cannot listen on 127.0.0.1:{port}")
            assert osc._thread.is_alive()


def test_many_who_say_nothing_do_not_keep_it_from_ending(endpoint) -> None:
    _, osc = endpoint
    silent = [http.client.HTTPConnection("127.0.0.1", osc.port) for _ in range(20)]
    for one in silent:
        one.connect()
    osc.__exit__(None, None, None)
    for one in silent:
        one.close()


def _asked(osc: Osc, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", osc.port, timeout=10)
    connection.request(method, path, headers=headers)
    return connection.getresponse()


def test_a_head_is_an_answer_without_its_body(endpoint) -> None:
    _, osc = endpoint
    whole, head = _asked(osc, "GET", "/"), _asked(osc, "HEAD", "/")
    assert (head.status, head.read()) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"] == str(len(whole.read()))


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1", "https://[::1]:8000"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_pages_of_this_machine_may_read_it(endpoint, origin: str, method: str) -> None:
    _, osc = endpoint
    answer = _asked(osc, method, "/", Origin=origin)
    assert answer.status in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize(
    "origin", ["https://example.com", "null", "http://localhost.example.com", "http://127.0.0.1.example.com"]
)
def test_pages_from_elsewhere_and_without_a_name_may_not(endpoint, origin: str) -> None:
    _, osc = endpoint
    assert _asked(osc, "GET", "/", Origin=origin).headers["Access-Control-Allow-Origin"] is None


def test_an_attribute_may_be_asked_for_with_an_equals_sign(endpoint) -> None:
    _, osc = endpoint
    assert get(osc, "/?HOST_INFO=") == get(osc, "/?HOST_INFO")
    assert get(osc, "/?HOST_INFO")[0] == 200


def test_host_info_gives_an_address_that_a_client_can_use(sine_trigger: None) -> None:
    engine = Engine(RATE, "sphere")
    engine.add("sine", name="left nails", distance_m=1.0)
    rig = Rig(engine)
    with Osc(rig.session_stream, "0.0.0.0", 0, rig.told.append, value=rig.value, effects=rig.effects) as osc:
        assert get(osc, "/?HOST_INFO")[1]["OSC_IP"] == "127.0.0.1"
