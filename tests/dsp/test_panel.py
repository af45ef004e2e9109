"""A panel: unit energy a side, modes in its band that die in time, each crackle shakes it differently, nearer on its side."""

from __future__ import annotations

import numpy as np
import pytest

from synth.dsp import emitter, panel
from synth.rt.units import QUANTUM

LOW_HZ, HIGH_HZ, T60_S = 150.0, 700.0, 0.03
STREAM = np.dtype([("rng", "u8")], align=True)


def shaken(left: float = 0.0, seed: int = 3, rate: float = 48000, seconds: float = 0.1) -> np.ndarray:
    """Return what both sides sound like after one crackle."""
    state, stream = np.zeros(1, panel.PANEL)[0], np.zeros(1, STREAM)[0]
    stream["rng"] = seed
    emitters = np.zeros(1, emitter.emitters_dtype(panel.SIDES))[0]
    emitters["count"] = panel.SIDES
    panel.tune(state, stream, LOW_HZ, HIGH_HZ, T60_S, 0.0, rate)
    panel.hold(emitters, 0, 0.1)
    out = []
    for quantum in range(round(seconds * rate / QUANTUM)):
        if quantum == 0:
            panel.shake(state, emitters, stream, 0, 0, left, 1.0)
        panel.finish(state, emitters, 0, QUANTUM)
        out.append(emitters["slot"]["out"].copy())
        emitters["slot"]["out"] = 0.0
    return np.concatenate(out, axis=1).astype(float)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_its_energy_is_the_same_at_every_rate(rate: int) -> None:
    there, here = (np.log([np.square(shaken(seed=s, rate=r)).sum() / r for s in range(1, 30)]) for r in (rate, 48000))
    assert np.mean(there - here) == pytest.approx(0, abs=0.15)


def test_it_lies_in_its_band_and_dies_in_time() -> None:
    for seed in range(1, 6):
        sound = shaken(seed=seed).sum(0)
        power, hertz = np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(sound.size, 1 / 48000)
        assert (
            power[(hertz > 0.8 * LOW_HZ) & (hertz < 1.2 * HIGH_HZ)].sum() > 0.85 * power.sum()
        )  # resonances have skirts of 6 dB/oct
        assert np.square(sound[int(1.3 * T60_S * 48000) :]).sum() < 1e-5 * np.square(sound).sum()


def test_each_crackle_shakes_it_differently_and_nearer_on_its_side() -> None:
    energy = np.array([np.square(shaken(left=0.9, seed=seed)).sum(1) for seed in range(1, 60)])
    assert 10 * np.log10(energy.sum(1)).std() > 4
    assert np.median(10 * np.log10(energy[:, 0] / energy[:, 1])) > 6
