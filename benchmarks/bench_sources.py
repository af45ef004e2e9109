"""Moving near-field sources per core: `hrtf.Bus` against OpenAL Soft's HRTF renderer, in quanta of 64 frames at 48 kHz.

the same noise, the same moving places -> Bus.process | alcRenderSamplesSOFT -> time per quantum -> fixed + per source, ratio

Every source has its own noise, its own place 10 to 50 cm from the head's centre and its own speed, and moves in every quantum.
What is counted:

- ours: the whole of `Bus.process(signals, places)`: placing and look-up, delays, mixing, filters;
- OpenAL, headline (`render`): `alcRenderSamplesSOFT` alone. It takes in the positions, chooses the filters and mixes. The calls
  of `alSource3f`, one per source and quantum, are made before in one deferred update and are left out, for through ctypes they
  are mostly Python's own overhead; `alProcessUpdatesSOFT`, which hands them over, is left out too. So the headline is
  the least that a program in C could pay, and the ratio is the lowest that can be argued;
- for information, `+ hand over` adds `alProcessUpdatesSOFT` and `+ calls` the Python loop over `alSource3f` as well, which is
  what a Python program pays.

OpenAL Soft has no near field: its filters are those of its one far field, and its cost grows with their length (Debian 12's
set: 32 taps; the set built into later releases: 64). Ours are for each distance; their length is part of the fixed cost.

Usage: python benchmarks/bench_sources.py [--sources 64 256 1000] [--turns 20] [--ears ku100] [--openal PATH]
       [--openal-hrtf NAME] [--json]
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout that is not installed

from benchmarks import timing
from benchmarks.peer_openal import OpenAL, evidence, positions
from benchmarks.timing import PeerMissing

SAMPLE_RATE, QUANTUM = 48000, 64
LOOP_QUANTA = 16  # each source's noise repeats after 21 ms; both read it from there
BATCH_QUANTA = 24  # quanta per turn; a turn counts as their median
WARM_UP = 2  # turns that do not count
HOW = ("moving", "static")
NAMES = ("openal moving", "ours moving", "openal static", "ours static")
TARGETS = {64: 2.0, 256: 2.0, 1000: 4.0}


class Scene:
    """The sound of every source and its place at each quantum.

    Attributes
    ----------
    noise : (sources, LOOP_QUANTA * QUANTUM) float32.
    blocks : the same as contiguous quanta, (LOOP_QUANTA, sources, QUANTUM) float32.
    """

    def __init__(self, sources: int) -> None:
        random = np.random.default_rng(sources)
        self.noise = (0.1 * random.standard_normal((sources, LOOP_QUANTA * QUANTUM))).astype(np.float32)
        self.blocks = np.ascontiguousarray(self.noise.reshape(sources, LOOP_QUANTA, QUANTUM).swapaxes(0, 1))
        self._start_deg = random.uniform(-180, 180, sources)
        self._speed_deg = random.uniform(30, 180, sources) * random.choice((-1, 1), sources)  # per second
        self._phase = random.uniform(0, 2 * np.pi, sources)

    def places(self, quantum: int) -> np.ndarray:
        """Return (sources, 3) float32 azimuth_deg, elevation_deg, distance_m at the end of a quantum."""
        time_s = (quantum + 1) * QUANTUM / SAMPLE_RATE
        azimuth_deg = (self._start_deg + self._speed_deg * time_s + 180) % 360 - 180
        swing = 2 * np.pi * 0.3 * time_s + self._phase
        return np.stack((azimuth_deg, 40 * np.sin(swing), 0.3 + 0.2 * np.cos(1.3 * swing)), axis=1).astype(np.float32)


Renderer = Callable[[np.ndarray, np.ndarray | None], tuple[float, ...]]
"""Renders one quantum from its signals and places (None: nothing moves); returns its figures in seconds, the headline first."""


def openal_renderer(peer: OpenAL) -> Renderer:
    """Return a function that renders one quantum and returns the seconds of (render, + hand over, + calls)."""

    def quantum_s(block: np.ndarray, places: np.ndarray | None) -> tuple[float, ...]:
        if places is None:
            seconds = peer.render()
            return seconds, seconds, seconds
        calls_s, apply_s, render_s = peer.move(places), peer.apply(), peer.render()
        return render_s, render_s + apply_s, render_s + apply_s + calls_s

    return quantum_s


def our_renderer(bus: Any, scene: Scene) -> Renderer:
    """Return a function that renders one quantum with the bus and returns its seconds."""
    still = scene.places(0)

    def quantum_s(block: np.ndarray, places: np.ndarray | None) -> tuple[float, ...]:
        target = still if places is None else places
        start = time.perf_counter()
        bus.process(block, target)
        return (time.perf_counter() - start,)

    return quantum_s


def contender(renderer: Renderer, scene: Scene, moving: bool) -> Callable[[], tuple[float, ...]]:
    """Return a function that renders a batch of quanta, goes on where it stopped, and returns the medians of their figures."""
    quantum = 0

    def turn() -> tuple[float, ...]:
        nonlocal quantum
        figures = []
        for _ in range(BATCH_QUANTA):
            figures.append(renderer(scene.blocks[quantum % LOOP_QUANTA], scene.places(quantum) if moving else None))
            quantum += 1
        return tuple(statistics.median(column) for column in zip(*figures, strict=True))

    return turn


def make_bus(ears: str, sources: int) -> Any:
    """Make our renderer; PeerMissing says in one line why there is none."""
    try:
        import hrtf

        loaded = hrtf.sphere() if ears == "sphere" else hrtf.load(ears)
        return hrtf.Bus(loaded, sources=sources, sample_rate=SAMPLE_RATE)
    except (ImportError, AttributeError, OSError, ValueError) as error:
        raise PeerMissing(f"ours is missing: {error}") from error


def measure(sources: int, options: argparse.Namespace, problems: set[str]) -> dict[str, np.ndarray]:
    """Let both renderers take turns over one scene, moving and static; what is missing is left out and said in `problems`."""
    scene, contenders, peer = Scene(sources), {}, None
    try:
        peer = OpenAL(scene.noise, SAMPLE_RATE, QUANTUM, options.openal, options.openal_hrtf)
        contenders |= {f"openal {how}": contender(openal_renderer(peer), scene, how == "moving") for how in HOW}
    except PeerMissing as missing:
        problems.add(str(missing))
    try:
        bus = make_bus(options.ears, sources)
        contenders |= {f"ours {how}": contender(our_renderer(bus, scene), scene, how == "moving") for how in HOW}
    except PeerMissing as missing:
        problems.add(str(missing))
    times = timing.interleave(contenders, options.turns, WARM_UP)
    if peer is not None:
        check(peer, scene, (options.turns + WARM_UP) * BATCH_QUANTA - 1, problems)
        peer.close()
    return times


def check(peer: OpenAL, scene: Scene, last_quantum: int, problems: set[str]) -> None:
    """See that every source of OpenAL still plays, has moved to where it was sent last, and is heard."""
    asked, start = positions(scene.places(last_quantum)), positions(scene.places(0))
    there = np.array([peer.position(index) for index in range(peer.sources)])
    moved = int(np.sum((np.abs(there - asked) < 1e-4).all(axis=1) & (np.abs(there - start) > 1e-3).any(axis=1)))
    peak = float(np.abs(peer.out).max())
    if peer.playing() < peer.sources or moved < peer.sources or not 1e-3 < peak < 100:
        problems.add(
            f"OpenAL's times mean nothing: of {peer.sources} sources {peer.playing()} play and {moved} moved, peak {peak:.2g}"
        )


def report(options: argparse.Namespace) -> dict[str, Any]:
    """Measure every number of sources and return all figures, in microseconds."""
    problems: set[str] = set()
    found: dict[str, Any] = {"machine": timing.machine(), "sample_rate": SAMPLE_RATE, "quantum_frames": QUANTUM}
    found["ears"] = options.ears
    with contextlib.suppress(PeerMissing):
        found["openal"] = evidence(SAMPLE_RATE, options.openal, options.openal_hrtf)
    measured = {count: measure(count, options, problems) for count in options.sources}
    names = [name for name in NAMES if all(name in times for times in measured.values())]
    found["quantum_us"] = {name: {count: _quantum(measured[count][name]) for count in options.sources} for name in names}
    found["cost_us"] = {name: _line(found["quantum_us"][name]) for name in names}
    found["ratio"] = {
        how: {
            count: timing.ratio(times[f"openal {how}"][:, 0], times[f"ours {how}"][:, 0])._asdict()
            for count, times in measured.items()
        }
        for how in HOW
        if {f"openal {how}", f"ours {how}"} <= set(names)
    }
    found["problems"] = sorted(problems)
    return found


def _quantum(times: np.ndarray) -> dict[str, float]:
    """Return the headline's percentiles and, where there are more figures, the medians of those."""
    figures = {name: 1e6 * value for name, value in timing.timing(times[:, 0])._asdict().items()}
    parts = dict(zip(("render", "hand_over", "calls"), 1e6 * np.median(times, axis=0), strict=False))
    return {name.removesuffix("_s"): value for name, value in figures.items()} | (parts if times.shape[1] > 1 else {})


