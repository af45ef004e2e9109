"""SOFA files of synthetic heads, written as laboratories write them, and the truth that they were made from."""

from __future__ import annotations

from functools import cache

import numpy as np

RADIUS_M = 0.0875
SPEED_M_S = 343.0


def head(directions_deg, frequency_hz, radius_m=RADIUS_M):
    """(N, 2), (F,) -> (N, 2, F) complex: Woodworth's delay from the head's centre, and a shelf toward the ear."""
    azimuth, elevation = np.radians(np.asarray(directions_deg, float)).T
    side = np.sin(azimuth) * np.cos(elevation)
    angle = np.arccos(np.clip(np.stack([side, -side], axis=1), -1, 1))[..., None]
    delay_s = radius_m / SPEED_M_S * np.where(angle < np.pi / 2, -np.cos(angle), angle - np.pi / 2)
    shelf = np.maximum(1 + 0.9 * np.cos(angle) * frequency_hz / (frequency_hz + 1500), 0.1)
    return shelf * np.exp(-2j * np.pi * frequency_hz * delay_s)


def responses(directions_deg, rate=48000, taps=128, onset=40, radius_m=RADIUS_M):
    """(N, 2, taps): the head's impulse responses, `onset` frames after the head's centre."""
    frequency_hz = np.fft.rfftfreq(taps, 1 / rate)
    spectra = head(directions_deg, frequency_hz, radius_m) * np.exp(-2j * np.pi * frequency_hz * onset / rate)
    found = np.fft.irfft(spectra * (frequency_hz < 0.46 * rate), taps, axis=2)
    found[..., -16:] *= np.cos(np.linspace(0, np.pi / 2, 16)) ** 2
    return found


@cache
def _rings(lowest_deg, highest_deg, step_deg):
    elevations = np.arange(lowest_deg, min(highest_deg, 89) + 1, step_deg)
    ring = [(azimuth, elevation) for elevation in elevations for azimuth in np.arange(0, 360, step_deg)]
    return np.array(ring + ([(0, 90)] if highest_deg == 90 else []), float)


def rings(lowest_deg=-45, highest_deg=90, step_deg=15):
    """(N, 2) azimuth and elevation on rings of equal elevation."""
    return _rings(lowest_deg, highest_deg, step_deg).copy()


def spiral(count, lowest=-1.0):
    """(N, 2): directions evenly spread from a height (sine of the elevation) to the top."""
    index = np.arange(count) + 0.5
    height = np.degrees(np.arcsin(1 - (1 - lowest) * index / count))
    return np.stack([np.degrees(np.pi * (1 + 5**0.5) * index) % 360, height], axis=1)


def at_distance(directions_deg, distance_m=1.5):
    """(N, 2) -> (N, 3) spherical positions."""
    return np.column_stack([directions_deg, np.broadcast_to(distance_m, len(directions_deg))])


def cartesian(position):
    """(N, 3) spherical positions -> x, y, z."""
    azimuth, elevation = np.radians(position[:, :2]).T
    flat = np.cos(elevation)
    return position[:, 2:] * np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), np.sin(elevation)], axis=1)


def write(path, data, position, rate=48000, convention="SimpleFreeFieldHRIR", **more):
    """Write a file; `data` are responses, or spectra at more["N"]; `more` holds further variables by sofar's names."""
    import sofar

    sofa = sofar.Sofa(convention)
    if np.iscomplexobj(data):
        sofa.Data_Real, sofa.Data_Imag = data.real, data.imag
    else:
        sofa.Data_IR, sofa.Data_SamplingRate, sofa.Data_Delay = data, rate, np.zeros((1, 2))
    sofa.SourcePosition = position
    for name, value in more.items():
        setattr(sofa, name, value)
    sofar.write_sofa(str(path), sofa)
    return path


def mutated(whole, rng):
    """Some bytes of a file changed, cut out, doubled or zeroed, more often among its first pages, where the structure stands."""
    data = bytearray(whole)
    for _ in range(int(rng.integers(1, 12))):
        at = int(rng.integers(0, min(len(data), int(rng.choice([512, 4096, 40000, len(data)])))))
        size = int(rng.integers(1, 9))
        kind = rng.integers(0, 5)
        if kind == 0:
            data[at] ^= 1 << int(rng.integers(0, 8))
        elif kind == 1:
            data[at : at + size] = rng.bytes(size)
        elif kind == 2:
            data[at : at + size] = b"\xff" * size
        elif kind == 3:
            data[at : at + size] = b"\0" * size
        else:
            del data[at : at + size]
        data = data or bytearray(1)
    if rng.random() < 0.1 and len(data) > 8:
        del data[int(rng.integers(8, len(data))) :]
    return bytes(data)
