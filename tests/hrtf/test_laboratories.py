"""Ears from any laboratory, whatever grid, delay, length, rate, distance, convention and axes, sound as the head measured."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

import hrtf
from hrtf.analysis.delay_fit import correlation, peak
from tests.support.ears_bands import spectrum
from tests.support.sofa_files import at_distance, cartesian, head, responses, rings, spiral, write

ITD_S, ILD_DB = 20e-6, 1.0
LOW_HZ = np.arange(400.0, 1500.1, 50.0)  # a set's bass below 350 Hz is the sphere's
LEVELS_HZ = np.geomspace(500, 12000, 40)


class Shape(NamedTuple):
    """How a laboratory writes a head."""

    write: Callable
    directions_deg: np.ndarray
    remark: str = ""
    radius_m: float = 0.0875
    distance_m: float = 1.5


def with_delays(path, directions):
    """Responses that begin at once, and 5.4 ms beside them."""
    return write(path, responses(directions), at_distance(directions), Data_Delay=np.full((len(directions), 2), 260.0))


def late_and_long(path, directions):
    """A second of sound card in the response, at 44.1 kHz, azimuths with signs."""
    position = at_distance(directions, 1.0)
    position[:, 0] = (position[:, 0] + 180) % 360 - 180
    return write(path, responses(directions, 44100, 2048, onset=1500), position, 44100)


def from_elsewhere(path, directions):
    """The listener stands at (2, -1, 1.2), looks to the left and bows by 30 degrees; sources in the room's axes."""
    nod = np.radians(30)
    front, left = np.array([0, np.cos(nod), -np.sin(nod)]), np.array([-1.0, 0, 0])
    up = np.cross(front, left)
    where = cartesian(at_distance(directions)) @ np.stack([front, left, up])
    return write(
        path, responses(directions), np.array([2, -1, 1.2]) + where, SourcePosition_Type="cartesian",
        SourcePosition_Units="metre", ListenerPosition=np.array([[2, -1, 1.2]]), ListenerView=front[None], ListenerUp=up[None],
    )  # fmt: skip


def right_ear_first(path, directions):
    """At 96 kHz; the metadata say the left ear comes first."""
    return write(path, responses(directions, 96000, 256, onset=90)[:, ::-1], at_distance(directions), 96000)


def spectra(path, directions, sign=1):
    """As Mesh2HRTF writes them: from 100 Hz up, timed from the head's centre."""
    frequency_hz = np.arange(100.0, 20001, 100)
    found = head(directions, frequency_hz)
    return write(
        path, found if sign > 0 else found.conj(), at_distance(directions), N=frequency_hz, convention="SimpleFreeFieldHRTF"
    )


def conjugated(path, directions):
    """Spectra of the other sign of time."""
    return spectra(path, directions, -1)


def general(path, directions):
    """GeneralFIR at tracked distances, and the same once more from near."""
    rng = np.random.default_rng(5)
    far = at_distance(directions, 1.5 + rng.uniform(-0.05, 0.05, len(directions)))
    both = np.concatenate([far, at_distance(directions, 0.5)])
    found = responses(directions)
    return write(path, np.concatenate([found, 3 * found]), both, convention="GeneralFIR")


def head_turns(path, directions):
    """One loudspeaker on an arc in front, and the head turns on a chair."""
    azimuth = np.radians(directions[:, 0])
    view = np.stack([np.cos(azimuth), -np.sin(azimuth), 0 * azimuth], axis=1)
    position = at_distance(np.column_stack([0 * azimuth, directions[:, 1]]))
    up = np.tile([0.0, 0, 1], (len(azimuth), 1))
    return write(path, responses(directions), position, ListenerView=view, ListenerUp=up)


def own_clocks(path, directions):
    """Each measurement begins when it likes, within 8 ms, the same for both ears."""
    late = np.random.default_rng(2).uniform(0, 384, (len(directions), 1)).round()
    return write(path, responses(directions), at_distance(directions), Data_Delay=np.repeat(late, 2, axis=1))


def large_head(path, directions):
    """A head of 10 cm from 2 m, short responses at 32 kHz, ten times as loud."""
    found = 10 * responses(directions, 32000, 64, onset=14, radius_m=0.1)
    return write(path, found, at_distance(directions, 2.0), 32000)


