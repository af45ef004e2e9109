"""The player of the served page, in Chromium: it shows what plays, moves it, follows others, and finds its server again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from synth.page.server import STATIC
from tests.support.page_rig import PageRig

_SCENARIO = Path(__file__).with_name("remote_scenario.js")
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
needs_chromium = pytest.mark.skipif(not _CHROMIUM and "CI" not in os.environ, reason="chromium is not installed")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the scenario has seen; its server ends once and comes back."""
    from playwright.sync_api import sync_playwright

    folder, complaints = tmp_path_factory.mktemp("face"), []
    rig = PageRig(folder)
    shutil.copytree(STATIC, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.wasm", "*.html"))
    shutil.copy(_SCENARIO, folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        with rig:
            url = rig.server.url
            page.goto(url)
            found = page.evaluate("async () => (await import('./remote_scenario.js')).before()")
        with PageRig(tmp_path_factory.mktemp("again"), port=urlsplit(url).port):
            found |= page.evaluate("async () => (await import('./remote_scenario.js')).after()")
        browser.close()
    return dict(found) | {"complaints": complaints}


@needs_chromium
def test_it_shows_the_sound_board_and_what_plays(said: dict[str, Any]) -> None:
    assert said["presets"] == ["nails_on_glass", "tap"]
    assert said["layers"][0] == "left nails"
    assert said["layers"][-1] == "voice"
    assert said["first"] == {"name": "nails_on_glass", "isPlaying": True, "tap": None, "sounds": ["device"]}


@needs_chromium
def test_a_hands_own_value_is_there_at_once(said: dict[str, Any]) -> None:
    assert said["own"] == 0.25


@needs_chromium
def test_it_shows_places_and_micro_events(said: dict[str, Any]) -> None:
    assert said["place"]["distance_m"] == pytest.approx(0.5, abs=1e-3)
    assert said["event"]["azimuth_deg"] == pytest.approx(-90, abs=20)
    assert said["event"]["level"] > -110


@needs_chromium
def test_it_plays_another_preset_and_says_what_cannot_be(said: dict[str, Any]) -> None:
    assert said["second"] == {"name": "tap", "hardness": 0.5}
    assert "no such preset" in said["refused"]


@needs_chromium
def test_it_has_the_machine_record_and_fetches_the_file(said: dict[str, Any]) -> None:
    assert said["recording"]["name"].startswith("nails_on_glass-")
    assert said["recording"] | {"name": ""} == {"name": "", "isThere": True, "begins": "fLaC"}


@needs_chromium
def test_it_finds_its_server_again_and_is_told_anew(said: dict[str, Any]) -> None:
    assert said["back"] == "nails_on_glass"
    assert sum("gone" in error for error in said["errors"]) == 1


@needs_chromium
def test_nothing_goes_wrong_that_nobody_has_caught(said: dict[str, Any]) -> None:
    assert said["complaints"] == []
