"""A program with virtual MIDI outputs under JACK, told over stdin what to do: stands for a controller that is plugged in.

python -m tests.support.midi_source CLIENT PORT

    send 90 3c 40      one message, bytes in hexadecimal
    burst N SEED       N random messages, some in bursts, some spaced; answers when done: their times and bytes, as JSON
    quit               unplugs as a program that closes its port; to unplug like a cable: kill the process

Every line but `quit` is answered by one line.
"""

from __future__ import annotations

import json
import random
import sys
import time

import rtmidi


def random_message(rng: random.Random) -> list[int]:
    status = rng.choice([0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF8, 0xF2])
    length = {0xC0: 2, 0xD0: 2, 0xF8: 1}.get(status, 3)
    channel = rng.randrange(16) if status < 0xF0 else 0
    return [status | channel, *(rng.randrange(128) for _ in range(length - 1))]


def burst(out: rtmidi.MidiOut, count: int, seed: int) -> list[tuple[float, str]]:
    rng, sent = random.Random(seed), []
    while len(sent) < count:
        for _ in range(min(rng.choice([1, 1, 1, 40]), count - len(sent))):
            message = random_message(rng)
            sent.append((time.monotonic(), bytes(message).hex()))
            out.send_message(message)
        time.sleep(rng.uniform(0.0, 0.01))
    return sent


def notify(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, sys.argv[1])
    out.open_virtual_port(sys.argv[2])
    notify("open")
    for line in sys.stdin:
        verb, *words = line.split()
        if verb == "quit":
            break
        if verb == "send":
            out.send_message([int(word, 16) for word in words])
            notify("sent")
        if verb == "burst":
            notify(json.dumps(burst(out, int(words[0]), int(words[1]))))
    out.delete()


if __name__ == "__main__":
    main()
