"""Standard MIDI Files are read to the frame, and whatever is no such file is refused in one line."""

import io
import struct
from fractions import Fraction
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.io.files.midi_file import Packet, read_midi_file
from synth.parameters.errors import InputError
from tests.support.sizes import short_and_long

HEAD = b"MThd\0\0\0\6\0\1\0\1\1\xe0"
ON, OFF = bytes([0x90, 60, 100]), bytes([0x80, 60, 64])


def written(folder, *tracks, kind=1, division=480):
    path = Path(folder) / "played.mid"
    file = mido.MidiFile(type=kind, ticks_per_beat=division)
    file.tracks += [mido.MidiTrack(track) for track in tracks]
    file.save(path)
    return path


def on(time=0, **more):
    return mido.Message("note_on", note=60, velocity=100, time=time, **more)


def off(time=0):
    return mido.Message("note_off", note=60, time=time)


def tempo(time, beat_us):
    return mido.MetaMessage("set_tempo", tempo=beat_us, time=time)


def test_tempo_changes_are_followed_across_tracks(tmp_path):
    tempi = [tempo(0, 600_000), tempo(480, 250_001), tempo(960, 1_000_000)]
    file = read_midi_file(written(tmp_path, tempi, [on(480), off(1), on(959), off(240)]))
    beat_us = [600_000, 600_000 + Fraction(250_001, 480), 600_000 + 2 * 250_001, 600_000 + 2 * 250_001 + 500_000]
    for rate in (32000, 44100, 48000, 96000.5):
        frames = [file.frame(packet.units, rate) for packet in file.packets]
        assert frames == [int(us * Fraction(rate) / 1_000_000 + Fraction(1, 2)) for us in beat_us]
    assert [packet.data for packet in file.packets] == [ON, OFF, ON, OFF]
    assert file.seconds == pytest.approx(1.600002)


def test_one_second_is_one_second(tmp_path):
    file = read_midi_file(written(tmp_path, [on(960), off(480)], kind=0))
    assert [file.frame(packet.units, 48000) for packet in file.packets] == [48000, 72000]


@short_and_long("beats", 10_800, 259_200)
def test_no_moment_drifts_in_a_day(tmp_path, beats):
    """In `make test` in an hour."""
    file = read_midi_file(written(tmp_path, [tempo(0, 333_333)] + [on(480)] * beats))
    assert file.frame(file.packets[-1].units, 48000) == round(Fraction(beats * 333_333 * 48, 1000))


@pytest.mark.parametrize(("frames", "rate"), [(24, 24), (25, 25), (29, Fraction(30_000, 1001)), (30, 30)])
def test_time_code_is_followed_and_needs_no_tempo(tmp_path, frames, rate):
    path = written(tmp_path, [tempo(0, 1), on(4000)])
    content = bytearray(path.read_bytes())
    content[12:14] = struct.pack("bB", -frames, 40)
    path.write_bytes(content)
    file = read_midi_file(path)
    assert file.frame(file.packets[0].units, 48000) == int(100 / rate * 48000 + Fraction(1, 2))


def test_tracks_of_other_devices_are_other_ports(tmp_path):
    def named(name):
        return mido.MetaMessage("device_name", name=name)

    pads, keys = [named("nanoPAD"), on(10)], [named("Keys"), on(5), mido.MetaMessage("midi_port", port=3), on(10)]
    file = read_midi_file(written(tmp_path, [tempo(0, 500_000)], pads, keys, [named("nanoPAD"), off(20)], [on(30)]))
    assert file.ports == {0: "nanoPAD", 1: "Keys", 2: "Keys", 3: ""}
    assert [(packet.port, packet.data) for packet in file.packets] == [(1, ON), (0, ON), (2, ON), (0, OFF), (3, ON)]


def test_system_exclusive_and_texts_are_left_out(tmp_path):
    sysex, text = mido.Message("sysex", data=[1, 2, 3]), mido.MetaMessage("lyrics", text="tap", time=7)
    file = read_midi_file(written(tmp_path, [sysex, text, on(1), mido.MetaMessage("end_of_track", time=480)]))
    assert file.packets == (Packet(8 * 500_000, 0, ON),)
    assert file.frame(file.units, 48000) == round(488 / 960 * 48000)


