"""The Lab Streaming Layer: a real outlet on this machine, and one of our own making that stalls, drifts and goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from synth.io.signals import lsl
from synth.io.signals.lsl import DRIFT_TOLD, Drift, LslSignal
from synth.parameters.errors import InputError


def until(is_so: Callable[[], Any]) -> None:
    end_s = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.005)


# ---- a real outlet


def test_a_real_outlet_is_heard_with_the_age_of_each_sample() -> None:
    pylsl = pytest.importorskip("pylsl", reason="pylsl is not installed")
    name = f"synth test {time.monotonic_ns()}"
    info = pylsl.StreamInfo(name, "EDA", 2, 50, "float32", name)
    channels = info.desc().append_child("channels")
    for label in ("conductance_us", "temperature_c"):
        channels.append_child("channel").append_child_value("label", label)
    outlet = pylsl.StreamOutlet(info)
    samples: list[Any] = []
    said: list[str] = []
    signal = LslSignal(name, samples.append, said.append)
    try:
        now_s = pylsl.local_clock()
        for number in range(5):
            outlet.push_sample([float(number), 30.0], now_s - 1.0 + 0.02 * number)  # taken a second ago
        until(lambda: len(samples) == 5)
        arrived_s = pylsl.local_clock()
    finally:
        signal.close()
    assert [sample.values for sample in samples] == [{"conductance_us": float(n), "temperature_c": 30.0} for n in range(5)]
    for number, sample in enumerate(samples):
        oldest_s = 1.0 - 0.02 * number + arrived_s - now_s
        assert 1.0 - 0.02 * number - 0.002 <= sample.age_s <= oldest_s + 0.002
    assert abs(signal.facts["time_correction_s"]) < 0.01  # it is this machine's own clock
    assert said == []


def test_a_stream_that_is_not_there_is_said_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    pylsl = pytest.importorskip("pylsl", reason="pylsl is not installed")
    monkeypatch.setattr(lsl, "_FIND_S", 0.2)
    name = f"synth test {time.monotonic_ns()}"
    outlet = pylsl.StreamOutlet(pylsl.StreamInfo(name, "x", 1, 0, "float32", name))
    with pytest.raises(InputError, match=f"no LSL stream is called 'nobody'; there are: .*{name}"):
        LslSignal("nobody", lambda sample: None, lambda text: None)
    del outlet


# ---- one of our own making


class Library:
    """As much of pylsl as is used; its outlet's clock is `ahead_s` before ours."""

    def __init__(self, rate_hz: float = 50.0) -> None:
        self.rate_hz, self.ahead_s, self.waiting, self.is_gone, self.found = rate_hz, 100.0, [], False, 1

    def local_clock(self) -> float:
        return time.monotonic()

    def resolve_byprop(self, *_: Any, **__: Any) -> list[Any]:
        return [
            SimpleNamespace(nominal_srate=lambda: self.rate_hz, name=lambda: "x", uid=lambda n=n: str(n))
            for n in range(self.found)
        ]

    def resolve_streams(self, wait_s: float) -> list[Any]:
        return [SimpleNamespace(name=lambda: "other")]

    def StreamInlet(self, info: Any, **_: Any) -> Any:  # noqa: N802
        nothing = SimpleNamespace(empty=lambda: True)
        info = SimpleNamespace(
            channel_count=lambda: 1, desc=lambda: SimpleNamespace(child=lambda _: SimpleNamespace(child=lambda _: nothing))
        )
        return SimpleNamespace(
            open_stream=lambda timeout: None,
            close_stream=lambda: None,
            info=lambda timeout: info,
            time_correction=lambda timeout: -self.ahead_s,
            pull_sample=self.pull_sample,
            pull_chunk=self.pull_chunk,
        )

    def pull_sample(self, timeout: float) -> Any:
        time.sleep(0.005)
        if self.is_gone:
            raise RuntimeError("the stream has been lost")
        if not self.waiting:
            return None, None
        value, stamp = self.waiting.pop(0)
        return [value], stamp

    def pull_chunk(self, timeout: float, max_samples: int) -> Any:
        rows, self.waiting = self.waiting, []
        return [[value] for value, _ in rows], [stamp for _, stamp in rows]

    def push(self, value: float, age_s: float = 0.0) -> None:
        self.waiting.append((value, time.monotonic() + self.ahead_s - age_s))


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def told() -> Any:
    return SimpleNamespace(samples=[], said=[])


