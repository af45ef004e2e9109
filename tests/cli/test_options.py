"""The options of the commands: what stands in a dataclass is what the command line takes, and asking costs no engine."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from synth.cli.main import main
from synth.cli.names import LAYER_NAMES, check_assignments
from synth.cli.options import PlayOptions, RenderOptions, duration, taking
from synth.parameters.errors import InputError
from synth.parameters.tables import LAYER_PARAMETERS
from synth.preset.assignments import with_values
from synth.preset.library import load_preset

HEAVY = ("numba", "numpy", "scipy", "soundfile", "sounddevice", "synth.engine.engine")


def parsed(kind: type, words: list[str]) -> object:
    """Return the options that words on the command line stand for."""
    app, found = typer.Typer(), []
    app.command()(taking(kind)(lambda context, options: found.append(options)))
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return found[0]


def test_what_is_left_out_is_as_the_dataclass_says() -> None:
    assert parsed(RenderOptions, ["-o", "x.wav", "rain"]) == RenderOptions(output=Path("x.wav"), preset="rain")
    assert parsed(PlayOptions, ["rain"]) == PlayOptions(preset="rain")


def test_what_is_given_is_taken() -> None:
    words = ["rain", "-o", "x.flac", "--seconds", "2.5", "--seed", "7", "--fade-in", "1", "--loudness", "-23", "--stems"]
    options = parsed(RenderOptions, [*words, "--set", "rain.level_db=-3", "--set", "rain.drops=1"])
    assert options == RenderOptions(
        output=Path("x.flac"),
        preset="rain",
        seconds=2.5,
        seed=7,
        fade_in_s=1.0,
        loudness_lufs=-23.0,
        stems=True,
        sets=["rain.level_db=-3", "rain.drops=1"],
    )
    options = parsed(PlayOptions, ["rain", "--block", "128", "--now", "--stream", "-", "--stream", "shm:a", "--guard", "8"])
    assert options == PlayOptions(preset="rain", block_frames=128, is_now=True, streams=["-", "shm:a"], guard_hours=8.0)


def test_version(capsys) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"synth {version('synth')}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["play", "--help"],
        ["rendr"],
        ["render", "rainn"],
        ["play"],
        ["list", "preset"],
        ["render", "rain_on_tent", "--set", "nosuch.x=1"],
        ["play", "tap", "--set", "rain.level_db=1"],
    ],
)
def test_help_and_what_is_wrong_cost_no_engine(words: list[str]) -> None:
    loaded = f"print(*[m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    code = f"import sys; from synth.cli.main import main; main({words}); {loaded}"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *said, loaded = ended.stderr.split("\n")[:-1]
    assert loaded == ""
    assert len(said) == (0 if "-" in words[-1] else 1)


@pytest.mark.parametrize("words", [["--help"], ["render", "--help"]])
def test_help_is_whole_without_docstrings(words: list[str]) -> None:
    texts = [subprocess.check_output([sys.executable, *flags, "-m", "synth", *words]) for flags in ([], ["-OO"])]
    assert texts[0] == texts[1]
    assert b"Render a preset, or a take" in texts[0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("0.5", 0.5),
        ("10m", 600),
        ("8h", 28800),
        ("1:30:00", 5400),
        ("1:30", 90),
        ("1h30m", 5400),
        ("1h 30m 5.5s", 5405.5),
        ("45S", 45),
        ("2min", 120),
    ],
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", " ", "10q", "m", "1:75", "1:2:3:4", "ten", "h8", "-"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a time"):
        duration(text)


@pytest.mark.parametrize(
    "text", ["nosuch.level_db=-3", "canva.x=1", "0.level_db=-3", "4.level_db=-3", "canvas.tensio=1", "3.drop=1"]
)
def test_a_layer_or_parameter_that_is_not_there_is_refused_as_the_preset_itself_does(text: str) -> None:
    with pytest.raises(InputError) as early:
        check_assignments("rain_on_tent", [text])
    with pytest.raises(InputError) as late:
        with_values(load_preset("rain_on_tent"), [text])
    assert str(early.value) == str(late.value)


def test_every_layer_has_these_names() -> None:
    assert tuple(parameter.name for parameter in LAYER_PARAMETERS) == LAYER_NAMES


LATER = [
    "canvas.gesture.nosuch=1",
    "3.motion.x=1",
    "canvas.distance_m=-1",
    "master.level_db=1",
    "dripping seam.x=1",
    "level_db=3",
    "canvas.level_db",
]


@pytest.mark.parametrize("text", LATER)
def test_whatever_else_is_wrong_is_left_to_the_preset(text: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("schema = ")
    for preset in ("rain_on_tent", str(tmp_path / "bad.toml"), str(tmp_path / "none.toml"), None):
        check_assignments(preset, [text])
