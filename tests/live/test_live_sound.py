"""The live instrument beside a real JACK server: what is heard is what was played, whatever else Python is doing."""

from __future__ import annotations

import ctypes.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.jack_server import Server, running
from tests.support.needs import live, needs_jackd
from tests.support.sizes import short_and_long

has_rtmidi = pytest.mark.skipif(sys.version_info >= (3, 13), reason="python-rtmidi has no wheels past 3.12")
needs_portaudio = pytest.mark.skipif(
    ctypes.util.find_library("portaudio") is None and "CI" not in os.environ, reason="PortAudio is not installed"
)
_CEILING = 10 ** (-1 / 20) + 1e-6


def scene(server: Server, *words: str) -> dict:
    """Let a scene of tests/support/live_scenes.py happen; return what it says."""
    done = server.run([sys.executable, "-m", "tests.support.live_scenes", *words], timeout_s=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@live
@needs_jackd
def test_500_notes_land_on_their_samples_while_python_is_busy() -> None:
    with running(48000, 256) as server:
        facts = scene(server, "notes")
    assert facts["gaps"] == 0
    assert facts["peak"] > 0.02
    assert facts["wrong_offline"] == facts["wrong_take"] == facts["late"] == 0
    assert facts["key_waits_ms"] == pytest.approx(1000 * 256 / 48000)  # for JACK's next block


@live
@needs_jackd
def test_what_jack_captures_is_what_the_take_renders() -> None:
    with running(48000, 256) as server:
        facts = scene(server, "take")
    assert facts["gaps"] == 0
    assert facts["peak"] > 0.02
    assert facts["same_length"]
    assert facts["wrong_recorded"] == facts["wrong_captured"] == 0


@live
@needs_jackd
@needs_portaudio
@has_rtmidi
def test_ports_are_in_time_beside_two_spinning_threads() -> None:
    with running(48000, 256) as server:
        for _ in range(3):  # a shared machine may itself be late once
            facts = scene(server, "quiet_ports")
            if facts["late"] == 0 and facts["gaps"] == 0:
                break
    assert facts["late"] == 0
    assert facts["heard"] == facts["struck"] == facts["sent"]
    assert facts["furthest_off"] <= 1


@live
@needs_jackd
@needs_portaudio
@has_rtmidi
def test_ports_lose_nothing_beside_a_sorter() -> None:
    with running(48000, 256) as server:
        facts = scene(server, "starved_ports")
    assert facts["heard"] == facts["struck"] == facts["sent"]


@live
@needs_jackd
@needs_portaudio
@has_rtmidi
@pytest.mark.parametrize("device", [(), ("jack",)], ids=["portaudio", "jack"])
def test_an_unplugged_key_is_let_go_and_plays_again(device: tuple[str, ...]) -> None:
    with running(48000, 256) as server:
        facts = scene(server, "unplug", *device)
    assert facts["held"] == [1, 1, 1]
    assert facts["released"] == [0, 0, 0]
    assert max(facts["quiet"]) < 1e-4


@live
@needs_jackd
@needs_portaudio
@pytest.mark.parametrize("device", ["jack", "portaudio"])
def test_a_server_that_dies_and_returns_costs_only_the_time_between(device: str) -> None:
    with running(48000, 256) as server:
        process = server.start([sys.executable, "-m", "tests.support.live_scenes", "death", device])
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "playing\n"
        server.kill()
        process.stdin.write("dead\n")
        process.stdin.flush()
        assert process.stdout.readline() == "lost\n"
        server.start_up()
        rest, _ = process.communicate("back\n", timeout=120)
        facts = json.loads(rest.splitlines()[-1])
        assert process.returncode == 0
    assert not facts["was_playing"]
    assert min(facts["peaks"]) > 0.005
    assert any("is lost" in line for line in facts["said"])
    assert any("is back" in line for line in facts["said"])
    assert facts["same"]


@needs_portaudio
@short_and_long("seconds", 20, 3600)
def test_a_storm_of_midi_and_parameters_through_portaudio_leaves_it_playing(tmp_path: Path, seconds: int) -> None:
    """ALSA's null device has no clock: audio runs as fast as it can."""
    config = tmp_path / "asound.conf"
    config.write_text("pcm.!default { type null }\nctl.!default { type null }\n")
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(config), "JACK_NO_START_SERVER": "1", "JACK_DEFAULT_SERVER": "none"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.live_scenes", "soak", str(seconds)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120 + seconds,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["audio_s"] >= seconds
    assert facts["messages"] > 4 * seconds
    assert facts["finite"]
    assert 0.001 < facts["peak"] <= _CEILING
    assert 0.001 < facts["peak_after"] <= _CEILING
    assert facts["adds_up"]
    assert facts["scrubbed"] == facts["muted"] == 0
    assert facts["growth_mb"] < 5
