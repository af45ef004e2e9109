"""Responses: what each convention keeps as impulse responses, or as complex spectra, made into impulse responses.

SimpleFreeFieldHRIR, GeneralFIR: Data.IR + Data.Delay.  SimpleFreeFieldHRTF, GeneralTF: Data.Real + Data.Imag at N -> inverse FFT
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from hrtf.analysis.sofa_file import Contents
from hrtf.errors import EarsError

Floats = npt.NDArray[np.float64]
Found = tuple[Floats, Floats, float]
"""Responses (M, 2, taps), delays in seconds (M, 2), sample rate."""

_RATES_HZ = (8000, 384000)
_MOST_MEASUREMENTS = 100000
_FEWEST_FREQUENCIES = 16
_WIDEST_STEP_HZ = 500.0
_LONGEST_BINS = 4096
_LONGEST_DELAY_S = 0.02  # by which measurements of one set may differ


def impulse_responses(held: Contents) -> Found:
    """Return a file's responses.

    Raises
    ------
    EarsError
        Another convention, other than two receivers, or data that no response can be made of.
    """
    convention = held.texts.get("SOFAConventions", "") or "none"
    if convention not in _READERS:
        raise EarsError(f"SOFA convention {convention!r}, expected one of {', '.join(_READERS)}")
    return _READERS[convention](held)


def _from_responses(held: Contents) -> Found:
    responses = _measurements(held, "Data.IR")
    given = held.arrays.get("Data.SamplingRate", np.zeros(0)).ravel()
    rate = float(given[0]) if len(given) else math.nan
    if not _RATES_HZ[0] <= rate <= _RATES_HZ[1]:
        raise EarsError(f"sample rate {rate:g} Hz, expected {_RATES_HZ[0]} to {_RATES_HZ[1]}")
    return _scaled(responses), _delays_s(held, len(responses), rate), rate


def _delays_s(held: Contents, count: int, rate: float) -> Floats:
    delays = held.arrays.get("Data.Delay", np.zeros((1, 2)))
    if delays.shape not in ((2,), (1, 2), (count, 2), (1, 1), (count, 1)):
        raise EarsError(f"Data.Delay has shape {delays.shape}, expected (1, 2) or ({count}, 2)")
    frames = np.broadcast_to(delays, (count, 2))
    if not np.isfinite(frames).all():
        raise EarsError("Data.Delay holds NaN or infinity")
    frames = frames - np.median(frames)
    if np.abs(frames).max() > _LONGEST_DELAY_S * rate:
        raise EarsError(f"Data.Delay differs by {np.abs(frames).max() / rate:.3g} s within the set, at most {_LONGEST_DELAY_S} s")
    return frames / rate


def _from_spectra(held: Contents) -> Found:
    """Spectra at even multiples of a step are one inverse FFT; others are first drawn onto such steps."""
    real, imaginary = _measurements(held, "Data.Real"), _measurements(held, "Data.Imag")
    frequency = held.arrays.get("N", np.zeros(0)).ravel()
    if real.shape != imaginary.shape or real.shape[2] != len(frequency):
        raise EarsError(f"Data.Real {real.shape}, Data.Imag {imaginary.shape} and N ({len(frequency)},) do not fit together")
    if len(frequency) < _FEWEST_FREQUENCIES or not np.isfinite(frequency).all() or not (np.diff(frequency) > 0).all():
        raise EarsError(f"N holds {len(frequency)} frequencies, expected at least {_FEWEST_FREQUENCIES} that rise")
    top, step = float(frequency[-1]), float(np.median(np.diff(frequency)))
    widest = float(np.diff(frequency).max())
    if frequency[0] < 0 or widest > _WIDEST_STEP_HZ or not _RATES_HZ[0] <= 2 * top <= _RATES_HZ[1]:
        raise EarsError(
            f"spectra from {frequency[0]:g} to {top:g} Hz in steps of up to {widest:g} Hz, "
            f"expected steps of at most {_WIDEST_STEP_HZ:g} Hz up to {_RATES_HZ[0] / 2:g} to {_RATES_HZ[1] / 2:g} Hz"
        )
    spectra = _drawn(_scaled(np.stack([real, imaginary], -1)).view(complex)[..., 0], frequency, max(step, top / _LONGEST_BINS))
    taps = 2 * (spectra.shape[2] - 1)
    turned = np.fft.irfft(spectra, taps, axis=2)
    quiet = _quietest(turned)  # responses of a spectrum run in a circle: cut it where nothing sounds
    return np.roll(turned, -quiet, axis=2), np.zeros(real.shape[:2]), 2 * top


def _drawn(spectra: npt.NDArray[np.complex128], frequency: Floats, step: float) -> npt.NDArray[np.complex128]:
    """Return spectra at even steps from 0 Hz to the highest frequency: level and phase drawn straight between, flat below."""
    count = round(float(frequency[-1]) / step)
    wanted = np.linspace(0, float(frequency[-1]), count + 1)
    start = int(np.argmin(np.abs(wanted - frequency[0])))
    if len(wanted) - start == len(frequency) and np.allclose(wanted[start:], frequency, atol=1e-3 * step):
        if start == 0:
            return spectra
        bottom = np.abs(spectra[..., :1]) * np.exp(1j * np.angle(spectra[..., :1]) * wanted[:start] / frequency[0])
        return np.concatenate([bottom, spectra], axis=2)
    phase, level = np.unwrap(np.angle(spectra), axis=2), np.log(np.maximum(np.abs(spectra), 1e-9))
    place = np.clip(np.searchsorted(frequency, wanted) - 1, 0, len(frequency) - 2)
    share = (wanted - frequency[place]) / (frequency[place + 1] - frequency[place])
    held = np.clip(share, 0, 1)
    return np.exp(
        level[..., place] * (1 - held) + level[..., place + 1] * held
        + 1j * (phase[..., place] * (1 - share) + phase[..., place + 1] * share)
    )  # fmt: skip


def _quietest(responses: Floats) -> int:
    """Return the start of the quietest eighth of all responses together, as if they ran in a circle."""
    taps: int = responses.shape[2]
    width = max(1, taps // 8)
    power = np.einsum("men,men->n", responses, responses)
    sums = np.convolve(np.concatenate([power, power[: width - 1]]), np.ones(width), "valid")
    return int((np.argmin(sums) + width // 2) % taps)


def _measurements(held: Contents, name: str) -> Floats:
    if name not in held.arrays:
        raise EarsError(f"no {name}")
    values = held.arrays[name]
    if values.ndim != 3 or 0 in values.shape:
        raise EarsError(f"{name} has shape {values.shape}, expected (measurements, 2, numbers)")
    if values.shape[1] != 2:
        raise EarsError(f"{values.shape[1]} receivers, expected 2 (left and right ear)")
    if len(values) > _MOST_MEASUREMENTS:
        raise EarsError(f"{len(values)} measurements, at most {_MOST_MEASUREMENTS} are read")
    return values


def _scaled(values: Floats) -> Floats:
    """Return values with a peak of one: powers of theirs then stay within range. Values that are not finite stay as they are."""
    size = np.abs(values[np.isfinite(values)])
    peak = float(size.max()) if size.size else 0.0
    return values / peak if peak > 0 else values


_READERS: dict[str, Callable[[Contents], Found]] = {
    "SimpleFreeFieldHRIR": _from_responses,
    "GeneralFIR": _from_responses,
    "SimpleFreeFieldHRTF": _from_spectra,
    "SimpleFreeFieldTF": _from_spectra,
    "GeneralTF": _from_spectra,
}
