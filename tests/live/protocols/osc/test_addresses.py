"""OSC addresses: every parameter of whatever layers has one of its own, which OSC allows; patterns mean what OSC 1.0 says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import synth
from synth.engine.engine import Engine
from synth.live.protocols.osc.addresses import OF_LAYERS, addresses_of, matching
from synth.parameters.errors import InputError
from synth.parameters.space import Space
from synth.preset.library import preset_names

ALLOWED = re.compile(r"(/[!\"$%&'()+\-.0-9:;<=>@A-Z\\^_`a-z|~]+)+")
NAMES = st.text(st.sampled_from("a_ /#*?[]{},.2ä\u3042"), min_size=1, max_size=6).map(str.strip).filter(bool)


def space_of(names: list[str]) -> Space:
    tap = synth.space("tap")
    rows = [
        (f"{name}.{path.removeprefix('tap.')}", p) for name in names for path, p in zip(tap.paths, tap.parameters, strict=True)
    ]
    layers = [(path, p, p.default) for path, p in rows if ".master." not in f".{path}"]
    master = [(path, p, p.default) for path, p in zip(tap.paths, tap.parameters, strict=True) if path.startswith("master.")]
    return Space.of(layers + master)


@given(st.lists(NAMES.filter(lambda name: name != "master"), min_size=1, max_size=5, unique=True))
def test_every_place_has_an_address_of_its_own_that_osc_allows(names: list[str]) -> None:
    space = space_of([*names, "synth"])
    table = addresses_of(space)
    assert list(table.places.values()) == list(range(len(space)))
    assert all(ALLOWED.fullmatch(address) for address in table.all)
    assert not set(table.places) & set(table.commands)
    assert not any(address.startswith("/synth/") for address in table.all)
    assert {name for _, name in table.commands.values()} == {*names, "synth"}
    for address, place in table.places.items():  # as a layer's strike, so its parameters
        layer = table.layers["/" + address.split("/")[1]]
        assert space.paths[place].startswith(f"{layer}.")


def test_a_name_that_needs_no_change_keeps_its_address() -> None:
    table = addresses_of(space_of(["a b", "a_b", "a#b", "a_b_2", "synth", "x.gesture", "x"]))
    wanted = ["/a_b_3", "/a_b", "/a_b_4", "/a_b_2", "/synth_2", "/x.gesture", "/x"]
    assert [one for one, name in table.layers.items() if name != "master"] == wanted
    assert {"/a_b/hardness", "/a_b_2/gesture/rate_hz", "/x.gesture/gesture/rate_hz", "/master/level_db"} <= set(table.places)


def test_a_layer_may_be_called_as_what_is_told_of_errors() -> None:
    table = addresses_of(space_of(["error", "errors"]))
    assert list(table.layers) == ["/master", "/error_2", "/errors"]


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_reached(name: str) -> None:
    space = synth.space(name)
    table = addresses_of(space)
    assert len(table.places) == len(space)
    assert len(table.commands) == len(OF_LAYERS) * len(synth.load_preset(name).layers)


def test_the_addresses_of_an_engine_are_those_of_its_preset() -> None:
    engine = Engine(48000, "sphere")
    engine.load(synth.load_preset("tap"))
    assert engine.stream("x").space.hash == synth.space("tap").hash


HERE = ("/a/x", "/ab/x", "/b/x", "/a/x/y", "/a-c/x", "/a1/x")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("/*/x", ["/a/x", "/ab/x", "/b/x", "/a-c/x", "/a1/x"]),
        ("/?/x", ["/a/x", "/b/x"]),
        ("/a?/x", ["/ab/x", "/a1/x"]),
        ("/{ab,b}/x", ["/ab/x", "/b/x"]),
        ("/{a,}b/x", ["/ab/x", "/b/x"]),
        ("/[ac]/x", ["/a/x"]),
        ("/[a-c]/x", ["/a/x", "/b/x"]),
        ("/[!a]/x", ["/b/x"]),
        ("/a[!0-9]/x", ["/ab/x"]),
        ("/*/*/*", ["/a/x/y"]),
        ("/*", []),
        ("*", []),
        ("/A/x", []),
        ("/[a/x", []),
    ],
)
def test_a_pattern_matches_what_osc_says(pattern: str, found: list[str]) -> None:
    assert matching(pattern, HERE) == found


@pytest.mark.parametrize("pattern", ["/{a/x", "/a}/x", "/{a,{b}}/x", "/" + "{a,b}" * 9, "/*" * 200])
def test_a_pattern_that_osc_forbids_is_refused(pattern: str) -> None:
    with pytest.raises(InputError):
        matching(pattern, HERE)
