"""Random everything through every way into a `synth play`, until told to stop: JSON lines, OSC, OSCQuery, shared memory, MIDI.

Senders run in threads of the test's process; each counts what it sent. What is sent is valid, nearly valid, or nonsense.
"""

from __future__ import annotations

import contextlib
import json
import random
import socket
import struct
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

import synth
from synth.control.commands import LINES, OSC, names_of
from synth.parameters.errors import InputError
from tests.support.osc_storm import raw

PRESETS = ("tap", "rain", "demo", "nails_on_glass", "fizz")
_PATHS = ("master.level_db", "master.room_db", "tap.level_db", "rain.azimuth_deg", "tap.hardness", "nobody.level_db", "x" * 300)
_VALUES = (0, -6.0, 1e30, -1e30, "glass", None, True, [], {}, "\x1b[2J")


class Everything:
    """Sends until it is stopped.

    Parameters
    ----------
    player : the process, with a pipe for its stdin and to a MIDI source.
    shared : name of its shared memory.
    port : where it hears OSC.
    midi : a process of tests/support/midi_source.py.
    seed : another one sends something else.
    """

    def __init__(
        self, player: subprocess.Popen[Any], shared: str, port: int, midi: subprocess.Popen[str] | None, seed: int
    ) -> None:
        self._player, self._shared, self._place, self._midi, self._seed = player, shared, ("127.0.0.1", port), midi, seed
        self._ended = threading.Event()
        self.sent: Counter[str] = Counter()
        ways = (self._lines, self._osc, self._queries, self._memory, self._keys)
        self._threads = [threading.Thread(target=self._run, args=(way,), daemon=True) for way in ways]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, way: Callable[[random.Random], None]) -> None:
        rng = random.Random(f"{self._seed} {way.__name__}")
        while not self._ended.wait(rng.choice((0.0, 0.002, 0.01, 0.05))):
            with contextlib.suppress(OSError, InputError, ValueError):
                way(rng)
                self.sent[way.__name__] += 1

    def _lines(self, rng: random.Random) -> None:
        line: Any = {rng.choice(_PATHS): rng.choice((*_VALUES, rng.uniform(-60, 10))) for _ in range(rng.randrange(4))}
        if rng.random() < 0.3:
            line = {"do": rng.choice(names_of(LINES)), "name": rng.choice(("tap", "rain", "nobody", 1))}
        if rng.random() < 0.1:
            line = {"strike": rng.choice(("tap", "rain", "nobody")), "velocity": rng.choice((0.5, 2, None))}
        data = json.dumps(line).encode() + b"\n"
        if rng.random() < 0.1:
            data = rng.randbytes(rng.randrange(200)) + rng.choice((b"\n", b""))
        self._player.stdin.write(data)  # type: ignore[union-attr]
        self._player.stdin.flush()  # type: ignore[union-attr]

    def _osc(self, rng: random.Random) -> None:
        address = "/" + rng.choice(_PATHS).replace(".", "/")
        packets = [raw(address, "f", [rng.uniform(-60, 10)]), raw("/*/*_db", "f", [rng.uniform(-30, 0)]), rng.randbytes(100)]
        name = rng.choice(names_of(OSC))
        argument = rng.choice(PRESETS) if name == "preset" and rng.random() < 0.02 else rng.choice(("nobody", "1"))
        packets += [raw(f"/synth/{name}", "s", [argument]), raw(f"/{rng.choice(PRESETS)}/strike", "f", [rng.random()])]
        packets += [raw("/{" + ",".join(f"*{rng.randrange(1 << 30)}*" for _ in range(16)) + "}/*", "f", [0.0])]
        packet = rng.choice(packets)
        if rng.random() < 0.2:
            tag = struct.pack(">Q", rng.choice((1, rng.randrange(1 << 64))))
            packet = b"#bundle\0" + tag + (struct.pack(">i", len(packet)) + packet) * rng.choice((1, 5, 300))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(packet[:60_000], self._place)

    def _queries(self, rng: random.Random) -> None:
        if rng.random() > 0.1:
            return
        asked = rng.choice((b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HT", rng.randbytes(50), b""))
        with socket.create_connection(self._place, timeout=0.5) as one:
            one.sendall(asked)
            if rng.random() < 0.7:
                one.recv(1 << 16)

    def _memory(self, rng: random.Random) -> None:
        with synth.connect(self._shared, wait_s=1.0) as connection:
            for _ in range(rng.randrange(100)):
                values = np.random.default_rng(rng.randrange(1 << 30)).uniform(
                    -30, 1, (rng.choice((1, 1, 50)), len(connection.space))
                )
                values[rng.random() < 0.5, :] = np.nan
                connection.push(values, at=np.full(len(values), connection.frame + rng.randrange(100_000)))
                time.sleep(0.01)

    def _keys(self, rng: random.Random) -> None:
        if self._midi is not None and rng.random() < 0.2:
            assert self._midi.stdin
            assert self._midi.stdout
            self._midi.stdin.write(f"burst {rng.randrange(1, 60)} {rng.randrange(1 << 20)}\n")
            self._midi.stdin.flush()
            self._midi.stdout.readline()
