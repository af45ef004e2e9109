"""Kernels that come with the wheel: found wherever the package lies, loaded where none were compiled, and the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from synth.engine.compiling import ready
from synth.rt import cache, prebuilt

_RENDER = """
import hashlib, sys
from pathlib import Path
from synth.rt import cache
cache.PREBUILT_FOLDER = Path(sys.argv[1])
from synth.engine.compiling import cold
print(cold(["tap"]))
import synth
print(hashlib.sha256(synth.render("tap", 0.3, seed=5).tobytes()).hexdigest())
"""


def rendered(folder: Path, kept: Path, **environment: str) -> tuple[str, str, str]:
    """Return what is cold, a sound's hash and stderr, where compiled kernels lie in `folder` and own ones in `kept`."""
    command = [sys.executable, "-c", _RENDER, str(folder)]
    whole = {**os.environ, "SYNTH_CACHE_DIR": str(kept), **environment}
    done = subprocess.run(command, env=whole, capture_output=True, text=True, check=True, timeout=300)
    cold, digest = done.stdout.split("\n")[:2]
    return cold, digest, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return kernels as a wheel holds them, compiled for this very machine."""
    ready(["tap"])
    if cache.CACHE_FOLDER is None:
        pytest.skip("no folder in which compiled kernels could be kept")
    assert prebuilt.fill(cache.CACHE_FOLDER, tmp_path / "wheel") > 100
    return tmp_path / "wheel" / cache.CACHE_FOLDER.name


def test_they_are_loaded_where_none_were_compiled(folder: Path, tmp_path: Path) -> None:
    cold, digest, said = rendered(folder, tmp_path / "empty")
    assert (cold, said) == ("[]", "")
    assert not list((tmp_path / "empty").rglob("*.nbc"))
    assert digest == rendered(tmp_path / "none", cache.CACHE_FOLDER.parents[1])[1]


def test_a_damaged_one_is_said_and_compiled(folder: Path, tmp_path: Path) -> None:
    for path in (folder / "synth.triggers").glob("tap.*.nbc"):
        path.write_bytes(path.read_bytes()[:-1])
    said = rendered(folder, tmp_path / "empty")[2]
    assert said == f"synth: compiled kernels in {folder} are damaged; compiling them for this machine\n"
    assert {path.name.split("-")[0] for path in (tmp_path / "empty").rglob("*.nbc")} == {"tap.strike", "tap.render"}


def test_a_source_that_was_changed_is_not_taken_for_the_one_that_was_compiled(folder: Path) -> None:
    files = cache.SealedFiles(
        str(folder / "synth.triggers"), next((folder / "synth.triggers").glob("tap.strike*.nbi")).stem, b"x"
    )
    assert files._load_index() == {}


def test_a_place_is_the_same_wherever_the_package_lies() -> None:
    assert prebuilt.place(str(prebuilt.ROOT / "synth" / "engine" / "kernels" / "quantum.py")) == "synth.engine.kernels"
    assert prebuilt.place(str(prebuilt.ROOT / "tests" / "rt" / "test_prebuilt.py")) == ""
    assert prebuilt.place("/elsewhere/synth/dsp/modal.py") == ""


@pytest.mark.soak
@pytest.mark.skipif(not prebuilt.runs_here(), reason=f"this processor lacks what {prebuilt.TARGET[0]} needs")
def test_those_for_the_common_processor_give_the_same_bytes_as_those_for_this_one(tmp_path: Path) -> None:
    name, features = prebuilt.TARGET
    aimed = rendered(tmp_path / "none", tmp_path / "aimed", NUMBA_CPU_NAME=name, NUMBA_CPU_FEATURES=features)
    assert aimed[0] != "[]"
    assert aimed[1] == rendered(tmp_path / "none", tmp_path / "own")[1]
