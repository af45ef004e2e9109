"""What test_jack.py lets happen in a process of its own, as a client of a server: python -m tests.support.jack_scenes NAME.

Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from synth.engine.engine import Engine
from synth.engine.entry import process_address
from synth.io.audio import device_clock
from synth.io.audio.audio_block import LIVE
from synth.io.audio.jack_callback import JACK_PORT
from synth.io.audio.jack_client import Client, open_client
from synth.parameters.errors import InputError
from tests.support import jack_graph

RATE = 48000
_TRIES = 3


def scene() -> Engine:
    engine = Engine(RATE, seed=2)
    motion = {"kind": "sweep", "period_s": 1}
    engine.add("tap", gesture={"kind": "taps", "rate_hz": 9}, motion=motion, azimuth_deg=30, distance_m=0.2)
    return engine


def live_record(engine: Engine) -> np.ndarray:
    live = np.zeros(1, LIVE)
    live["process"] = process_address()
    live["state"], live["tables"] = engine.go_live()
    live["midi"] = engine.midi_address
    device_clock.start(live["clock"][0], float(RATE))
    return live


def origin(client: Client, live: np.ndarray) -> int:
    """Return JACK's frame time of the engine's frame 0, if none has been lost; what was read amid a callback is read again."""
    begins: list[int] = []
    while len(begins) < 2 or begins[-1] != begins[-2]:
        begins.append(int(client.record["due"][0]) - int(live["frames"][0]))
        time.sleep(0.001)
    return begins[-1]


def counts(client: Client, live: np.ndarray) -> dict[str, Any]:
    row, record = live[0], client.record[0]
    names = ("callbacks", "frames", "smallest", "largest", "underflows", "lost_frames")
    return {
        **{name: int(row[name]) for name in names},
        **{name: int(record[name]) for name in ("midi_events", "midi_cut", "delay_frames")},
        "loads": int(row["loads"].sum()),
        "is_realtime": client.is_realtime,
    }


def sound() -> dict[str, Any]:
    """Write down in another client what the synth plays, and compare it with the offline render."""
    for _ in range(_TRIES):
        engine = scene()
        live = live_record(engine)
        client, ear = open_client(live, RATE), jack_graph.listener(2 * RATE)
        client.activate()
        connected = client.connect_outputs("listener:")
        time.sleep(0.1)
        ear.start()
        ear.wait()
        begin = int(ear.record["began_at"][0]) - origin(client, live)
        facts, gaps = counts(client, live), int(live["clock"]["gaps"][0] + ear.record["gaps"][0])
        client.close()
        ear.close()
        if gaps == 0:
            break
    expected = scene().process(begin + 2 * RATE)[begin:]
    wrong, loudest = int((ear.data != expected).sum()), float(np.abs(expected).max())
    return {"gaps": gaps, "connected": connected, "begin": begin, "wrong": wrong, "loudest": loudest, **facts}


def midi() -> dict[str, Any]:
    """Send notes at random frames from a client in the same graph; compare with the frames at which they stand in the ring."""
    offsets = np.cumsum(np.random.default_rng(5).integers(0, 300, 500))
    for _ in range(_TRIES):
        engine = scene()
        live = live_record(engine)
        client, notes = open_client(live, RATE), jack_graph.source(offsets)
        client.activate()
        came = client.connect_midi("NOTES")
        time.sleep(0.1)
        notes.start()
        notes.wait()
        time.sleep(0.1)
        begin = int(notes.record["began_at"][0]) - origin(client, live)
        facts, gaps = counts(client, live), int(live["clock"]["gaps"][0] + notes.record["gaps"][0])
        notes.close()
        went = client.connect_new_midi()[1]
        time.sleep(0.1)
        client.close()
        if gaps == 0:
            break
    ring = engine.state["midi"][JACK_PORT]
    items = ring["items"][: int(ring["written"])]
    heard = items[items["count"] == 3]
    errors = np.unique(heard["frame"] - (begin + offsets + facts["delay_frames"])).tolist()
    return {
        **{"gaps": gaps, "came": came, "went": went, "heard": len(heard), "errors": errors},
        "same_bytes": bool((heard["data"][:, :3] == jack_graph.MESSAGE).all()),
        "first": int(items["count"][0]),
        "last": int(items["count"][-1]),
        **facts,
    }


def death() -> dict[str, Any]:
    """Play, say so, go on until the server has died, say so; when told, play on the next one."""
    engine = scene()
    live = live_record(engine)
    client = open_client(live, RATE)
    client.activate()
    client.connect_outputs()
    sys.stdout.write("playing\n")
    sys.stdout.flush()
    end_s = time.monotonic() + 20.0
    while not client.is_shut_down and time.monotonic() < end_s:
        time.sleep(0.01)
    was_shut_down, polled = client.is_shut_down, client.connect_new_midi()
    client.close()
    client.close()
    asked_late = [client.latency_s, client.buffer_frames, client.is_realtime, *client.connect_new_midi()]
    before = int(live["frames"][0])
    said = refused(lambda: open_client(live, RATE))
    sys.stdout.write("closed\n")
    sys.stdout.flush()
    sys.stdin.readline()
    client = open_client(live, RATE)
    client.activate()
    connected = client.connect_outputs()
    while live["frames"][0] < before + RATE // 10 and time.monotonic() < end_s:
        time.sleep(0.01)
    played, is_shut_down = int(live["frames"][0]) - before, client.is_shut_down
    client.close()
    facts = {"was_shut_down": was_shut_down, "polled": polled, "asked_late": asked_late, "said": said}
    return {**facts, "connected": connected, "played": played, "is_shut_down": is_shut_down}


def refused(ask: Callable[[], object]) -> str:
    """Return how it was refused, "" if it was not."""
    try:
        ask()
    except InputError as error:
        return str(error)
    return ""


def refusals() -> dict[str, Any]:
    """Ask for what there is not, beside a client that plays."""
    engine = scene()
    live = live_record(engine)
    client = open_client(live, RATE, inputs=2)
    client.activate()
    return {
        "rate": refused(lambda: open_client(np.zeros(1, LIVE), 44100.0)),
        "inputs": refused(lambda: open_client(np.zeros(1, LIVE), RATE, inputs=3)),
        "output": refused(lambda: client.connect_outputs("nonesuch")),
        "name": client.name,
        "second": open_client(np.zeros(1, LIVE), RATE).name,
        "connected": client.connect_inputs(),
        "buffer_frames": client.buffer_frames,
        "latency_s": client.latency_s,
        "closed": client.close(),
    }


if __name__ == "__main__":
    name_of = {function.__name__: function for function in (sound, midi, death, refusals)}
    sys.stdout.write(json.dumps(name_of[sys.argv[1]]()) + "\n")
