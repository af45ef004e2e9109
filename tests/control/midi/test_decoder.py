"""The MIDI decoder: every kind of message, what devices do to them, zones, and thousands of random and malformed messages."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

import mido
import numpy as np
import pytest

from synth.control.midi import messages as m
from synth.control.midi import mpe
from synth.control.midi.decoder import feed, flush, reset
from synth.rt import kernel
from tests.support import midi_reference
from tests.support.sizes import short_and_long

SAMPLE_RATE = 48000.0
WAIT_FRAMES = 240
FIELDS = ("kind", "channel", "number", "scope", "channels", "value", "frame")
Found = midi_reference.Found


@kernel
def _keep(out, count, into, kept):
    for index in range(count):
        into[kept + index] = out[index]
    return kept + count


@kernel
def _play(decoder, data, frames, quantum_frames, out, into):
    """Feed a stream as the engine does, flushing every quantum (0: never)."""
    kept, quantum_frame = 0, frames[0]
    for index in range(len(data)):
        while quantum_frames > 0 and quantum_frame <= frames[index]:
            kept = _keep(out, flush(decoder, quantum_frame, out), into, kept)
            quantum_frame += quantum_frames
        kept = _keep(out, feed(decoder, data[index], frames[index], out), into, kept)
    return _keep(out, flush(decoder, frames[-1] + decoder.wait_frames + 1, out), into, kept)


def fresh() -> np.void:
    decoder = np.zeros(1, m.DECODER)[0]
    reset(decoder, SAMPLE_RATE)
    return decoder


def play(
    decoder: np.void, data: bytes | Sequence[int], frames: np.ndarray | Sequence[int] | None = None, quantum_frames: int = 64
) -> np.ndarray:
    """Return the messages that a stream gives; all at frame 0 if no frames are named."""
    count = len(data)
    into = np.zeros(3 * count + 100, m.MESSAGE)  # a controller makes three messages at most
    out = np.zeros(m.OUT_MESSAGES, m.MESSAGE)
    frames = np.zeros(count, np.int64) if frames is None else np.asarray(frames, np.int64)
    kept = _play(decoder, np.frombuffer(bytes(data), np.uint8), frames, quantum_frames, out, into)
    assert kept <= len(into)
    return into[:kept]


def said(data: Sequence[int], decoder: np.void | None = None, frames: Sequence[int] | None = None) -> list[tuple]:
    """Return (kind, channel, number, value) of each message."""
    found = play(fresh() if decoder is None else decoder, data, frames)
    return [(*(int(message[name]) for name in FIELDS[:3]), float(message["value"])) for message in found]


def parameter(channel: int, kind: int, number: int, *values: int) -> list[int]:
    """Return the bytes that set a parameter: its most and, if given, its least significant byte."""
    selector = 101 if kind == m.RPN else 99
    named = [selector, number >> 7, selector - 1, number & 127]
    return [0xB0 | channel, *named, *(byte for pair in zip((6, 38), values, strict=False) for byte in pair)]


WITH_MIDO = [
    (mido.Message("note_on", channel=3, note=60, velocity=100), (m.NOTE_ON, 3, 60, 100 / 127)),
    (mido.Message("note_on", channel=3, note=60, velocity=0), (m.NOTE_OFF, 3, 60, 64 / 127)),
    (mido.Message("note_off", channel=15, note=127, velocity=1), (m.NOTE_OFF, 15, 127, 1 / 127)),
    (mido.Message("polytouch", channel=0, note=1, value=127), (m.POLY_PRESSURE, 0, 1, 1.0)),
    (mido.Message("aftertouch", channel=9, value=64), (m.CHANNEL_PRESSURE, 9, 0, 64 / 127)),
    (mido.Message("pitchwheel", channel=2, pitch=-8192), (m.BEND, 2, 0, -2.0)),
    (mido.Message("pitchwheel", channel=2, pitch=0), (m.BEND, 2, 0, 0.0)),
    (mido.Message("pitchwheel", channel=2, pitch=8191), (m.BEND, 2, 0, 2 * 8191 / 8192)),
    (mido.Message("control_change", channel=1, control=64, value=127), (m.CONTROL, 1, 64, 1.0)),
    (mido.Message("control_change", channel=1, control=1, value=5), (m.CONTROL, 1, 1, 5 / 127)),
    (mido.Message("control_change", channel=1, control=45, value=5), (m.CONTROL, 1, 45, 5 / 127)),
    (mido.Message("control_change", channel=1, control=120, value=0), (m.PANIC, 1, 120, 0.0)),
    (mido.Message("control_change", channel=1, control=123, value=0), (m.PANIC, 1, 123, 0.0)),
    (mido.Message("program_change", channel=7, program=99), (m.PROGRAM, 7, 99, 0.0)),
    (mido.Message("clock"), (m.CLOCK, 0, 0, 0.0)),
    (mido.Message("start"), (m.START, 0, 0, 0.0)),
    (mido.Message("continue"), (m.CONTINUE, 0, 0, 0.0)),
    (mido.Message("stop"), (m.STOP, 0, 0, 0.0)),
]
WITHOUT_MEANING = [
    mido.Message("active_sensing"),
    mido.Message("reset"),
    mido.Message("tune_request"),
    mido.Message("songpos", pos=300),
    mido.Message("song_select", song=3),
    mido.Message("quarter_frame", frame_type=1, frame_value=2),
    mido.Message("sysex", data=range(128)),
]


@pytest.mark.parametrize(("sent", "expected"), WITH_MIDO, ids=lambda value: getattr(value, "type", None))
def test_each_kind_arrives_as_mido_sends_it(sent: mido.Message, expected: tuple) -> None:
    assert said(sent.bytes()) == [expected]


def test_what_means_nothing_here_passes_in_silence() -> None:
    decoder = fresh()
    assert said([byte for message in WITHOUT_MEANING for byte in message.bytes()], decoder) == []
    assert (decoder["stray"], decoder["truncated"], decoder["undefined"]) == (0, 0, 0)


def test_every_note_and_velocity_round_trips() -> None:
    sent = [
        mido.Message("note_on", channel=note % 16, note=note, velocity=value) for note in range(128) for value in range(1, 128)
    ]
    found = said([byte for message in sent for byte in message.bytes()])
    assert found == [(m.NOTE_ON, message.channel, message.note, message.velocity / 127) for message in sent]


@pytest.mark.parametrize(
    ("data", "expected", "counters"),
    [
        pytest.param(
            [0x90, 1, 2, 3, 4], [(m.NOTE_ON, 0, 1, 2 / 127), (m.NOTE_ON, 0, 3, 4 / 127)], (0, 0, 0), id="running status"
        ),
        pytest.param([0x90, 1, 0xF8, 2], [(m.CLOCK, 0, 0, 0.0), (m.NOTE_ON, 0, 1, 2 / 127)], (0, 0, 0), id="clock inside"),
        pytest.param(
            [0x90, 1, 2, 0xFE, 3, 0xFF, 0], [(m.NOTE_ON, 0, 1, 2 / 127), (m.NOTE_OFF, 0, 3, 64 / 127)], (0, 0, 0), id="sensing"
        ),
        pytest.param(
            [0xF0, 1, 0xFA, 2, 0xF7, 0xD0, 127], [(m.START, 0, 0, 0.0), (m.CHANNEL_PRESSURE, 0, 0, 1.0)], (0, 0, 0), id="sysex"
        ),
        pytest.param([0xF0, 1, 0xD0, 127], [(m.CHANNEL_PRESSURE, 0, 0, 1.0)], (0, 1, 0), id="sysex without an end"),
        pytest.param([0xF0, *[9] * 100_000, 0xF7], [], (0, 0, 0), id="long sysex"),
        pytest.param([0xD0, 127, 0xF0, 0xF7, 5], [(m.CHANNEL_PRESSURE, 0, 0, 1.0)], (1, 0, 0), id="sysex ends running status"),
        pytest.param([5, 6, 7, 0xD0, 0], [(m.CHANNEL_PRESSURE, 0, 0, 0.0)], (3, 0, 0), id="data without status"),
        pytest.param([0x90, 1, 0xD0, 0], [(m.CHANNEL_PRESSURE, 0, 0, 0.0)], (0, 1, 0), id="truncated"),
        pytest.param([0xF4, 1, 0xF5, 0xF9, 0xFD, 0xF7], [], (1, 0, 5), id="undefined"),
        pytest.param([0xF2, 1, 2, 3], [], (1, 0, 0), id="song position has no running status"),
        pytest.param([0xF2, 1, 0xF3, 2, 0x80], [], (0, 1, 0), id="song position cut short"),
    ],
)
def test_streams(data: list[int], expected: list[tuple], counters: tuple[int, int, int]) -> None:
    decoder = fresh()
    assert said(data, decoder) == expected
    assert (decoder["stray"], decoder["truncated"], decoder["undefined"]) == counters


def test_a_pair_is_learned_then_waits_and_is_forgotten() -> None:
    msb, lsb = [0xB0, 7, 100], [0xB0, 39, 3]
    coarse, fine, other = (m.CONTROL, 0, 7, 100 / 127), (m.CONTROL_14, 0, 7, (100 * 128 + 3) / 16383), (m.CONTROL, 0, 39, 3 / 127)
    assert said(msb + lsb) == [coarse, fine]
    assert said(msb + lsb + msb + lsb) == [coarse, fine, fine]
    assert said(msb + lsb + lsb) == [coarse, fine, fine]
    assert said(msb + lsb, frames=[0] * 3 + [WAIT_FRAMES] * 3) == [coarse, fine]
    assert said(msb + lsb, frames=[0] * 3 + [WAIT_FRAMES + 1] * 3) == [coarse, other]
    decoder = fresh()
    found = play(decoder, msb + lsb + msb + msb, [0] * 6 + [1000] * 3 + [3000] * 3)
    assert found["kind"].tolist() == [m.CONTROL, m.CONTROL_14, m.CONTROL, m.CONTROL]
    assert found["frame"].tolist() == [0, 0, 1000 + WAIT_FRAMES, 3000]
    assert decoder["channels"][0]["is_14"] == 0
    assert said([0xB0, 7, 127, 39, 127])[-1] == (m.CONTROL_14, 0, 7, 1.0)


def test_more_pairs_than_may_wait_lose_nothing() -> None:
    decoder = fresh()
    said([byte for n in range(32) if n != 6 for byte in (0xB0, n, 1, n + 32, 1)], decoder)
    found = said([byte for n in range(32) if n != 6 for byte in (0xB0, n, 2)], decoder)
    assert sorted(number for _, _, number, _ in found) == [n for n in range(32) if n != 6]
    assert decoder["dropped"] == 0


def test_nrpns_are_set_and_stepped() -> None:
    nrpn, number = m.NRPN, 300
    assert said(parameter(1, nrpn, number, 127)) == [(nrpn, 1, number, 1.0)]
    assert said(parameter(1, nrpn, number, 5, 6))[-1] == (nrpn, 1, number, (5 * 128 + 6) / 16383)
    assert said([*parameter(1, nrpn, number, 5), 96, 0, 97, 0])[1:] == [(m.NRPN_STEP, 1, number, s / 127) for s in (1, -1)]
    assert said([*parameter(1, nrpn, number, 5, 6), 96, 0])[-1] == (m.NRPN_STEP, 1, number, 1 / 16383)
    null = [99, 127, 98, 127]
    assert said([*parameter(1, nrpn, number), *null, 6, 127, 96, 127]) == [(m.CONTROL, 1, 6, 1.0), (m.CONTROL, 1, 96, 1.0)]
    waits = [*parameter(1, nrpn, number, 5, 6), 6, 7, 99, 0, 98, 0]  # the third data entry belongs to the parameter before
    assert said(waits)[-1] == (nrpn, 1, number, 7 / 127)
    assert said([0xB1, 101, 0, 6, 127]) == [(m.CONTROL, 1, 6, 1.0)]  # half a name is none
    assert said([*parameter(1, nrpn, number), 121, 0, 6, 127])[-1] == (m.CONTROL, 1, 6, 1.0)


def test_the_bend_range_scales_the_bend() -> None:
    full = [0xE4, 0, 0]
    assert said(parameter(4, m.RPN, 0, 12) + full)[-1] == (m.BEND, 4, 0, -12.0)
    assert said(parameter(4, m.RPN, 0, 7, 50) + full)[-1] == (m.BEND, 4, 0, -7.5)
    assert said([*parameter(4, m.RPN, 0, 7), 97, 0, *full])[-1] == (m.BEND, 4, 0, -6.99)
    assert said([*parameter(4, m.RPN, 0, 0), 97, 0, *full])[-1] == (m.BEND, 4, 0, 0.0)
    assert said(parameter(5, m.RPN, 0, 12) + full)[-1] == (m.BEND, 4, 0, -2.0)


def zone(manager: int, members: int) -> list[int]:
    return parameter(manager, m.RPN, 6, members)


def last(data: list[int], decoder: np.void) -> tuple[int, int, float]:
    """Return scope, channels and value of a stream's last message."""
    message = play(decoder, data)[-1]
    return int(message["scope"]), int(message["channels"]), float(message["value"])


