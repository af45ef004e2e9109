"""Exported pages for tests: the module built once, presets exported, rendered in node, compared with this machine's own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from synth.engine.engine import Engine
from synth.page.ears import SAMPLE_RATE
from synth.page.export import export
from synth.preset.inputs import inputs_of
from synth.preset.library import load_preset
from synth.rt.records import Samples

_NODE_SCRIPT = Path(__file__).with_name("page_node.mjs")
CLOSE = 1e-5
"""How far a browser's samples may be from a processor's with a fused multiply-add: measured, 5.9e-6 at most (`crinkle`)."""


def built(out: Path, *words: str) -> Path:
    """Build the module in a process of its own, for that one can run no kernel afterwards; from objects, where they are kept."""
    done = subprocess.run(
        [sys.executable, "-m", "synth.page.build", str(out), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return out


def exported(folder: Path, wasm: Path, presets: Sequence[str], ears: Sequence[str] = ("sphere",)) -> Path:
    """Return a folder with a page."""
    export(folder, presets, ears, wasm)
    return folder


def node(script: str, *words: str) -> Any:
    """Return what a script says as JSON on its last line; it is a module, and `words` are its arguments."""
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script, *words], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def rendered(page: Path, folder: Path, jobs: Sequence[Mapping[str, Any]]) -> list[tuple[Samples, dict[str, Any]]]:
    """Return what node makes of a page's presets, each with what its engine counted; see `page_node.mjs`."""
    told = [{"seed": 0, "ears": "sphere", **job, "out": str(folder / f"{n}.f32")} for n, job in enumerate(jobs)]
    (folder / "jobs.json").write_text(json.dumps(told))
    done = subprocess.run(
        ["node", str(_NODE_SCRIPT), str(page), str(folder / "jobs.json")],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    counted = [json.loads(line) for line in done.stdout.splitlines()]
    samples = [np.fromfile(job["out"], np.float32).reshape(-1, 2) for job in told]
    return list(zip(samples, counted, strict=True))


def native(preset: str, seed: int = 0, ears: str = "sphere") -> Engine:
    """Return an engine of this machine that plays a preset."""
    loaded = load_preset(preset)
    engine = Engine(SAMPLE_RATE, ears, seed)
    engine.load(loaded, inputs=inputs_of(loaded, SAMPLE_RATE))
    return engine
