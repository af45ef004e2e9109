"""OSC: every message of the surface, atomic bundles, tags exact to a frame, questions, errors, another preset."""

from __future__ import annotations

import json
import math
import socket
import types
from collections.abc import Iterator

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.io.net import budget
from synth.live.protocols.osc import addresses
from synth.live.protocols.osc.server import Osc
from synth.parameters.errors import InputError
from synth.parameters.tables import MASTER_PATHS
from synth.preset.library import load_preset
from synth.rt.units import QUANTUM
from tests.support.osc_sender import NOON, RATE, SECOND, Rig, bundle, by_python_osc, floats, message

DELAY = round(0.05 * RATE)

pytestmark = pytest.mark.usefixtures("sine_trigger")


def rig(is_live: bool = True, **contract) -> Rig:
    engine = Engine(RATE, "sphere")
    engine.add("sine", name="left nails", gesture={"kind": "taps", "rate_hz": 2}, distance_m=1.0)
    engine.add("sine", name="a/b", distance_m=1.0)
    return Rig(engine, is_live, **contract)


def after(one: Rig, seconds: float = 0.2) -> Rig:
    one.engine.process(round(seconds * RATE))
    return one


def kinds(one: Rig) -> dict[str, int]:
    return dict(one.rejections.counts)


# ---- one message


@pytest.mark.parametrize(("kind", "given"), [("f", -6.5), ("d", -6.5), ("i", -6), ("h", -6)])
def test_a_number_of_any_type_moves_a_parameter(kind: str, given: float) -> None:
    one = rig()
    one.send(message("/left_nails/level_db", given, types=kind))
    assert after(one).value("left nails.level_db") == given
    assert one.answers == []
    assert kinds(one) == {}


def test_gestures_master_choices_and_units_are_reached() -> None:
    one = rig()
    one.send(message("/left_nails/gesture/rate_hz", 8.0), message("/master/level_db", -12), message("/a_b/colour", "soft"))
    one.send(message("/left_nails/colour", 1), message("/synth/unit/a_b/frequency_hz", 1.0))
    one.send(message("/synth/unit/left_nails/frequency_hz", 0.0))
    after(one)
    assert [one.value(path) for path in ("left nails.gesture.rate_hz", "master.level_db")] == [8.0, -12.0]
    assert [one.value(path) for path in ("a/b.colour", "left nails.colour")] == ["soft", "loud"]
    assert [one.value(path) for path in ("a/b.frequency_hz", "left nails.frequency_hz")] == [4000.0, 20.0]
    assert kinds(one) == {}


def test_what_is_beyond_the_range_becomes_its_nearest_end() -> None:
    one = rig()
    one.send(message("/a_b/elevation_deg", 1e300, types="d"), message("/left_nails/elevation_deg", -(1 << 62), types="h"))
    one.send(message("/synth/unit/a_b/level_db", -5.0))
    after(one)
    assert [one.value(path) for path in ("a/b.elevation_deg", "left nails.elevation_deg", "a/b.level_db")] == [90, -90, -120]


