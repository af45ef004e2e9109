"""The room decays as it was told, differs between the ears, and ends."""

import numpy as np
import pytest

from hrtf.kernels.room import ROOM, render, tune
from synth.rt import kernel


@kernel
def _tuned(room, t60_s, sample_rate):
    tune(room[0], t60_s, sample_rate)


@kernel
def _run(room, send, out):
    for i in range(send.shape[0]):
        render(room[0], send[i], out[i])


def answer(t60_s, sample_rate=48000, seconds=None, send=None):
    """(2, frames): the room's answer to an impulse, or to `send`."""
    room = np.zeros(1, ROOM)
    _tuned(room, t60_s, sample_rate)
    if send is None:
        send = np.zeros(int((seconds or 2.5 * t60_s) * sample_rate) // 64 * 64, np.float32)
        send[0] = 1
    out = np.zeros((len(send) // 64, 2, 64), np.float32)
    _run(room, np.ascontiguousarray(send.reshape(-1, 64)), out)
    return out.transpose(1, 0, 2).reshape(2, -1)


def decay_s(response, sample_rate):
    """Reverberation time from -5 to -35 dB of the backward-integrated energy (ISO 3382)."""
    level = 10 * np.log10(np.cumsum((response.astype(float) ** 2)[::-1])[::-1] / (response.astype(float) ** 2).sum())
    start, stop = np.argmax(level < -5), np.argmax(level < -35)
    slope = np.polyfit(np.arange(start, stop) / sample_rate, level[start:stop], 1)[0]
    return -60 / slope


@pytest.mark.parametrize("sample_rate", [44100, 48000, 96000])
@pytest.mark.parametrize("t60_s", [0.1, 0.15, 0.2, 0.4])
def test_reverberation_time_is_the_one_asked_for(t60_s, sample_rate):
    for ear in answer(t60_s, sample_rate):
        assert decay_s(ear, sample_rate) == pytest.approx(t60_s, rel=0.1)


def test_ears_are_decorrelated():
    rng = np.random.default_rng(0)
    left, right = answer(0.15, send=rng.standard_normal(48000 // 64 * 64).astype(np.float32)).astype(float)
    lags = np.fft.irfft(np.fft.rfft(left, 2**17) * np.conj(np.fft.rfft(right, 2**17)))
    within_a_head = np.concatenate([lags[:49], lags[-48:]])
    assert np.abs(within_a_head).max() / np.sqrt((left**2).sum() * (right**2).sum()) < 0.35


def test_high_frequencies_die_first():
    spectra = np.abs(np.fft.rfft(answer(0.2)[0].astype(float).reshape(-1, 4800)[1:3], axis=1)) ** 2
    frequency = np.fft.rfftfreq(4800, 1 / 48000)
    high, low = (spectra[:, (frequency > a) & (frequency < b)].sum(axis=1) for a, b in ((6000, 12000), (400, 1200)))
    assert high[1] / high[0] < low[1] / low[0]


def test_silence_after_the_tail_and_level():
    out = answer(0.2, seconds=2.0)
    assert np.isfinite(out).all()
    assert np.abs(out[:, -4800:]).max() < 1e-8
    assert 0.05 < (out**2).sum() / 2 < 0.3  # well below the direct sound's 1


def test_noise_does_not_grow():
    rng = np.random.default_rng(1)
    out = answer(0.6, send=rng.standard_normal(64 * 6000).astype(np.float32))
    thirds = [(part**2).mean() for part in np.array_split(out, 3, axis=1)]
    assert thirds[2] < 1.2 * thirds[1]


def test_recovers_from_nan_and_infinity():
    send = np.zeros(64 * 600, np.float32)
    send[[0, 64, 128]] = np.nan, np.inf, 1.0
    out = answer(0.15, send=send)
    assert np.isfinite(out).all()
    assert np.abs(out).max() > 0.01
