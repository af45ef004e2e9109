"""SOFA files that hold no ears: one line that says which part and why, at once, whatever is in them."""

import re

import numpy as np
import pytest

import hrtf
from hrtf.analysis.sofa import read
from tests.support.sofa_files import at_distance, mutated, responses, rings, spiral, write

FEW = spiral(60)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTH_CACHE_DIR", str(tmp_path / "cache"))


def refusal(path):
    with pytest.raises(hrtf.EarsError) as caught:
        hrtf.load(path, lambda _: pytest.fail("began to build"))
    text = str(caught.value)
    assert text.isprintable()
    assert str(path) in text
    return text


@pytest.mark.parametrize(
    ("directions", "where"),
    [
        ([(azimuth, 0) for azimuth in range(0, 360, 5)], "elevation 90"),
        ([(0 if height < 90 else 180, min(height, 180 - height)) for height in range(-90, 270, 10)], "azimuth (90|270)"),
        ([(azimuth % 360, height) for height in (-30, 0, 30, 60) for azimuth in range(-80, 81, 20)], "azimuth 180"),
        (
            [(azimuth, height) for height in (60, 75) for azimuth in range(0, 360, 30)],
            "within 120 degrees of azimuth .*, elevation -60",
        ),
    ],
)
def test_measurements_that_do_not_surround_the_head(tmp_path, directions, where):
    directions = np.array(directions, float)
    assert re.search(where, refusal(write(tmp_path / "part.sofa", responses(directions), at_distance(directions))))


def spoilt(value):
    found = responses(FEW)
    found[7, 1] = value
    return found


@pytest.mark.parametrize(("value", "what"), [(0, "all zero"), (np.nan, "NaN"), (np.inf, "infinite")])
def test_a_response_that_says_nothing_is_named(tmp_path, value, what):
    text = refusal(write(tmp_path / "hole.sofa", spoilt(value), at_distance(FEW)))
    azimuth, elevation = FEW[7]
    assert f"measurement 7 (azimuth {azimuth:.0f}, elevation {elevation:.0f}), second receiver" in text
    assert what in text


def test_delays_and_places_that_are_no_numbers(tmp_path):
    assert "Data.Delay" in refusal(
        write(tmp_path / "a.sofa", responses(FEW), at_distance(FEW), Data_Delay=np.full((1, 2), np.nan))
    )
    late = np.zeros((60, 2))
    late[3] = 1e6
    assert "Data.Delay" in refusal(write(tmp_path / "b.sofa", responses(FEW), at_distance(FEW), Data_Delay=late))
    place = at_distance(FEW)
    place[3, 1] = np.nan
    assert "SourcePosition" in refusal(write(tmp_path / "c.sofa", responses(FEW), place))
    assert "ListenerView" in refusal(
        write(tmp_path / "d.sofa", responses(FEW), at_distance(FEW), ListenerView=np.array([[0, 0, 1.0]]))
    )


def test_ears_that_hear_the_same_are_remarked_upon(tmp_path):
    both = np.repeat(responses(FEW)[:, :1], 2, axis=1)
    assert "do not tell left from right" in " ".join(read(write(tmp_path / "mono.sofa", both, at_distance(FEW))).remarks)


def edited(path, **variables):
    """A good file of which variables are taken away (None), or given other shapes, without writing their numbers."""
    import netCDF4

    with netCDF4.Dataset(path, "a") as file:
        for name, shape in variables.items():
            file.renameVariable(name.replace("_", "."), "Gone")
            if shape:
                names = [f"X{index}" for index in range(len(shape))]
                for dimension, size in zip(names, shape, strict=True):
                    file.createDimension(dimension, size)
                file.createVariable(name.replace("_", "."), "f8", names, zlib=True, chunksizes=[min(64, size) for size in shape])
    return path


def test_sizes_are_believed_only_within_reason(tmp_path):
    bomb = edited(write(tmp_path / "bomb.sofa", responses(FEW), at_distance(FEW)), Data_IR=(60, 2, 10_000_000))
    assert bomb.stat().st_size < 1_000_000
    assert "10000000" in refusal(bomb)
    assert "no Data.IR" in refusal(edited(write(tmp_path / "none.sofa", responses(FEW), at_distance(FEW)), Data_IR=None))


def test_a_file_without_delays_and_of_any_size_of_numbers_loads(tmp_path):
    wanted = hrtf.load(write(tmp_path / "a.sofa", responses(FEW), at_distance(FEW)))
    huge = edited(write(tmp_path / "b.sofa", 1e300 * responses(FEW), at_distance(FEW)), Data_Delay=None)
    assert np.array_equal(hrtf.load(huge).table.codes.shape, wanted.table.codes.shape)
    assert hrtf.load(huge).impulse_response(40, 10, 1.0) == pytest.approx(wanted.impulse_response(40, 10, 1.0), abs=1e-3)


def test_texts_of_a_file_are_cut_to_a_line(tmp_path):
    path = write(
        tmp_path / "loud.sofa", responses(FEW), at_distance(FEW), GLOBAL_Title="\x1b[31mred\n" + "x" * 5000, GLOBAL_License="a\tb"
    )
    ears = hrtf.load(path)
    assert ears.title.isprintable()
    assert len(ears.title) < 200
    assert ears.licence == "a b"


def refusals(path, seeds, load):
    """Each file spoilt by a seed becomes ears or one line; returns how many lines."""
    whole = write(path, responses(rings(-45, 90, 45), taps=32, onset=10), at_distance(rings(-45, 90, 45))).read_bytes()
    texts = []
    for seed in seeds:
        path.write_bytes(mutated(whole, np.random.default_rng(seed)))
        try:
            load(path)
        except hrtf.EarsError as error:
            texts.append(str(error))
    assert all(text.isprintable() for text in texts)
    return len(texts)


def test_damaged_files_end_in_a_line(tmp_path):
    assert refusals(tmp_path / "m.sofa", range(40), read) > 20


@pytest.mark.soak
def test_a_thousand_damaged_files_end_in_a_line(tmp_path):
    assert refusals(tmp_path / "m.sofa", range(40, 1040), hrtf.load) > 500
