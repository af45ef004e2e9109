"""A storm of random and malformed MIDI, a million messages in `make soak`: it plays on, decodes as told, and ends every note."""

from __future__ import annotations

import random

import numpy as np

from synth.engine.engine import Engine
from synth.engine.kernels import state
from synth.engine.kernels.event_record import MIDI_NOTE
from synth.engine.midi_map import MidiMap
from synth.preset.default_midi import mapping_of
from synth.preset.library import load_preset
from tests.control.midi.test_decoder import mutated, noise, state_of, state_of_reference, sysex, valid
from tests.support.midi_reference import Reference
from tests.support.sizes import short_and_long

RATE = 48000
CEILING = 10 ** (-1 / 20)
PANIC = bytes([0xF7, *(byte for channel in range(16) for byte in (0xB0 | channel, 123, 0))])


class Port:
    """A port with its stream, and the reference decoder that hears the same."""

    def __init__(self, number: int, data: bytes) -> None:
        self.number, self.data, self.at, self.frame = number, data, 0, 0
        self.reference = Reference(RATE)

    def push(self, engine: Engine, rng: random.Random, count: int) -> None:
        """Hand over the next bytes, some of them late, some a little early."""
        self.frame = max(self.frame, engine.frame + rng.randrange(-100, 200))
        chunk = self.data[self.at : self.at + count]
        engine.push_midi(self.number, chunk, self.frame)
        for byte in chunk:
            self.reference.feed(byte, self.frame)
        self.at += count

    def unplug(self, engine: Engine) -> None:
        engine.unplug_midi(self.number, self.frame)
        self.reference = Reference(RATE)


def open_gates(engine: Engine) -> int:
    """Return how many notes of MIDI are held."""
    voices = engine.state["voices"]
    return int(((voices["life"] != state.IDLE) & (voices["gate"] > 0) & (voices["note"] >= MIDI_NOTE)).sum())


@short_and_long("messages", 20_000, 1_000_000)
def test_whatever_comes_is_decoded_and_every_note_can_be_ended(messages: int) -> None:
    rng = random.Random(3)
    engine, preset = Engine(RATE, seed=3), load_preset("wood_tapping")
    layers = engine.load(preset)
    MidiMap(engine, mapping_of(preset), layers, {})
    engine.process(64)
    ports = [Port(n, generate(rng, messages // 4)) for n, generate in enumerate((valid, mutated, sysex, noise))]
    most_held = 0
    while any(port.at < len(port.data) for port in ports):
        for port in ports:
            for _ in range(rng.randrange(60)):
                port.push(engine, rng, rng.randrange(1, 80))
            if rng.random() < 0.01:
                port.unplug(engine)
        out = engine.process(rng.choice([1, 63, 64, 200, 441]))
        engine.asked()
        assert np.isfinite(out).all()
        assert np.abs(out).max(initial=0) <= CEILING
        most_held = max(most_held, open_gates(engine))
    assert most_held > 8
    engine.process(512)
    for port in ports:
        port.reference.flush(engine.frame)
        assert state_of(engine.state["keyboards"][port.number]["decoder"]) == state_of_reference(port.reference), port.number
        assert engine.state["midi"][port.number]["lost"] == 0
    for port in ports[:3]:
        engine.push_midi(port.number, PANIC, engine.frame)
    engine.unplug_midi(ports[3].number)
    engine.process(512)
    assert open_gates(engine) == 0
    assert engine.state["messages"] > messages // 4
    engine.process(RATE)
    assert engine.counters["scrubbed"] == engine.counters["muted"] == 0
    for port in ports:
        engine.push_midi(port.number, b"\xf7\x90\x40\x60", engine.frame)
    engine.process(512)
    assert open_gates(engine) == len(ports)
