"""The ears: how true and how fast.  Run `python benchmarks/bench_ears.py [--quick]`; speeds are fastest deciles: read ratios."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import hrtf
from tests.support import ears_errors, ears_motion

QUICK = "--quick" in sys.argv
RNG = np.random.default_rng(0)


def line(name: str, *figures: str) -> None:
    """Print one row."""
    print(f"{name:44s}", *figures)


def sphere() -> None:
    """Level difference between the ears against the analytic sphere, end to end."""
    errors_db = 20 * np.log10(np.abs(ears_errors.interaural_of_the_sphere(200 if QUICK else 1500)))
    worst = f"{np.abs(errors_db).max():.2f} worst"
    line("sphere ILD error, 1-50 cm, 0.1-16 kHz", f"{np.sqrt(np.mean(errors_db**2)):.3f} dB RMS", worst)


def measured() -> None:
    """Spectral distortion, level and delay differences of the KU100 at measured directions, between the table's distances."""
    errors_db = ears_errors.third_octaves_db("ku100")
    distortion = np.sqrt((errors_db**2).mean(axis=-1))
    difference = np.abs(errors_db[:, 0] - errors_db[:, 1]).mean(axis=-1)
    delays_us = 1e6 * ears_errors.interaural_delays_s("ku100")
    line("ku100 1/3-octave distortion", f"{distortion.mean():.2f} dB mean", f"{np.percentile(distortion, 95):.2f} p95")
    line("ku100 ILD error", f"{difference.mean():.2f} dB mean", f"{np.percentile(difference, 95):.2f} p95")
    worst = f"{np.abs(delays_us).max():.2f} worst"
    line("ku100 ITD error below 1.5 kHz", f"{np.sqrt(np.mean(delays_us**2)):.2f} us RMS", worst)


def motion() -> None:
    """Spurs of a sine circling at 90 degrees per second."""
    ears = hrtf.load("ku100")
    for frequency_hz in (1000, 4000):
        rows = []
        for start_deg in (0, 180) if QUICK else (0, 40, 90, 180, 250):
            azimuth_deg = ears_motion.azimuths_deg(64 * 780, 90, 48000, start_deg)
            ours = ears_motion.spurs_db(ears_motion.in_quanta(ears, frequency_hz, azimuth_deg, 0, 0.15), frequency_hz)
            exact = ears_motion.spurs_db(ears_motion.exact(ears, frequency_hz, azimuth_deg, 0, 0.15), frequency_hz)
            rows.append((ours, ours - exact))
        worst, excess = np.max(rows, axis=0)
        line(f"spurs of a circling sine, {frequency_hz} Hz", f"{worst:.1f} dB", f"{excess:+.1f} over exact motion")


def quantum_us(ears: hrtf.Ears, count: int, moving: bool) -> float:
    """Time of one Bus.process in microseconds: the fastest decile, since machines are shared."""
    bus = hrtf.Bus(ears, count)
    signals = RNG.standard_normal((count, 64)).astype(np.float32)
    places = np.stack([RNG.uniform(-180, 180, count), RNG.uniform(-60, 60, count), RNG.uniform(0.1, 1, count)], axis=1)
    places = places.astype(np.float32)
    spent = []
    for _ in range(100 if QUICK else 600):
        if moving:
            places[:, 0] += np.float32(0.12)  # 90 degrees per second
        start = time.perf_counter()
        bus.process(signals, places)
        spent.append(time.perf_counter() - start)
    return float(np.percentile(spent[20:], 10)) * 1e6


def speed() -> None:
    """Time per quantum of 64 frames, through Python."""
    for name in ("ku100", "sphere"):
        ears = hrtf.load(name)
        fixed = quantum_us(ears, 1, True)
        line(f"{name}: 1 source", f"{fixed:.1f} us per quantum")
        for count in (64, 256, 1000, 2000):
            moving, still = quantum_us(ears, count, True), quantum_us(ears, count, False)
            line(
                f"{name}: {count} sources",
                f"moving {moving:.0f} us ({moving / count:.3f} each)",
                f"at rest {still:.0f} us ({still / count:.3f} each)",
                f"load {moving / 1333.3:.0%} of a core",
            )


def start() -> None:
    """Time to load a set and lay it out."""
    for name in hrtf.names():
        begin = time.perf_counter()
        ears = hrtf.load(name)
        loaded = time.perf_counter()
        ears.native(48000)
        line(f"{name}: load, lay out", f"{1e3 * (loaded - begin):.0f} ms", f"{1e3 * (time.perf_counter() - loaded):.0f} ms")


if __name__ == "__main__":
    start()
    sphere()
    measured()
    motion()
    speed()
