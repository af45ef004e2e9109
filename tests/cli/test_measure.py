"""`synth measure`: a file, a preset or a trigger beside real recordings, told to people and to programs."""

import json

import pytest
import soundfile

from synth.cli.main import main
from tests.support.sounds import RATE_HZ, bursts, noise


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sounds") / "hiss.wav"
    soundfile.write(path, noise(3), RATE_HZ)
    return path


def test_a_file_beside_a_class(file, capsys):
    assert main(["measure", str(file), "--like", "noise_ctl"]) == 0
    out = capsys.readouterr().out
    assert "from noise_ctl (real ones: median 0.37, 90 % within 0.5; 4 recordings)" in out
    assert "nearest: noise_ctl" in out
    assert "most off" in out


def test_json_holds_everything_and_null_for_what_is_not_there(file, capsys):
    assert main(["measure", str(file), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["like"]["name"], facts["like"]["rank"]) == (next(iter(facts["nearest"])), 1)
    assert facts["measured"]["x.crest_db"] > 10
    assert facts["measured"]["iacc"] is None
    assert set(facts["like"]["by_family"]) == {"level", "marginal", "correlation", "modulation"}


def test_a_file_beside_another(file, tmp_path, capsys):
    other = tmp_path / "knocks.wav"
    soundfile.write(other, bursts([0.5, 1.5, 2.5], 3), RATE_HZ)
    far = []
    for like in (file, other):
        assert main(["measure", str(file), "--like", str(like), "--json"]) == 0
        far.append(json.loads(capsys.readouterr().out)["like"]["distance"])
    assert far[0] == 0
    assert far[1] > 0.5


def test_a_trigger_with_a_picture(tmp_path, capsys):
    picture = tmp_path / "bowl.png"
    assert main(["measure", "bowl", "--seconds", "1", "--picture", str(picture), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["like"]["name"] == "bowl"
    assert facts["measured"]["ild_sd_db"] >= 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scrach"], "did you mean 'scratch'?"),
        (["nothing.wav"], "there is no such sound file"),
        (["bowl", "--like", "ran"], "unknown class of sounds 'ran'; did you mean 'rain'?"),
    ],
)
def test_what_cannot_be_measured_is_one_line(words, said, capsys):
    assert main(["measure", *words, "--seconds", "0.5"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_missing_matplotlib_is_said(file, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    assert main(["measure", str(file), "--picture", str(tmp_path / "x.png")]) == 2
    assert "pip install 'synth[pictures]'" in capsys.readouterr().err
