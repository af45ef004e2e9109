"""The face is light, says what each file is, and takes nothing from anywhere else."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.page.face.server import STATIC

MOST_BYTES = 62_000  # 60 kB before the hold's button
LONGEST_FILE = 300
ENGINE = "player.js"  # what is reached through it is not the face's


def imported(path: Path) -> list[Path]:
    """Return what a module imports, as files."""
    names = re.findall(r"^import [^;]*?\"(\.[^\"]+)\";", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [(path.parent / name).resolve() for name in names]


def reached(path: Path, found: set[Path]) -> set[Path]:
    """Return a module and all that it imports, up to the engine's."""
    if path not in found and path.name != ENGINE:
        found.add(path)
        for each in imported(path):
            reached(each, found)
    return found


MODULES = sorted(reached(STATIC / "main.js", set()) | {STATIC / "offline.js"})
SHEETS = sorted((STATIC / "style").glob("*.css"))
FILES = [*MODULES, *SHEETS, *(STATIC / name for name in ("index.html", "icon.svg", "manifest.webmanifest"))]


def test_the_whole_face_is_small() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in FILES) < MOST_BYTES


def test_every_file_says_what_it_is_and_is_not_long() -> None:
    for path in MODULES + SHEETS:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert re.match(r"(//|/\*) \w.{10,}", lines[0]), path.name
        assert len(lines) <= LONGEST_FILE, path.name


def test_nothing_comes_from_elsewhere() -> None:
    for path in FILES:
        found = set(re.findall(r"https?://[^\s\"'`<>)]+", path.read_text(encoding="utf-8")))
        assert found <= {"http://www.w3.org/2000/svg"}, path.name


def test_every_module_of_its_folders_is_used() -> None:
    folders = [path.resolve() for name in ("logic", "parts") for path in (STATIC / name).glob("*.js")]
    assert [path.name for path in folders if path not in MODULES] == []


def test_every_style_sheet_is_used() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"]+\.css)"', page)) == {path.relative_to(STATIC).as_posix() for path in SHEETS}


def test_the_manifest_names_files_that_are_there() -> None:
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert all((STATIC / icon["src"]).is_file() for icon in manifest["icons"])


def test_no_trigger_and_no_preset_is_named() -> None:
    from synth.preset.library import preset_names
    from synth.trigger import TRIGGERS

    named = re.compile(r"[\"'`](" + "|".join([*TRIGGERS, *preset_names()]) + r")[\"'`]")
    own_words = {"input", "mouth"}  # an event, and a family
    for path in MODULES:
        assert set(named.findall(path.read_text(encoding="utf-8"))) <= own_words, path.name


def test_git_knows_every_file() -> None:
    root = Path(__file__).resolve().parents[3]
    listed = subprocess.run(["git", "ls-files", "synth/page/static"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    known = {root / line for line in listed.stdout.splitlines()}
    assert [path.name for path in FILES if path not in known] == []
