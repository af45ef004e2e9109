"""An airway: resonances where nose, mouth, jaw and glottis put them, brighter the faster and the more inward, bands apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from synth.dsp import airway, lungs, noise, tract
from synth.rt import kernel

RATE = 48000
HELD = np.dtype([("rng", "u8"), ("airway", airway.AIRWAY), ("tract", tract.TRACT)], align=True)


@kernel
def _run(held, seed, kind, opening, mouth, inward, speed_m_s, unevenness, sample_rate, out):
    held.rng = seed
    airway.start(held.airway, held, sample_rate)
    tract.start(held.tract, held, sample_rate)
    for at in range(0, out.shape[1], 64):
        airway.pose(held.airway, kind, opening, mouth, inward, unevenness, 64.0 / sample_rate)
        airway.blow(held.airway, 1.0, speed_m_s, inward, 0.4, 0.5, 1.0, unevenness)
        airway.sound(held.airway, held.tract, 64.0 / sample_rate, unevenness, sample_rate)
        tract.render(held.tract, 0, 64, sample_rate)
        for outlet in range(tract.OUTLETS):
            for n in range(64):
                out[outlet, at + n] = held.tract.outlet[outlet].out[n]


def aired(
    seconds: float = 8,
    kind: int = lungs.CALM,
    opening: float = 1.0,
    mouth: float = 0.6,
    inward: float = 1.0,
    speed_m_s: float = 3.5,
    unevenness: float = 0.0,
    sample_rate: float = RATE,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the outlets' sound, (3, frames), and the tract's first four resonances in hertz."""
    held, out = np.zeros(1, HELD), np.zeros((tract.OUTLETS, int(seconds * sample_rate) // 64 * 64))
    seed = noise.mixed(np.uint64(1))
    _run(held[0], seed, kind, opening, mouth, inward, speed_m_s, unevenness, float(sample_rate), out)
    return out, held["tract"]["outlet"]["bank"]["hertz"][0, tract.THROAT, :4].copy()


def centroid_hz(x: np.ndarray, sample_rate: float = RATE) -> float:
    hertz, density = signal.welch(x, sample_rate, nperseg=4096)
    below = hertz < 16000
    return float((hertz * density)[below].sum() / density[below].sum())


def test_a_wider_glottis_makes_all_resonances_higher_on_the_way_in() -> None:
    (_, into), (_, out) = aired(0.1, inward=1.0), aired(0.1, inward=0.0)
    assert (into > out).all()
    assert 1.1 < into[0] / out[0] < 1.5


def test_a_yawn_slides_from_i_to_a() -> None:
    (_, shut), (_, wide) = (aired(0.1, kind=lungs.YAWN, opening=opening) for opening in (0.0, 1.0))
    assert wide[0] > 1.4 * shut[0]
    assert wide[1] < 0.85 * shut[1]


def test_the_nose_resonates_lower_and_a_yawn_opens_the_mouth_of_who_breathes_through_it() -> None:
    (_, nose), (_, mouth), (_, yawn) = aired(0.1, mouth=0.0), aired(0.1, mouth=1.0), aired(0.1, mouth=0.0, kind=lungs.YAWN)
    assert nose[0] < 0.7 * mouth[0]
    assert yawn[0] > mouth[0]


def test_faster_and_inward_air_is_brighter() -> None:
    slow, fast, out = (centroid_hz(aired(**how)[0].sum(0)) for how in ({"speed_m_s": 1.5}, {"speed_m_s": 6.0}, {"inward": 0.0}))
    usual = centroid_hz(aired()[0].sum(0))
    assert slow < 0.9 * usual < usual < 0.9 * fast
    assert out < 0.8 * usual


def test_air_reaches_sixteen_kilohertz() -> None:
    hertz, density = signal.welch(aired()[0].sum(0), RATE, nperseg=4096)
    levels = [10 * np.log10(density[(hertz > low) & (hertz < high)].mean()) for low, high in ((6000, 10000), (13000, 16000))]
    assert levels[1] > levels[0] - 22


def test_the_level_does_not_hang_on_the_sample_rate() -> None:
    levels = [np.square(aired(sample_rate=rate)[0]).mean() for rate in (RATE, 96000)]
    sos = signal.butter(8, 16000, fs=96000, output="sos")
    levels[1] = np.square(signal.sosfilt(sos, aired(sample_rate=96000)[0])).mean()
    assert 10 * np.log10(levels[1] / levels[0]) == pytest.approx(0, abs=1)


def test_unevenness_moves_each_band_by_itself_and_keeps_the_level() -> None:
    uneven, steady = aired(40, unevenness=0.6)[0], aired(20)[0]
    assert 20 * np.log10(uneven.std() / steady.std()) == pytest.approx(0, abs=3)
    curves = []
    for outlet, low_hz, high_hz in ((0, 400, 800), (0, 1900, 2400), (1, 5000, 8000), (2, 5000, 8000)):
        sos = signal.butter(2, (low_hz, high_hz), "bandpass", fs=RATE, output="sos")
        power = np.square(signal.sosfilt(sos, uneven[outlet])).reshape(-1, RATE // 10).mean(axis=1)
        curves.append(np.diff(np.log(power[5:])))
    likeness = np.corrcoef(curves)
    assert likeness[0, 1] < 0.9
    assert likeness[0, 2] < 0.8
    assert likeness[2, 3] < 0.8