def test_zones_say_whom_a_message_concerns() -> None:
    decoder = fresh()
    assert last([0xE2, 0, 0], decoder) == (m.CHANNEL_SCOPE, 0b100, -2.0)
    assert last(zone(0, 3), decoder)[:2] == (m.ZONE_SCOPE, 0b1111)
    assert last([0xE2, 0, 0], decoder) == (m.NOTE_SCOPE, 0b100, -48.0)
    assert last([0xE0, 0, 0], decoder) == (m.ZONE_SCOPE, 0b1111, -2.0)
    assert mpe.note_bend_semitones(decoder, 2) == -50.0
    assert mpe.note_bend_semitones(decoder, 1) == -2.0
    assert mpe.note_bend_semitones(decoder, 0) == -2.0
    assert last([0xD2, 127], decoder) == (m.NOTE_SCOPE, 0b100, 1.0)
    assert last([0xB2, 74, 127], decoder) == (m.NOTE_SCOPE, 0b100, 1.0)
    assert (decoder["channels"][2]["pressure"], decoder["channels"][2]["timbre"]) == (1.0, 1.0)
    assert last([0xB2, 73, 127], decoder) == (m.CHANNEL_SCOPE, 0b100, 1.0)
    assert last([0xB0, 64, 127], decoder) == (m.ZONE_SCOPE, 0b1111, 1.0)
    assert last([0x90, 60, 127], decoder) == (m.NOTE_SCOPE, 0b1, 1.0)
    assert last([0xE4, 0, 0], decoder) == (m.CHANNEL_SCOPE, 0b10000, -2.0)
    assert last([0xF8], decoder)[:2] == (m.PORT_SCOPE, 0xFFFF)
    assert last([0xB0, 123, 0, 0xB4, 123, 0], decoder)[:2] == (m.CHANNEL_SCOPE, 0b10000)