@pytest.mark.parametrize(
    ("packet", "kind"),
    [
        (message("/left_nails/level_db", True), "argument type"),
        (message("/left_nails/level_db", "loud"), "argument type"),
        (message("/left_nails/level_db", -3.0, -4.0), "argument count"),
        (message("/left_nails/level_db", math.nan), "no number"),
        (message("/left_nails/level_db", math.inf), "no number"),
        (message("/left_nails/colour", "green"), "choice"),
        (message("/left_nails/levle_db", -3.0), "unknown address"),
        (message("/right_nails/level_db", -3.0), "unknown address"),
        (message("/left nails/level_db", -3.0), "unknown address"),
        (message("/synth/vector", -3.0), "vector length"),
        (message("/synth/vector", "0123456789abcdef", b"\0\0\0\0"), "another space"),
        (message("/synth/vector", b"\0\0\0"), "argument type"),
        (message("/synth/start"), "time tag"),
        (message("/synth/stop"), "unknown address"),
        (message("/left_nails/strike", 2.0), "velocity"),
        (message("/left_nails/strike", "hard"), "argument type"),
        (message("/*/level_db"), "pattern"),
        (message("/*/levle_db", 1.0), "unknown address"),
        (message("/{a,b/level_db", 1.0), "pattern"),
        (b"/left_nails/level_db\0\0\0\0,f\0\0", "no OSC"),
        (b"/left_nails/level_db\0\0\0\0,c\0\0\0\0\0a", "argument type"),
        (b"", "no OSC"),
        (b"hello", "no OSC"),
    ],
)
def test_what_cannot_be_used_changes_nothing_is_counted_told_and_answered(packet: bytes, kind: str) -> None:
    one = rig()
    before = one.values()
    one.send(packet)
    assert kinds(one) == {kind: 1}
    assert len(one.told) == 1
    (answer,) = one.answers
    assert answer[0] == "/error"
    assert answer[2] == kind
    assert answer[3] in one.told[0]
    assert np.array_equal(after(one).values(), before)
    one.send(packet)
    assert (kinds(one), len(one.told), len(one.answers)) == ({kind: 2}, 1, 2)


def _raw(address: str, types: str, arguments: bytes = b"") -> bytes:
    return b"".join(text.encode() + bytes(4 - len(text) % 4) for text in (address, f",{types}")) + arguments


@pytest.mark.parametrize(
    ("packet", "value"),
    [
        (_raw("/left_nails/colour", "S", b"loud\0\0\0\0"), "loud"),
        (_raw("/left_nails/colour", "[s]", b"loud\0\0\0\0"), "loud"),
        (_raw("/left_nails/colour", "[[f]]", b"\x3f\x80\0\0"), "loud"),
        (_raw("/left_nails/colour", "c", b"\0\0\0l"), "choice"),
        (_raw("/left_nails/colour", "c", b"l\0\0\0"), "no OSC"),
        (_raw("/left_nails/colour", "]s[", b"loud\0\0\0\0"), "no OSC"),
        (_raw("/left_nails/colour", "[s", b"loud\0\0\0\0"), "no OSC"),
        (_raw("/left_nails/colour", "I"), "argument type"),
        (_raw("/left_nails/colour", "x"), "argument type"),
        (_raw("/left_nails/colour", "s", b"lou\xff\0\0\0\0"), "no OSC"),
        (_raw("/left_nails/colour", "b", b"\xff\xff\xff\xfc"), "no OSC"),
    ],
)
def test_symbols_characters_impulses_and_arrays_are_read_as_the_specification_says(packet: bytes, value: str) -> None:
    one = rig()
    one.send(packet)
    assert after(one).value("left nails.colour") == (value if value == "loud" else "plain")  # what is refused leaves it as it was
    assert kinds(one) == ({} if value == "loud" else {value: 1})


@pytest.mark.parametrize(("types", "strikes", "panics"), [("T", 1, 1), ("I", 1, 1), ("N", 1, 1), ("", 1, 1), ("F", 0, 0)])
def test_buttons_of_every_kind_press_and_let_go(types: str, strikes: int, panics: int) -> None:
    one = rig()
    done: list[str] = []
    one.effects |= {name: lambda *_, name=name, **__: done.append(name) for name in ("strike", "release", "panic")}
    one.send(_raw("/left_nails/strike", types), _raw("/synth/panic", types))
    after(one)
    assert (done.count("strike"), done.count("panic")) == (strikes, panics)
    assert done.count("release") == (types == "F")
    assert kinds(one) == {}


def test_a_scene_is_called_by_a_whole_number_of_any_type() -> None:
    one = rig()
    called: list[str | int] = []
    one.effects["scene"] = lambda which, **_: called.append(which)
    for packet in (message("/synth/scene", 2), message("/synth/scene", 2.0), message("/synth/scene", "2")):
        one.send(packet)
    one.send(message("/synth/scene", 2, types="h"), message("/synth/scene", 2.0, types="d"))
    assert called == [2, 2, "2", 2, 2]
    assert all(isinstance(which, str) or type(which) is int for which in called)
    one.send(message("/synth/scene", 1.5))
    assert kinds(one) == {"no number": 1}


