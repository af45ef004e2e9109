"""The check-up and the list of devices: what is there is named, what is missing is said with its remedy."""

from __future__ import annotations

import json
import sys

import pytest

from synth.cli import doctor
from synth.cli.main import main
from synth.io import thread_priority
from synth.io.audio import jack_server
from synth.io.midi import library, ports
from tests.support import jack_server as own_server
from tests.support.needs import needs_jackd


@pytest.fixture
def no_jack(monkeypatch):
    """A name under which no server runs."""
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-home")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")


@pytest.fixture
def no_libjack(monkeypatch):
    def refuse(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(jack_server.ctypes, "CDLL", refuse)


@pytest.fixture
def no_midi(monkeypatch):
    for module in ("rtmidi", "supriya_midi"):
        monkeypatch.setitem(sys.modules, module, None)


def test_a_server_that_does_not_run_is_not_started(no_jack) -> None:
    assert jack_server.server() is None
    assert "no server runs" in doctor._jack()
    assert "pw-jack" in doctor._jack()


@needs_jackd
def test_a_running_server_is_found_with_its_rate() -> None:
    with own_server.running(rate=44100, period=512) as server:
        found = json.loads(server.run([sys.executable, "-m", "synth", "doctor", "--json"]).stdout)
        rows = json.loads(server.run([sys.executable, "-m", "synth", "list", "devices", "--json"]).stdout)
        assert not any("synth" in client for client in server.clients())
    assert "a server runs at 44100 Hz, 512 frames a block, with real-time priority" in found["jack"]
    (jack,) = [row for row in rows if row["kind"] == "JACK"]
    assert (jack["name"], jack["sample_rate"]) == ("jack", 44100)


def test_missing_libjack_is_said_with_its_remedy(no_libjack) -> None:
    assert "apt install jackd2" in doctor._jack()


def test_missing_midi_library_is_said_with_its_remedy(no_midi) -> None:
    assert "pip install" in doctor._midi()


def test_midi_names_the_package_and_the_ports(monkeypatch) -> None:
    monkeypatch.setattr(ports, "look", lambda: ([{"name": "nanoKONTROL2", "system": "ALSA"}], ["JACK: it is broken"]))
    found = doctor._midi()
    assert library.binding().package in found
    assert "nanoKONTROL2 (ALSA)" in found
    assert "it is broken" in found


@pytest.mark.parametrize(("is_granted", "found"), [(True, "allowed"), (False, thread_priority.HINT)])
def test_priority_is_tried(monkeypatch, is_granted: bool, found: str) -> None:
    monkeypatch.setattr(doctor.os, "sched_setscheduler", None, raising=False)
    monkeypatch.setattr(thread_priority, "raise_priority", lambda thread, wanted: is_granted)
    assert doctor._priority() == found


def test_midi_ports_are_listed_with_the_devices(capsys, monkeypatch, no_jack) -> None:
    monkeypatch.setattr("synth.io.audio.portaudio.devices", lambda: [])
    monkeypatch.setattr(ports, "look", lambda: ([{"name": "nanoKONTROL2", "system": "ALSA"}], []))
    assert main(["list", "devices", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["name"], row["number"]) == ("MIDI", "nanoKONTROL2", None)
    assert main(["list", "devices"]) == 0
    out = capsys.readouterr().out
    assert "nanoKONTROL2" in out
    assert "None" not in out


def test_what_is_missing_is_said_beside_the_list(capsys, monkeypatch, no_midi, no_libjack) -> None:
    monkeypatch.setattr("synth.io.audio.portaudio.devices", lambda: [])
    assert main(["list", "devices", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == []
    assert "pip install" in err
    assert "apt install jackd2" in err