def test_zones_set_bend_ranges_together_and_reset() -> None:
    decoder = fresh()
    play(decoder, zone(15, 2) + parameter(14, m.RPN, 0, 24) + parameter(15, m.RPN, 0, 7))
    assert decoder["channels"]["bend_range_cents"].tolist() == [200] * 13 + [2400, 2400, 700]
    play(decoder, [0xEE, 0, 0, *zone(15, 1)])
    assert decoder["channels"]["bend_range_cents"].tolist() == [200] * 14 + [4800, 200]
    assert decoder["channels"]["bend"].tolist() == [0] * 16


@pytest.mark.parametrize(
    ("settings", "members"),
    [
        ([(0, 15)], (15, 0)),
        ([(0, 7), (15, 7)], (7, 7)),
        ([(0, 7), (15, 8)], (6, 8)),
        ([(15, 8), (0, 10)], (10, 4)),
        ([(15, 8), (0, 14)], (14, 0)),
        ([(0, 15), (15, 3)], (11, 3)),
        ([(0, 15), (15, 15)], (0, 15)),
        ([(0, 15), (15, 0)], (15, 0)),
        ([(0, 5), (0, 0)], (0, 0)),
        ([(0, 5), (0, 16)], (5, 0)),
        ([(3, 5)], (0, 0)),
    ],
)
def test_the_zone_set_last_has_its_way(settings: list[tuple[int, int]], members: tuple[int, int]) -> None:
    decoder = fresh()
    play(decoder, [byte for manager, count in settings for byte in zone(manager, count)])
    assert tuple(decoder["zone_members"]) == members