def test_the_nearest_address_is_named() -> None:
    one = rig()
    one.send(message("/left_nails/levle_db", -3.0), message("/left_nail/level_db", -3.0))
    one.send(
        message("/synth/release_override", "left_nail"),
        message("/synth/release_override", ""),
        message("/synth/release_override", "//"),
    )
    assert "did you mean '/left_nails/level_db'?" in one.answers[0][3]
    assert "did you mean '/left_nails'?" in one.answers[1][3]
    assert kinds(one) == {"unknown address": 5}


def test_a_layer_whose_name_begins_like_an_error_is_played() -> None:
    engine = Engine(RATE, "sphere")
    engine.add("tap", name="errors")
    one = Rig(engine, delay_s=0)
    one.send(message("/errors/level_db", -13.0), message("/errors/levle_db", -13.0))
    engine.process(6400)
    assert one.value("errors.level_db") == -13
    assert kinds(one) == {"unknown address": 1}
    assert len(one.answers) == 1


def test_an_error_is_never_answered_and_answers_are_rationed(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(budget, "time", types.SimpleNamespace(monotonic=lambda: now_s[0]))
    one = rig()
    one.send(message("/error", "/x", "kind", "text"), bundle(message("/error/x", 1.0)), b"/error")
    assert one.answers == []
    assert kinds(one) == {"an error": 2, "no OSC": 1}
    one.send(*[message("/nothing", 1.0)] * 5000)
    assert len(one.answers) == 20
    now_s[0] += 0.5
    one.send(*[message("/nothing", 1.0)] * 5000)
    assert len(one.answers) == 30
    assert kinds(one)["unknown address"] == 10_000


def test_who_is_asked_in_anothers_name_sends_him_little_more_than_was_sent_here(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(budget, "time", types.SimpleNamespace(monotonic=lambda: now_s[0]))
    one = rig()
    packet = bundle(*[message("/synth/stats")] * 2000)
    for _ in range(5):
        one.send(packet)
    assert 0 < sum(len(text) for _, text in one.answers) < 5 * len(packet) + 32_000
    withheld = one.hearing.counts["answers_withheld"]
    assert withheld + len(one.answers) == 10_000
    now_s[0] += 10.0
    one.send(message("/synth/hash"))
    assert one.hearing.counts["answers_withheld"] == withheld


def test_patterns_cost_what_one_sender_may_cost_and_no_other_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(budget, "time", types.SimpleNamespace(monotonic=lambda: now_s[0]))
    compared: list[int] = []
    original = addresses._compared
    monkeypatch.setattr(addresses, "_compared", lambda given, table: compared.append(len(given)) or original(given, table))
    one = rig()
    for turn in range(50):
        parts = ["".join(f"*{turn}x{n}y{k}*," for k in range(16)) for n in range(20)]
        one.send(bundle(*[message("/{" + part.rstrip(",") + "}/*_db", 1.0) for part in parts]))
    assert sum(compared) < 400
    assert kinds(one)["pattern"] > 900
    now_s[0] += 2.0
    one.send(message("/{left_nails,a_b}/level_db", -7.0))
    assert after(one).value("left nails.level_db") == -7


def test_patterns_of_one_packet_move_so_many_numbers_at_most() -> None:
    one = rig()
    one.send(bundle(*[message("/*/*_db", 0.0)] * 2000))
    assert kinds(one)["pattern"] > 500


# ---- bundles and time tags


def ramp_start(one: Rig, layer: str, path: str) -> int:
    found = one.layer(layer)
    return int(one.engine.state["layers"][found.index]["slots"][found.slots[path][0]]["start"])


@pytest.mark.parametrize("is_live", [True, False])
def test_a_bundle_is_one_frame_and_its_tag_is_exact(is_live: bool) -> None:
    one = rig(is_live, ahead_s=1.0)
    first, late = NOON + 12345, round(0.0123 * SECOND)
    one.send(bundle(message("/a_b/level_db", -1.0), tag=first))
    one.engine.process(QUANTUM)
    inner = bundle(message("/a_b/level_db", -4.0), bundle(message("/master/level_db", -5.0), tag=first + late))
    one.send(bundle(message("/left_nails/level_db", -3.0), inner, tag=first + late))
    one.engine.process(DELAY + 640)
    frame = DELAY + round(late / SECOND * RATE)
    assert ramp_start(one, "left nails", "level_db") == ramp_start(one, "a/b", "level_db") == frame
    assert int(one.engine.state["master"][0]["start"]) == frame
    stats = after(one).session_stream.stats
    assert (stats["applied"], stats["late"], stats["early"], stats["dropped"]) == (2, 0, 0, 0)


def test_the_start_may_be_given_and_given_anew() -> None:
    one = rig()
    one.send(bundle(message("/synth/start"), tag=NOON))
    one.send(bundle(message("/a_b/level_db", -1.0), tag=NOON + SECOND // 100))
    one.engine.process(QUANTUM)
    assert one.session_stream.stream._record["start"] == -480  # the stamp of 10 ms was synced to its arrival
    one.engine.process(640 - QUANTUM)
    again = NOON + 1000 * SECOND
    one.send(bundle(message("/synth/start"), message("/a_b/level_db", -2.0), tag=again))
    after(one)
    assert ramp_start(one, "a/b", "level_db") == 640 + DELAY
    assert one.session_stream.stats["late"] == one.session_stream.stats["early"] == 0


def test_a_clock_that_jumps_by_years_begins_anew() -> None:
    one = rig()
    for tag in (2, NOON, NOON + SECOND // 100):
        one.send(bundle(message("/a_b/level_db", -float(tag % 7)), tag=tag))
        one.engine.process(480)
    after(one)
    assert one.session_stream.stats["applied"] == 3
    assert one.session_stream.stats["late"] == 0


def test_inner_tags_act_at_their_own_time_and_never_before_the_outer() -> None:
    one = rig(ahead_s=1.0)
    step = SECOND // 100
    frames = [bundle(message("/a_b/level_db", -float(n)), tag=NOON + n * step) for n in range(4)]
    one.send(bundle(*frames))  # a batch in one datagram
    after(one)
    assert one.session_stream.stats["applied"] == 4
    assert ramp_start(one, "a/b", "level_db") == DELAY + 3 * 480
    one.send(bundle(frames[0], tag=NOON + step))
    assert kinds(one) == {"time tag": 1}


def test_one_bad_message_leaves_the_others_of_its_bundle() -> None:
    one = rig()
    one.send(bundle(message("/a_b/level_db", -1.0), message("/a_b/levle_db", -1.0), message("/a_b/level_db", -2.0)))
    assert after(one).value("a/b.level_db") == -2
    assert kinds(one) == {"unknown address": 1}
    assert one.session_stream.stats["applied"] == 1


def test_wall_clock_tags_agree_with_exact_stamps_within_a_frame() -> None:
    times = np.cumsum(np.random.default_rng(3).uniform(0.004, 0.02, 100))

    def play(packet) -> np.ndarray:
        one, starts, at = rig(rate_hz=1000), [], 0
        for block in range(0, 100000, QUANTUM):
            while at < len(times) and times[at] * RATE <= block:
                one.send(packet(times[at], message("/a_b/azimuth_deg", 170.0 * math.sin(at))))
                at += 1
            one.engine.process(QUANTUM)
            starts.append(ramp_start(one, "a/b", "azimuth_deg"))
        assert one.session_stream.stats["applied"] == len(times)
        return np.unique(starts)

    exact = play(lambda t, one: bundle(one, tag=NOON + round(t * SECOND)))
    wall = play(lambda t, one: by_python_osc(1_690_000_000.123 + t, one))
    assert len(exact) == len(wall) == len(times) + 1
    assert np.abs(exact - wall).max() <= 1


def test_messages_of_one_moment_join_whatever_datagrams_they_come_in() -> None:
    one = rig()
    one.send(message("/a_b/level_db", -1.0), message("/left_nails/level_db", -2.0), message("/a_b/elevation_deg", 3.0))
    one.send(message("/a_b/level_db", -4.0))
    after(one)
    assert [one.value(path) for path in ("a/b.level_db", "left nails.level_db", "a/b.elevation_deg")] == [-4, -2, 3]
    stats = one.session_stream.stats
    assert (stats["received"], stats["applied"], stats["merged"], stats["dropped"]) == (4, 1, 3, 0)


# ---- vectors


def test_whole_vectors_by_numbers_and_by_blob_with_and_without_hash() -> None:
    values = rig().session_stream.space.from_unit(np.linspace(0.2, 0.8, len(rig().session_stream.space)))
    wanted = np.float32(values)
    for packet in (
        message("/synth/vector", *map(float, values)),
        message("/synth/vector", *map(float, values), types="d" * len(values)),
        message("/synth/vector", floats(values)),
        message("/synth/vector", rig().session_stream.space.hash, floats(values)),
        message("/synth/vector", rig().session_stream.space.hash, *map(float, values)),
    ):
        one = rig(return_s=0)
        one.send(packet)
        assert kinds(one) == {}
        assert np.allclose(after(one, 0.3).values(), wanted, rtol=1e-6)


def test_what_is_nan_in_a_vector_stays_and_later_messages_of_the_bundle_win() -> None:
    one = rig()
    before = one.values()
    space = one.session_stream.space
    values = np.full(len(space), math.nan)
    values[space.index("a/b.level_db")] = -7
    values[space.index("master.level_db")] = math.inf
    said = (
        message("/left_nails/level_db", -2.0),
        message("/synth/vector", floats(values)),
        message("/synth/unit/a_b/level_db", 1.0),
    )
    one.send(bundle(*said))
    wanted = before.copy()
    wanted[[space.index("left nails.level_db"), space.index("a/b.level_db")]] = -2, 24
    assert np.allclose(after(one).values(), wanted)
    assert one.session_stream.stats["applied"] == 1


# ---- strikes and deeds


def test_strikes_and_releases_reach_the_engine() -> None:
    one = rig()
    one.send(message("/left_nails/strike"), message("/a_b/strike", 0.25), message("/left_nails/release"))
    one.send(message("/a_b/strike", 0), message("/*/strike", 1.0), message("/left_nails/release", 0.0))
    assert one.struck == [("left nails", 0.7, None), ("a/b", 0.25, None), ("left nails", 1.0, None), ("a/b", 1.0, None)]
    assert one.done == [("release", "left nails", None), ("release", "a/b", None)]
    assert np.abs(after(one).engine.process(480)).max() > 0.01
    assert kinds(one) == {}


@pytest.mark.parametrize("is_live", [True, False])
def test_strikes_of_a_tagged_bundle_act_at_the_frame_of_its_parameters(is_live: bool) -> None:
    one = rig(is_live, ahead_s=1.0)
    for n, tag in enumerate((NOON, NOON + round(0.0211 * SECOND), NOON + round(0.0677 * SECOND))):
        one.send(bundle(message("/a_b/strike", 0.5), message("/a_b/level_db", -float(n)), message("/a_b/release"), tag=tag))
        one.engine.process(QUANTUM)
        one.hearing.look()
    after(one)
    frames = [DELAY + round(t * RATE) for t in (0, 0.0211, 0.0677)]
    assert one.struck == [("a/b", 0.5, frame) for frame in frames]
    assert one.done == [("release", "a/b", frame) for frame in frames]
    assert ramp_start(one, "a/b", "level_db") == frames[-1]
    assert one.engine.counters["late"] == 0


def test_strikes_without_a_parameter_keep_their_time_too_and_move_nothing() -> None:
    one = rig()
    before = one.values()
    for n in range(5):
        one.send(bundle(message("/a_b/strike", 0.5), tag=NOON + n * SECOND // 50))
        one.engine.process(960)
        one.hearing.look()
    assert [at for *_, at in one.struck] == [DELAY + n * 960 for n in range(5)]
    assert np.array_equal(after(one).values(), before)


def test_a_stalled_stream_takes_home_only_what_it_has_moved() -> None:
    one = rig(timeout_s=0.1, hold_s=0.1, glide_s=0.1)
    one.engine.set(one.layer("left nails"), level_db=-20)  # a scene, say
    one.send(message("/a_b/level_db", -9.0))
    assert after(one, 0.1).value("a/b.level_db") == -9
    after(one, 1.0)
    assert one.session_stream.stats["phase"] == "released"
    assert (one.value("a/b.level_db"), one.value("left nails.level_db")) == (0, -20)


def test_a_strike_hears_the_choice_of_its_own_bundle() -> None:
    def played(tag: int) -> np.ndarray:
        engine = Engine(RATE, "sphere", seed=5)
        engine.add("tap", name="it")
        one = Rig(engine, True)
        one.send(bundle(message("/it/strike", 0.9), message("/it/material", "glass"), tag=tag))
        engine.process(QUANTUM)
        one.hearing.look()
        assert one.struck[0][2] == DELAY
        return engine.process(DELAY + 4800)

    engine = Engine(RATE, "sphere", seed=5)
    glass = engine.add("tap", name="it", material="glass")
    engine.strike(glass, 0.9, at=DELAY)
    wanted = engine.process(DELAY + 4800 + QUANTUM)[QUANTUM:]
    assert np.abs(wanted).max() > 0.05
    assert np.allclose(played(NOON), wanted, atol=1e-6)
    assert np.allclose(played(1), wanted, atol=1e-6)


def test_a_strike_that_comes_far_too_late_is_left_out() -> None:
    one = rig()
    one.send(bundle(message("/a_b/level_db", -1.0), tag=NOON))
    one.engine.process(4 * RATE)
    one.send(bundle(message("/a_b/strike"), message("/a_b/release"), tag=NOON + 2 * SECOND))
    assert (one.struck, kinds(one)) == ([], {"late strike": 1})
    assert len(one.done) == 1


def test_deeds_are_done_by_the_session() -> None:
    one = rig()
    one.send(message("/synth/panic"), message("/synth/panic", 0), message("/synth/panic", 1), message("/synth/panic", False))
    one.send(message("/synth/preset", "tap"), message("/synth/scene", 2), message("/synth/scene", "calm"))
    one.send(
        message("/synth/release_override"),
        message("/synth/release_override", "/left_nails/level_db"),
        message("/synth/release_override", "/master"),
    )
    assert one.done == [
        ("panic",),
        ("panic",),
        ("preset", "tap"),
        ("scene", 2),
        ("scene", "calm"),
        ("release_override", None),
        ("release_override", "left nails.level_db"),
        ("release_override", "master.level_db"),
        *(("release_override", f"master.{path}") for path in MASTER_PATHS if path != "level_db"),
    ]
    assert kinds(one) == {}


def test_a_command_that_fails_is_a_rejection() -> None:
    one = rig()

    def refuse(name: str) -> None:
        raise InputError(f"no preset \x1b[2J{name}")

    one.effects |= {"preset": refuse, "panic": lambda: 1 / 0}
    del one.effects["scene"]
    one.send(message("/synth/preset", "x"), message("/synth/panic"), message("/synth/scene", 1))
    assert kinds(one) == {"refused": 1, "failed": 1, "no such command": 1}
    assert not any("\x1b" in text for text in [*one.told, one.answers[0][3]])


# ---- questions


def test_questions_are_answered_with_what_is_so_now() -> None:
    one = rig()
    one.send(message("/a_b/level_db", -6.0), message("/a_b/colour", 2))
    after(one)
    one.send(message("/a_b/level_db"), message("/a_b/colour"), message("/synth/unit/a_b/level_db"), message("/synth/hash"))
    one.send(message("/synth/unit/a_b/colour"), message("/synth/stats"))
    stats = json.loads(one.answers.pop()[1])
    position = np.float32((120 - 6) / 144)
    assert one.answers == [
        ("/a_b/level_db", -6.0),
        ("/a_b/colour", "soft"),
        ("/synth/unit/a_b/level_db", position),
        ("/synth/hash", one.session_stream.space.hash),
        ("/synth/unit/a_b/colour", 1.0),
    ]
    assert (stats["applied"], stats["merged"], stats["messages"]) == (1, 1, 8)
    assert stats["left_out"] == {}


def test_another_preset_brings_other_addresses_and_none_between_two() -> None:
    one = Rig(Engine(RATE, "sphere"))
    one.engine.load(load_preset("tap"))
    one.aim()
    one.send(message("/tap/hardness", 0.25))
    assert after(one).value("tap.hardness") == 0.25
    one.session_stream.release()
    one.send(message("/tap/hardness", 0.5), message("/synth/panic"))
    assert kinds(one) == {"no preset": 1}
    assert one.done == [("panic",)]
    one.engine.load(load_preset("brush"))
    one.aim()
    one.send(message("/tap/hardness", 0.5), message("/brush/level_db", -9.0))
    assert kinds(one) == {"no preset": 1, "unknown address": 1}
    assert after(one).value("brush.level_db") == -9


# ---- real sockets


@pytest.fixture
def endpoint() -> Iterator[tuple[Rig, Osc, list[str], socket.socket]]:
    one, told = rig(), []
    with (
        Osc(one.session_stream, "127.0.0.1", 0, told.append, value=one.value, effects=one.effects, tree=False) as osc,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        sender.connect((osc.host, osc.port))
        sender.settimeout(5)
        yield one, osc, told, sender


def test_real_datagrams_are_heard_and_answered(endpoint) -> None:
    one, osc, told, sender = endpoint
    sender.send(message("/a_b/level_db", -6.0))
    sender.send(b"nonsense")
    assert sender.recv(4096).startswith(b"/error\0")
    after(one)
    sender.send(message("/a_b/level_db"))
    assert sender.recv(4096) == message("/a_b/level_db", -6.0)
    assert osc.stats["packets"] == 3
    assert osc.stats["left_out"] == {"no OSC": 1}
    assert told[0] == f"OSC: listening on 127.0.0.1:{osc.port}"


def test_thousands_of_datagrams_at_once_are_all_heard(endpoint) -> None:
    one, osc, _, sender = endpoint
    for n in range(4000):
        sender.send(message("/a_b/azimuth_deg", float(n % 90)))
        if n % 100 == 99:  # as much as the smallest receive buffer holds
            sender.send(message("/synth/hash"))
            assert sender.recv(4096).startswith(b"/synth/hash")
            one.engine.process(480)
    assert osc.stats["packets"] == 4040
    assert osc.stats["left_out"] == {}
    after(one)
    assert one.value("a/b.azimuth_deg") == 3999 % 90


def test_an_answer_that_nobody_takes_does_not_deafen_it(endpoint) -> None:
    one, _, _, sender = endpoint
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.connect(sender.getpeername())
        for _ in range(3):
            gone.send(message("/synth/hash"))
    sender.send(message("/synth/hash"))
    assert sender.recv(4096) == message("/synth/hash", one.session_stream.space.hash)


def test_a_port_in_use_is_said_and_closing_ends_the_thread() -> None:
    one = rig()
    with Osc(one.session_stream, "127.0.0.1", 0, one.told.append, value=one.value, tree=False) as osc:
        with pytest.raises(InputError, match=rf"127\.0\.0\.1:{osc.port}: .* another program"):
            Osc(one.session_stream, "127.0.0.1", osc.port, one.told.append, value=one.value).__enter__()
        thread = osc._thread
    assert not thread.is_alive()


def test_whoever_can_reach_it_is_told() -> None:
    one, told = rig(), []
    with Osc(one.session_stream, "0.0.0.0", 0, told.append, value=one.value, tree=False) as osc:
        assert told[1] == f"OSC: everybody who reaches 0.0.0.0:{osc.port} can play and change this session"


def test_a_host_that_is_not_there_is_said() -> None:
    one = rig()
    with pytest.raises(InputError, match="no such host"):
        Osc(one.session_stream, "256.1.1.1", 9000, one.told.append, value=one.value).__enter__()
