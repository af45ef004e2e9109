"""Loading: built-in sets, SOFA files of one's own, and one-line errors that name the file."""

import subprocess
import sys

import numpy as np
import pytest

import hrtf
from hrtf.analysis.mesh import lateral_rings
from hrtf.analysis.rigid import pressure
from tests.support.ears_errors import reference

RATE = 48000


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTH_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def write_sofa(path, convention="SimpleFreeFieldHRIR"):
    """A set of the user's own: a rigid sphere of 8.75 cm 'measured' at 1.2 m, 64 samples after the head's centre."""
    import sofar

    vertices = lateral_rings(near_deg=10, wide_deg=12)
    sofa = sofar.Sofa(convention)
    if convention == "SimpleFreeFieldHRIR":
        angles = np.arccos(np.clip(vertices[:, 1], -1, 1))
        frequency = np.fft.rfftfreq(256, 1 / RATE)
        shift = np.exp(-2j * np.pi * frequency * 64 / RATE)[:, None]
        responses = [
            np.fft.irfft(pressure([1.2], side, frequency, 0.0875)[0] * shift, axis=0).T for side in (angles, np.pi - angles)
        ]
        azimuth = np.degrees(np.arctan2(vertices[:, 1], vertices[:, 0])) % 360
        sofa.SourcePosition = np.stack([azimuth, np.degrees(np.arcsin(vertices[:, 2])), np.full(len(azimuth), 1.2)], axis=1)
        sofa.Data_IR, sofa.Data_SamplingRate = np.stack(responses, axis=1), RATE
        sofa.GLOBAL_Title, sofa.GLOBAL_License = "A ball", "free"
    sofar.write_sofa(str(path), sofa)
    return path


def test_built_in_sets():
    sets = hrtf.names()
    assert set(sets) == {"ku100", "kemar", "sphere"}
    assert sets["ku100"]["licence"] == "CC BY-SA 3.0"
    for name, texts in sets.items():
        ears = hrtf.load(name)
        assert (ears.name, ears.title, ears.licence) == (name, texts["title"], texts["licence"])
        assert ears.citation


def test_default_is_the_ku100():
    assert hrtf.load().hash == hrtf.load("ku100").hash != hrtf.load("kemar").hash


def test_hash_is_that_of_the_content():
    from hrtf.sets import packed

    for name in hrtf.names():
        assert packed(hrtf.load(name).table, "", "", "")["hash"] == hrtf.load(name).hash


def test_mesh_of_the_sphere_is_dense_at_the_ears():
    vertices = hrtf.load("sphere").table.vertices
    lateral_deg = np.unique(np.degrees(np.arccos(np.clip(vertices[:, 1].astype(float), -1, 1))).round(3))
    assert np.diff(lateral_deg[lateral_deg <= 16]).max() < 1.001
    assert np.diff(lateral_deg[lateral_deg >= 164]).max() < 1.001


def test_every_measured_direction_is_in_the_mesh():
    content = reference()
    for name in ("ku100", "kemar"):
        assert (content[f"{name}_directions"] @ hrtf.load(name).table.vertices.T).max(axis=1).min() > 1 - 1e-6


def test_own_sofa_file_is_built_once_and_sounds_like_what_it_holds(cache, monkeypatch):
    path = write_sofa(cache / "ball.sofa")
    ears = hrtf.load(path)
    assert (ears.name, ears.title, ears.licence) == ("ball", "A ball", "free")
    frequency_hz = np.array([300.0, 1000.0, 3000.0])
    near = ears.impulse_response(90, 0, 0.15).astype(float)
    rendered = near @ np.exp(-2j * np.pi * np.outer(np.arange(near.shape[1]), frequency_hz) / RATE)
    wanted = pressure([0.15], [0, np.pi], frequency_hz, 0.0875)[0]
    ratio = (rendered[0] / rendered[1]) / (wanted[:, 0] / wanted[:, 1])
    assert 20 * np.log10(np.abs(ratio)) == pytest.approx(0, abs=0.5)
    assert np.angle(ratio) / (2 * np.pi * frequency_hz) == pytest.approx(0, abs=10e-6)
    monkeypatch.setattr("hrtf.analysis.tables.of_measured", lambda *_: pytest.fail("built twice"))
    assert hrtf.load(str(path)).hash == ears.hash


def refused(path, match):
    with pytest.raises(hrtf.EarsError, match=match) as caught:
        hrtf.load(path)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def test_a_missing_file_is_refused(cache):
    assert "nowhere.sofa" in refused(cache / "nowhere.sofa", "no such file")


def test_unknown_name_suggests_the_nearest():
    assert "'kemar'" in refused("kemer", "did you mean 'kemar'")


def test_a_file_that_is_no_sofa_is_refused(cache):
    (cache / "song.sofa").write_text("not a measurement")
    assert "song.sofa" in refused(cache / "song.sofa", "not a SOFA file")


def test_a_truncated_file_is_refused(cache):
    whole = write_sofa(cache / "ball.sofa").read_bytes()
    (cache / "half.sofa").write_bytes(whole[: len(whole) // 2])
    assert "half.sofa" in refused(cache / "half.sofa", "truncated")


def test_a_wrong_convention_is_refused(cache):
    assert "free.sofa" in refused(write_sofa(cache / "free.sofa", "SimpleFreeFieldHRSOS"), "convention 'SimpleFreeFieldHRSOS'")


def test_damaged_cache_is_built_again(cache):
    whole = hrtf.sphere(0.09)
    (cached,) = (cache / "cache" / "ears").glob("*.npz")
    cached.write_bytes(cached.read_bytes()[:1000])
    assert hrtf.sphere(0.09).hash == whole.hash
    assert cached.stat().st_size > 1000


def test_loading_imports_nothing_slow():
    slow = "('scipy.signal', 'scipy.spatial', 'sofar')"
    code = f"import sys, hrtf; hrtf.Bus(hrtf.load('ku100'), 1); print([m for m in {slow} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
