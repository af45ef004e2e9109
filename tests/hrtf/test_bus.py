"""The bus: symmetric, periodic, deterministic, silent after its tail, finite wherever a source is put."""

import numpy as np
import pytest

import hrtf
from hrtf.bus import Bus
from hrtf.kernels.delay_mix import mix, quantum
from hrtf.kernels.filters import filter_bus
from hrtf.kernels.locate import place
from hrtf.kernels.records import BUS, SOURCE
from synth.rt import kernel


def moving_scene(count, quanta, seed=0):
    """Signals (quanta, count, 64) and places (quanta, count, 3) in whole eighths of a degree, near and far."""
    rng = np.random.default_rng(seed)
    signals = rng.standard_normal((quanta, count, 64)).astype(np.float32)
    start = rng.integers(-1440, 1440, count) / 8
    speed = rng.integers(-8, 9, count) / 8
    azimuth = start + speed * np.arange(quanta)[:, None]
    elevation = np.broadcast_to(rng.integers(-700, 700, count) / 8, azimuth.shape)
    distance = np.broadcast_to(rng.uniform(0.1, 1.5, count), azimuth.shape)
    return signals, np.stack([azimuth, elevation, distance], axis=-1)


def rendered(ears, signals, places, **options):
    bus = Bus(ears, signals.shape[1], **options)
    return np.concatenate([bus.process(signal, where) for signal, where in zip(signals, places, strict=True)])


def test_left_and_right_are_exact_mirror_images():
    for name in ("sphere", "kemar"):
        ears = hrtf.load(name)
        signals, places = moving_scene(9, 12)
        mirror = places * np.array([-1, 1, 1])
        assert np.array_equal(rendered(ears, signals, places), rendered(ears, signals, mirror)[:, ::-1])


@pytest.mark.parametrize("name", ["ku100", "kemar", "sphere"])
@pytest.mark.parametrize("turns", [-2, -1, 1, 3])
def test_whole_turns_give_the_same_bytes(name, turns):
    signals, places = moving_scene(9, 6)
    ears = hrtf.load(name)
    assert np.array_equal(rendered(ears, signals, places), rendered(ears, signals, places + np.array([360 * turns, 0, 0])))


def test_same_scene_same_bytes():
    ears = hrtf.load()
    scene = moving_scene(20, 10)
    assert np.array_equal(rendered(ears, *scene), rendered(ears, *scene))


def test_silent_sources_change_nothing():
    ears = hrtf.load()
    signals, places = moving_scene(13, 8)
    signals[:, 1:] = 0
    assert np.array_equal(rendered(ears, signals, places), rendered(ears, signals[:, :1], places[:, :1]))


def test_sources_add_up():
    ears = hrtf.load()
    signals, places = moving_scene(11, 8)
    apart = sum(rendered(ears, signals[:, i : i + 1], places[:, i : i + 1]).astype(float) for i in range(11))
    together = rendered(ears, signals, places)
    assert np.abs(apart - together).max() < 1e-5 * np.abs(together).max()


def test_a_source_at_rest_sounds_as_its_impulse_response():
    rng = np.random.default_rng(5)
    ears = hrtf.load()
    signal = rng.standard_normal((20, 1, 64)).astype(np.float32)
    out = rendered(ears, signal, np.broadcast_to([70.0, -20.0, 0.2], (20, 1, 3)))
    response = ears.impulse_response(70, -20, 0.2).astype(float)
    for ear in range(2):
        wanted = np.convolve(signal.ravel(), response[ear])[: len(out)]
        assert np.abs(out[:, ear] - wanted).max() < 1e-5 * np.abs(wanted).max()


def test_one_ear_sees_the_head_between():
    near, far = hrtf.sphere().impulse_response(90, 0, 0.1)
    assert 10 * np.log10((near**2).sum() / (far**2).sum()) > 30


@pytest.mark.parametrize("name", ["ku100", "kemar", "sphere"])
@pytest.mark.parametrize(
    "where",
    [
        (0, 0, 0),
        (90, 0, 0.0),
        (0, 90, 0.3),
        (0, -90, 0.3),
        (45, 90, 0.3),
        (90, 0, 1e-9),
        (90, 0, 1e9),
        (1e9, 37, 1),
        (float("nan"), 0, 1),
        (0, float("nan"), 1),
        (0, 0, float("nan")),
        (0, 0, float("inf")),
        (float("inf"), 0, 1),
        (90, 0, -1),
    ],
)
def test_finite_wherever_a_source_is_put(name, where):
    ears = hrtf.load(name)
    bus = Bus(ears, 1)
    bus.process(np.ones((1, 64)), [[0, 0, 1]])
    for _ in range(6):
        out = bus.process(np.ones((1, 64)), [where])
        assert np.isfinite(out).all()
        assert np.abs(out).max() < 100


