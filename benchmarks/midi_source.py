"""Stands for a controller: one virtual MIDI output under JACK.  numbered notes, irregularly spaced -> when each was sent.

python benchmarks/midi_source.py NAME COUNT, then on stdin: a line to begin; it answers with the times as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import time

SPACING_S = (0.002, 0.018)


def numbered(index: int) -> list[int]:
    """Return a note whose key and velocity say which one it is."""
    return [0x90, index >> 7 & 0x7F, index & 0x7F]


def number_of(message: bytes) -> int:
    """Return which one of the notes it is."""
    return message[1] << 7 | message[2]


def main() -> None:
    """Open the port, wait for the word, send, tell."""
    import rtmidi

    name, count = sys.argv[1], int(sys.argv[2])
    out, spacing = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name), random.Random(1)
    out.open_virtual_port("keys")
    print("open", flush=True)
    if not sys.stdin.readline():
        return
    sent_s = []
    for index in range(count):
        sent_s.append(time.monotonic())
        out.send_message(numbered(index))
        time.sleep(spacing.uniform(*SPACING_S))
    print(json.dumps(sent_s), flush=True)
    sys.stdin.readline()
    out.delete()


if __name__ == "__main__":
    main()
