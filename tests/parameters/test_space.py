"""The vector space of parameters: its order, its way to 0..1 and back, its hash, and what it says of what does not fit."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import synth
from synth.cli.main import main
from synth.parameters.errors import InputError
from synth.parameters.parameter import Parameter
from synth.parameters.space import Space
from synth.preset.assignments import with_values
from synth.preset.library import preset_names

EXAMPLES = settings(max_examples=80, deadline=None, derandomize=True, database=None)
NAMES = [*preset_names(), *synth.TRIGGERS]
ROWS = (
    ("left nails.depth_m", Parameter("depth_m", -1, 3, 0.5, "m"), 2),
    ("left nails.ring_s", Parameter("ring_s", 0.01, 0.6, 0.12, "s", curve="exp"), 0.6),
    ("left nails.material", Parameter("material", default="wood", choices=("glass", "wood", "metal")), "metal"),
    ("master.level_db", Parameter("level_db", -120, 24, 0, "db", smoothing_s=0.05), -3),
)
SPACE = Space.of(ROWS)


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    kind = draw(st.sampled_from(["lin", "exp", "choice"]))
    if kind == "choice":
        names = tuple("abcdefghi"[: draw(st.integers(1, 9))])
        return Parameter("x", default=draw(st.sampled_from(names)), choices=names)
    low = draw(st.floats(1e-4, 1e3) if kind == "exp" else st.floats(-1e3, 1e3))
    high = low * draw(st.floats(1.01, 1e6)) if kind == "exp" else low + draw(st.floats(0.01, 1e4))
    return Parameter("x", low, high, draw(st.floats(low, high)), curve=kind)


def spaces() -> st.SearchStrategy[Space]:
    return st.lists(parameters(), min_size=1, max_size=6).map(
        lambda found: Space.of((f"x{i}.x", p, p.default) for i, p in enumerate(found))
    )


def ways(space: Space, count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=(count, len(space)))


# ---- 0..1 and back


def rounding(space: Space, values: np.ndarray, kind: type) -> np.ndarray:
    """Return how far one rounding of a value, and one of its position, can bring a value."""
    is_exp = np.array(space.curves) == "exp"
    steepness = np.where(
        is_exp, np.log(np.where(is_exp, space.high, 1) / np.where(is_exp, space.low, 1)) * values, space.high - space.low
    )
    return np.finfo(kind).eps * (np.abs(values) + steepness)


@EXAMPLES
@given(spaces(), st.integers(0, 99))
def test_there_and_back(space: Space, seed: int) -> None:
    values = space.from_unit(ways(space, 20, seed))
    positions = space.to_unit(values)
    assert ((positions >= 0) & (positions <= 1)).all()
    assert ((values >= space.low) & (values <= space.high)).all()
    assert (np.abs(space.from_unit(positions) - values) <= 8 * rounding(space, values, np.float64)).all()
    assert (values == np.rint(values))[:, space.is_discrete].all()


@EXAMPLES
@given(spaces(), st.integers(0, 99))
def test_there_and_back_in_float32(space: Space, seed: int) -> None:
    values = space.from_unit(ways(space, 20, seed)).astype(np.float32)
    back = space.from_unit(space.to_unit(values).astype(np.float32))
    assert (np.abs(back - values) <= rounding(space, values, np.float32)).all()
    assert (back == values)[:, space.is_discrete].all()


@EXAMPLES
@given(spaces(), st.sampled_from([np.float32, np.float64]))
def test_the_ends_are_exact(space: Space, kind: type) -> None:
    is_open = space.high > space.low
    assert (space.from_unit(np.zeros(len(space), kind)) == space.low).all()
    assert (space.from_unit(np.ones(len(space), kind)) == space.high).all()
    assert (space.to_unit(space.low) == 0).all()
    assert (space.to_unit(space.high) == is_open).all()
    assert (space.to_unit(np.full(len(space), np.inf)) == is_open).all()
    assert (space.to_unit(np.full(len(space), -np.inf)) == 0).all()
    assert (space.from_unit(np.full(len(space), 7)) == space.high).all()


@EXAMPLES
@given(spaces(), st.integers(0, 99))
def test_it_goes_as_each_parameter_goes_alone(space: Space, seed: int) -> None:
    positions = ways(space, 5, seed)
    values = space.from_unit(positions)
    one_by_one = [[p.from_unit(x) for p, x in zip(space.parameters, row, strict=True)] for row in positions]
    np.testing.assert_allclose(values, one_by_one, rtol=1e-12)
    one_by_one = [[p.to_unit(x) for p, x in zip(space.parameters, row, strict=True)] for row in values]
    np.testing.assert_allclose(space.to_unit(values), one_by_one, rtol=1e-9, atol=1e-12)


@EXAMPLES
@given(spaces(), st.integers(0, 99))
def test_more_is_never_less(space: Space, seed: int) -> None:
    rising = np.sort(ways(space, 30, seed), axis=0)
    assert (np.diff(space.from_unit(rising), axis=0) >= 0).all()
    assert (np.diff(space.to_unit(space.from_unit(rising)), axis=0) >= 0).all()


@EXAMPLES
@given(spaces(), st.integers(0, 99))
def test_leading_axes_change_nothing(space: Space, seed: int) -> None:
    positions = ways(space, 12, seed).reshape(3, 4, len(space))
    for there in (space.from_unit, space.to_unit, space.clip):
        together = there(positions)
        assert together.shape == positions.shape
        assert all((together[i, k] == there(positions[i, k])).all() for i in range(3) for k in range(4))
    assert space.from_unit(np.empty((0, len(space)))).shape == (0, len(space))


def test_what_is_no_number_stays_none() -> None:
    nothing = np.full(len(SPACE), np.nan)
    for there in (SPACE.from_unit, SPACE.to_unit, SPACE.clip):
        assert np.isnan(there(nothing)).all()
    assert SPACE.mapping(nothing) == {}


def test_clipping_brings_choices_to_a_whole_index() -> None:
    assert SPACE.clip([-5, 0.3, 1.4, 99]).tolist() == [-1, 0.3, 1, 24]


# ---- names


def test_a_vector_holds_natural_units_and_indices() -> None:
    assert SPACE.default.tolist() == [2, 0.6, 2, -3]
    assert SPACE.vector({"left nails.material": "glass", "master.level_db": 1}).tolist() == [2, 0.6, 0, 1]
    assert SPACE.vector({"left nails.depth_m": 0}, rest=[1, 0.1, 1, 0]).tolist() == [0, 0.1, 1, 0]
    one = {"left nails.material": "wood"}
    assert SPACE.mapping(SPACE.vector(one, rest=np.full(4, np.nan))) == one


@EXAMPLES
@given(spaces(), st.integers(0, 99))
def test_a_vector_and_its_names_say_the_same(space: Space, seed: int) -> None:
    for values in (*space.from_unit(ways(space, 3, seed)), space.low, space.high):
        assert (space.vector(space.mapping(values)) == values).all()
        rounded = space.mapping(values.astype(np.float32))  # an end may round beyond the range
        np.testing.assert_array_equal(space.vector(rounded).astype(np.float32), values.astype(np.float32))


def test_an_index_is_the_place_of_its_path() -> None:
    assert [SPACE.index(path) for path in SPACE.paths] == [0, 1, 2, 3] == list(range(len(SPACE)))


def test_a_part_has_its_own_order_and_hash() -> None:
    part = SPACE.subset(["master.level_db", "left nails.ring_s"])
    assert part.paths == ("master.level_db", "left nails.ring_s")
    assert part.default.tolist() == [-3, 0.6]
    assert part.high.tolist() == [24, 0.6]
    assert len({SPACE.hash, part.hash, part.subset(reversed(part.paths)).hash}) == 3
    assert SPACE.subset(SPACE.paths).hash == SPACE.hash


def test_arrays_cannot_be_written() -> None:
    for array in (SPACE.low, SPACE.high, SPACE.default, SPACE.smoothing_s, SPACE.is_discrete):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: SPACE.index("left nails.rings_s"), "did you mean 'left nails.ring_s'"),
        (lambda: SPACE.vector({"left nails.dept_m": 1}), "did you mean 'left nails.depth_m'"),
        (lambda: SPACE.vector({"left nails.depth_m": 4}), "left nails: depth_m = 4 is out of range; allowed: -1 .. 3 m"),
        (lambda: SPACE.vector({"left nails.material": "glas"}), "did you mean 'glass'"),
        (lambda: SPACE.vector({}, rest=[1, 2]), "shape (2,); its last axis must hold 4 values"),
        (lambda: SPACE.mapping([2, 0.61, 1, 0]), "left nails: ring_s = 0.61 is out of range"),
        (lambda: SPACE.mapping([2, 0.6, 0.5, 0]), "between two choices"),
        (lambda: SPACE.mapping(np.zeros((2, 4))), "one vector (4,) at a time"),
        (lambda: SPACE.to_unit(1.0), "its last axis must hold 4 values"),
        (lambda: SPACE.from_unit(np.zeros((4, 3))), "shape (4, 3); its last axis must hold 4 values"),
        (lambda: SPACE.from_unit([[0, 1, 1, 1], [0]]), "not numbers in rows of one length"),
        (lambda: SPACE.from_unit(["a", "b", "c", "d"]), "not numbers"),
        (lambda: SPACE.from_unit(np.zeros(4, complex)), "not numbers"),
        (lambda: SPACE.subset([]), "no parameters"),
        (lambda: SPACE.subset(["master.level_db", "master.level_db"]), "two parameters are called 'master.level_db'"),
        (lambda: SPACE.check("0" * 16, "frames.npz"), "frames.npz: hash '0000000000000000' is of another space"),
        (lambda: SPACE.check(None), "of another space"),
        (lambda: SPACE.check(-1), "of another space"),
        (lambda: synth.space("tapp"), "did you mean 'tap'"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(wrong, said: str) -> None:
    with pytest.raises(InputError) as error:
        wrong()
    assert said in str(error.value)
    assert "\n" not in str(error.value)


# ---- the hash


def test_the_hash_is_the_one_that_was_published() -> None:
    """Recorded streams carry it: if this fails, raise `vector_space.VERSION` and say so in the changelog."""
    assert SPACE.hash == "30046bce777a47a8"
    SPACE.check(SPACE.hash)
    SPACE.check(SPACE.hash_number)
    SPACE.check(np.uint64(SPACE.hash_number))


def _changed(at: int, path: str | None = None, **fields: object) -> Space:
    rows = [list(row) for row in ROWS]
    rows[at][0] = path or rows[at][0]
    rows[at][1] = replace(rows[at][1], **fields)
    return Space.of(tuple(row) for row in rows)


@pytest.mark.parametrize(
    "other",
    [
        _changed(0, "right nails.depth_m"),
        _changed(0, low=-1.5),
        _changed(0, high=3.5),
        _changed(0, unit="cm"),
        _changed(1, curve="lin"),
        _changed(2, choices=("wood", "glass", "metal")),
        _changed(2, choices=("glass", "wood", "metal", "leather")),
        _changed(2, choices=("glass", "hard_wood", "metal"), default="glass"),
        Space.of(reversed(ROWS)),
        Space.of(ROWS[:-1]),
    ],
)
def test_the_hash_changes_with_what_the_numbers_mean(other: Space) -> None:
    assert other.hash != SPACE.hash
    with pytest.raises(InputError, match="of another space"):
        SPACE.check(other.hash)


@pytest.mark.parametrize(
    "same",
    [
        _changed(0, default=1),
        _changed(0, smoothing_s=1),
        _changed(0, doc="how deep"),
        _changed(0, low=-1.0, high=3.0),
        Space.of((path, parameter, parameter.default) for path, parameter, _ in ROWS),
    ],
)
def test_the_hash_does_not_change_with_anything_else(same: Space) -> None:
    assert same.hash == SPACE.hash


def test_zero_has_one_sign() -> None:
    assert len({Space.of([("x.x", Parameter("x", low, 1, 0.5), 0.5)]).hash for low in (0, 0.0, -0.0)}) == 1


# ---- presets


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_and_trigger_has_a_space(name: str) -> None:
    space, preset = synth.space(name), synth.load_preset(name)
    assert list(space.paths) == [f"{layer}.{path}" for layer, found in preset.paths.items() for path in found]
    assert len(set(space.paths)) == len(space) == len(space.default) == len(space.units) == len(space.curves)
    assert (space.clip(space.default) == space.default).all()
    assert (space.vector(space.mapping(space.default)) == space.default).all()
    for layer in preset.layers:
        assert space.mapping(space.default)[f"{layer.name}.distance_m"] == layer.value("distance_m")
    assert synth.space(preset).hash == space.hash


@pytest.mark.parametrize("name", NAMES)
def test_a_description_tells_the_same_as_the_space(name: str) -> None:
    space, schema = synth.space(name), synth.describe(name)
    assert schema["vector"] == space.as_dict()
    assert json.loads(json.dumps(space.as_dict(), allow_nan=False)) == space.as_dict()
    properties = list(schema["properties"].values())
    assert [p["path"] for p in properties] == list(space.paths)
    assert [p["index"] for p in properties] == [space.index(p["path"]) for p in properties]
    assert [p["smoothing_s"] for p in properties] == space.smoothing_s.tolist()
    assert space.mapping(space.default) == {p["path"]: p["default"] for p in properties}


def test_the_printed_table_says_the_hash(capsys) -> None:
    assert main(["describe", "tap"]) == 0
    assert f"vector of {len(synth.space('tap'))} values, hash {synth.space('tap').hash}" in capsys.readouterr().out


def test_spaces_of_presets_differ_and_stay() -> None:
    hashes = {name: synth.space(name).hash for name in NAMES}
    code = f"import json, synth; print(json.dumps({{name: synth.space(name).hash for name in {NAMES}}}))"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert json.loads(said) == hashes
    assert len(set(hashes.values())) == len(hashes)


def test_a_value_of_a_preset_leaves_its_hash_and_a_gesture_does_not() -> None:
    preset = synth.load_preset("tap")
    turned = with_values(preset, ["tap.hardness=0.9", "master.level_db=-6"])
    assert synth.space(turned).hash == synth.space(preset).hash
    assert synth.space(turned).mapping(synth.space(turned).default)["tap.hardness"] == 0.9
    unplayed = replace(preset, layers=(replace(preset.layers[0], gesture={"kind": "none"}),))
    assert synth.space(unplayed).hash != synth.space(preset).hash


def test_two_paths_of_one_text_are_refused(tmp_path) -> None:
    path = tmp_path / "twice.toml"
    layers = (f'[[layer]]\nname = "{name}"\ntrigger = "{trigger}"\n' for name, trigger in (("a", "tap"), ("a.gesture", "fizz")))
    path.write_text("schema = 1\n" + "".join(layers))
    for asked in (synth.space, synth.describe):
        with pytest.raises(InputError, match=r"two parameters are called 'a\.gesture\.rate_hz'"):
            asked(path)


# ---- gymnasium


def test_a_box_needs_gymnasium(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "gymnasium.spaces", None)
    with pytest.raises(InputError, match="pip install gymnasium"):
        SPACE.box()


@pytest.mark.skipif(find_spec("gymnasium") is None, reason="gymnasium is not installed")
@pytest.mark.parametrize("name", ["tap", *preset_names()[:3]])
def test_a_box_holds_what_the_space_holds(name: str) -> None:
    space = synth.space(name)
    unit, natural = space.box(), space.box(unit=False)
    for box in (unit, natural):
        assert box.shape == (len(space),)
        assert box.dtype == np.float32
        box.seed(1)
    assert unit.contains(space.to_unit(space.default).astype(np.float32))
    assert natural.contains(space.default.astype(np.float32))
    for _ in range(20):
        assert natural.contains(space.from_unit(unit.sample()).astype(np.float32))
        assert space.mapping(space.clip(natural.sample()))
