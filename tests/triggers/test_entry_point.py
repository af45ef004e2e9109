"""A trigger from another package: found by its entry point, listed, rendered, and run through the shared tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

_TRIGGER = '''"""Blip: a test's trigger.  contact -> one mode."""

import numpy as np

from synth.dsp import contact, emitter, modal, noise
from synth.rt import kernel
from synth.parameters.parameter import Parameter
from synth.trigger import Trigger
from synth.rt.units import F32, ratio_from_semitones

PARAMETERS = (
    Parameter("frequency_hz", 200, 4000, 800, "hz", curve="exp", doc="of its only mode"),
    Parameter("ring_s", 0.02, 0.5, 0.1, "s", curve="exp", doc="T60 of its only mode"),
    Parameter("contact_ms", 0.3, 3, 1, "ms", curve="exp", doc="how long it is struck"),
    Parameter("variation", 0, 1, 0.5, doc="how much strikes differ"),
)
STATE = np.dtype([("rng", "u8"), ("contact", contact.CONTACT), ("body", modal.bank_dtype(1))], align=True)


@kernel
def strike(state, params, velocity, sample_rate):
    contact.strike(state.contact, velocity, 0.001 * params.contact_ms)
    frequency_hz = params.frequency_hz * ratio_from_semitones(params.pitch + params.bend)
    gain = 0.3 * (1.0 - 0.5 * params.variation * noise.uniform(state))
    modal.tune(state.body, 0, frequency_hz, params.ring_s, gain, sample_rate)


@kernel
def render(state, params, gate, sample_rate, emitters, start, stop):
    emitter.hold(emitters, 0, emitter.EARS, 0.0, 0.0, 0.0)
    for n in range(start, stop):
        emitters.slot[0].out[n] += F32(modal.tick(state.body, contact.tick(state.contact, sample_rate)))


TRIGGER = Trigger(
    "blip", PARAMETERS, STATE, strike, render, tail_s=2, gesture={"kind": "taps", "rate_hz": 3}, doc=__doc__
)
'''


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package as pip would have installed it: a module, and metadata with the entry point."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "blip_sounds.py").write_text(_TRIGGER)
    info = folder / "blip_sounds-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: blip-sounds\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[synth.triggers]\nblip = blip_sounds:TRIGGER\n")
    return folder


def run(package: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(package), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, cwd=ROOT, check=False)


def test_it_is_listed(package: Path) -> None:
    done = run(package, sys.executable, "-m", "synth", "list", "triggers", "--json")
    assert done.returncode == 0, done.stderr
    assert "blip" in {row["name"] for row in json.loads(done.stdout)}


def test_it_renders(package: Path, tmp_path: Path) -> None:
    done = run(package, sys.executable, "-m", "synth", "render", "blip", "-o", str(tmp_path / "blip.wav"), "--seconds", "1")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "blip.wav").stat().st_size > 48000 * 2 * 4


def test_it_runs_through_the_shared_tests(package: Path) -> None:
    shared = ("tests/triggers/test_every_trigger.py", "-k", "blip", "-vv", "-n0", "-p", "no:cacheprovider")
    done = run(package, sys.executable, "-m", "pytest", *shared)
    assert done.returncode == 0, done.stdout[-3000:]
    assert done.stdout.count(" PASSED") >= 10
    assert "SKIPPED" not in done.stdout
