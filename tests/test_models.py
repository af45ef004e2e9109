"""The examples that are models: played at the same time, ended by Ctrl-C; an hour of what improvise.py would play."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import welch

import synth
from tests.support import jack_server
from tests.support.needs import live, needs_jackd
from tests.support.sizes import short_and_long
from tests.test_examples import EXAMPLES, MODELS

RATE = 48000
SECONDS = 30
together = pytest.mark.xdist_group("models")  # one process plays them once for all
an_hour = pytest.mark.xdist_group("an hour of a model")  # one process records what is imitated
_PATIENCE_S = 300  # compiling, on a slow machine


class Example:
    """An example that plays beside a JACK server."""

    def __init__(self, server: jack_server.Server, name: str, folder: Path, *arguments: str) -> None:
        command = [sys.executable, str(EXAMPLES / f"{name}.py"), *arguments]
        environment = {**server.environment, "SYNTH_STATE_DIR": str(folder), "PYTHONPATH": str(EXAMPLES.parent)}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
        )

    def read_to_end(self) -> tuple[list[str], dict[str, str]]:
        """Return the status lines, and what it told at the end, after it has ended as it should."""
        out, problems = self.process.communicate(timeout=_PATIENCE_S)
        assert self.process.returncode == 0, problems
        assert "Traceback" not in problems
        *shown, told = out.split("\n")[1:-1]  # what returns the carriage counts as a line's end here
        return shown, dict(pair.split(" ", 1) for pair in told.split(", "))

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture(scope="module")
def server() -> Iterator[jack_server.Server]:
    with jack_server.running() as one:
        yield one


@pytest.fixture(scope="module")
def told(server: jack_server.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """What all of them show and tell, played at the same time."""
    folder = tmp_path_factory.mktemp("state")
    playing = {name: Example(server, name, folder, "--seconds", str(SECONDS), "--device", "jack") for name in MODELS}
    try:
        yield {name: example.read_to_end() for name, example in playing.items()}
    finally:
        for example in playing.values():
            example.kill()


@live
@together
@needs_jackd
@pytest.mark.parametrize("name", MODELS)
def test_played_without_a_fault(name: str, told: dict) -> None:
    shown, figures = told[name]
    assert len(shown) > SECONDS / 2
    assert figures["phase"] == "driving"
    assert (figures["muted"], figures["scrubbed"], figures["rejected"], figures["corrupt"]) == ("0", "0", "0", "0")
    assert figures["non_finite"] == "0"
    assert int(figures["frames"]) > 0.9 * SECONDS * RATE


@live
@together
@needs_jackd
def test_the_improviser_never_runs_dry(told: dict) -> None:
    _, figures = told["improvise"]
    received = int(figures["received"])
    assert 50 * SECONDS - 5 <= received <= 50 * SECONDS
    assert int(figures["applied"]) + int(figures["dropped"]) + int(figures["waiting"]) == pytest.approx(received, abs=2)
    assert figures["stalls"] == "0"
    assert float(figures["age_s"]) < 1
    assert int(figures["strikes"]) > SECONDS / 2


@live
@together
@needs_jackd
def test_the_scene_follows_the_heart_and_goes_home_without_it(told: dict) -> None:
    shown, figures = told["heart"]
    assert float(figures["off"]) < 0.05
    assert int(figures["stalls"]) == 1
    assert int(figures["received"]) > 12
    phases = [line.split("minute")[1].strip() for line in shown if "minute" in line]
    assert {"stalled", "going home"} <= set(phases)
    assert phases.index("driving") < phases.index("stalled") < phases.index("going home")


@live
@together
@needs_jackd
def test_the_optimiser_comes_closer_and_drops_nothing(told: dict) -> None:
    _, figures = told["optimise"]
    assert float(figures["now"]) < float(figures["at_first"])
    assert float(figures["tried"]) >= 16 * int(figures["applied"]) > 0
    assert (figures["stalls"], figures["dropped"]) == ("0", "0")


@live
@needs_jackd
def test_ctrl_c_ends_them(server: jack_server.Server, tmp_path: Path) -> None:
    playing = [Example(server, name, tmp_path, "--device", "jack") for name in MODELS]
    try:
        for example in playing:
            assert example.process.stdout is not None
            while "s  " not in (shown := example.process.stdout.read(64)):
                assert shown, example.process.communicate()
            os.killpg(example.process.pid, signal.SIGINT)
        for example in playing:
            assert example.read_to_end()[1]["muted"] == "0"
    finally:
        for example in playing:
            example.kill()


@live
@needs_jackd
@pytest.mark.parametrize("name", MODELS)
def test_what_cannot_be_used_is_one_line(name: str, server: jack_server.Server, tmp_path: Path) -> None:
    example = Example(server, name, tmp_path, "--device", "no such device")
    out, problems = example.process.communicate(timeout=_PATIENCE_S)
    assert example.process.returncode == 1
    assert out == ""
    assert problems.startswith(f"{name}.py: ")
    assert problems.count("\n") == 1


# ---- what the improviser would play in an hour


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> synth.offline.trace.Trace:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES))
        from scripted_take import perform
    return synth.trace(perform(tmp_path_factory.mktemp("take") / "scripted.take"), 50)


@pytest.fixture
def style(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import style

    return style


def unlike(a: np.ndarray, b: np.ndarray, edges: np.ndarray) -> float:
    """Return how far two histograms are apart: 0 alike, 1 nothing in common."""
    shares = [np.histogram(values, edges)[0] / len(values) for values in (a, b)]
    return 0.5 * float(np.abs(shares[0] - shares[1]).sum())


@an_hour
def test_an_hour_of_strikes_is_in_style_and_no_copy(style, recorded: synth.offline.trace.Trace) -> None:
    strikes = recorded.strikes
    hour = np.array(list(islice(style.strikes([recorded], np.random.default_rng(1)), 10_000)))
    gaps_s = np.diff(strikes["time_s"])
    assert unlike(strikes["layer"], hour[:, 0], np.arange(-0.5, 3)) < 0.05
    assert unlike(np.log2(gaps_s), np.log2(hour[:, 1]), np.arange(-5, 2, 0.5)) < 0.15
    assert unlike(strikes["velocity"], hour[:, 2], np.arange(0, 1.01, 0.1)) < 0.1
    minutes = hour[:9900].reshape(60, 165, -1)
    assert (minutes[:, :, 1].mean(1) < 2 * gaps_s.mean()).all()  # neither stuck in its rests
    assert (minutes[:, :, 1].mean(1) > gaps_s.mean() / 2).all()  # nor running away
    assert all(len(np.unique(hour[begin : begin + 1000, 0])) == 3 for begin in range(0, 10_000, 1000))
    kinds = [
        list(zip(layers.tolist(), np.rint(2 * np.log2(gaps)).tolist(), strict=True))
        for layers, gaps in ((strikes["layer"][1:], gaps_s), (hour[:, 0], hour[:, 1]))
    ]
    assert unlike_pairs(*kinds) < 0.15  # one after the other as well: 0.45 if the hour is shuffled
    longest = longest_in_common(*kinds)
    assert 4 < longest < len(gaps_s) / 5


def unlike_pairs(a: list, b: list) -> float:
    """Return how far apart what follows what is: 0 alike, 1 nothing in common."""
    here, there = Counter(pairwise(a)), Counter(pairwise(b))
    return 0.5 * sum(abs(here[pair] / here.total() - there[pair] / there.total()) for pair in here | there)


def longest_in_common(recorded: list, played: list) -> int:
    """Return how many in a row stand in both."""
    before, longest = [0] * (len(recorded) + 1), 0
    for one in played:
        now = [0] + [before[i] + 1 if one == other else 0 for i, other in enumerate(recorded)]
        before, longest = now, max(longest, *now)
    return longest


@an_hour
@short_and_long("minutes", 15, 60)
def test_its_moves_neither_freeze_nor_run_away(style, recorded: synth.offline.trace.Trace, minutes: int) -> None:
    units = recorded.space.to_unit(recorded.values)
    units = units[:, np.ptp(units, axis=0) > 1e-4]
    hour = np.array(list(islice(style.moves([units], np.random.default_rng(1)), 50 * 60 * minutes)))
    assert np.isfinite(hour).all()
    assert (hour >= units.min(0)).all()
    assert (hour <= units.max(0)).all()
    for minute in hour.reshape(minutes, -1, units.shape[1]):
        assert (0.2 * units.std(0) < minute.std(0)).all()
    assert (np.abs(np.log2(hour.std(0) / units.std(0))) < 1).all()
    for low_hz, high_hz, most_db in ((0.05, 0.2, 8), (0.2, 2, 6), (2, 8, 8)):
        hz, powers = welch(hour, 50, nperseg=1500, axis=0)
        is_in = (hz >= low_hz) & (hz < high_hz)
        recorded_power = welch(units, 50, nperseg=1500, axis=0)[1][is_in].sum(0)
        assert (np.abs(10 * np.log10(powers[is_in].sum(0) / recorded_power)) < most_db).all()
