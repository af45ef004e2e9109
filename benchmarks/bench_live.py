"""Who keeps the audio going while Python is busy: our compiled callback against what else plays from Python, jackd as referee.

a peer alone on a fresh `jackd -R -d dummy` -> idle window -> two threads spinning and one sorting a million floats -> loaded
window -> jackd's own log: how often was it not finished in time?

Every peer plays one sine of 440 Hz; ours plays the whole preset `demo`. Each runs in its own process under its own server, one
after the other, first idle, which is its baseline, then loaded in the same process. The log is the referee and the same for all;
beside it stands what each counts itself: callbacks that ran, underruns, and of ours gaps, overruns and load (the last since its
start).

The peers need not be installed with us: SYNTH_PEERS_PYTHON names the Python that has them (this one, if it is not set).
`python3 -m venv peers && peers/bin/pip install sounddevice rtmixer pyo signalflow`

Usage: python benchmarks/bench_live.py [--seconds 15] [--idle-seconds 8] [--frames 128 256] [--peers synth pyo ...] [--json]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a checkout that is not installed

from benchmarks import timing
from benchmarks.peer import SAMPLE_RATE
from benchmarks.referee import Referee, referee
from benchmarks.timing import PeerMissing

FOLDER = Path(__file__).resolve().parent
YARDSTICK = "sounddevice"
TARGET_SHARE = 1 / 20  # of the yardstick's misses, at 128 frames
START_S = 240.0  # the first start of ours compiles


class Contender(NamedTuple):
    """Who plays: a script of this folder, and what it is told."""

    title: str
    client: str  # as JACK knows it
    script: str
    arguments: tuple[str, ...] = ()
    module: str | None = None  # of ours, that must be there


CONTENDERS = {
    "synth": Contender("ours, PortAudio", "PortAudio", "peer_synth.py", module="synth.live.live"),
    "synth-jack": Contender("ours, JACK", "synth", "peer_synth.py", ("--device", "jack"), module="synth.io.audio.jack_client"),
    "sounddevice": Contender("sounddevice, Python", "PortAudio", "peer_sounddevice.py"),
    "rtmixer": Contender("rtmixer", "PortAudio", "peer_rtmixer.py"),
    "pyo": Contender("pyo", "pyo", "peer_pyo.py"),
    "signalflow": Contender("signalflow", "miniaudio", "peer_signalflow.py"),
}
OURS = ("synth", "synth-jack")


# ---- one run


def run(name: str, frames: int, options: argparse.Namespace) -> dict[str, Any]:
    """Let one contender play both windows and return what the referee and it counted in each.

    Raises
    ------
    PeerMissing
        If it is not installed, or does not play; the message is one line.
    """
    contender = CONTENDERS[name]
    if contender.module and importlib.util.find_spec(contender.module) is None:
        raise PeerMissing(f"{contender.module} is not in this checkout")
    python = sys.executable if name in OURS else os.environ.get("SYNTH_PEERS_PYTHON", sys.executable)
    command = [python, str(FOLDER / contender.script), *contender.arguments, "--frames", str(frames)]
    command += ["--idle-seconds", str(options.idle_seconds), "--seconds", str(options.seconds)]
    with referee(SAMPLE_RATE, frames) as server, tempfile.TemporaryFile("w+") as complaints:
        with subprocess.Popen(command, env=server.environment, stdout=subprocess.PIPE, stderr=complaints, text=True) as peer:
            watchdog = threading.Timer(START_S + 2 * (options.idle_seconds + options.seconds), peer.kill)
            watchdog.start()
            try:
                marks = listen(peer.stdout, server)
            finally:
                watchdog.cancel()
                if sys.exc_info()[0] is not None:
                    peer.kill()
        if "loaded ends" not in marks or peer.returncode:
            raise PeerMissing(f"ended with {peer.returncode}: {_last_line(complaints)}")
        found = {window: judge(window, marks, server, frames) for window in ("idle", "loaded")}
        return found | {"heard": marks["playing"]["heard"], "real_time": server.is_real_time}


def listen(lines: IO[str] | None, server: Referee) -> dict[str, dict[str, Any]]:
    """Return the peer's marks, each with the moment at which it came; connect what it plays to the card at the first."""
    marks: dict[str, dict[str, Any]] = {}
    for line in lines or ():
        if not line.startswith('{"mark"'):
            continue  # some peers greet
        said = json.loads(line)
        name = said.pop("mark")
        if name == "missing":
            raise PeerMissing(said["problem"])
        if name == "playing":
            said["heard"] = server.connect()
        marks[name] = {**said, "moment": server.moment, "time_s": time.monotonic(), "busy": os.getloadavg()[0]}
    return marks


def judge(window: str, marks: dict[str, dict[str, Any]], server: Referee, frames: int) -> dict[str, Any]:
    """Return a window's figures: the referee's, and by how much each of the peer's own counters rose."""
    begin, end = marks[f"{window} begins"], marks[f"{window} ends"]
    verdict = server.verdict(begin["moment"], end["moment"])
    seconds = end["time_s"] - begin["time_s"]
    loads = {name: end["own"][name] for name in ("load_mean", "load_p999") if name in end["own"]}
    counters = begin["own"].keys() - loads.keys()
    own = {name: end["own"].get(name, 0) - begin["own"].get(name, 0) for name in sorted(counters)}
    return {
        "seconds": seconds,
        "cycles": round(seconds * SAMPLE_RATE / frames),
        "missed": sum(verdict.missed.values()),
        "clients": verdict.missed,
        "timer_late": verdict.timer_late,
        "lines_lost": verdict.lines_lost,
        "load_average": end["busy"],
        "own_cycles": (end["at_s"] - begin["at_s"]) * SAMPLE_RATE / frames,
        "own": own | loads,
    }


