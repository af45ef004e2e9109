"""A whole patch: four modal layers round the head, our engine against Csound, in the same run.

layers -> synth.Engine | csound -n -> seconds of computing per second of sound -> times real time, ratio

Each of the four layers is a bank of four modes struck at random plus noise, and circles the head. Csound renders it with `mode`
and `hrtfmove2` at ksmps 64, 48 kHz; ours is the complete engine with its event queue, smoothing, near field, limiter and
meters. Start-up counts for neither: Csound's is measured by a run of one quantum and subtracted, our engine is made and warmed
up before. Both render the same length in turns. Counted are processor seconds (all threads): unlike the clock on the wall they
leave out what the neighbours on a shared machine take, and a run of half a second never escapes those.

Usage: python benchmarks/bench_patch.py [--seconds 20] [--turns 7] [--ears ku100] [--json]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout that is not installed

from benchmarks import timing
from benchmarks.peer_csound import Csound, Layer
from benchmarks.timing import PeerMissing

SAMPLE_RATE, QUANTUM = 48000, 64
BLOCK_FRAMES = 750 * QUANTUM  # one second
TARGET = 1.5
LAYERS = (
    Layer(400, 8, 0.25, 0),
    Layer(700, 8, -0.25, 10),
    Layer(1100, 8, 0.4, 20),
    Layer(1700, 8, -0.4, -10),
)
DISTANCE_M = 0.2


def announce(folder: str) -> None:
    """Make the benchmark's trigger known as an installed package would: through the entry-point group `synth.triggers`."""
    info = Path(folder) / "patch_trigger-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: patch_trigger\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[synth.triggers]\npatch_trigger = benchmarks.patch_trigger:TRIGGER\n")
    sys.path.append(folder)


class Ours:
    """The patch in our engine, playing on from call to call.

    Raises
    ------
    PeerMissing
        `synth.Engine` cannot be made; the message says why.
    """

    def __init__(self, ears: str) -> None:
        try:
            import synth

            self._engine = synth.Engine(sample_rate=SAMPLE_RATE, ears=ears, seed=0)
        except (ImportError, AttributeError, OSError) as error:
            raise PeerMissing(f"ours is missing: {error}") from error
        for layer in LAYERS:
            handle = self._engine.add(
                "patch_trigger",
                azimuth_deg=0,
                elevation_deg=layer.elevation_deg,
                distance_m=DISTANCE_M,
                gesture={"kind": "none"},
                motion={"kind": "orbit", "period_s": 1 / abs(layer.turns_hz), "turn": "left" if layer.turns_hz > 0 else "right"},
                lowest_hz=layer.frequency_hz,
                strikes_hz=layer.strikes_hz,
            )
            self._engine.strike(handle, velocity=1.0)

    def render_ours(self, seconds: float) -> float:
        """Render on for `seconds` and return the processor seconds it took."""
        start = time.process_time()
        self.sound(seconds)
        return time.process_time() - start

    def sound(self, seconds: float) -> np.ndarray:
        """Return the next `seconds` as (frames, 2) float32."""
        frames = round(seconds * SAMPLE_RATE)
        return np.concatenate([self._engine.process(min(BLOCK_FRAMES, frames - at)) for at in range(0, frames, BLOCK_FRAMES)])


def heard(sound: np.ndarray) -> dict[str, float]:
    """Return the peak, the level, and how far the ears' level difference swings in windows of 100 ms: it must sound and move."""
    windows = sound[: len(sound) // 4800 * 4800].reshape(-1, 4800, 2).astype(float)
    level = np.sqrt(np.mean(windows**2, axis=1)) + 1e-12
    between_db = 20 * np.log10(level[:, 0] / level[:, 1])
    total = np.sqrt(np.mean(windows**2)) + 1e-12
    return {"peak": float(np.abs(sound).max()), "rms_db": float(20 * np.log10(total)), "swing_db": float(np.ptp(between_db))}


def report(options: argparse.Namespace) -> dict[str, Any]:
    """Measure and return all figures."""
    found: dict[str, Any] = {"machine": timing.machine(), "sample_rate": SAMPLE_RATE, "quantum_frames": QUANTUM}
    found |= {"seconds": options.seconds, "ears": options.ears, "heard": {}, "problems": []}
    contenders = {}
    try:
        csound = Csound(LAYERS, SAMPLE_RATE, QUANTUM)
        found["csound"] = csound.version
        found["heard"]["csound"] = heard(csound.sound(options.seconds))
        contenders["csound"] = lambda: csound.render(options.seconds) / options.seconds
    except PeerMissing as missing:
        found["problems"].append(str(missing))
    try:
        ours = Ours(options.ears)
        found["heard"]["ours"] = heard(ours.sound(options.seconds))
        contenders["ours"] = lambda: ours.render_ours(options.seconds) / options.seconds
    except PeerMissing as missing:
        found["problems"].append(str(missing))
    for name, sounds in found["heard"].items():
        if sounds["peak"] < 1e-4 or sounds["swing_db"] < 3:
            found["problems"].append(f"{name} is silent or does not move: its times mean nothing")
    times = timing.interleave(contenders, options.turns, warm_up=1)
    found["speed"] = {name: _speed(timing.timing(seconds)) for name, seconds in times.items()}
    if len(times) == 2:
        found["ratio"] = timing.ratio(times["csound"], times["ours"])._asdict()
    return found


def _speed(timed: timing.Timing) -> dict[str, float]:
    return {
        "times_real_time": 1 / timed.median_s,
        "best_20_percent": 1 / timed.low_s,
        "us_per_quantum": 1e6 * timed.median_s * QUANTUM / SAMPLE_RATE,
    }


def show(found: dict[str, Any]) -> None:
    """Print the figures as a table."""
    print(
        f"four layers round the head, {found['seconds']:g} s at {SAMPLE_RATE} Hz, quanta of {QUANTUM} frames; "
        f"ears {found['ears']}; Csound {found.get('csound', 'missing')}; {found['machine']}"
    )
    print(f"\n{'':10}{'times real time':>18}{'(20 %)':>9}{'us per quantum':>17}{'peak':>8}{'rms dB':>9}{'ears swing dB':>15}")
    for name, speed in found["speed"].items():
        sounds = found["heard"][name]
        print(
            f"{name:10}{speed['times_real_time']:18.1f}{speed['best_20_percent']:9.1f}{speed['us_per_quantum']:17.1f}"
            f"{sounds['peak']:8.3f}{sounds['rms_db']:9.1f}{sounds['swing_db']:15.1f}"
        )
    if "ratio" in found:
        cell = found["ratio"]
        spread = f"({cell['low']:.2f} .. {cell['high']:.2f})"
        verdict = "reached" if cell["median"] >= TARGET else "missed"
        print(f"\nours: {cell['median']:.2f} times Csound's speed {spread}   target {TARGET}: {verdict}")
    for problem in found["problems"]:
        print(f"\n{problem}")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=20, help="length of the patch")
    parser.add_argument("--turns", type=int, default=7, help="turns that each renderer takes")
    parser.add_argument("--ears", default="ku100", help="our HRTF set")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench_patch_") as folder:
        announce(folder)
        timing.tell(report(options), show, as_json=options.json)


if __name__ == "__main__":
    main()
