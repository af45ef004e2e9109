"""The build of a SOFA file: today's time over that of commit 376bb16, on 2702 directions.

Run `python benchmarks/bench_ears_build.py [--quick]`.  Both builds run in processes of their own, by turns, on one thread
each; processor time counts, not the clock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
BASELINE = "376bb16"
ROUNDS = 1 if "--quick" in sys.argv else 3
BUILD = """
import sys, time
try:
    from hrtf.analysis.sofa import read
    from hrtf.analysis.tables import of_measured
except ImportError:
    from hrtf.sofa import read
    from hrtf.table import of_measured
measured = read(sys.argv[1])
begun = time.process_time()
of_measured(measured, 0.0875)
print(time.process_time() - begun)
"""


def baseline(folder: Path) -> bool:
    """Unpack the old builder; returns whether this checkout has it."""
    done = subprocess.run(["git", "archive", BASELINE, "hrtf", "synth"], cwd=HERE, capture_output=True, check=False)
    if done.returncode:
        return False
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return True


def seconds(tree: Path, file: Path) -> float:
    """Return the processor time of one build."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    words = [sys.executable, "-c", BUILD, str(file)]
    env = {**os.environ, **one, "PYTHONPATH": str(tree)}
    done = subprocess.run(words, cwd=tree, env=env, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print the ratio."""
    sys.path.insert(0, str(HERE))
    from tests.support.sofa_files import at_distance, responses, spiral, write

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        directions = spiral(2702)
        file = write(folder / "dense.sofa", responses(directions), at_distance(directions))
        if not baseline(folder / "old"):
            print(
                f"build of 2702 directions: {seconds(HERE, file):.1f} s of processor; no commit {BASELINE} here to compare with"
            )
            return
        pairs = [(seconds(folder / "old", file), seconds(HERE, file)) for _ in range(ROUNDS)]
        old, new = (min(times) for times in zip(*pairs, strict=True))
        print(f"build of 2702 directions: {new:.1f} s of processor, {BASELINE} {old:.1f} s: ratio {new / old:.2f} (limit 0.33)")


if __name__ == "__main__":
    main()
