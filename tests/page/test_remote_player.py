"""The player of the served page, in node: it shows what plays, moves it, follows others, and finds its server again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from synth.page.server import STATIC
from tests.support.page_rig import PATIENCE_S, PageRig

_SCRIPT = Path(__file__).with_suffix("").with_name("remote_player.mjs")
needs_node = pytest.mark.skipif(shutil.which("node") is None and "CI" not in os.environ, reason="node is not installed")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the script has seen; its server ends once and comes back."""
    folder, modules = tmp_path_factory.mktemp("face"), tmp_path_factory.mktemp("modules")
    for path in STATIC.glob("remote_*.js"):
        shutil.copy(path, modules)
    (modules / "package.json").write_text('{"type": "module"}')
    with PageRig(folder) as rig, ExitStack() as stack:
        url = rig.server.url
        command = ["node", "--experimental-websocket", "--no-warnings", str(_SCRIPT), str(modules / "remote_player.js"), url]
        process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        stack.callback(process.kill)
        assert process.stdout is not None
        assert process.stdout.readline() == '{"ready":true}\n'
        stack = stack.pop_all()
    with stack, PageRig(folder, port=urlsplit(url).port):
        out, _ = process.communicate(timeout=3 * PATIENCE_S)
    return dict(json.loads(out))


@needs_node
def test_it_shows_the_sound_board_and_what_plays(said: dict[str, Any]) -> None:
    assert said["presets"] == ["nails_on_glass", "tap"]
    assert said["layers"][0] == "left nails"
    assert said["layers"][-1] == "voice"
    assert said["first"] == {"name": "nails_on_glass", "isPlaying": True, "tap": None, "sounds": ["device"]}


@needs_node
def test_a_hands_own_value_is_there_at_once(said: dict[str, Any]) -> None:
    assert said["own"] == 0.25


@needs_node
def test_it_shows_places_and_micro_events(said: dict[str, Any]) -> None:
    assert said["place"]["distance_m"] == pytest.approx(0.5, abs=1e-3)
    assert said["event"]["azimuth_deg"] == pytest.approx(-90, abs=20)
    assert said["event"]["level"] > -110


@needs_node
def test_it_plays_another_preset_and_says_what_cannot_be(said: dict[str, Any]) -> None:
    assert said["second"] == {"name": "tap", "hardness": 0.5}
    assert "no such preset" in said["refused"]


@needs_node
def test_it_finds_its_server_again_and_is_told_anew(said: dict[str, Any]) -> None:
    assert said["back"] == "nails_on_glass"
    assert sum("gone" in error for error in said["errors"]) == 1
