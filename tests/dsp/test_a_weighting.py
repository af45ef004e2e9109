"""A-weighting: the standard's table at every sample rate, measured through the kernel quantum by quantum."""

import math

import numpy as np
import pytest

from synth.dsp.a_weighting import WEIGHTING, energy, tune_weighting
from synth.rt.units import QUANTUM
from tests.rt.test_real_time import allocations

# IEC 61672-1:2013, table 3: nominal frequency, weight A, class 1 limits above and below, dB. The last two rows lie beyond the
# range that is held, with the limits that the standard gives them.
CLASS_1 = [
    (20, -50.5, 2.0, 2.0),
    (25, -44.7, 2.0, 1.5),
    (31.5, -39.4, 1.5, 1.5),
    (40, -34.6, 1.0, 1.0),
    (50, -30.2, 1.0, 1.0),
    (63, -26.2, 1.0, 1.0),
    (80, -22.5, 1.0, 1.0),
    (100, -19.1, 1.0, 1.0),
    (125, -16.1, 1.0, 1.0),
    (160, -13.4, 1.0, 1.0),
    (200, -10.9, 1.0, 1.0),
    (250, -8.6, 1.0, 1.0),
    (315, -6.6, 1.0, 1.0),
    (400, -4.8, 1.0, 1.0),
    (500, -3.2, 1.0, 1.0),
    (630, -1.9, 1.0, 1.0),
    (800, -0.8, 1.0, 1.0),
    (1000, 0.0, 0.7, 0.7),
    (1250, 0.6, 1.0, 1.0),
    (1600, 1.0, 1.0, 1.0),
    (2000, 1.2, 1.0, 1.0),
    (2500, 1.3, 1.0, 1.0),
    (3150, 1.2, 1.0, 1.0),
    (4000, 1.0, 1.0, 1.0),
    (5000, 0.5, 1.5, 1.5),
    (6300, -0.1, 1.5, 2.0),
    (8000, -1.1, 1.5, 2.5),
    (10000, -2.5, 2.0, 3.0),
    (12500, -4.3, 2.0, 5.0),
    (16000, -6.6, 2.5, 16.0),
    (20000, -9.3, 3.0, math.inf),
]
SAMPLE_RATES = [32000, 44100, 48000, 88200, 96000, 176400, 192000]


def exact_hz(nominal_hz):
    """The frequency behind a nominal one: the base-ten third-octave (clause 5.5, note)."""
    return 1000 * 10 ** (round(10 * math.log10(nominal_hz / 1000)) / 10)


def weight_db(frequency_hz):
    """The analogue curve (annex E, equation E.1)."""
    f2 = frequency_hz**2
    poles = (f2 + 20.598997**2) * math.sqrt((f2 + 107.65265**2) * (f2 + 737.86223**2)) * (f2 + 12194.217**2)
    return 20 * math.log10(12194.217**2 * f2**2 / poles) + 2.000


def ear(sample_rate):
    record = np.zeros(1, WEIGHTING)
    tune_weighting(record[0], float(sample_rate))
    return record[0]


def response_db(sample_rate, frequency_hz):
    """The weight that the tuned coefficients stand for."""
    record = ear(sample_rate)
    z = np.exp(-2j * np.pi * frequency_hz / sample_rate)
    value = record["power"] * abs(1 + record["zeros"][0] * z + record["zeros"][1] * z * z) ** 2 * abs(1 - z) ** 8
    for a1, a2 in record["poles"]:
        value /= abs(1 + a1 * z + a2 * z * z) ** 2
    return 10 * math.log10(value)


def measured_db(sample_rate, frequency_hz, amplitude=0.5):
    """The weight of a sine through the kernel, once settled."""
    settle, count = int(0.25 * sample_rate) // QUANTUM, int(0.1 * sample_rate) // QUANTUM
    phase = 2 * np.pi * frequency_hz / sample_rate * np.arange((settle + count) * QUANTUM)
    total = 0.0
    for wave in (np.sin(phase), np.cos(phase)):  # sin^2 + cos^2 = 1: no ripple from periods cut short
        record = ear(sample_rate)
        total += sum([energy(record, q) for q in (amplitude * wave).astype(np.float32).reshape(-1, QUANTUM)][settle:])
    return 10 * math.log10(total / (count * QUANTUM * amplitude**2))


