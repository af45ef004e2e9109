"""How loud every trigger and every shipped preset is, at each ear, and how hard the limiter has to work.

init preset of every trigger, every shipped preset, in three seeds -> Engine.process -> LUFS, true peak, limiter, ears

Targets: init presets about -30 LUFS (what is struck now and then: gated), shipped presets -27 +- 2 LUFS, the limiter at rest
or touching rarely.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import resample_poly

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import synth
from synth.dsp.loudness import Loudness
from synth.preset.library import Preset, init_preset, load_preset, preset_names

RATE = 48000
_BLOCK = 1 << 14
COLUMNS = ("lufs", "true_peak_db", "limiter_db", "left_db", "right_db")


def played(preset: Preset, seconds: float, seed: int) -> tuple[np.ndarray, float]:
    """Return a preset's sound, (frames, 2), and the lowest gain of the limiter in decibels."""
    engine = synth.Engine(RATE, seed=seed)
    engine.load(preset)
    engine.set_master(at=0, ramp_s=0, level_db=preset.level_db)
    blocks = []
    while engine.frame < seconds * RATE:
        blocks.append(engine.process(_BLOCK))
    return np.concatenate(blocks), decibels(float(engine._state["limiter"]["lowest_gain"][0]))


def decibels(amplitude: float) -> float:
    """Return an amplitude in decibels; -200 for nothing."""
    return 20 * math.log10(max(amplitude, 1e-10))


def true_peak_db(sound: np.ndarray) -> float:
    """Return the peak of a sound between its samples, by fourfold interpolation (ITU-R BS.1770-5, annex 2)."""
    loud = np.abs(sound) > 0.5 * np.abs(sound).max()
    peak = float(np.abs(sound).max())
    for ear in range(2):
        for at in np.unique(np.flatnonzero(loud[:, ear]) // 4096):
            piece = sound[max(at * 4096 - 64, 0) : (at + 1) * 4096 + 64, ear]
            peak = max(peak, float(np.abs(resample_poly(piece, 4, 1)[128:-128]).max()))
    return decibels(peak)


def measure(preset: Preset, seconds: float, seed: int) -> dict[str, float]:
    """Return loudness, true peak, the limiter's work and each ear's level of one performance."""
    sound, limiter_db = played(preset, seconds, seed)
    loudness = Loudness(RATE)
    loudness.add(sound)
    left_db, right_db = (decibels(float(np.sqrt(np.mean(np.square(sound[:, ear], dtype=np.float64))))) for ear in range(2))
    values = (loudness.integrated_lufs, true_peak_db(sound), limiter_db, left_db, right_db)
    return dict(zip(COLUMNS, values, strict=True))


def summary(rows: Iterable[dict[str, float]]) -> dict[str, Any]:
    """Return one row for several seeds: the mean loudness and its range, the highest peak, the hardest work, mean levels."""
    rows = list(rows)
    lufs = [row["lufs"] for row in rows]
    return {
        "lufs": float(np.mean(lufs)),
        "lufs_range": max(lufs) - min(lufs),
        "true_peak_db": max(row["true_peak_db"] for row in rows),
        "limiter_db": min(row["limiter_db"] for row in rows),
        "left_db": float(np.mean([row["left_db"] for row in rows])),
        "right_db": float(np.mean([row["right_db"] for row in rows])),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="triggers or presets; all of them if none is named")
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.names:
        presets = {name: load_preset(name) for name in arguments.names}
    else:
        presets = {f"trigger {name}": init_preset(name) for name, trigger in synth.TRIGGERS.items() if not trigger.hears}
        presets |= {name: load_preset(name) for name in preset_names()}
    if not arguments.json:
        print(f"{'':26s} {'LUFS':>6s} {'range':>6s} {'peak':>6s} {'limiter':>8s} {'left':>6s} {'right':>6s}   dB")
    rows = {}
    for name, preset in presets.items():
        row = rows[name] = summary(measure(preset, arguments.seconds, seed) for seed in range(arguments.seeds))
        if not arguments.json:
            print(
                f"{name:26s} {row['lufs']:6.1f} {row['lufs_range']:6.1f} {row['true_peak_db']:6.1f} {row['limiter_db']:8.1f} "
                f"{row['left_db']:6.1f} {row['right_db']:6.1f}",
                flush=True,
            )
    if arguments.json:
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