def _last_line(complaints: IO[str]) -> str:
    complaints.seek(0)
    return next((line.strip() for line in reversed(complaints.readlines()) if line.strip()), "it said nothing")


# ---- all runs


def report(options: argparse.Namespace) -> dict[str, Any]:
    """Let everyone play at every period and return all figures."""
    found: dict[str, Any] = {"machine": timing.machine(), "cores": os.cpu_count(), "sample_rate": SAMPLE_RATE}
    found |= {"load_average": os.getloadavg(), "runs": {}, "problems": []}
    for frames in options.frames:
        runs = found["runs"][frames] = {}
        for name in options.peers:
            try:
                runs[name] = run(name, frames, options)
            except PeerMissing as missing:
                found["problems"].append(f"{CONTENDERS[name].title}, {frames} frames: {missing}")
                continue
            found["problems"] += [f"{CONTENDERS[name].title}, {frames} frames: {text}" for text in doubts(name, runs[name])]
        for result in runs.values():
            result |= compared(result, runs.get(YARDSTICK))
    return found


def doubts(name: str, result: dict[str, Any]) -> list[str]:
    """Return why a run's figures may mean nothing."""
    windows, client = (result["idle"], result["loaded"]), CONTENDERS[name].client
    checks = {
        f"the card does not hear the client {client}": not any(port.startswith(f"{client}:") for port in result["heard"]),
        "jackd got no real-time scheduling": not result["real_time"],
        "jackd lost lines of its log": any(window["lines_lost"] for window in windows),
        "nothing was sorted: the load was not on": not result["loaded"]["own"].get("sorts"),
    }
    return [text for text, is_true in checks.items() if is_true]


def compared(result: dict[str, Any], yardstick: dict[str, Any] | None) -> dict[str, float]:
    """Return the misses beyond the idle window's rate, and the misses a cycle as a share of the yardstick's."""
    idle, loaded = result["idle"], result["loaded"]
    beyond = {"beyond_idle": max(0.0, loaded["missed"] - idle["missed"] * loaded["cycles"] / max(idle["cycles"], 1))}
    if yardstick is None or not yardstick["loaded"]["missed"]:
        return beyond
    rates = [run["loaded"]["missed"] / run["loaded"]["cycles"] for run in (result, yardstick)]
    return beyond | {"share": rates[0] / rates[1]}


# ---- the table


def show(found: dict[str, Any]) -> None:
    """Print the figures as tables."""
    busy = ", ".join(f"{load:.2f}" for load in found["load_average"])
    print(f"live under load, {found['sample_rate']} Hz, jackd -R -d dummy; {found['machine']}, {found['cores']} cores")
    print(f"load average before: {busy}; missed: jackd says 'was not finished', of so many cycles")
    for frames, runs in found["runs"].items():
        heads = (f"{frames} frames", "missed idle", "missed loaded", "beyond idle", f"of {YARDSTICK}'s", "callbacks run")
        print(f"\n{heads[0]:22}{heads[1]:>14}{heads[2]:>16}{heads[3]:>13}{heads[4]:>18}{heads[5]:>15}  its own counters, loaded")
        for name, result in runs.items():
            print(row(CONTENDERS[name].title, result))
        for line in verdicts(frames, runs):
            print(line)
    for problem in found["problems"]:
        print(f"\n{problem}")


def row(title: str, result: dict[str, Any]) -> str:
    """Return one contender's line."""
    idle, loaded = result["idle"], result["loaded"]
    own = loaded["own"]
    cells = [f"{window['missed']} of {window['cycles']}" for window in (idle, loaded)]
    share = "" if "share" not in result else "0" if not result["share"] else f"1/{1 / result['share']:.3g}"
    ran = f"{100 * own['callbacks'] / loaded['own_cycles']:.0f} %" if "callbacks" in own else ""
    counts = [f"{name} {own[name]:g}" for name in ("underruns", "gaps", "overruns", "late_events") if name in own]
    counts += [f"load {100 * own['load_mean']:.1f} %, p99.9 {100 * own['load_p999']:.0f} %"] if "load_mean" in own else []
    counts += [f"timer late {loaded['timer_late']}"] if loaded["timer_late"] else []
    line = f"{title:22}{cells[0]:>14}{cells[1]:>16}{result['beyond_idle']:13.1f}{share:>18}{ran:>15}  {', '.join(counts)}"
    return line.rstrip()


def verdicts(frames: int, runs: dict[str, Any]) -> list[str]:
    """Return one line for each target that stands for this period: nothing beyond idle at 256 or more, 1/20 at 128 or less."""
    lines = []
    for name in (name for name in OURS if name in runs):
        result, title = runs[name], CONTENDERS[name].title
        if frames >= 256:
            is_reached, words = result["beyond_idle"] <= 0, "nothing missed beyond idle"
        elif "share" in result:
            is_reached, words = result["share"] <= TARGET_SHARE, f"at most 1/{1 / TARGET_SHARE:.0f} of {YARDSTICK}'s misses"
        else:
            continue
        lines.append(f"  {title}: {words}: {'reached' if is_reached else 'missed'}")
    return lines


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=15, help="length of the loaded window")
    parser.add_argument("--idle-seconds", type=float, default=8, help="length of the idle window")
    parser.add_argument("--frames", type=int, nargs="+", default=[128, 256], metavar="N", help="JACK periods")
    parser.add_argument(
        "--peers", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), metavar="NAME", help=", ".join(CONTENDERS)
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    timing.tell(report(options), show, as_json=options.json)


if __name__ == "__main__":
    main()