def _line(row: dict[int, dict[str, float]]) -> dict[str, float]:
    line = timing.fit(list(row), [cell["median"] for cell in row.values()])
    per_core = (1e6 * QUANTUM / SAMPLE_RATE - line.fixed) / line.per_source
    return {"fixed": line.fixed, "per_source": line.per_source, "sources_per_core": per_core}


def show(found: dict[str, Any]) -> None:
    """Print the figures as tables."""
    print(f"moving near-field sources, quanta of {QUANTUM} frames at {SAMPLE_RATE} Hz; ears {found['ears']}; {found['machine']}")
    if "openal" in found:
        seen = found["openal"]
        print(
            f"OpenAL {seen['version']}: ALC_HRTF_STATUS_SOFT {seen['hrtf_status']} (enabled), set '{seen['hrtf']}';"
            f" a source carried from left to right: {seen['left_lag_ms']:+.2f} -> {seen['right_lag_ms']:+.2f} ms,"
            f" {seen['left_db']:+.1f} -> {seen['right_db']:+.1f} dB"
        )
    rows = found["quantum_us"]
    print(f"\n{'us per quantum, median (20 %)':34}" + "".join(f"{f'N = {count}':>20}" for count in next(iter(rows.values()), ())))
    for name, row in rows.items():
        print(f"{name:34}" + "".join(f"{cell['median']:11.1f} ({cell['low']:6.1f})" for cell in row.values()))
        for part, words in (("hand_over", "  + hand over"), ("calls", "  + calls from Python")):
            if name == "openal moving":
                print(f"{words:34}" + "".join(f"{cell[part]:11.1f}{'':9}" for cell in row.values()))
    print(f"\n{'linear fit':34}{'fixed us':>12}{'us per source':>16}{'sources per core':>20}")
    for name, line in found["cost_us"].items():
        print(f"{name:34}{line['fixed']:12.1f}{line['per_source']:16.3f}{line['sources_per_core']:20.0f}")
    for how, row in found["ratio"].items():
        print(f"\nours, {how}: times OpenAL's sources, median (20 .. 80 %)")
        for count, cell in row.items():
            target = TARGETS.get(count) if how == "moving" else None
            words = "" if target is None else f"   target {target:.1f}: {'reached' if cell['median'] >= target else 'missed'}"
            print(f"  N = {count:<6}{cell['median']:6.2f} ({cell['low']:.2f} .. {cell['high']:.2f}){words}")
    for problem in found["problems"]:
        print(f"\n{problem}")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sources", type=int, nargs="+", default=[64, 256, 1000], metavar="N")
    parser.add_argument("--turns", type=int, default=20, help="turns that each renderer takes")
    parser.add_argument("--ears", default="ku100", help="our HRTF set, a SOFA file or 'sphere'")
    parser.add_argument("--openal", metavar="PATH", help="another libopenal")
    parser.add_argument("--openal-hrtf", metavar="NAME", help="another of its HRTF sets, for instance 'Built-In HRTF'")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    timing.tell(report(options), show, as_json=options.json)


if __name__ == "__main__":
    main()
