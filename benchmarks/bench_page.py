"""What a preset costs in a browser: kernels in WebAssembly, in a Chromium worker and in node, beside this machine's own.

module, exported page -> native | node | Chromium worker, in turns -> processor seconds, times real time, times native's cost

All three render the same frames of the same presets with the same ears, 128 at a time in JavaScript, a second at a time natively.
Chromium's figure is the processor time of all its processes while the worker renders.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.timing import machine
from synth.page.ears import SAMPLE_RATE
from tests.support import browser as chromium
from tests.support import pages
from tests.support.needs import CHROMIUM

PRESETS = ("demo", "rain_on_tent", "nails_on_glass", "workbench", "paper_crumpling")  # the last costs most natively
EARS = "ku100"
WORKER = Path(__file__).with_name("page_worker.js")
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def _spent_s() -> float:
    """Return the processor time of what this process has started and still runs, and of what that has."""
    rows = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        rows[int(path.parent.name)] = int(fields[1]), (int(fields[11]) + int(fields[12])) * _TICK_S
    ours = {os.getpid()}
    while more := {pid for pid, (parent, _) in rows.items() if parent in ours} - ours:
        ours |= more
    return sum(rows[pid][1] for pid in ours - {os.getpid()})


def native_s(preset: str, seconds: int) -> float:
    """Return processor seconds of this machine's own."""
    engine = pages.native(preset, 0, EARS)
    engine.process(SAMPLE_RATE)
    engine = pages.native(preset, 0, EARS)
    begin = time.process_time()
    for _ in range(seconds):
        engine.process(SAMPLE_RATE)
    return time.process_time() - begin


def node_s(page: Path, preset: str, seconds: int) -> float:
    """Return processor seconds of node."""
    with tempfile.TemporaryDirectory() as folder:
        job = {"preset": preset, "ears": EARS, "frames": seconds * SAMPLE_RATE}
        [(_, counted)] = pages.rendered(page, Path(folder), [job])
    return float(counted["cpu_s"])


def worker_s(browser: Any, address: str, preset: str, seconds: int) -> float:
    """Return processor seconds of a Chromium worker."""
    visitor = browser.new_page()
    visitor.goto(address + chromium.BARE)
    told = {"page": address, "preset": preset, "ears": EARS, "frames": seconds * SAMPLE_RATE}
    visitor.evaluate(
        """told => new Promise((resolve, reject) => {
          window.worker = new Worker("page_worker.js", { type: "module" });
          worker.onmessage = resolve;
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage(told);
        }).then(() => null)""",
        told,
    )
    before = _spent_s()
    visitor.evaluate(
        "() => new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); worker.postMessage(null); })"
    )
    spent = _spent_s() - before
    visitor.close()
    return spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20, help="seconds of each preset")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--presets", default=",".join(PRESETS))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    names = given.presets.split(",")
    with tempfile.TemporaryDirectory() as folder:
        page = pages.exported(Path(folder) / "page", pages.built(Path(folder) / "synth.wasm"), names, (EARS,))
        (page / WORKER.name).write_bytes(WORKER.read_bytes())
        rows = measured(page, names, given.seconds, given.turns)
    if given.json:
        print(json.dumps({"machine": machine(), "seconds": given.seconds, "presets": rows}))
        return
    print(machine())
    print(f"{'preset':22}{'':10}{'times real time':>18}{'of native cost':>18}")
    for name, ways in rows.items():
        for way, (cost_s, ratio) in ways.items():
            print(f"{name:22}{way:10}{given.seconds / cost_s:18.1f}{ratio:18.2f}")


def measured(page: Path, names: list[str], seconds: int, turns: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Return, by preset and way, the median of processor seconds and of the ratio to native within a turn."""
    found = {}
    with chromium.chromium() as browser, chromium.served(page) as address:
        for name in names:
            taken: dict[str, list[float]] = {"native": [], "node": [], "Chromium": []}
            for _ in range(turns):
                taken["native"].append(native_s(name, seconds))
                taken["node"].append(node_s(page, name, seconds))
                taken["Chromium"].append(worker_s(browser, address, name, seconds))
            pairs = {way: [one / own for one, own in zip(times, taken["native"], strict=True)] for way, times in taken.items()}
            found[name] = {way: (statistics.median(times), statistics.median(pairs[way])) for way, times in taken.items()}
    return found


if __name__ == "__main__":
    missing = [name for name in ("node", CHROMIUM) if shutil.which(name) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}; apt-get install nodejs chromium")
    else:
        main()
