"""A listener who is a JACK client: hears the onset of a sound at one port, presses after his own reaction time at the other.

Compiled: what he hears and does is exact to the frame. A press is channel pressure 127, and 0 a while later.
"""

from __future__ import annotations

import ctypes

import numpy as np
from numba import carray, cfunc, types

from synth.io.audio import libjack as c
from synth.rt.intrinsics import call_address, pointer

_FUNCTIONS = ("port_get_buffer", "last_frame_time", "midi_clear_buffer", "midi_event_reserve")
_WAITING = 8
PRESSER = np.dtype(
    [
        ("client", "i8"),
        ("ear", "i8"),
        ("hand", "i8"),
        *((name, "i8") for name in _FUNCTIONS),
        ("threshold", "f8"),
        ("reaction", "i8"),  # frames from what he hears to his press
        ("rest", "i8"),  # frames after an onset in which he hears no other
        ("held", "i8"),  # frames that a press lasts
        ("deaf_until", "i8"),
        ("now", "i8"),
        ("heard", "i8"),  # onsets so far
        ("due", "i8", (_WAITING,)),  # frames of the messages to come ...
        ("value", "i8", (_WAITING,)),
        ("waiting", "i8"),
    ],
    align=True,
)


def _listen(frame_count, user_data):
    presser, frames = carray(user_data, 1, PRESSER)[0], np.int64(frame_count)
    address = call_address(presser.port_get_buffer, np.intp, presser.ear, np.uint32(frames))
    samples = carray(pointer(address), frames, np.float32)
    buffer = call_address(presser.port_get_buffer, np.intp, presser.hand, np.uint32(frames))
    call_address(presser.midi_clear_buffer, None, buffer)
    for n in range(frames):
        if abs(samples[n]) > presser.threshold and presser.now + n >= presser.deaf_until and presser.waiting + 2 <= 8:
            presser.deaf_until = presser.now + n + presser.rest
            presser.heard += 1
            for value in (127, 0):
                late = presser.reaction + (presser.held if value == 0 else 0)
                presser.due[presser.waiting], presser.value[presser.waiting] = presser.now + n + late, value
                presser.waiting += 1
    while presser.waiting > 0 and presser.due[0] < presser.now + frames:
        offset = max(presser.due[0] - presser.now, 0)
        event = call_address(presser.midi_event_reserve, np.intp, buffer, np.uint32(offset), np.intp(2))
        message = carray(pointer(event), 2, np.uint8)
        message[0], message[1] = 0xD0, presser.value[0]
        presser.waiting -= 1
        for index in range(presser.waiting):
            presser.due[index], presser.value[index] = presser.due[index + 1], presser.value[index + 1]
    presser.now += frames
    return 0


class Presser:
    """The listener; he begins to hear when he is wired."""

    def __init__(self, threshold: float, reaction: int, rest: int, held: int) -> None:
        self._jack, self.record = c.libjack(), np.zeros(1, PRESSER)
        self.handle = self._jack.client_open(b"presser", c.NO_START_SERVER, ctypes.byref(ctypes.c_int()))
        assert self.handle
        record = self.record
        record["client"] = self.handle
        record["threshold"], record["reaction"], record["rest"], record["held"] = threshold, reaction, rest, held
        record["ear"] = self._jack.port_register(self.handle, b"ear", c.AUDIO, c.IS_INPUT, 0)
        record["hand"] = self._jack.port_register(self.handle, b"hand", c.MIDI, c.IS_OUTPUT, 0)
        for name in _FUNCTIONS:
            record[name] = self._jack.address(name)
        signature = types.intc(types.uint32, types.voidptr)
        self._function = cfunc(signature, cache=True, nopython=True, error_model="numpy")(_listen)
        self._jack.set_process_callback(self.handle, self._function.address, record.ctypes.data)
        assert self._jack.activate(self.handle) == 0

    @property
    def heard(self) -> int:
        return int(self.record["heard"][0])

    def close(self) -> None:
        self._jack.client_close(self.handle)
