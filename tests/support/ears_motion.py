"""Motion: a sine that circles the head, rendered in quanta, and by an exact delay and exact weights at every sample."""

from __future__ import annotations

import numpy as np

from hrtf.bus import Bus
from hrtf.kernels.locate import cartesian, place
from hrtf.kernels.records import SOURCE
from synth.rt import kernel


@kernel
def _exact_places(ears, source, azimuths_deg, elevation_deg, distance_m, weights, delays):
    for n in range(len(azimuths_deg)):
        source[0].placed = 0
        x, y, z = cartesian(azimuths_deg[n], elevation_deg, distance_m)
        place(ears[0], source[0], x, y, z)
        for ear in range(2):
            delays[n, ear] = source[0].delay[ear]
            for k in range(weights.shape[2]):
                weights[n, ear, k] = source[0].weights[ear, k]


def azimuths_deg(frames, speed_deg_s, sample_rate, start_deg=0.0):
    """Azimuth reached after each frame."""
    return start_deg + speed_deg_s * (np.arange(frames) + 1) / sample_rate


def exact(ears, frequency_hz, azimuth_deg, elevation_deg, distance_m, sample_rate=48000):
    """(frames, 2): the sine at its exact delay, weighted exactly, through the fixed filters."""
    native = ears.native(sample_rate)
    frames = len(azimuth_deg)
    weights, delays = np.zeros((frames, 2, 24), np.float32), np.zeros((frames, 2), np.float32)
    _exact_places(
        native, np.zeros(1, SOURCE), np.asarray(azimuth_deg, float), float(elevation_deg), float(distance_m), weights, delays
    )
    filters = ears.table.basis.astype(float)
    time = np.arange(frames)[:, None] - delays.astype(float)
    channels = weights * np.sin(2 * np.pi * frequency_hz / sample_rate * time)[..., None]
    out = np.zeros((frames, 2))
    for tap in range(filters.shape[1]):
        out[tap:] += channels[: frames - tap] @ filters[:, tap]
    return out


def in_quanta(ears, frequency_hz, azimuth_deg, elevation_deg, distance_m, sample_rate=48000):
    """(frames, 2): the same through Bus.process."""
    bus = Bus(ears, 1, sample_rate)
    frames = len(azimuth_deg) // 64 * 64
    signal = np.sin(2 * np.pi * frequency_hz / sample_rate * np.arange(frames)).astype(np.float32).reshape(-1, 1, 64)
    ends = np.asarray(azimuth_deg)[63:frames:64]
    return np.concatenate(
        [bus.process(block, [[end, elevation_deg, distance_m]]) for block, end in zip(signal, ends, strict=True)]
    )


def spurs_db(signal, frequency_hz, sample_rate=48000):
    """Energy farther than 150 Hz from the sine over all energy, worst ear, in 1 s under a Hann window."""
    window = np.hanning(sample_rate)[:, None]
    power = np.abs(np.fft.rfft(signal[-sample_rate:] * window, axis=0)) ** 2
    outside = np.abs(np.fft.rfftfreq(sample_rate, 1 / sample_rate) - frequency_hz) > 150
    return float(10 * np.log10((power[outside].sum(axis=0) / power.sum(axis=0)).max()))
