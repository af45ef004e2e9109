"""Draw each trigger's picture: both ears' waveform and spectrogram of its init preset.

python docs/pictures/triggers.py          writes docs/triggers/*.png
python docs/pictures/triggers.py tap      only that one
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot

import synth
from synth.offline.job import job_of
from synth.offline.render import blocks
from synth.trigger import Trigger

FOLDER = Path(__file__).resolve().parents[1] / "triggers"
SECONDS = 6.0
RATE = 48000


def performance(trigger: Trigger) -> np.ndarray:
    """Return the trigger's init preset as audio (frames, 2); one that hears is given a rising tone."""
    job = job_of(trigger.name, seconds=SECONDS, seed=1, sample_rate=RATE)
    if trigger.hears:
        time_s, octaves = np.arange(round(SECONDS * RATE)) / RATE, np.log2(20000 / 50)
        turns = 50 * SECONDS / (octaves * np.log(2)) * 2 ** (octaves * time_s / SECONDS)
        tone = (0.1 * np.sin(2 * np.pi * turns)).astype(np.float32)
        job = replace(job, inputs={trigger.name: synth.Input(sound=tone)})
    return np.concatenate(list(blocks(job)))


def picture(trigger: Trigger, path: Path) -> None:
    """Draw both ears' waveform and spectrogram of the trigger's init preset."""
    audio = performance(trigger)
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 4.5), height_ratios=(1, 2.2), sharex=True, layout="constrained")
    peak = max(float(np.abs(audio).max()), 1e-6)
    for ear, name in enumerate(("left ear", "right ear")):
        wave, spectrum = axes[0, ear], axes[1, ear]
        dither = 1e-8 * np.random.default_rng(0).standard_normal(len(audio))  # the logarithm of digital silence is none
        wave.plot(np.arange(len(audio)) / RATE, audio[:, ear], linewidth=0.3, color="#205080")
        wave.set(title=name, ylim=(-1.05 * peak, 1.05 * peak))
        spectrum.specgram(audio[:, ear] + dither, NFFT=1024, Fs=RATE, noverlap=768, vmin=-150, vmax=-50, cmap="magma")
        spectrum.set(yscale="symlog", ylim=(50, 20000), xlabel="s")
        spectrum.set_yticks([100, 300, 1000, 3000, 10000], ["100", "300", "1k", "3k", "10k"])
    axes[1, 0].set_ylabel("Hz")
    figure.savefig(path, dpi=80)
    pyplot.close(figure)


def main() -> None:
    """Draw them all, or those that the command line names; delete pictures of triggers that are gone."""
    names = sys.argv[1:] or list(synth.TRIGGERS)
    for name in names:
        picture(synth.TRIGGERS[name], FOLDER / f"{name}.png")
    for path in FOLDER.glob("*"):
        if path.stem not in (*synth.TRIGGERS, "README"):
            path.unlink()


if __name__ == "__main__":
    main()
