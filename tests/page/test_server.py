"""The served page over real sockets: what a page is told, what its lines do, and that it ends with its session."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from synth.control.commands import (
    AMOUNT,
    LAYER,
    LEVEL_DB,
    NOTHING,
    PAGE,
    PATH,
    PRESET,
    SCENE,
    SECONDS,
    SEED,
    STEP_DB,
    SWITCH,
    offered,
)
from synth.engine.kernels.state import VOLUME
from synth.page import frame, page_socket
from synth.page.page_socket import LONGEST_BYTES
from synth.page.pages import MOST_PAGES
from synth.parameters.errors import InputError
from tests.support.page_rig import Page, PageRig, until, upgrade_request

LAYER_NAME = "left nails"
ARGUMENTS = {
    NOTHING: True,
    SWITCH: True,
    LAYER: LAYER_NAME,
    SCENE: "close",
    PRESET: "tap",
    PATH: f"{LAYER_NAME}.hardness",
    STEP_DB: -1.0,
    LEVEL_DB: -12.0,
    AMOUNT: 0.5,
    SECONDS: 2700,
    SEED: 7,
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageRig]:
    with PageRig(tmp_path_factory.mktemp("face")) as rig:
        yield rig


@pytest.fixture
def rig(served: PageRig) -> PageRig:
    served.begin()
    return served


@pytest.fixture
def page(rig: PageRig) -> Iterator[Page]:
    with rig.page() as page:
        page.wait("state")
        yield page


# ---- what a page is told


def test_a_new_page_is_told_everything_in_one_order(rig: PageRig) -> None:
    with rig.page() as page:
        state = page.wait("state")
        assert [next(iter(message)) for message in page.messages] == ["hello", "preset", "state"]
    hello, preset = page.messages[0]["hello"], page.messages[1]["preset"]
    assert hello["commands"].keys() == {command.name for command in offered(PAGE).values()}
    assert {"quit", "save"}.isdisjoint(hello["commands"])
    assert [layer["name"] for layer in preset["layers"]] == [layer.name for layer in rig.engine.layers]
    assert preset["hash"] == rig.session._session_streams[0].space.hash
    paths = {f"{layer['name']}.{path}" for layer in preset["layers"] for path in layer["parameters"]}
    assert paths | {f"master.{path}" for path in preset["master"]} == set(rig.session._session_streams[0].space.paths)
    assert state["is_muted"] is False


def test_values_come_back_to_every_page_and_glide_in_the_engine(rig: PageRig, page: Page) -> None:
    path = f"{LAYER_NAME}.hardness"
    with rig.page() as other:
        other.wait("state")
        page.say(values={path: 0.123})
        for each in (page, other):
            assert each.wait("values") == {path: pytest.approx(0.123)}
    assert rig.engine.values(rig.engine.layers[0])["hardness"] == pytest.approx(0.123)


def test_a_value_beyond_its_range_becomes_the_nearest_end(page: Page) -> None:
    page.say(values={f"{LAYER_NAME}.distance_m": 1e9, f"{LAYER_NAME}.elevation_deg": -1e300})
    assert page.wait("values") == {f"{LAYER_NAME}.distance_m": 50.0}  # what float32 cannot hold leaves it as it is


def test_values_with_a_stamp_are_a_models_and_do_not_hold_up_hands(rig: PageRig, page: Page) -> None:
    path = f"{LAYER_NAME}.hardness"
    for n in range(5):
        page.say(t=n / 100, values={path: 0.33})
    page.wait("values", lambda values: abs(values.get(path, 0) - 0.33) < 1e-3)
    stream = rig.session._session_streams[0].stream
    assert stream is not None
    assert stream.stats["phase"] == "playing" or stream.stats["late"] == 0


def test_status_frames_read_back_and_say_where_sound_is(rig: PageRig, page: Page) -> None:
    layer = rig.engine.layers[0]
    page.say(values={f"{LAYER_NAME}.azimuth_deg": 90, f"{LAYER_NAME}.elevation_deg": 0, f"{LAYER_NAME}.distance_m": 0.5})
    page.wait("values")

    def is_heard() -> bool:
        page.say(strike=layer.name, velocity=1)
        found = frame.unpacked(page.frame())
        is_there = abs(float(found.layers[0]["y_m"]) - 0.5) < 1e-3 and abs(float(found.layers[0]["x_m"])) < 0.1
        return is_there and len(found.events[0]) > 0 and found.head["peak_left"] > found.head["peak_right"]

    until(is_heard)
    found = frame.unpacked(page.frames[-1])
    assert (found.head["layers"], found.head["preset"], found.head["missed_blocks"]) == (
        len(rig.engine.layers),
        page.messages[1]["preset"]["number"],
        3,
    )
    assert all(abs(event["y_m"] - 0.5) < 0.3 for event in found.events[0])
    assert found.layers[0]["mean_square"] > 0


def test_the_layout_that_a_page_is_told_is_that_of_the_frames(page: Page) -> None:
    told = page.messages[0]["hello"]["frame"]
    for name, dtype in (("head", frame.HEAD), ("layer", frame.LAYER), ("event", frame.EVENT)):
        assert frame.np.dtype([tuple(field) for field in told[name]]) == dtype
    assert page.messages[0]["hello"]["rate_hz"] == frame.RATE_HZ


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_half_a_frame_is_no_frame(page: Page, cut: int) -> None:
    whole = page.frame()
    with pytest.raises(ValueError, match="bytes"):
        frame.unpacked(whole[:cut])


# ---- what its lines do


@pytest.mark.parametrize("name", list(offered(PAGE)))
def test_every_command_that_the_table_offers_has_an_effect(rig: PageRig, page: Page, name: str) -> None:
    command = offered(PAGE)[name]
    argument = "voice" if name in ("say", "hush") else ARGUMENTS[command.argument]
    if name == "release":
        page.say(strike=LAYER_NAME)
        until(lambda: rig.kinds)
    if name == "undo":
        page.say(values={f"{LAYER_NAME}.hardness": 0.1})
        page.wait("values")

    def seen() -> Any:
        status = rig.status()
        switches = status.is_muted, status.muted, status.soloed, status.sleep_s is None, status.recording, status.seed
        return len(rig.kinds), status.preset, status.scene, *switches

    before = seen()
    page.say(**{name: argument}, **({"text": "good night"} if name == "say" else {}))
    until(lambda: seen() != before)
    assert not any("refused" in message for message in page.messages)


def test_another_preset_is_told_to_all_and_frames_are_numbered_by_it(rig: PageRig, page: Page) -> None:
    page.say(preset="tap")
    preset = page.wait("preset", lambda preset: preset["row"]["name"] == "tap")
    assert preset["number"] > page.messages[1]["preset"]["number"]
    until(lambda: frame.unpacked(page.frame()).head["preset"] == preset["number"])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('{"save": true}', "no such act"),
        ('{"quit": true}', "no frame"),
        ('{"preset": "/etc/passwd"}', "refused"),
        ('{"preset": "nails"}', "refused"),
        ('{"scene": "nowhere"}', "refused"),
        ('{"sleep": -1}', "wrong act"),
        ('{"sleep": 1e8}', "refused"),
        ('{"values": {"x.y": 1}}', "unknown path"),
        ("[" * 30_000, "no JSON"),
        ("\x00", "no JSON"),
    ],
)
def test_what_cannot_be_done_is_answered_to_who_asked_and_to_nobody_else(rig: PageRig, page: Page, line: str, kind: str) -> None:
    with rig.page() as other:
        other.wait("state")
        page.connection.send(line)
        refused = page.wait("refused")
        assert refused["kind"] == kind
        assert "\n" not in refused["why"]
        page.say(values={f"{LAYER_NAME}.hardness": 0.2})
        other.wait("values")
        assert not any("refused" in message for message in other.messages)


def test_one_message_may_hold_several_lines(rig: PageRig, page: Page) -> None:
    page.connection.send('{"volume": -3}\n\n{"sleep": 60}\n')
    until(lambda: rig.session._silence.left_s is not None)
    assert rig.engine.state["master"]["target"][VOLUME] == -3.0


# ---- limits and ends


def test_a_message_that_is_too_long_ends_its_page_alone(rig: PageRig, page: Page) -> None:
    with rig.page() as other:
        other.wait("state")
        other.connection.send("x" * (LONGEST_BYTES + 1))
        assert other.end() == 1009
    page.say(strike=LAYER_NAME)
    page.frame()


def test_more_pages_than_there_is_room_for_are_told_so(rig: PageRig) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_PAGES):
            stack.enter_context(rig.page()).wait("state")
        assert stack.enter_context(rig.page()).wait("refused")["kind"] == "too many"
    until(lambda: rig.server.stats["pages"] == 0)


def test_a_page_that_floods_holds_up_nobody(rig: PageRig, page: Page) -> None:
    ends = threading.Event()

    def flood(flooding: Page) -> None:
        with suppress(ConnectionClosed):
            while not ends.is_set():
                flooding.say(values={"x": 1})

    with ExitStack() as stack:
        flooding = [stack.enter_context(rig.page()) for _ in range(3)]
        threads = [threading.Thread(target=flood, args=(each,)) for each in flooding]
        for thread in threads:
            thread.start()
        until(lambda: rig.server.rejections.total > 500)
        for n in range(10):
            page.say(values={f"{LAYER_NAME}.hardness": 0.05 + n / 20})
            assert page.wait("values", lambda values: f"{LAYER_NAME}.hardness" in values)
            page.frame()
        ends.set()
        for each, thread in zip(flooding, threads, strict=True):
            each.connection.socket.shutdown(socket.SHUT_RDWR)  # what is on its way is not waited for
            thread.join()


def test_a_page_that_reads_nothing_holds_up_nobody(rig: PageRig, page: Page) -> None:
    place = urlsplit(rig.server.url)
    with socket.create_connection((place.hostname, place.port)) as deaf:
        deaf.sendall(upgrade_request(place.netloc))
        until(lambda: rig.server.stats["pages"] == 2)
        for _ in range(60):
            page.frame()
        page.say(values={f"{LAYER_NAME}.hardness": 0.4})
        page.wait("values")


def test_a_page_that_takes_nothing_is_cut_off(rig: PageRig, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_socket, "_SEND_S", 0.3)
    with suppress(ConnectionClosed), rig.page(max_queue=1) as deaf:
        until(lambda: rig.server.stats["pages"] == 2)
        line = json.dumps({"no such thing": 1})
        while rig.server.stats["pages"] == 2:  # its answers fill what the system keeps for it, then it is seen
            deaf.connection.send("\n".join([line] * 200))
    page.say(volume=-5)
    page.frame()


def test_it_ends_with_its_session_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with PageRig(tmp_path) as rig:
        place = urlsplit(rig.server.url)
        idle = socket.create_connection((place.hostname, place.port))
        stack = ExitStack()
        page = stack.enter_context(rig.page())
        page.wait("state")
    assert page.end() == 1012  # it will be back
    stack.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((place.hostname, place.port), 5)
    idle.close()
    assert not {each.name for each in set(threading.enumerate()) - before} & {"synth page", "turns"}


def test_a_port_that_is_taken_is_said_before_anything_plays(rig: PageRig, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="another program listens there"):
        PageRig(tmp_path, port=urlsplit(rig.server.url).port)
