"""Sounds with known answers, made of numbers: noises, tones, clicks, seeded."""

from __future__ import annotations

import numpy as np

RATE_HZ = 48000


def noise(seconds: float = 6.0, seed: int = 0, slope: float = 0.0, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Return Gaussian noise of RMS 0.1 whose spectrum falls as frequency^-slope in amplitude: 0 white, 0.5 pink."""
    size = round(seconds * rate_hz)
    random = np.random.default_rng(seed)
    spectrum = random.standard_normal(size // 2 + 1) + 1j * random.standard_normal(size // 2 + 1)
    hertz = np.fft.rfftfreq(size, 1 / rate_hz)
    spectrum *= np.where(hertz >= 20, np.maximum(hertz, 20) ** -slope, 0)
    sound = np.fft.irfft(spectrum, size)
    return 0.1 * sound / sound.std()


def tone(hertz: float, seconds: float = 6.0, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Return a sine of amplitude 0.5."""
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate_hz)) / rate_hz)


def bursts(times_s: np.ndarray, seconds: float = 6.0, decay_s: float = 0.02, seed: int = 0, floor: float = 0.0) -> np.ndarray:
    """Return bursts of white noise that begin at some times and die away; `floor`: a steady noise below them, re their peaks."""
    sound = floor * noise(seconds, seed + 1)
    decay = np.exp(-np.arange(round(8 * decay_s * RATE_HZ)) / (decay_s * RATE_HZ))
    random = np.random.default_rng(seed)
    for start in (np.asarray(times_s) * RATE_HZ).astype(int):
        part = sound[start : start + len(decay)]
        part += 0.1 * random.standard_normal(len(part)) * decay[: len(part)]
    return sound


def golden() -> dict[str, tuple[np.ndarray, int]]:
    """Return the sounds of data/texture_golden.json: samples and sample rate."""
    swell = 1 + 0.8 * np.sin(2 * np.pi * 3 * np.arange(5 * RATE_HZ) / RATE_HZ)
    knocks = bursts(np.cumsum(np.random.default_rng(5).uniform(0.1, 0.5, 20)), 7.0, floor=0.01)
    ears = np.stack([noise(8.5, 7, 0.5, 44100), 2 * noise(8.5, 8, 1.0, 44100)], axis=1)
    hiss = np.fft.rfft(noise(4, 9, 0.2))
    hiss[np.fft.rfftfreq(4 * RATE_HZ, 1 / RATE_HZ) > 9000] = 0  # as a codec leaves it
    return {
        "swelling pink noise": (swell * noise(5, 3, 0.5), RATE_HZ),
        "uneven knocks": (knocks + 0.02 * tone(330, 7), RATE_HZ),
        "two ears at another rate": (ears, 44100),
        "a codec's wall": (np.fft.irfft(hiss), RATE_HZ),
    }
