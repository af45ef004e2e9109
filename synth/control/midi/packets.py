"""Packets: raw MIDI on its way to the quantum.  port's thread -> ring (one a port) -> decoder.

Every port has a ring of its own, so that each has one writer: a Python thread, or the sound server's callback.
"""

from __future__ import annotations

import numpy as np

from synth.rt.rings import ring_of

PORTS = 8
"""MIDI ports that an engine hears at once; a port keeps its number while it is unplugged."""
PACKETS = 1024
BYTES = 16
"""Of one packet; longer messages take several."""
GONE = -1
"""As a packet's count: the port was unplugged, or bytes were lost; what it holds is to be released."""

PACKET = np.dtype([("frame", "i8"), ("count", "i8"), ("data", "u1", (BYTES,))], align=True)
MIDI_RING = ring_of(PACKET, PACKETS)