def test_a_zone_set_anew_and_a_panic_name_the_channels_whose_notes_end_and_no_others() -> None:
    notes = [0x91, 60, 1, 0x92, 61, 1, 0x95, 62, 1]
    decoder = fresh()
    assert last(zone(0, 2) + notes + zone(0, 1), decoder)[1] == 0b111
    assert last([0xB0, 123, 0], decoder)[1] == 0b11
    assert last([0xB5, 123, 0], decoder)[1] == 1 << 5


def test_decoding_allocates_nothing_and_raises_nothing() -> None:
    play(fresh(), [0x90, 1, 2])
    for function in (_play, feed, flush):
        module = "".join(str(result.library._get_module_for_linking()) for result in function.overloads.values())
        assert not re.search(r"NRT_(?:MemInfo_alloc|Allocate|MemInfo_new)\w*|\bmalloc\b|\bcalloc\b", module)


# The fuzz: what devices send, what broken ones send, and noise.


def _some_message(rng: random.Random) -> list[int]:
    """Return a valid message or a phrase of them, those oftener that change the decoder's state."""
    channel = rng.choice((0, 0, 15, 15, 1, 2, 14, rng.randrange(16)))
    value, other = rng.randrange(128), rng.randrange(128)
    choice = rng.random()
    if choice < 0.3:
        return [0x90 | channel, value, other]
    if choice < 0.45:
        return [0x80 | channel, value, other]
    if choice < 0.6:
        return [rng.choice((0xA0, 0xE0)) | channel, value, other]
    if choice < 0.7:
        return [rng.choice((0xC0, 0xD0)) | channel, value]
    if choice < 0.8:
        number = rng.randrange(32)
        return [0xB0 | channel, number, value, 0xB0 | channel, number + 32, other]
    if choice < 0.85:
        return parameter(channel, m.RPN, rng.choice((0, 0, 2, 6, 6, value)), *(rng.randrange(18), other)[: rng.randrange(1, 3)])
    if choice < 0.87:
        return parameter(channel, m.NRPN, rng.randrange(16384), *(value, other)[: rng.randrange(3)])
    if choice < 0.88:
        return [0xB0 | channel, rng.randrange(120, 128), 0]
    number = rng.choice((6, 38, 64, 74, 96, 97, 98, 99, 100, 101, rng.randrange(64), rng.randrange(128)))
    return [0xB0 | channel, number, value] if number < 120 else [rng.choice((0xF8, 0xFA, 0xFB, 0xFC, 0xFE))]


