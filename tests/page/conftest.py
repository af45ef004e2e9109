"""The module of kernels and a page of a few presets, built once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import pages

PRESETS = (
    *("tap", "nails_on_glass", "rain_on_tent", "whispers_ear_to_ear", "demo"),
    *("brush_both_ears", "singing_bowls", "lullaby", "trigger_words_ear_to_ear"),
)


@pytest.fixture(scope="session")
def wasm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pages.built(tmp_path_factory.mktemp("wasm") / "synth.wasm")


@pytest.fixture(scope="session")
def page(wasm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pages.exported(tmp_path_factory.mktemp("page") / "page", wasm, PRESETS, ("ku100", "sphere"))
