"""A preset as a snapshot: no address in it, its numbers as the preset has them, its cues, scenes and actions as events."""

from __future__ import annotations

import numpy as np
import pytest

from synth.engine.engine import Engine
from synth.engine.frozen import freeze
from synth.engine.kernels.event_record import BY_CUE, SET
from synth.page import container
from synth.page.snapshot import packed_preset
from synth.parameters.errors import InputError
from synth.preset.library import load_preset, preset_names, read_text

_CUED = """
schema = 1
[[layer]]
name = "a.b"
trigger = "tap"
params = { hardness = 0.3 }
[[cue]]
at_s = 0.5
every_s = 2
over_s = 0.25
layer = "a.b"
set = { level_db = -20 }
[[scene]]
name = "far"
over_s = 3
[scene.set]
master = { level_db = -6 }
"a.b" = { distance_m = 2 }
"""


def _header(name: str = "nails_on_glass") -> dict:
    return container.unpacked(packed_preset(load_preset(name)))[0]


def test_it_holds_no_address() -> None:
    preset, others = load_preset("nails_on_glass"), [np.zeros(99999, np.uint8)]
    first = packed_preset(preset)
    others.append(np.zeros(12345, np.uint8))  # memory lies elsewhere now
    assert packed_preset(preset) == first


def test_words_and_kernels_lie_in_pieces() -> None:
    header, pieces = container.unpacked(packed_preset(load_preset("nails_on_glass")))
    for piece, byte, to, start in header["words"]:
        assert 0 <= byte <= len(pieces[piece]) - 8
        assert 0 <= start <= len(pieces[to])
    assert len(header["kernels"]) == 2 * len(header["layers"])


@pytest.mark.parametrize("name", preset_names()[::9])
def test_numbers_are_those_of_the_preset(name: str) -> None:
    preset = load_preset(name)
    for layer, spec in zip(_header(name)["layers"], preset.layers, strict=True):
        assert layer["trigger"] == spec.trigger
        assert {path: each["value"] for path, each in layer["parameters"].items()} == pytest.approx(spec.numbers)
        assert all(each["low"] <= each["value"] <= each["high"] for each in layer["parameters"].values())


def test_cues_and_scenes_are_numbers_by_slot_and_path(tmp_path) -> None:
    preset = read_text(_CUED, "cued", "cued", tmp_path)
    header = container.unpacked(packed_preset(preset))[0]
    [cue] = header["cues"]
    [event] = cue["events"]
    assert (cue["at_s"], cue["every_s"]) == (0.5, 2)
    assert event["value"] == -20
    assert event.get("kind", 0) == SET
    assert event["owner"] == BY_CUE
    assert event["ramp_frames"] == 12000
    assert event["slot"] == header["layers"][0]["parameters"]["level_db"]["slot"]
    [scene] = header["scenes"]
    assert scene == {"name": "far", "over_s": 3, "values": {"master": {"level_db": -6}, "a.b": {"distance_m": 2}}}


def test_an_engine_that_has_played_cannot_be_frozen() -> None:
    engine = Engine(ears="sphere")
    engine.process(64)
    with pytest.raises(InputError, match="frame 64"):
        freeze(engine)


def test_a_container_gives_back_what_went_in() -> None:
    pieces = {"a": b"\0\1\0\0", "b": b"", "c": bytes(100), "d": b"abc"}
    header, found = container.unpacked(container.packed({"x": [1, "é"]}, pieces))
    assert found == pieces
    assert header["x"] == [1, "é"]
