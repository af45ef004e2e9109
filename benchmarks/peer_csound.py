"""Csound as a peer: a patch of `mode` banks struck at random plus noise, carried round the head by `hrtfmove2`.

layers -> orchestra and score in a temporary folder -> csound -n (a process, no sound output) -> processor seconds net of start-up

`hrtfmove2` takes the minimum-phase-like "Woodworth" phase and overlap-adds FFT frames (its default overlap of 4); it knows a
direction only, no distance. Its data files come with Debian's `csound-data`.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.timing import PeerMissing

INSTALL = "Csound or its HRTF files are missing: apt-get install csound csound-data"
RATIOS = (1.0, 2.1, 3.7, 5.9)
QUALITIES = (80.0, 60.0, 50.0, 40.0)  # of each mode: its frequency over its bandwidth
STRIKE, NOISE = 0.5, 0.01  # highest amplitude of a strike, amplitude of the noise

_DATA_FOLDERS = ("/usr/share/csound/hrtf", "/usr/local/share/csound/hrtf", "/usr/share/csound/samples")


class Layer(NamedTuple):
    """One layer of the patch."""

    frequency_hz: float  # of the lowest mode
    strikes_hz: float  # mean rate of the random strikes
    turns_hz: float  # rounds about the head per second, positive to the left
    elevation_deg: float


_ORCHESTRA = """<CsoundSynthesizer>
<CsInstruments>
sr = {sample_rate}
ksmps = {quantum}
nchnls = 2
0dbfs = 1
seed 1
instr 1
  astrike dust {strike}, p5
{modes}
  anoise noise {noise}, 0
  kturn phasor p6
  aleft, aright hrtfmove2 0.2 * ({sum}) + anoise, 360 * (1 - kturn), p7, "{left}", "{right}", 4, 9, {sample_rate}
  outs aleft, aright
endin
</CsInstruments>
<CsScore>
{score}
e
</CsScore>
</CsoundSynthesizer>
"""


def _data_files(sample_rate: int) -> tuple[str, str]:
    folders = [Path(folder) for folder in (os.environ.get("SADIR"), os.environ.get("SSDIR"), *_DATA_FOLDERS) if folder]
    for folder in folders:
        left, right = (folder / f"hrtf-{sample_rate}-{ear}.dat" for ear in ("left", "right"))
        if left.exists() and right.exists():
            return str(left), str(right)
    raise PeerMissing(INSTALL)


class Csound:
    """The patch, ready to be rendered for any length.

    Parameters
    ----------
    layers
        What sounds.
    sample_rate
        Hz; 44100, 48000 or 96000, for which there are HRTF files.
    quantum
        Frames per control period, `ksmps`.

    Raises
    ------
    PeerMissing
        Csound or its HRTF files are not installed.
    """

    def __init__(self, layers: Sequence[Layer], sample_rate: int = 48000, quantum: int = 64) -> None:
        program = shutil.which("csound")
        if program is None:
            raise PeerMissing(INSTALL)
        self.sample_rate, self.quantum, self._layers = sample_rate, quantum, layers
        self._program, self._files = program, _data_files(sample_rate)
        self._folder = tempfile.TemporaryDirectory(prefix="peer_csound_")
        self.version = self._run(quantum / sample_rate, "-n").partition("version ")[2].partition(" (")[0]

    def _run(self, seconds: float, *options: str) -> str:
        """Render `seconds` and return what Csound says."""
        modes = "\n".join(
            f"  a{number} mode astrike, p4 * {ratio}, {quality}"
            for number, (ratio, quality) in enumerate(zip(RATIOS, QUALITIES, strict=True))
        )
        text = _ORCHESTRA.format(
            sample_rate=self.sample_rate, quantum=self.quantum, strike=STRIKE, noise=NOISE, modes=modes,
            sum=" + ".join(f"a{number}" for number in range(len(RATIOS))), left=self._files[0], right=self._files[1],
            score="\n".join(f"i1 0 {seconds:.9f} " + " ".join(map(str, layer)) for layer in self._layers),
        )  # fmt: skip
        path = Path(self._folder.name) / "patch.csd"
        path.write_text(text)
        command = [self._program, "-d", "-m0", *options, str(path)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        if done.returncode or "0 errors in performance" not in said:
            problem = next((line for line in said.splitlines() if "error" in line.lower()), f"exit code {done.returncode}")
            raise PeerMissing(f"Csound cannot render the patch: {problem}")
        return said

    def render(self, seconds: float) -> float:
        """Render the patch without sound output and return the processor seconds it took, net of start-up.

        Start-up (loading, compiling, reading the HRTF files) is a run of one quantum, measured just before.
        """
        startup_s = min(self._processor_s(self.quantum / self.sample_rate) for _ in range(2))
        return self._processor_s(seconds) - startup_s

    def _processor_s(self, seconds: float) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._run(seconds, "-n")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    def sound(self, seconds: float) -> np.ndarray:
        """Return the patch as (frames, 2) float32, to see that it sounds and moves."""
        path = Path(self._folder.name) / "patch.raw"
        self._run(seconds, "-h", "-f", "-o", str(path))
        return np.fromfile(path, np.float32).reshape(-1, 2)