SHAPES = {
    "a delay beside the responses": Shape(with_delays, rings()),
    "long silence, 44.1 kHz": Shape(late_and_long, spiral(200), distance_m=1.0),
    "another place and view": Shape(from_elsewhere, rings()),
    "right ear first, 96 kHz": Shape(right_ear_first, spiral(220), "ears swapped"),
    "spectra": Shape(spectra, spiral(200)),
    "GeneralFIR, two distances": Shape(general, rings(), "several distances"),
    "own clocks": Shape(own_clocks, rings(-30, 75)),
    "large head, top and bottom open": Shape(large_head, rings(-30, 45), "filled in", radius_m=0.1, distance_m=2.0),
}
MORE_SHAPES = {
    "conjugated spectra": Shape(conjugated, spiral(200), "conjugated"),
    "the head turns": Shape(head_turns, rings(-30, 75)),
    "long silence, dense": Shape(late_and_long, spiral(900), distance_m=1.0),
    "upper part": Shape(with_delays, spiral(220, -0.4), "filled in"),
    "coarse": Shape(with_delays, rings(-40, 80, 20)),
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTH_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def errors(ears, directions_deg, shape):
    """ITD errors in seconds (N,) and ILD errors in dB (N, F) against the head."""
    delays, levels = [], []
    for azimuth, elevation in directions_deg:
        response = ears.impulse_response(azimuth, elevation, shape.distance_m)
        lag, level = [], []
        for low, high in (
            (spectrum(response, LOW_HZ), spectrum(response, LEVELS_HZ)),
            [head([(azimuth, elevation)], hz, shape.radius_m)[0] for hz in (LOW_HZ, LEVELS_HZ)],
        ):
            lag.append(peak(correlation(low[:1], low[1:]), LOW_HZ, 0.0, 0.0012)[0])
            level.append(20 * np.log10(np.abs(high[0] / high[1])))
        delays.append(lag[0] - lag[1])
        levels.append(level[0] - level[1])
    return np.array(delays), np.array(levels)


def between(directions_deg, count, seed):
    """Directions anywhere within the measured heights."""
    rng = np.random.default_rng(seed)
    low, high = np.sin(np.radians([directions_deg[:, 1].min(), directions_deg[:, 1].max()]))
    return np.column_stack([rng.uniform(0, 360, count), np.degrees(np.arcsin(rng.uniform(low, high, count)))])


def check(folder, shape):
    ears = hrtf.load(shape.write(folder / "ears.sofa", shape.directions_deg))
    measured = shape.directions_deg[:: max(1, len(shape.directions_deg) // 50)]
    for where in (measured, between(shape.directions_deg, 50, 1)):
        delays_s, levels_db = errors(ears, where, shape)
        assert np.abs(delays_s).max() < ITD_S
        assert np.abs(levels_db).max() < 2 * ILD_DB  # at any frequency
        assert np.abs(levels_db.reshape(len(where), 10, 4).mean(axis=2)).max() < ILD_DB  # in any half octave
    assert shape.remark in " ".join(ears.remarks)
    assert len(ears.remarks) <= 2


@pytest.mark.parametrize("name", SHAPES)
def test_ears_sound_as_the_head_that_was_measured(cache, name):
    check(cache, SHAPES[name])


@pytest.mark.soak
@pytest.mark.parametrize("name", MORE_SHAPES)
def test_more_ears_sound_as_the_head_that_was_measured(cache, name):
    check(cache, MORE_SHAPES[name])


def test_bass_that_comes_late_moves_no_direction(cache):
    """A floor's or a chair's bass, 1.7 ms after the sound and louder, at the ear turned away; between the ears it moves the
    correlation of what was measured by 15 us.
    """
    from scipy.signal import butter, sosfilt

    directions = rings(-45, 75)
    found = responses(directions, taps=256)
    late = sosfilt(butter(2, 700, fs=48000, output="sos"), np.roll(found, 80, axis=2), axis=2)
    late[..., :80] = 0
    side = cartesian(at_distance(directions, 1.0))[:, 1]
    away = np.clip(np.stack([-side, side], axis=1), 0, None)[..., None]
    ears = hrtf.load(write(cache / "late.sofa", found + 2.5 * away * late, at_distance(directions)))
    shape = Shape(write, directions)
    for elevation in (-75, -60, -30, 0, 45):  # below the measured part as well
        where = [(azimuth, elevation) for azimuth in range(0, 181, 10)]
        delays_s, _ = errors(ears, where, shape)
        assert np.abs(delays_s).max() < 15e-6 + ITD_S
        assert np.abs(np.diff(delays_s)).max() < 2 * ITD_S


def test_building_tells_how_far_it_is(cache):
    told = []
    path = write(cache / "ears.sofa", responses(spiral(60)), at_distance(spiral(60)))
    hrtf.load(path, told.append)
    assert len(told) > 3
    assert min(told) > 0
    assert sum(told) == pytest.approx(1)
    again = []
    assert hrtf.load(path, again.append).remarks == hrtf.load(path).remarks
    assert not again  # kept, remarks and all
