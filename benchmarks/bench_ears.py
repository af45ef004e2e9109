"""The ears: how true and how fast.  Run `python benchmarks/bench_ears.py [--quick]`; speeds are fastest deciles: read ratios."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import hrtf
from hrtf import delay
from hrtf.rigid import distance_variation, pressure
from hrtf.table import distances_m
from tests import ears_motion
from tests.ears_bands import FINE_HZ, band_levels_db, polar_deg, spectrum

QUICK = "--quick" in sys.argv
RNG = np.random.default_rng(0)


def line(name: str, *figures: str) -> None:
    """Print one row."""
    print(f"{name:44s}", *figures)


def sphere() -> None:
    """Level difference between the ears against the analytic sphere, end to end."""
    ears, frequency_hz = hrtf.sphere(), np.geomspace(100, 16000, 45)
    errors = []
    for index in range(200 if QUICK else 1500):
        vector = RNG.standard_normal(3)
        if index % 2:
            vector[1] = np.sign(vector[1]) * np.hypot(vector[0], vector[2]) / np.tan(np.radians(RNG.uniform(0.1, 30)))
        vector /= np.linalg.norm(vector)
        distance_m = 0.0875 + np.exp(RNG.uniform(np.log(0.01), np.log(0.5)))
        rendered = np.abs(spectrum(ears.impulse_response(*polar_deg(vector), distance_m), frequency_hz))
        angle = np.arccos(vector[1])
        wanted = np.abs(pressure([distance_m], [angle, np.pi - angle], frequency_hz, 0.0875)[0].T)
        errors.append(20 * np.log10(rendered[0] / rendered[1] / (wanted[0] / wanted[1])))
    line(
        "sphere ILD error, 1-50 cm, 0.1-16 kHz",
        f"{np.sqrt(np.mean(np.square(errors))):.3f} dB RMS",
        f"{np.abs(errors).max():.2f} worst",
    )


def measured() -> None:
    """Spectral distortion, level and delay differences of the KU100 at measured directions, between the table's distances."""
    ears = hrtf.load("ku100")
    with np.load(Path(__file__).resolve().parents[1] / "tests" / "data" / "ears_reference.npz") as file:
        directions, levels_db, low = (file[f"ku100_{key}"] for key in ("directions", "level_db", "low"))
    grid, sides = distances_m(0.095), np.linspace(0, np.pi, 721)
    between = 0.095 + np.sqrt((grid[:-1] - 0.095) * (grid[1:] - 0.095))
    change = np.abs(distance_variation(between, sides, FINE_HZ[::4], 0.095, 3.25))
    distortion, difference, delays = [], [], []
    for index, direction in enumerate(directions):
        place, shell = polar_deg(direction), index % len(between)
        power = np.abs(spectrum(ears.impulse_response(*place, between[shell]), FINE_HZ)) ** 2
        wanted = []
        for ear, side in enumerate((direction[1], -direction[1])):
            near = np.array([np.interp(np.arccos(np.clip(side, -1, 1)), sides, row) for row in change[shell]])
            far = np.interp(FINE_HZ, np.fft.rfftfreq(1024, 1 / 48000), levels_db[index, ear].astype(float))
            wanted.append(10 ** (far / 10) * np.interp(FINE_HZ, FINE_HZ[::4], near) ** 2)
        error = band_levels_db(power) - band_levels_db(np.array(wanted))
        distortion.extend(np.sqrt((error**2).mean(axis=1)))
        difference.append(np.abs(error[0] - error[1]).mean())
        rendered = spectrum(ears.impulse_response(*place, 3.25), delay.FIT_HZ)
        delays.append((delay.interaural(rendered[:1], rendered[1:]) - delay.interaural(*low[index][:, None]))[0])
    line("ku100 1/3-octave distortion", f"{np.mean(distortion):.2f} dB mean", f"{np.percentile(distortion, 95):.2f} p95")
    line("ku100 ILD error", f"{np.mean(difference):.2f} dB mean", f"{np.percentile(difference, 95):.2f} p95")
    line(
        "ku100 ITD error below 1.5 kHz",
        f"{1e6 * np.sqrt(np.mean(np.square(delays))):.2f} us RMS",
        f"{1e6 * np.abs(delays).max():.2f} worst",
    )


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
