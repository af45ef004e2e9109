"""The page's scripts do what Python does: seeds, cues, the ears' table, curves; in node."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

import hrtf
from synth.engine.arena import seed_of
from synth.engine.cues import Cues
from synth.engine.frozen import frozen_ears
from synth.engine.preset import Cue
from synth.page.ears import packed_ears
from synth.page.export import STATIC
from synth.parameters.parameter import Parameter
from tests.support import pages
from tests.support.needs import needs_node

pytestmark = needs_node
_IMPORT = "const {{ {names} }} = await import({path});\n"


def _script(file: str, names: str, body: str) -> str:
    return _IMPORT.format(names=names, path=json.dumps((STATIC / file).as_uri())) + body


def test_seeds_are_those_of_python() -> None:
    purposes = [("left nails", "strike"), ("über", "gesture"), ("x" * 300, "motion"), ("", "a/b")]
    cases = [[str(seed), *purpose] for seed in (0, 1, -7, 2**63 - 1) for purpose in purposes]
    said = pages.node(
        _script(
            "seeds.js",
            "seedOf, hashed",
            """
            const cases = JSON.parse(process.argv[1]);
            const plain = [0, 1, 127, 128, 129, 256, 1000].map((length) => String(hashed(new Uint8Array(length).fill(7))));
            console.log(JSON.stringify([cases.map((each) => String(seedOf(...each))), plain]));
            """,
        ),
        json.dumps(cases),
    )
    assert said[0] == [str(seed_of(int(seed), *purpose)) for seed, *purpose in cases]
    lengths = (0, 1, 127, 128, 129, 256, 1000)
    digests = [hashlib.blake2b(bytes([7]) * length, digest_size=8).digest() for length in lengths]
    assert said[1] == [str(int.from_bytes(each, "little")) for each in digests]


def test_cues_come_at_the_frames_of_python() -> None:
    rate = 48000
    cues = [
        Cue(0.1, "a", {}, every_s=1 / 3),
        Cue(0.5, "a", {}),
        Cue(0.25, "a", {}, every_s=0.50001),
        Cue(0.5, "a", {}, every_s=0.25),
    ]
    plain = [{"at_s": cue.at_s, "every_s": cue.every_s, "events": [{"which": n}]} for n, cue in enumerate(cues)]
    said = pages.node(
        _script(
            "cues.js",
            "Cues",
            """
            const cues = new Cues(JSON.parse(process.argv[1]), 48000);
            const found = [];
            for (let stop = 0; stop < 480000; stop += 4096) {
              found.push(...cues.before(stop).map(({ frame, which }) => [frame, which]));
            }
            console.log(JSON.stringify(found));
            """,
        ),
        json.dumps(plain),
    )
    by_python = Cues([(cue, n) for n, cue in enumerate(cues)], 0, rate)  # type: ignore[misc]
    wanted = [[frame, layer] for stop in range(0, 480000, 4096) for layer, frame, _, _ in by_python.before(stop)]
    assert said == wanted
    assert len(wanted) > 60


@pytest.mark.parametrize("name", ["sphere", "ku100"])
def test_ears_come_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    ears = hrtf.load(name)
    (tmp_path / "set.ears").write_bytes(packed_ears(ears))
    said = pages.node(
        _script(
            "decode.js",
            "unpackedEars",
            """
            const { readFileSync, writeFileSync } = await import("node:fs");
            const file = (name) => `${process.argv[1]}/${name}`;
            const { header, pieces } = await unpackedEars(new Uint8Array(readFileSync(file("set.ears"))).buffer, "set");
            writeFileSync(file("whole"), pieces.ears);
            console.log(JSON.stringify(header));
            """,
        ),
        str(tmp_path),
    )
    wanted = np.frombuffer(frozen_ears(ears, 48000).pieces["ears"], np.uint8)
    assert np.array_equal(np.fromfile(tmp_path / "whole", np.uint8), wanted)
    assert said["base_delay_frames"] == ears.base_delay_frames(48000)
    assert len((tmp_path / "set.ears").read_bytes()) < 2.5e6


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    said = pages.node(
        _script(
            "decode.js",
            "container",
            """
            const wrong = [[31, 139, 8, 0], [], [200, 0, 0, 0, 123]].map((bytes) => Uint8Array.from(bytes).buffer);
            const said = await Promise.allSettled(wrong.map((bytes) => container(bytes, "presets/x.preset")));
            console.log(JSON.stringify(said.map(({ status, reason }) => [status, reason?.message])));
            """,
        )
    )
    assert all(status == "rejected" and text.startswith("presets/x.preset is damaged") for status, text in said), said


def test_curves_are_those_of_parameters() -> None:
    parameters = [
        Parameter("a", 20, 20000, 100, "hz", curve="exp"),
        Parameter("b", -60, 12, 0, "db"),
        Parameter("c", choices=("x", "y", "z"), default="x"),
    ]
    told = [{"low": p.low, "high": p.high, "curve": p.curve, **({"choices": p.choices} if p.choices else {})} for p in parameters]
    said = pages.node(
        _script(
            "logic/curves.js",
            "valueAt, positionOf, mixed",
            """
            const parameters = JSON.parse(process.argv[1]);
            const at = [0, 0.2, 0.6, 1, 2];
            const found = parameters.map((each) => at.map((place) => valueAt(each, place)));
            const back = parameters.map((each, n) => found[n].map((value) => positionOf(each, value)));
            const turn = { low: -360, high: 360, curve: "lin" };
            const ways = [[170, -170], [-170, 170], [10, 50]].map(([from, to]) => mixed("azimuth_deg", turn, from, to, 0.5));
            console.log(JSON.stringify({ found, back, ways }));
            """,
        ),
        json.dumps(told),
    )
    places = (0, 0.2, 0.6, 1, 2)
    for n, parameter in enumerate(parameters):
        assert said["found"][n] == pytest.approx([parameter.from_unit(place) for place in places])
        assert said["back"][n] == pytest.approx([parameter.to_unit(parameter.from_unit(place)) for place in places])
    assert said["ways"] == [180, -180, 30]
