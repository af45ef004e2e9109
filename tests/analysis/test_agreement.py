"""The ruler agrees with the one that measured the real recordings: numbers made once by it, of sounds made again here."""

import json
from pathlib import Path

import numpy as np
import pytest

from synth import measure
from synth.analysis.classes import reference
from tests.support.sounds import golden

_GOLDEN = json.loads((Path(__file__).parents[1] / "support" / "data" / "texture_golden.json").read_text())
_CLOSE = 0.02  # of the value, or of the spread inside classes where that is larger


@pytest.mark.parametrize("name", _GOLDEN["values"])
def test_every_statistic_is_that_of_the_reference(name):
    sound, rate_hz = golden()[name]
    measured = measure(sound, rate_hz)
    for statistic, right in zip(_GOLDEN["names"], _GOLDEN["values"][name], strict=True):
        value = measured[statistic]
        if right is None:
            assert np.isnan(value), statistic
            continue
        assert abs(value - right) <= _CLOSE * max(abs(right), reference().within[statistic]), (statistic, value, right)


def test_the_classes_hold_the_statistics_that_are_measured():
    measured = measure(*golden()["uneven knocks"])
    assert set(reference().within) == {name for name in measured if "." in name}
