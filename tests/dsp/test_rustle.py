"""Rustle: silent at rest, as loud at every sample rate, louder under force, its bands and patches on their own, no step."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from synth.dsp import emitter, rustle
from synth.rt.units import QUANTUM

LEVEL = 0.1


def heard(force: np.ndarray, rate: float = 48000, seed: int = 5) -> np.ndarray:
    """Return each patch's sound, one force a quantum."""
    state = np.zeros(1, rustle.RUSTLE)[0]
    stream = np.zeros(1, np.dtype([("rng", "u8")], align=True))[0]
    stream["rng"] = seed
    emitters = np.zeros(1, emitter.emitters_dtype(rustle.PATCHES))[0]
    emitters["count"] = rustle.PATCHES
    rustle.start(state, stream, rate)
    rustle.tune(state, 1500.0, 5000.0, 0.0, rate)
    out = []
    for now in force:
        rustle.add(state, emitters, 0, 0.1, now, LEVEL, rate, 0, QUANTUM)
        out.append(emitters["slot"]["out"].copy())
        emitters["slot"]["out"] = 0.0
    return np.concatenate(out, axis=1).astype(float)


def test_faces_at_rest_are_silent() -> None:
    assert not heard(np.zeros(50)).any()


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_it_is_as_loud_as_asked_for_at_every_rate(rate: int) -> None:
    sounds = [heard(np.ones(2 * rate // QUANTUM), rate, seed)[:, rate // 5 :] for seed in range(1, 5)]
    rms = np.sqrt(np.mean([np.square(x).mean(1).sum() for x in sounds]))
    assert 20 * np.log10(rms / LEVEL) == pytest.approx(0, abs=4)


def test_more_force_is_louder_and_letting_go_leaves_no_step() -> None:
    weak, strong = (np.square(heard(np.full(750, force))).mean() for force in (0.2, 1.0))
    assert strong > 4 * weak
    gone = heard(np.concatenate([np.ones(400), np.zeros(400)])).sum(0)
    assert np.abs(gone[-4800:]).max() < 1e-4
    assert np.abs(np.diff(gone)).max() < 1.0


def test_patches_are_on_their_own_and_colours_move() -> None:
    sound = heard(np.ones(7500))
    assert abs(np.corrcoef(sound[0], sound[1])[0, 1]) < 0.05
    low, high = (
        np.abs(sosfilt(butter(4, edges, "bandpass", fs=48000, output="sos"), sound[0])) for edges in ((800, 1800), (5000, 9000))
    )
    slow = [np.convolve(x, np.ones(960) / 960, "valid")[::480] for x in (low, high)]
    assert 0.1 < np.corrcoef(*slow)[0, 1] < 0.9  # grains are common, their colours are not
