"""Heart rate by Bluetooth LE: every form of a measurement, and a sensor that comes, stalls, goes and is found again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.io.signals import heart_rate
from synth.io.signals.heart_rate import HeartRate, measurement
from synth.parameters.errors import InputError

pytest.importorskip("bleak", reason="bleak is not installed")
from tests.support.heart_sensor import ADDRESS, Air


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([0x00, 62], {"heart_rate_bpm": 62}),
        ([0x01, 0x2C, 0x01], {"heart_rate_bpm": 300}),
        ([0x06, 70], {"heart_rate_bpm": 70, "has_contact": True}),
        ([0x04, 70], {"heart_rate_bpm": 70, "has_contact": False}),
        ([0x10, 60, 0x00, 0x04, 0x00, 0x02], {"heart_rate_bpm": 60, "rr_s": [1.0, 0.5]}),
        ([0x19, 60, 0, 7, 7, 0x00, 0x04], {"heart_rate_bpm": 60, "rr_s": [1.0]}),  # 16 bits, energy, one interval
        ([0x10, 60], {"heart_rate_bpm": 60, "rr_s": []}),
    ],
)
def test_a_measurement_says_what_its_flags_say(data: list[int], says: dict[str, Any]) -> None:
    assert measurement(bytes(data)) == says


@pytest.mark.parametrize("data", [[], [0], [1, 60], [0x10, 60, 1], [0x18, 60]])
def test_one_that_is_cut_short_says_nothing(data: list[int]) -> None:
    with pytest.raises(ValueError, match=r"measurement|too few|half"):
        measurement(bytes(data))


@given(st.binary(max_size=30))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = measurement(data)
    except ValueError:
        return
    assert 0 <= found["heart_rate_bpm"] <= 65535
    assert all(0 <= interval_s < 64 for interval_s in found.get("rr_s", []))


# ---- a sensor


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> Air:
    for name, seconds in {"_STALL_S": 0.3, "_LOOK_S": 0.02, "_AGAIN_S": 0.05, "_FIND_S": 0.5}.items():
        monkeypatch.setattr(heart_rate, name, seconds)
    return Air()


@pytest.fixture
def heard() -> tuple[list[Any], list[str]]:
    return [], []


@pytest.fixture
def sensor(air: Air, heard: Any) -> Iterator[HeartRate]:
    sensor = HeartRate("", heard[0].append, heard[1].append, air.backends)
    yield sensor
    sensor.close()


def until(is_so: Callable[[], Any]) -> None:
    end_s = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def test_what_it_measures_is_delivered(air: Air, sensor: HeartRate, heard: Any) -> None:
    air.notify(0x10, 60, 0x00, 0x04)
    air.notify(0x01)  # cut short
    air.notify(0x00, 61)
    until(lambda: len(heard[0]) == 2)
    assert [sample.values["heart_rate_bpm"] for sample in heard[0]] == [60, 61]
    assert sensor.facts == {"from": f"ble:{ADDRESS}", "stamped_by": sensor.facts["stamped_by"], "samples": 2, "unreadable": 1}


def test_one_that_stalls_is_said_and_so_is_its_return(air: Air, sensor: HeartRate, heard: Any) -> None:
    until(lambda: sensor.is_stalled)
    air.notify(0x00, 60)
    until(lambda: not sensor.is_stalled)
    until(lambda: sensor.is_stalled)
    assert [text.rsplit(ADDRESS, 1)[1].split(":")[0] for text in heard[1]] == [" stalls", " is back", " stalls"]


def test_one_that_goes_is_sought_again(air: Air, sensor: HeartRate, heard: Any) -> None:
    air.notify(0x00, 60)
    until(lambda: heard[0])
    air.leave()
    until(lambda: "gone" in " ".join(heard[1]))
    until(lambda: air.clients)
    air.notify(0x00, 65)
    until(lambda: len(heard[0]) == 2)
    assert "back" in heard[1][-1]


def test_it_is_chosen_by_its_address(air: Air, heard: Any) -> None:
    sensor = HeartRate(ADDRESS.lower(), heard[0].append, heard[1].append, air.backends)
    sensor.close()
    assert sensor.facts["from"] == f"ble:{ADDRESS}"
    with pytest.raises(InputError, match="no sensor has the address 01:02"):
        HeartRate("01:02", heard[0].append, heard[1].append, air.backends)


def test_none_near_and_one_that_refuses_are_said(air: Air, heard: Any) -> None:
    air.refuses = "Bluetooth is off"
    with pytest.raises(InputError, match="Bluetooth is off"):
        HeartRate("", heard[0].append, heard[1].append, air.backends)
    air.near = {}
    with pytest.raises(InputError, match="no heart rate sensor is near"):
        HeartRate("", heard[0].append, heard[1].append, air.backends)


def test_without_its_library_how_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch, heard: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bleak", None)
    with pytest.raises(InputError, match=r"synth\[ble\]"):
        HeartRate("", heard[0].append, heard[1].append)