def within_class_1(deviation_db, above_db, below_db):
    return -below_db <= deviation_db <= above_db


def held_hz(sample_rate):
    return min(16000.0, 0.4 * sample_rate)


@pytest.mark.parametrize("sample_rate", [44100, 48000, 96000])
def test_holds_the_table_of_class_1(sample_rate):
    for nominal_hz, weight, above_db, below_db in CLASS_1:
        if nominal_hz <= held_hz(sample_rate):
            deviation_db = measured_db(sample_rate, exact_hz(nominal_hz)) - weight
            assert within_class_1(deviation_db, above_db, below_db), (nominal_hz, deviation_db)


@pytest.mark.parametrize("sample_rate", SAMPLE_RATES)
def test_keeps_within_a_tenth_of_a_decibel_of_the_curve(sample_rate):
    """Between the table's frequencies as well, far inside class 1, up to 16 kHz or 0.4 of the sample rate."""
    frequencies_hz = np.geomspace(20, held_hz(sample_rate), 500)
    assert max(abs(response_db(sample_rate, f) - weight_db(f)) for f in frequencies_hz) < 0.1


@pytest.mark.parametrize("sample_rate", SAMPLE_RATES)
def test_beyond_that_range_it_still_keeps_class_1(sample_rate):
    """Table 3 ends at 20 kHz: +3 dB there, nothing below; between two frequencies the wider limits count (clause 5.5.7)."""
    for frequency_hz in np.linspace(held_hz(sample_rate), min(20000.0, 0.499 * sample_rate), 50):
        assert response_db(sample_rate, frequency_hz) - weight_db(frequency_hz) < 2.0


@pytest.mark.parametrize("sample_rate", SAMPLE_RATES)
def test_1_khz_weighs_nothing(sample_rate):
    assert measured_db(sample_rate, 1000.0) == pytest.approx(0.0, abs=0.01)
    assert response_db(sample_rate, 1000.0) == pytest.approx(0.0, abs=1e-9)


def test_the_nominal_weights_are_the_curve():
    for nominal_hz, weight, _, _ in CLASS_1:
        assert weight_db(exact_hz(nominal_hz)) == pytest.approx(weight, abs=0.051)


def test_a_full_scale_sine_has_a_mean_square_of_a_half():
    assert 10 * math.log10(0.5) + measured_db(48000, 1000.0, amplitude=1.0) == pytest.approx(-3.01, abs=0.01)


def test_the_state_is_kept_from_quantum_to_quantum():
    """A long filter run in one go (scipy) and the kernel's sum of quanta give the same energy."""
    from scipy.signal import sosfilt

    record = ear(48000)
    sections = [
        [1, -2, 1, 1, *record["poles"][0]],
        [1, -2, 1, 1, *record["poles"][1]],
        [1, *record["zeros"], 1, *record["poles"][2]],
    ]
    samples = np.random.default_rng(1).standard_normal(200 * QUANTUM).astype(np.float32)
    expected = record["power"] * (sosfilt(sections, samples.astype(float)) ** 2).sum()
    assert sum(energy(record, quantum) for quantum in samples.reshape(-1, QUANTUM)) == pytest.approx(expected, rel=1e-9)


def test_silence_after_sound_dies_away_and_a_step_does_not_stay():
    record = ear(48000)
    for _ in range(100):
        energy(record, np.ones(QUANTUM, np.float32))
    silence = np.zeros(QUANTUM, np.float32)
    assert [energy(record, silence) for _ in range(750)][-1] < 1e-20


def test_tuning_again_forgets():
    record, fresh = ear(48000), ear(48000)
    energy(record, np.ones(QUANTUM, np.float32))
    tune_weighting(record, 48000.0)
    assert record.tobytes() == fresh.tobytes()


def test_allocates_nothing():
    energy(ear(48000), np.zeros(QUANTUM, np.float32))
    assert not allocations(energy)
    assert not allocations(tune_weighting)