def test_nearer_than_a_centimetre_is_a_centimetre():
    ears = hrtf.load()
    closest = float(ears.table.radius_m) + 0.01
    assert np.array_equal(ears.impulse_response(80, 5, 0.01), ears.impulse_response(80, 5, closest * 0.9))
    at = ears.impulse_response(80, 5, closest)
    assert np.abs(ears.impulse_response(80, 5, 0.01) - at).max() < 1e-4 * np.abs(at).max()


def test_poles_do_not_depend_on_azimuth():
    ears = hrtf.load()
    one, other = ears.impulse_response(0, 90, 0.5), ears.impulse_response(130, 90, 0.5)
    assert np.abs(one - other).max() < 1e-4 * np.abs(one).max()


def test_silence_after_the_tail():
    bus = Bus(hrtf.load(), 3)
    signals, places = moving_scene(3, 1)
    bus.process(signals[0], places[0])
    tail = [bus.process(np.zeros((3, 64)), places[0]) for _ in range(8)]
    assert np.abs(tail[0]).max() > 0
    assert not tail[-1].any()


def test_jumps_stay_bounded():
    rng = np.random.default_rng(5)
    bus = Bus(hrtf.load(), 1)
    tone = np.sin(2 * np.pi * 500 / 48000 * np.arange(64 * 60)).astype(np.float32).reshape(-1, 1, 64)
    out = np.concatenate([bus.process(block, [[rng.uniform(-180, 180), rng.uniform(-90, 90), 0.2]]) for block in tone])
    assert np.abs(out).max() < 8
    assert np.abs(np.diff(out, axis=0)).max() < 1.0


def test_reset_forgets_everything():
    bus = Bus(hrtf.load(), 4)
    signals, places = moving_scene(4, 5)
    first = [bus.process(signal, where) for signal, where in zip(signals, places, strict=True)]
    bus.reset()
    second = [bus.process(signal, where) for signal, where in zip(signals, places, strict=True)]
    assert np.array_equal(first, second)


def test_wrong_shapes_and_rates_are_refused():
    bus = Bus(hrtf.load(), 2)
    for signals, places in (((3, 64), (3, 3)), ((1, 63), (1, 3)), ((2, 64), (1, 3)), ((2, 64), (2, 2))):
        with pytest.raises(ValueError, match="signals must be"):
            bus.process(np.zeros(signals), np.zeros(places))
    for sample_rate in (8000, 384000):
        with pytest.raises(ValueError, match="sample_rate must be"):
            Bus(hrtf.load(), 2, sample_rate)


@kernel
def _grain(ears, source, bus, samples, out, again):
    """A source placed once, or placed again at the same spot in every quantum."""
    for i in range(samples.shape[0]):
        if i == 0 or again:
            place(ears[0], source[0], 0.05, 0.12, -0.03)
        line = quantum(source[0])
        for n in range(64):
            line[n] = samples[i, n]
        mix(ears[0], source[0], bus[0])
        filter_bus(ears[0], bus[0], out[i])


def test_a_frozen_grain_equals_one_placed_again_at_the_same_spot():
    rng = np.random.default_rng(5)
    ears = hrtf.load().native(48000)
    samples = rng.standard_normal((6, 64)).astype(np.float32)
    found = []
    for again in (False, True):
        out = np.zeros((6, 2, 64), np.float32)
        _grain(ears, np.zeros(1, SOURCE), np.zeros(1, BUS), samples, out, again)
        found.append(out)
    assert np.abs(found[0]).max() > 0.1
    assert np.array_equal(*found)


@kernel
def _never_placed(ears, source, bus, out):
    line = quantum(source[0])
    for n in range(64):
        line[n] = np.float32(1.0)
    mix(ears[0], source[0], bus[0])
    filter_bus(ears[0], bus[0], out)


def test_a_source_never_placed_is_silent():
    out = np.ones((2, 64), np.float32)
    _never_placed(hrtf.load().native(48000), np.zeros(1, SOURCE), np.zeros(1, BUS), out)
    assert not out.any()


def test_copying_the_records_is_a_snapshot():
    bus = Bus(hrtf.load(), 4)
    signals, places = moving_scene(4, 6)
    for i in range(3):
        bus.process(signals[i], places[i])
    sources, mixed = bus._sources.copy(), bus._bus.copy()
    first = [bus.process(signals[i], places[i]) for i in (3, 4, 5)]
    bus._sources[:], bus._bus[:] = sources, mixed
    assert np.array_equal(first, [bus.process(signals[i], places[i]) for i in (3, 4, 5)])
