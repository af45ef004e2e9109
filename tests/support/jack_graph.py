"""A JACK graph for tests: compiled clients beside the synth, one that sends MIDI and one that listens.

Every client notes JACK's own frame times, so that what left one can be found in the other to the sample.
"""

from __future__ import annotations

import ctypes
import time

import numpy as np
from numba import carray, cfunc, types

from synth.io.audio import libjack as c
from synth.rt import kernel
from synth.rt.intrinsics import call_address, pointer

MESSAGE = (0x90, 60, 100)
_FUNCTIONS = ("port_get_buffer", "last_frame_time", "midi_clear_buffer", "midi_event_reserve")
PEER = np.dtype(
    [
        ("client", "i8"),
        ("ports", "i8", (2,)),
        *((name, "i8") for name in _FUNCTIONS),
        ("data", "i8"),  # listener: f4 (room, 2); source: u4 (room,), when each message is to leave after the start
        ("room", "i8"),
        ("done", "i8"),
        ("began_at", "u4"),  # JACK's frame time
        ("due", "u4"),
        ("gaps", "i8"),
        ("is_on", "i8"),
        ("message", "u1", (3,)),
    ],
    align=True,
)


@kernel
def _note_time(peer, frames):
    now = call_address(peer.last_frame_time, np.uint32, peer.client)
    if peer.is_on == 1:
        peer.is_on, peer.began_at, peer.due = 2, now, now
    peer.gaps += peer.is_on == 2 and now != peer.due
    peer.due = np.uint32(now + frames)
    return now


def _listen(frame_count, user_data):
    peer, frames = carray(user_data, 1, PEER)[0], np.int64(frame_count)
    _note_time(peer, frames)
    data = carray(pointer(peer.data), (peer.room, 2), np.float32)
    count = min(frames, peer.room - peer.done) if peer.is_on == 2 else 0
    for ear in range(2):
        address = call_address(peer.port_get_buffer, np.intp, peer.ports[ear], np.uint32(frames))
        samples = carray(pointer(address), frames, np.float32)
        for n in range(count):
            data[peer.done + n, ear] = samples[n]
    peer.done += count
    return 0


def _send(frame_count, user_data):
    peer, frames = carray(user_data, 1, PEER)[0], np.int64(frame_count)
    now = _note_time(peer, frames)
    buffer = call_address(peer.port_get_buffer, np.intp, peer.ports[0], np.uint32(frames))
    call_address(peer.midi_clear_buffer, None, buffer)
    plan = carray(pointer(peer.data), peer.room, np.uint32)
    begin = np.int64(np.uint32(now - peer.began_at))
    while peer.is_on == 2 and peer.done < peer.room and plan[peer.done] < begin + frames:
        offset = max(np.int64(plan[peer.done]) - begin, 0)
        address = call_address(peer.midi_event_reserve, np.intp, buffer, np.uint32(offset), np.intp(3))
        message = carray(pointer(address), 3, np.uint8)
        for index in range(3):
            message[index] = peer.message[index]
        peer.done += 1
    return 0


class Peer:
    """A JACK client with a compiled callback over an array; `start` it when the graph is wired."""

    def __init__(self, name: str, function, data: np.ndarray, ports: tuple[str, ...], kind: bytes, flags: int) -> None:
        self._jack, self.data, self.record = c.libjack(), data, np.zeros(1, PEER)
        self.handle = self._jack.client_open(name.encode(), c.NO_START_SERVER, ctypes.byref(ctypes.c_int()))
        assert self.handle
        record = self.record
        record["client"], record["data"], record["room"] = self.handle, data.ctypes.data, len(data)
        record["ports"][0, : len(ports)] = [
            self._jack.port_register(self.handle, port.encode(), kind, flags, 0) for port in ports
        ]
        record["message"] = MESSAGE
        for function_name in _FUNCTIONS:
            record[function_name] = self._jack.address(function_name)
        signature = types.intc(types.uint32, types.voidptr)
        self._function = cfunc(signature, cache=True, nopython=True, error_model="numpy")(function)
        self._jack.set_process_callback(self.handle, self._function.address, record.ctypes.data)
        assert self._jack.activate(self.handle) == 0

    def start(self) -> None:
        self.record["is_on"] = 1

    def wait(self, timeout_s: float = 30.0) -> None:
        end_s = time.monotonic() + timeout_s
        while self.record["done"][0] < self.record["room"][0] and time.monotonic() < end_s:
            time.sleep(0.02)
        assert self.record["done"][0] == self.record["room"][0]

    def close(self) -> None:
        self._jack.client_close(self.handle)


def listener(frames: int, name: str = "listener") -> Peer:
    """Return a client that writes down `frames` frames of its ports `left` and `right`."""
    return Peer(name, _listen, np.zeros((frames, 2), np.float32), ("left", "right"), c.AUDIO, c.IS_INPUT)


def source(offsets: np.ndarray, name: str = "source") -> Peer:
    """Return a client that sends MESSAGE from its port `notes` at each of the offsets, in frames after its start."""
    return Peer(name, _send, offsets.astype(np.uint32), ("notes",), c.MIDI, c.IS_OUTPUT)
