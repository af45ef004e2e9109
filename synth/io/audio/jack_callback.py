"""JACK's process callback: compiled, without Python.  MIDI and audio in -> clock -> `process` -> two port buffers, counters.

JACK calls the functions with the address of a JACK record as their argument. libjack's own functions are called by the
addresses in that record, so the compiled code does not depend on where libjack was loaded, or whether.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray, types

from synth.control.midi.input import push_midi
from synth.control.midi.packets import GONE, PORTS
from synth.io.audio import audio_block, device_clock
from synth.io.audio.audio_block import LIVE
from synth.rt import callback, kernel
from synth.rt.intrinsics import address_of, call_address, cycles, load_acquire, pointer, store_release
from synth.rt.records import offset
from synth.rt.units import QUANTUM

JACK_PORT = PORTS - 1
"""The engine's MIDI port that hears the client's `midi_in`."""
MAX_FRAMES = 8192
"""JACK's largest block; a larger one is silent and counted."""
MAX_INPUTS = 2

_MIDI_EVENT = np.dtype([("frame", "u4"), ("size", "u8"), ("data", "u8")], align=True)  # jack_midi_event_t
FUNCTIONS = ("port_get_buffer", "midi_get_event_count", "midi_event_get", "last_frame_time", "get_time")
"""Those of libjack that the callback calls, without their `jack_`."""
JACK = np.dtype(
    [
        ("live", "i8"),  # address of a LIVE record
        ("client", "i8"),
        ("outputs", "i8", (2,)),  # ports
        ("inputs", "i8", (MAX_INPUTS,)),
        ("midi_in", "i8"),
        *((name, "i8") for name in FUNCTIONS),
        ("has_begun", "i8"),
        ("due", "u4"),  # JACK's frame time at which the next block begins if none is lost
        ("delay_frames", "i8"),  # from a MIDI message's own frame to the one at which it acts
        ("midi_events", "i8"),
        ("midi_cut", "i8"),  # messages that found no room, or not for all of their bytes
        ("partings", "i8"),  # how often a MIDI source has gone; Python's
        ("partings_heard", "i8"),
        ("oversized", "i8"),
        ("xruns", "i8"),  # said by JACK, whoever caused them
        ("is_shut_down", "i8"),
        ("is_leaving", "i8"),  # what the client is to play is over: nothing but its ports is touched any more; Python's
        ("event", _MIDI_EVENT),
        ("coming", "f4", (MAX_FRAMES * MAX_INPUTS,)),
        ("going", "f4", (MAX_FRAMES * 2,)),
    ],
    align=True,
)
_COMING_AT, _GOING_AT = offset(JACK, "coming"), offset(JACK, "going")
_SHUT_DOWN_AT, _PARTINGS_AT, _LEAVING_AT = (offset(JACK, name) for name in ("is_shut_down", "partings", "is_leaving"))


@kernel
def _samples(jack, port, frames):
    """Return this block's buffer of an audio port, f4 (frames,)."""
    address = call_address(jack.port_get_buffer, np.intp, port, np.uint32(frames))
    return carray(pointer(address), frames, np.float32)


@kernel
def _note_time(jack, live, frames):
    """Count the frames that JACK went through without calling, and move the clock past them."""
    now = call_address(jack.last_frame_time, np.uint32, jack.client)
    lost = np.int64(np.int32(now - jack.due))  # the frame time begins anew after 2 ** 32
    if jack.has_begun and lost != 0:
        live.lost_frames += max(lost, 0)
        device_clock.skip(live.clock, address_of(live.clock), lost)
    jack.has_begun = 1
    jack.due = np.uint32(now + frames)


@kernel
def _read_midi(jack, live, frames):
    """Hand this block's messages to the engine, each at its own frame.

    While blocks are whole quanta nothing is rendered ahead and a message acts at its frame. From the first other block on up to
    63 frames are, so that every message then waits for one quantum.
    """
    if live.frames % QUANTUM != 0 or frames % QUANTUM != 0:
        jack.delay_frames = QUANTUM
    begin = live.frames + jack.delay_frames
    partings = load_acquire(address_of(jack) + _PARTINGS_AT)
    if partings != jack.partings_heard:
        push_midi(live.midi, JACK_PORT, begin, 0, GONE)
        jack.partings_heard = partings
    buffer = call_address(jack.port_get_buffer, np.intp, jack.midi_in, np.uint32(frames))
    count = call_address(jack.midi_get_event_count, np.uint32, buffer)
    for index in range(count):
        call_address(jack.midi_event_get, np.int32, address_of(jack.event), buffer, np.uint32(index))
        size = np.int64(jack.event.size)
        done = push_midi(live.midi, JACK_PORT, begin + jack.event.frame, np.int64(jack.event.data), size)
        jack.midi_events += 1
        jack.midi_cut += done < size


@kernel
def _read_inputs(jack, channels, frames):
    """Interleave the input ports; return the address of what came, 0 if there are no inputs."""
    for channel in range(channels):
        samples = _samples(jack, jack.inputs[channel], frames)
        for n in range(frames):
            jack.coming[n * channels + channel] = samples[n]
    return address_of(jack) + _COMING_AT if channels > 0 else 0


@kernel
def _write_outputs(jack, frames):
    left, right = _samples(jack, jack.outputs[0], frames), _samples(jack, jack.outputs[1], frames)
    for n in range(frames):
        left[n] = jack.going[2 * n]
        right[n] = jack.going[2 * n + 1]


@kernel
def _silence(jack, frames):
    """Hand out silence."""
    for ear in range(2):
        samples = _samples(jack, jack.outputs[ear], frames)
        for n in range(frames):
            samples[n] = 0.0


@kernel
def serve(jack, frames):
    """Fill one block of the output ports."""
    if load_acquire(address_of(jack) + _LEAVING_AT):
        _silence(jack, frames)
        return
    if frames > MAX_FRAMES:
        jack.oversized += 1  # its frames count as lost with the next block
        _silence(jack, frames)
        return
    begin = cycles()
    live = carray(pointer(jack.live), 1, LIVE)[0]
    _note_time(jack, live, frames)
    _read_midi(jack, live, frames)
    in_address = _read_inputs(jack, live.inputs, frames)
    time_s = call_address(jack.get_time, np.uint64) * 1e-6
    audio_block.render(live, in_address, address_of(jack) + _GOING_AT, frames, time_s)
    _write_outputs(jack, frames)
    audio_block.note_load(live, begin, frames)


def _process(frame_count: Any, user_data: Any) -> int:
    frames = np.int64(frame_count)
    if frames > 0:
        serve(carray(user_data, 1, JACK)[0], frames)
    return 0


def _xrun(user_data: Any) -> int:
    jack = carray(user_data, 1, JACK)[0]
    jack.xruns += 1
    carray(pointer(jack.live), 1, LIVE)[0].underflows += 1
    return 0


def _shut_down(user_data: Any) -> None:
    store_release(address_of(carray(user_data, 1, JACK)[0]) + _SHUT_DOWN_AT, 1)


def _notify_nobody(_message: Any) -> None:
    return


_CALLBACKS: dict[str, tuple[Any, Any]] = {
    "process": (types.intc(types.uint32, types.voidptr), _process),
    "xrun": (types.intc(types.voidptr), _xrun),
    "shutdown": (types.void(types.voidptr), _shut_down),
    "message": (types.void(types.voidptr), _notify_nobody),
}


def callbacks() -> dict[str, Any]:
    """Return the compiled callbacks by what they hear; keep them alive until the client is closed."""
    return {name: callback(function, signature) for name, (signature, function) in _CALLBACKS.items()}
