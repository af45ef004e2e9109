"""Parameters: ranges, units, curves and what is said when a value is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.parameters.errors import InputError
from synth.parameters.parameter import NOTE_FIELDS, Parameter, numbers, record_dtype

LINEAR = Parameter("depth_m", -1, 3, 0.5, "m", doc="how deep")
EXPONENTIAL = Parameter("ring_s", 0.01, 2, 0.12, "s", curve="exp")
CHOICE = Parameter("material", default="wood", choices=("glass", "wood", "metal"))
ALL = (LINEAR, EXPONENTIAL, CHOICE)
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@EXAMPLES
@given(st.sampled_from([LINEAR, EXPONENTIAL]), st.floats(0, 1))
def test_position_to_number_and_back_is_the_same_position(parameter: Parameter, position: float) -> None:
    number = parameter.from_unit(position)
    assert parameter.low * (1 - 1e-12) - 1e-12 <= number <= parameter.high * (1 + 1e-12)
    assert parameter.to_unit(number) == pytest.approx(position, abs=1e-9)


@EXAMPLES
@given(st.sampled_from(ALL), st.floats(-10, 10), st.floats(-10, 10))
def test_the_curve_rises_and_stays_within_the_range(parameter: Parameter, a: float, b: float) -> None:
    lower, upper = (parameter.from_unit(x) for x in sorted([a, b]))
    assert lower <= upper
    assert parameter.low * (1 - 1e-12) - 1e-12 <= lower
    assert upper <= parameter.high * (1 + 1e-12)


def test_equal_steps_of_an_exponential_curve_are_equal_ratios() -> None:
    values = [EXPONENTIAL.from_unit(x) for x in np.linspace(0, 1, 5)]
    np.testing.assert_allclose(np.diff(np.log(values)), np.log(200) / 4)


def test_choices_are_indices_whose_names_are_understood() -> None:
    assert (CHOICE.low, CHOICE.high, CHOICE.default_number) == (0, 2, 1)
    assert CHOICE.number("metal") == CHOICE.number(2) == 2
    assert CHOICE.text(2) == "metal"
    assert {CHOICE.from_unit(x) for x in np.linspace(0, 1, 50)} == {0.0, 1.0, 2.0}


@pytest.mark.parametrize("value", [3.001, -1.001, float("nan"), float("inf"), "deep", None, True, [1]])
def test_a_wrong_value_is_refused_with_place_value_and_range(value: object) -> None:
    with pytest.raises(InputError) as error:
        LINEAR.number(value, "glass.toml: layer 2")
    said = str(error.value)
    assert "glass.toml: layer 2" in said
    assert "depth_m" in said
    assert "-1 .. 3 m" in said
    assert "\n" not in said


def test_a_wrong_choice_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'glass'"):
        CHOICE.number("glas")
    with pytest.raises(InputError, match=r"glass \| wood \| metal"):
        CHOICE.number(0.5)
    with pytest.raises(InputError, match=r"glass \| wood \| metal"):
        CHOICE.number(3)


@pytest.mark.parametrize("value", [-1, 3, 0, np.float32(0.25), np.int64(2)])
def test_a_right_value_is_stored_as_a_float(value: float) -> None:
    assert LINEAR.number(value) == float(value)
    assert type(LINEAR.number(value)) is float


@pytest.mark.parametrize(
    "declaration",
    [
        {"name": "x", "default": 2},
        {"name": "2x"},
        {"name": "x", "unit": "parsec"},
        {"name": "x", "curve": "exp"},
        {"name": "x", "curve": "log", "low": 1, "default": 1},
        {"name": "x", "choices": ("a", "b"), "default": "c"},
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(declaration: dict) -> None:
    with pytest.raises(ValueError, match=declaration["name"]):
        Parameter(**declaration)


def test_numbers_fill_in_defaults_in_order_of_declaration() -> None:
    values = numbers(ALL, {"material": "glass", "depth_m": 2})
    assert list(values.items()) == [("depth_m", 2.0), ("ring_s", 0.12), ("material", 0.0)]


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="unknown parameter 'rings_s'; did you mean 'ring_s'"):
        numbers(ALL, {"rings_s": 1})


def test_the_record_holds_the_parameters_then_the_note() -> None:
    dtype = record_dtype(ALL)
    assert dtype.names == ("depth_m", "ring_s", "material", *NOTE_FIELDS)
    assert {dtype[name] for name in dtype.names} == {np.dtype("f4")}


def test_texts() -> None:
    assert LINEAR.range_text == "-1 .. 3 m"
    assert EXPONENTIAL.text(0.12) == "0.12 s"
    assert CHOICE.range_text == "glass | wood | metal"
