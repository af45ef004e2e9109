"""What the README and the examples show works as it stands."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import soundfile

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
WRITING = ("around_the_head", "swarm")
MODELS = ("improvise", "heart", "optimise")
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_there_is_something_to_try() -> None:
    assert len(BLOCKS) >= 2


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_readme_s_python_runs(number: int) -> None:
    exec(compile(BLOCKS[number], f"README.md, Python block {number + 1}", "exec"), {})


def test_every_example_is_tested() -> None:
    parts = {"stage", "style", "likeness", "scripted_take"}  # of the models
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*WRITING, *MODELS, *parts}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_short(name: str) -> None:
    assert len((EXAMPLES / f"{name}.py").read_text().splitlines()) < 80


@pytest.mark.parametrize("example", WRITING)
def test_examples_run_and_write_what_they_say(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(EXAMPLES / f"{example}.py"), run_name="__main__")
    name = capsys.readouterr().out.split(":")[0]
    samples, rate = soundfile.read(tmp_path / name)
    assert rate == 48000
    assert 0.01 < abs(samples).max() <= 1