@pytest.fixture
def signal(library: Library, told: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[LslSignal]:
    for name, seconds in {"_STALL_S": 0.2, "_CORRECT_EVERY_S": 0.02, "_DRIFT_OVER_S": 0.3}.items():
        monkeypatch.setattr(lsl, name, seconds)
    signal = LslSignal("x", told.samples.append, told.said.append, library)
    yield signal
    signal.close()


def test_another_clock_is_brought_to_ours(library: Library, signal: LslSignal, told: Any) -> None:
    library.push(0.5, age_s=0.25)
    until(lambda: told.samples)
    assert told.samples[0].values == {"value": 0.5}
    assert 0.25 <= told.samples[0].age_s < 0.25 + 5


def test_what_is_no_number_is_left_out(library: Library, signal: LslSignal, told: Any) -> None:
    library.push(float("nan"))
    library.push(1.0)
    until(lambda: told.samples)
    assert [sample.values for sample in told.samples] == [{"value": 1.0}]


def test_a_stream_that_stalls_is_said_and_so_is_its_return(library: Library, signal: LslSignal, told: Any) -> None:
    until(lambda: signal.is_stalled)
    library.push(1.0)
    until(lambda: not signal.is_stalled)
    assert ["stalls" in told.said[0], "is back" in told.said[1]] == [True, True]


def test_one_without_a_rate_may_be_silent(library: Library, told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lsl, "_STALL_S", 0.05)
    library.rate_hz = 0.0
    signal = LslSignal("x", told.samples.append, told.said.append, library)
    time.sleep(0.2)
    signal.close()
    assert not signal.is_stalled
    assert told.said == []


def test_one_that_is_gone_is_said(library: Library, signal: LslSignal, told: Any) -> None:
    library.is_gone = True
    until(lambda: signal.is_stalled)
    assert "is gone" in told.said[-1]


def test_a_clock_that_drifts_is_followed_and_said_once(library: Library, signal: LslSignal, told: Any) -> None:
    begin_s, begin_ahead_s = time.monotonic(), library.ahead_s
    while not told.said or signal.facts["drift_ms_a_minute"] is None:
        library.ahead_s = begin_ahead_s + 0.01 * (time.monotonic() - begin_s)  # 600 ms a minute
        library.push(0.0)
        time.sleep(0.01)
        assert time.monotonic() - begin_s < 10
    time.sleep(0.1)
    assert sum("drifts" in text for text in told.said) == 1
    assert signal.facts["drift_ms_a_minute"] == pytest.approx(-600, rel=0.5)  # what is to be added shrinks
    assert max(sample.age_s for sample in told.samples) < 1.0


def test_several_of_one_name_are_refused(library: Library) -> None:
    library.found = 2
    with pytest.raises(InputError, match="2 LSL streams"):
        LslSignal("x", print, print, library)


def test_without_its_library_how_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pylsl", None)
    with pytest.raises(InputError, match=r"synth\[lsl\]"):
        LslSignal("x", print, print)


def test_a_drift_is_the_slope_of_the_corrections_once_there_are_enough() -> None:
    drift = Drift()
    for second in range(100):
        assert (drift.rate is None) == (second <= lsl._DRIFT_OVER_S)
        drift.add(float(second), 5 + 2 * DRIFT_TOLD * second + 1e-5 * (second % 2))
    assert drift.rate == pytest.approx(2 * DRIFT_TOLD, rel=0.1)