def test_a_silent_file_is_a_file(tmp_path):
    file = read_midi_file(written(tmp_path))
    assert (file.packets, file.seconds, file.has_notes) == ((), 0, False)
    assert not read_midi_file(written(tmp_path, [mido.Message("note_on", note=60, velocity=0)])).has_notes


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "MThd not found"),
        (b"RIFF" + bytes(100), "MThd not found"),
        (b"MThd\0\0\0\6\0\1\0\1\1\xe0", "it ends too early"),
        (b"MThd\0\0\0\6\0\2\0\0\1\xe0", "has format 2; only formats 0 and 1"),
        (b"MThd\0\0\0\6\0\7\0\0\1\xe0", "has format 7"),
        (b"MThd\0\0\0\6\0\1\0\0\0\0", "its division is 0"),
        (b"MThd\0\0\0\6\0\1\0\0\xe0\0", "its division is -8192"),
        (b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\4\0\x90\x90\0", "data byte must be in range"),
        (HEAD + b"MTrk\0\0\0\x0b" + b"\xff" * 7 + b"\0\x90\x30\x30", "is longer than 1000000 s"),
        (HEAD + b"MTrk\0\0\1\4" + b"\xff" * 256 + b"\0\x90\x30\x30", "track 1: byte 22: a number has more than 9 bytes"),
        (HEAD + b"MTrk\0\0\0\5\0\xff\x51\2\0", "track 1: byte 26: it ends too early, within an event"),
        (HEAD + b"MTrk\0\0\0\3\0\x90\x30", "ends too early, within an event"),
        (HEAD + b"MTrk\0\0\0\1\0", "ends too early, within an event"),
        (HEAD + b"MTrk\0\0\0\3\0\x30\x30", "data come before any status"),
        (HEAD + b"MTrk\0\0\0\2\0\xf4", "the status 0xf4 means nothing"),
        (HEAD + b"MTrk\0\0\0\4\0\xff\x2f\0MTrk\0\0\1\0", "it ends too early, in track 2"),
        (b"MThd\0\0\0\4\0\0\0\0\1\xe0", "its header has 4 bytes"),
    ],
)
def test_what_is_no_midi_file_is_refused(tmp_path, content, problem):
    path = tmp_path / "x.mid"
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem) as caught:
        read_midi_file(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none.mid: cannot be read: No such file"):
        read_midi_file(tmp_path / "none.mid")
    with pytest.raises(InputError, match="cannot be read"):
        read_midi_file(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_midi_file("\0.mid")


def test_nine_ports_are_too_many(tmp_path):
    tracks = [[mido.MetaMessage("midi_port", port=port), on(1)] for port in range(9)]
    with pytest.raises(InputError, match="plays 9 MIDI ports; at most 8"):
        read_midi_file(written(tmp_path, *tracks))


def _content():
    file = mido.MidiFile()
    controls = [mido.Message("control_change", control=c, value=c, time=3) for c in range(20)]
    keys = [mido.MetaMessage("key_signature", key="C"), mido.Message("sysex", data=[1, 2]), mido.Message("pitchwheel", pitch=100)]
    file.tracks += [mido.MidiTrack([tempo(0, 400_000), on(9), *keys]), mido.MidiTrack([*controls, off(900)])]
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


CONTENT = _content()


# ---- files as they are

NOTE = bytes.fromhex("00903c64 83603c00")  # on, a beat later off by running status
NOTES = [(0.0, bytes([0x90, 60, 100])), (0.5, bytes([0x90, 60, 0]))]


def as_is(folder, *chunks, count=None):
    """Return a file of chunks as they stand: (name, bytes), or bytes of a track."""
    named = [chunk if isinstance(chunk, tuple) else (b"MTrk", chunk) for chunk in chunks]
    count = sum(name == b"MTrk" for name, _ in named) if count is None else count
    path = Path(folder) / "as_is.mid"
    head = b"MThd" + struct.pack(">IHHh", 6, 1, count, 480)
    path.write_bytes(head + b"".join(name + struct.pack(">I", len(data)) + data for name, data in named))
    return path


def played(path):
    file = read_midi_file(path)
    return [(packet.units / file.units_a_second, packet.data) for packet in file.packets]


END = bytes.fromhex("00ff2f00")


@pytest.mark.parametrize(
    "between",
    [
        "00f0034312f7",  # system exclusive: running status goes on
        "00ff0101 41",  # text
        "00f7020102",  # an escape of bytes that are no message
        "00f003431200 00f7024312 00f7024312 00f70143 00f702 12f7",  # system exclusive in parts
        "00f003431200 00f703f04312",  # never ended
        "00ff5902f700",  # nine flats
        "00ff59020002",  # a mode that there is not
        "00ff5900",
        "00ff58020402",
        "00ff510207a1",  # a tempo of two bytes
        "00ff5405e000000000",  # a rate that there is not
        "00ff54046000 0000",
        "00ff000105",
        "00ff2000",
        "00ff2001c8",
        "00ff7f00",
        "00ff6003ffffff",  # of a type that there is not
    ],
)
def test_what_nobody_needs_is_skipped_whatever_is_in_it(tmp_path, between):
    data = bytes.fromhex(between)
    assert played(as_is(tmp_path, data + NOTE + END)) == NOTES
    assert played(as_is(tmp_path, NOTE[:4] + data + NOTE[4:] + END)) == NOTES


def test_a_tempo_that_cannot_be_read_is_told(tmp_path):
    assert "1 of its tempo changes" in read_midi_file(as_is(tmp_path, bytes.fromhex("00ff510207a1") + NOTE)).remarks[0]
    assert read_midi_file(as_is(tmp_path, bytes.fromhex("00ff510307a120") + NOTE)).remarks == ()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_other_chunks_are_skipped(tmp_path, place):
    chunks = [NOTE + END, NOTE + END]
    chunks.insert(place, (b"XFIH", b"hello!"))
    assert played(as_is(tmp_path, *chunks)) == sorted(NOTES * 2)


def test_more_tracks_than_were_promised_are_played_too(tmp_path):
    assert played(as_is(tmp_path, NOTE + END, NOTE + END, count=1)) == sorted(NOTES * 2)


@pytest.mark.parametrize("escapes", ["00f703903c64", "00f702903c 00f70164", "00f705f00102 f7f8 00f703903c64", "00f704f8903c64"])
def test_a_note_in_an_escape_is_played(tmp_path, escapes):
    packets = played(as_is(tmp_path, bytes.fromhex(escapes) + bytes.fromhex("8360803c00") + END))
    assert [(time_s, data) for time_s, data in packets if data[0] < 0xF0] == [NOTES[0], (0.5, bytes([0x80, 60, 0]))]


def test_padding_behind_the_end_of_a_track_is_no_event(tmp_path):
    assert played(as_is(tmp_path, NOTE + END + bytes(3))) == NOTES


def test_a_device_may_be_called_in_any_letters(tmp_path):
    for name in ("Köln".encode(), "Köln".encode("latin-1")):
        assert read_midi_file(as_is(tmp_path, b"\0\xff\x09" + bytes([len(name)]) + name + NOTE)).ports == {0: "Köln"}


def test_a_million_events_and_no_more(tmp_path):
    with pytest.raises(InputError, match="the file holds more than 1000000 events"):
        read_midi_file(as_is(tmp_path, b"\0\x90" + b"\x3c\x40\0" * 1_000_001))


def _any_message(rng):
    kind = rng.choice(
        ["note_on", "note_off", "control_change", "program_change", "pitchwheel", "polytouch", "aftertouch", "sysex", "meta"]
    )
    time = int(rng.integers(0, 300)) * int(rng.random() < 0.5)
    some = {"note": 60, "velocity": 1 + int(rng.integers(0, 127)), "channel": int(rng.integers(0, 16))}
    match kind:
        case "note_on" | "note_off":
            return mido.Message(kind, time=time, **some)
        case "sysex":
            return mido.Message(kind, data=rng.integers(0, 128, 5).tolist(), time=time)
        case "meta":
            return tempo(time, int(rng.integers(1, 1 << 24)))
        case _:
            return mido.Message(kind, channel=some["channel"], time=time)


@pytest.mark.parametrize("seed", range(30))
def test_good_files_are_read_as_mido_reads_them(tmp_path, seed):
    rng = np.random.default_rng(seed)
    path = written(tmp_path, *[[_any_message(rng) for _ in range(rng.integers(0, 60))] for _ in range(rng.integers(1, 4))])
    time_s, wanted = Fraction(0), []
    tempo_us = 500_000
    for message in mido.merge_tracks(mido.MidiFile(path).tracks):
        time_s += Fraction(message.time * tempo_us, 480 * 1_000_000)
        tempo_us = message.tempo if message.type == "set_tempo" else tempo_us
        if not message.is_meta and message.type != "sysex":
            wanted.append((time_s, bytes(message.bytes())))
    file = read_midi_file(path)
    assert [(Fraction(packet.units, file.units_a_second), packet.data) for packet in file.packets] == wanted
    assert file.units == time_s * file.units_a_second


@st.composite
def broken(draw):
    """Return a file's bytes, some changed, cut off somewhere, with more behind them."""
    content = bytearray(CONTENT)
    for at, value in draw(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), max_size=6)):
        content[at] = value
    return bytes(content[: draw(st.integers(0, len(CONTENT)))] + draw(st.binary(max_size=20)))


@settings(deadline=None, max_examples=400)
@given(broken())
def test_broken_files_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "broken.mid"
    path.write_bytes(content)
    problem = ""
    try:
        file = read_midi_file(path)
    except InputError as error:
        problem = str(error)
    else:
        moments = [file.frame(packet.units, 48000) for packet in file.packets]
        assert moments == sorted(moments)
        assert {packet.port for packet in file.packets} <= set(file.ports)
    assert "\n" not in problem
    assert not problem or problem.startswith(f"{path}: ")
