"""The house itself: few doors at its root, small files, packages that say what they import, and no sources from outside."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
from pathlib import Path

import pytest

import hrtf
import synth

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 300
MOST_AT_THE_ROOT = 14
LATER_ROOMS = {"analysis", "explore", "page", "speech"}  # beside the plan of the house; a new room is named here
SOURCES = sorted(path for package in (synth, hrtf) for path in Path(package.__file__ or "").parent.rglob("*.py"))
PACKAGES = ["hrtf", *(f"synth.{module.name}" for module in pkgutil.iter_modules(synth.__path__) if module.ispkg)]


def test_few_entries_stand_at_the_root() -> None:
    folder = Path(synth.__file__).parent
    entries = {path.name for path in folder.iterdir()} - {"__init__.py", "__pycache__"} - LATER_ROOMS
    assert len(entries) <= MOST_AT_THE_ROOT, sorted(entries)


def test_no_file_is_long() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path: count for path, count in lines.items() if count > LONGEST_FILE} == {}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_says_what_it_imports_and_what_it_never_does(name: str) -> None:
    said = (importlib.import_module(name).__doc__ or "").lower()
    assert "import" in said, f"{name} does not say what it imports"
    assert "never" in said, f"{name} does not say what it never does"


def test_every_file_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_what_is_cited_is_in_the_repository() -> None:
    unheld = "shared/" + "reference"
    listed = subprocess.run(
        ["git", "grep", "--files-with-matches", unheld], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode > 1:  # no clone, but its files
        pytest.skip("not a git checkout")
    assert listed.stdout == ""


@pytest.mark.xdist_group("house")
def test_tests_that_share_renders_run_in_one_worker(request: pytest.FixtureRequest) -> None:
    """Without a word pytest and pytest-xdist may disagree about where a test's group is written."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not run by --dist loadgroup")
    assert request.node.nodeid.endswith("@house")
