"""What layers say: a phrase a note, all while held, what is said live first; nothing twice, nothing lost, the same in a take."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from synth.dsp.phone import NAMES, PAUSE, PHONE
from synth.engine.engine import Engine
from synth.engine.kernels.speech import MOST_WAITING
from synth.engine.layer import Input
from synth.engine.speaker import LONGEST_SAID
from synth.parameters.errors import InputError
from synth.take.reader import load_take, replay
from synth.take.writer import TakeWriter
from synth.trigger import TRIGGERS
from tests.support import speller

RATE = 48000
PHONE_S = 0.008
"""Six quanta; the next phone begins in the seventh."""


@pytest.fixture(autouse=True)
def _speller():
    with TRIGGERS.register(speller.TRIGGER):
        yield


def phones(*numbers: int):
    rows = np.zeros(len(numbers), PHONE)
    rows["number"], rows["seconds"] = numbers, PHONE_S
    return rows


ONE, TWO, THREE = (4, 5, 6, PAUSE), (7, 8, PAUSE), (9, 10, 11, PAUSE)


@pytest.fixture
def said(monkeypatch):
    """Make a text of phones' numbers what is spoken."""
    monkeypatch.setattr("synth.engine.speaker.text_input", lambda text, *_, **__: Input(phones=phones(*map(int, text.split()))))


def engine_and_layer(*numbers: int, is_loop: bool = False):
    engine = Engine(RATE, "sphere")
    layer = engine.add("speller", input=Input(phones=phones(*numbers), is_loop=is_loop), distance_m=0.25)
    engine.process(RATE // 10)
    return engine, layer


def heights(block) -> list[float]:
    """Return how high the pulses in the left channel are."""
    left = np.abs(block[:, 0])
    return [float(left[i]) for i in np.flatnonzero(left > 1e-4) if left[i] == left[max(0, i - 100) : i + 100].max()]


@cache
def unit() -> float:
    """Return how high the pulse of phone number 1 comes out of the engine."""
    engine, layer = engine_and_layer(40, PAUSE)
    engine.strike(layer)
    return heights(engine.process(RATE // 4))[0] / 40


def heard(block) -> list[int]:
    """Return the numbers of the phones that were said."""
    return [round(height / unit()) for height in heights(block)]


def text_of(numbers) -> str:
    return " ".join(map(str, numbers))


def test_a_note_says_one_phrase_and_the_next_note_the_next():
    engine, layer = engine_and_layer(*ONE, *TWO)
    for expected in (ONE, TWO):
        note = engine.strike(layer)
        engine.release(note)
        assert heard(engine.process(RATE // 4)) == list(expected)


def test_a_held_note_says_all_and_then_nothing():
    engine, layer = engine_and_layer(*ONE, *TWO)
    engine.strike(layer)
    assert heard(engine.process(RATE)) == [*ONE, *TWO]


def test_a_text_begins_anew_if_it_is_a_loop():
    engine, layer = engine_and_layer(*ONE, is_loop=True)
    engine.strike(layer)
    assert heard(engine.process(RATE))[:12] == [*ONE] * 3


def test_two_notes_never_say_the_same_phrase():
    engine, layer = engine_and_layer(*ONE, *TWO, *THREE)
    for at in (0, 256):  # their pulses do not meet
        engine.release(engine.strike(layer, at=engine.frame + at), at=engine.frame + at + 1)
    assert sorted(heard(engine.process(RATE // 2))) == sorted([*ONE, *TWO])


def test_what_is_said_live_comes_before_the_text_and_after_the_phrase(said):
    engine, layer = engine_and_layer(*ONE, *TWO)
    engine.strike(layer)
    first = engine.process(512)  # in the first phone
    engine.speak(layer, text_of(THREE))
    assert heard(np.concatenate([first, engine.process(RATE)])) == [*ONE, *THREE, *TWO]


def test_an_interruption_comes_at_once(said):
    engine, layer = engine_and_layer(*ONE, *TWO)
    engine.strike(layer)
    first = engine.process(512)  # in the second phone
    engine.speak(layer, text_of(THREE))
    engine.speak(layer, text_of((12, PAUSE)), interrupt=True)
    assert heard(np.concatenate([first, engine.process(RATE)])) == [4, 5, 12, PAUSE, *TWO]


def test_a_layer_that_is_not_held_speaks_by_itself_and_ends(said):
    engine, layer = engine_and_layer(*ONE)
    engine.speak(layer, text_of(ONE))
    engine.speak(layer, text_of(ONE))
    assert heard(engine.process(RATE)) == [*ONE, *ONE]
    assert engine.counters["sounding"] == 0


def test_speech_begins_at_its_frame(said):
    engine, layer = engine_and_layer(*ONE)
    at = engine.frame + 64 * 100
    engine.speak(layer, text_of(ONE), at=at)
    block = engine.process(RATE)
    begin = int(np.flatnonzero(np.abs(block[:, 0]) > 1e-4)[0])
    other, same = engine_and_layer(*ONE)
    other.speak(same, text_of(ONE))
    assert begin - int(np.flatnonzero(np.abs(other.process(RATE)[:, 0]) > 1e-4)[0]) == 64 * 100


def test_hush_and_panic_end_what_waits(said):
    for end in (lambda engine, layer: engine.hush(layer), lambda engine, _: engine.panic()):
        engine, layer = engine_and_layer(*ONE)
        engine.speak(layer, text_of(ONE * 3))
        first = engine.process(512)
        end(engine, layer)
        assert len(heard(np.concatenate([first, engine.process(RATE)]))) <= 2


def test_a_text_too_long_to_wait_is_refused(said, monkeypatch):
    monkeypatch.setattr("synth.engine.speaker.LONGEST_SAID", 1 << 20)
    engine, layer = engine_and_layer(*ONE)
    with pytest.raises(InputError, match=f"allowed: {MOST_WAITING} in all"):
        engine.speak(layer, text_of([4] * (MOST_WAITING + 1)))


def test_a_trigger_that_does_not_speak_refuses():
    engine = Engine(RATE, "sphere")
    layer = engine.add("tap")
    with pytest.raises(InputError, match="does not speak"):
        engine.speak(layer, "hush")


@pytest.mark.parametrize(("field", "value"), [("number", len(NAMES)), ("seconds", np.nan), ("marks", -1)])
def test_phones_that_cannot_be_are_refused(field, value):
    rows = phones(4)
    rows[field] = value
    with pytest.raises(InputError, match=f"{field} = .*; allowed: 0 .. "):
        Input(phones=rows)


def test_a_take_with_texts_said_live_is_played_again_to_the_same_bytes(said, tmp_path):
    engine = Engine(RATE, "sphere")
    take = TakeWriter(tmp_path / "a.take", engine)
    layer = engine.add("speller", input=Input(phones=phones(*ONE), is_loop=True), distance_m=0.25)
    engine.strike(layer)
    blocks = [engine.process(3000)]
    engine.speak(layer, text_of(TWO), at=9000)
    blocks.append(engine.process(20000))
    engine.speak(layer, text_of(THREE), interrupt=True)
    blocks.append(engine.process(20000))
    take.flush(engine.frames_out)
    take.close()
    again = np.concatenate(list(replay(load_take(take.path))))
    assert again.tobytes() == np.concatenate(blocks)[engine.latency_frames :].tobytes()


def test_what_is_said_live_has_a_longest_text():
    engine, layer = engine_and_layer(*ONE)
    with pytest.raises(InputError, match=f"allowed: {LONGEST_SAID} at a time"):
        engine.speak(layer, "a" * (LONGEST_SAID + 1))