def valid(rng: random.Random, count: int) -> bytes:
    """Return valid messages, some with running status."""
    stream, status = bytearray(), 0
    for _ in range(count):
        message = _some_message(rng)
        stream += bytes(message[1:] if message[0] == status and rng.random() < 0.7 else message)
        is_uniform = message[0] < 0xF0 and sum(byte >= 0x80 for byte in message) == 1
        status = message[0] if is_uniform else status if message[0] >= 0xF8 else 0
    return bytes(stream)


def mutated(rng: random.Random, count: int) -> bytes:
    """Return valid messages of which every twelfth byte or so was changed, lost, doubled or preceded by noise."""
    stream = bytearray()
    for byte in valid(rng, count):
        change = int(rng.random() * 50)
        if change == 0:
            stream.append(rng.randrange(256))
        elif change == 1:
            stream += bytes((byte, byte))
        elif change == 2:
            stream += bytes((rng.randrange(128, 256), byte))
        elif change > 3:
            stream.append(byte)
    return bytes(stream)


def sysex(rng: random.Random, count: int) -> bytes:
    """Return valid messages with bursts of sysex between them: with clocks inside, a third without an end."""
    stream = bytearray()
    for _ in range(count // 20):
        burst = bytearray(rng.randbytes(rng.randrange(60)))
        stream += bytes(0xF8 if byte > 0xF8 else byte & 0x7F for byte in burst).join(
            (b"\xf0", rng.choice((b"\xf7", b"\xf7", b"")))
        )
        stream += valid(rng, 20)
    return bytes(stream)


def noise(rng: random.Random, count: int) -> bytes:
    """Return random bytes, many for few messages."""
    return rng.randbytes(12 * count)


def moments(rng: random.Random, count: int) -> np.ndarray:
    """Return a frame for each byte: mostly close together, with a pause longer than 5 ms now and then."""
    steps = np.random.default_rng(rng.randrange(1 << 32)).choice([0, 1, 30, 100, 300], count, p=[0.6, 0.25, 0.1, 0.04, 0.01])
    return np.cumsum(steps)


GENERATORS: list[Callable[[random.Random, int], bytes]] = [valid, mutated, sysex, noise]


def state_of(decoder: np.void) -> list:
    """Return what a decoder remembers as plain values, as `state_of_reference` does."""
    channels = decoder["channels"]
    waiting = [tuple(each) for each in decoder["waiting"][: decoder["waiting_count"]].tolist()]
    pairs = [[number for number in range(32) if int(mask) >> number & 1] for mask in channels["is_14"]]
    counters = [int(decoder[name]) for name in ("stray", "truncated", "undefined")]
    numbers = [channels[name].tolist() for name in ("bend", "bend_range_cents", "msb")]
    return [pairs, *numbers, decoder["zone_members"].tolist(), waiting, counters]


def state_of_reference(reference: midi_reference.Reference) -> list:
    channels = reference.channels
    waiting = [(each.frame, each.channel, each.number, each.value) for each in reference.waiting]
    return [
        [sorted(each.pairs) for each in channels],
        [each.bend for each in channels],
        [each.cents for each in channels],
        [[each.msb.get(number, 0) for number in range(32)] for each in channels],
        [len(reference.lower), len(reference.upper)],
        waiting,
        [reference.stray, reference.truncated, reference.undefined],
    ]


def check_ranges(found: np.ndarray) -> None:
    """Check that every number and value is one that its kind may have."""
    values, kinds, numbers = found["value"], found["kind"], found["number"]
    assert (np.abs(values[kinds == m.BEND]) <= 128.27).all()
    steps = (kinds == m.NRPN_STEP) | (kinds == m.RPN_STEP)
    assert (np.abs(values[steps]) <= 1 / 127).all()
    others = values[(kinds != m.BEND) & ~steps]
    assert (others >= 0).all()
    assert (others <= 1).all()
    assert (numbers >= 0).all()
    assert (numbers[kinds < m.NRPN] < 128).all()
    assert (numbers < 1 << 14).all()
    assert (found["channel"] >> 4 == 0).all()
    assert (found["channels"] >> 16 == 0).all()


@pytest.mark.parametrize("generate", GENERATORS, ids=lambda value: value.__name__)
@short_and_long("count", 20_000, 300_000)
def test_whatever_comes_decodes_as_the_reference_does(generate: Callable[[random.Random, int], bytes], count: int) -> None:
    rng = random.Random(f"{generate.__name__} 3")
    data = generate(rng, count)
    frames = moments(rng, len(data))
    decoder, reference = fresh(), midi_reference.Reference(SAMPLE_RATE)
    found = play(decoder, data, frames)
    expected = np.array(list(reference.decode(data, frames.tolist())), [(name, m.MESSAGE[name]) for name in FIELDS])
    assert len(found) == len(expected)
    for name in FIELDS:
        assert np.array_equal(found[name], expected[name]), name
    assert state_of(decoder) == state_of_reference(reference)
    assert decoder["dropped"] == 0
    check_ranges(found)
    assert set(found["kind"].tolist()) | {m.ZONE} == set(range(m.STOP + 1))  # noise hardly ever sets a zone
    panic = play(decoder, [0xF7, *(byte for channel in range(16) for byte in (0xB0 | channel, 123, 0))], [int(frames[-1])] * 49)
    assert (panic["kind"] == m.PANIC).sum() == 16


@pytest.mark.parametrize("quantum_frames", [0, 1, 500])
def test_when_the_quanta_fall_changes_no_message(quantum_frames: int) -> None:
    rng = random.Random(2)
    data = mutated(rng, 5000)
    frames = moments(rng, len(data))
    assert np.array_equal(play(fresh(), data, frames), play(fresh(), data, frames, quantum_frames))
