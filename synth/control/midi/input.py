"""MIDI input: where raw bytes enter the engine.  bytes, frame -> packets -> the port's ring.

For one thread a port: a Python one, or the sound server's callback.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from synth.control.midi.packets import BYTES, GONE, MIDI_RING, PACKETS, PORTS
from synth.rt import kernel, rings
from synth.rt.intrinsics import pointer

_RING_BYTES = MIDI_RING.itemsize


@kernel
def push_midi(rings_address, port, frame, data_address, count):
    """Hand bytes of one port to the engine.

    Parameters
    ----------
    rings_address : address of the engine's MIDI_RING records, one a port.
    port : 0 .. PORTS - 1; one thread writes to it.
    frame : absolute frame at which they count, never less than for the bytes before; negative: the first not yet rendered.
    data_address : address of the bytes.
    count : how many; `packets.GONE`: none, but what the port holds is released.

    Returns
    -------
    int : how many bytes found room. If some did not, the engine releases what the port holds, for a release may be among them.
    """
    if not 0 <= port < PORTS:
        return 0
    ring_address = rings_address + port * _RING_BYTES
    ring = carray(pointer(ring_address), 1, MIDI_RING)[0]
    read, written = rings.load_read(ring_address), ring.written
    if count < 0:
        if written - read < PACKETS:
            item = ring.items[written % PACKETS]
            item.frame, item.count = frame, GONE
            rings.store_written(ring_address, written + 1)
        else:
            ring.lost += 1
        return 0
    data = carray(pointer(data_address), count, np.uint8)
    done = 0
    while done < count and written - read < PACKETS:
        item = ring.items[written % PACKETS]
        item.frame = frame
        item.count = min(count - done, BYTES)
        for index in range(item.count):
            item.data[index] = data[done + index]
        done += item.count
        written += 1
    ring.lost += done < count
    rings.store_written(ring_address, written)
    return done
