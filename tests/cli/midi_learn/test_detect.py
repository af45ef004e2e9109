"""Hearing what was touched: from bytes to a source, for all kinds of controller, and nothing from noise."""

import pytest

from synth.cli.midi_learn.detect import QUIET_S, Heard, Listener, guess_relative
from synth.control.midi.mapping import Source

PORT = "nanoKONTROL2"


def _heard(*packets: list[int], hears_all: bool = False, gap_s: float = 0.02) -> Heard | None:
    listener, time_s = Listener(hears_all), 10.0
    for packet in packets:
        time_s += gap_s
        listener.take(PORT, packet, time_s)
        assert listener.heard(time_s) is None, "the hands are not still"
    return listener.heard(time_s + QUIET_S + 0.01)


def _knob(channel: int, number: int, *values: int) -> list[list[int]]:
    return [[0xB0 | channel, number, value] for value in values]


def test_a_knob_is_detected():
    heard = _heard(*_knob(2, 21, 3, 5, 9, 20, 44, 60))
    assert heard == Heard(Source("cc", 21, 21, 3, PORT))
    assert heard.text == "nanoKONTROL2, channel 3: CC 21, 7 bits"


def test_a_knob_of_14_bits_is_detected():
    pairs = [byte for value in (3, 4, 5, 6) for byte in _knob(0, 20, value) + _knob(0, 52, value)]
    heard = _heard(*pairs, gap_s=0.001)
    assert heard == Heard(Source("cc", 20, 20, 1, PORT), is_14=True)


def test_two_knobs_of_7_bits_are_not_one_of_14():
    assert _heard(*_knob(0, 20, 1), *_knob(0, 52, 1, 2, 3)).source.low == 52


def test_an_nrpn_is_detected():
    packets = [
        packet for value in (1, 9) for packet in [*_knob(0, 99, 2), *_knob(0, 98, 44), *_knob(0, 6, value), *_knob(0, 38, 0)]
    ]
    assert _heard(*packets).source == Source("nrpn", 300, 300, 1, PORT)


def test_keys_give_their_range_whatever_else_they_send():
    packets = [
        [0x90, 60, 90],
        [0xD0, 99],
        [0x80, 60, 0],
        [0x90, 48, 20],
        [0xA0, 48, 127],
        [0x90, 48, 0],
        *_knob(0, 1, *range(20)),
    ]
    heard = _heard(*packets)
    assert heard.source == Source("note", 48, 60, 1, PORT)
    assert heard.text == "nanoKONTROL2, channel 1: key C3 to C4"
    assert _heard([0x91, 36, 1], [0x92, 36, 1]).source == Source("note", 36, 36, 0, PORT)


@pytest.mark.parametrize(
    ("packets", "kind", "numbers"),
    [
        ([[0xD0, 5], [0xD0, 50], [0xD0, 90]], "pressure", (0, 127)),
        ([[0xA0, 40, 5], [0xA0, 40, 90]], "key_pressure", (40, 40)),
        ([[0xE0, 0, 64], [0xE0, 0, 90], [0xE0, 0, 64]], "bend", (0, 127)),
        ([[0xC0, 9]], "program", (9, 9)),
    ],
)
def test_the_other_kinds(packets, kind, numbers):
    assert _heard(*packets).source == Source(kind, *numbers, 1, PORT)


def test_what_is_sent_unasked_is_not_heard():
    noise = [[0xF8], [0xFE], [0x80, 60, 3], [0xD0, 3], [0xD0, 9], [0xFC]]
    for number in (0, 6, 32, 38, 64, 65, 69, 96, 98, 101, 120, 121, 123, 127):
        noise += _knob(0, number, 127, 0)
    noise += _knob(0, 101, 0) + _knob(0, 100, 0) + _knob(0, 6, 12)  # bend range
    assert _heard(*noise) is None


def test_a_pedal_is_heard_when_asked_for():
    pedal = _knob(0, 64, 127, 0, 127)
    assert _heard(*pedal) is None
    heard = _heard(*pedal, hears_all=True)
    assert heard == Heard(Source("cc", 64, 64, 1, PORT), is_button=True)


def test_expression_of_an_mpe_note_is_not_a_controller():
    zone = _knob(0, 101, 0) + _knob(0, 100, 6) + _knob(0, 6, 15)
    expression = _knob(1, 74, *range(0, 120, 10)) + [[0xD1, value] for value in range(0, 120, 10)]
    assert _heard(*zone, *expression) is None
    assert _heard(*zone, *expression, hears_all=True) is not None
    assert _heard(*zone, [0x91, 60, 9], *expression).source == Source("note", 60, 60, 2, PORT)


def test_ports_do_not_mix():
    listener = Listener()
    listener.take("a", [0xB0, 20], 1.0)
    listener.take("b", [0xB0, 30, 5], 1.0)
    listener.take("a", [7], 1.0)
    listener.take("a", [0xB0, 20, 8], 1.1)
    assert listener.heard(2.0).source == Source("cc", 20, 20, 1, "a")


@pytest.mark.parametrize(
    ("values", "way"),
    [
        ([1, 1, 2, 1, 127, 127, 126], "twos"),
        ([65, 65, 66, 63, 63, 62], "offset"),
        ([1, 1, 2, 65, 65, 66], "sign"),
        ([1, 1, 1, 2, 1], "twos"),
        ([65, 65, 65, 65], "offset"),
        ([63, 63, 63, 62], "offset"),
        ([127, 0, 127, 0, 127], ""),
        ([127, 127, 127, 127, 127], ""),
        (list(range(0, 128, 5)), ""),
        (list(range(8)), ""),
        (list(range(55, 75)), ""),
        (list(range(127, 100, -1)), ""),
        ([64, 64, 64, 64], ""),
        ([1, 1], ""),
    ],
)
def test_encoders_are_told_from_knobs(values, way):
    assert guess_relative(values) == way


def test_an_encoder_is_heard_as_one():
    heard = _heard(*_knob(0, 16, 1, 1, 2, 127, 126, 127))
    assert heard == Heard(Source("cc", 16, 16, 1, PORT), relative="twos")
    assert "endless encoder (twos)" in heard.text
