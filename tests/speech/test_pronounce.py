"""Pronouncing: how right the letters are alone, and the whole path, on words that they have not seen."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from synth.speech.dictionary import Dictionary, dictionary
from synth.speech.letters_file import letters
from synth.speech.pronounce import Pronouncer, pronouncer
from synth.speech.train_letters import is_held_out
from tests.speech.scores import COMMON, errors

EVERY = 8  # of the words held out by their checksum: about 590


def test_letters_alone_say_words_that_they_never_saw() -> None:
    words = [word for word in dictionary().words() if re.fullmatch("[a-z]{2,}", word) and is_held_out(word)][::EVERY]
    scores = [errors(word, letters().say(word)) for word in words]
    assert len(words) > 500
    assert sum(wrong == 0 for wrong, _ in scores) >= 0.68 * len(words)  # asked for: 0.55
    assert sum(wrong for wrong, _ in scores) <= 0.09 * sum(count for _, count in scores)  # asked for: 0.12


def test_common_words_left_out_of_dictionary_and_training_are_said_right() -> None:
    without = Pronouncer(Dictionary(dictionary().text, COMMON))
    wrong = [word for word in COMMON if errors(word, without.sounds(word))[0]]
    assert len(COMMON) == 500
    assert len(wrong) <= 0.03 * len(COMMON), wrong  # asked for: 0.05


@pytest.mark.parametrize(
    ("word", "left_out", "sounds"),
    [
        ("walked", "walked", "W AO1 K T"),
        ("hugged", "hugged", "HH AH1 G D"),
        ("planted", "planted", "P L AE1 N T IH0 D"),
        ("cats", "cats", "K AE1 T S"),
        ("dogs", "dogs", "D AO1 G Z"),
        ("making", "making", "M EY1 K IH0 NG"),
        ("easily", "easily", "IY1 Z AH0 L IY0"),
        ("walk", "walk", "W AO1 K"),  # from walks
        ("stop", "stop", "S T AA1 P"),
    ],
)
def test_words_are_formed_from_others(word: str, left_out: str, sounds: str) -> None:
    assert " ".join(Pronouncer(Dictionary(dictionary().text, [left_out])).sounds(word)) == sounds


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("unbookish", "AH0 N B UH1 K IH0 SH"),
        ("whisperingly", "W IH1 S P ER0 IH0 NG L IY0"),
        ("blorp", "B L AO1 R P"),
        ("sooooo", "S OW1"),
        ("shhhh", "SH SH"),
        ("xq", "EH1 K S K Y UW1"),
        ("f.", "EH1 F"),
        ("d.s", "D IY1 Z"),
        ("zaphod's", "Z AE1 F AH0 D Z"),
    ],
)
def test_words_that_no_dictionary_holds(word: str, sounds: str) -> None:
    assert " ".join(pronouncer().sounds(word)) == sounds


def test_the_dictionary_finds_each_word_and_no_other() -> None:
    words = dictionary().words()
    assert len(words) > 125_000
    for word in words[::997]:
        assert dictionary().get(word), word
        assert dictionary().get(word + "qq") is None, word
    assert dictionary().get("") is None
    assert dictionary().get("é") is None


def test_nothing_is_read_before_a_word_is_asked_for() -> None:
    asks = "import sys, synth.speech; from synth.speech.dictionary import dictionary; "
    asks += "from synth.speech.letters_file import letters; "
    asks += "assert 'numba' not in sys.modules; assert not dictionary.cache_info().misses; synth.speech.phones('hello there'); "
    asks += "assert not letters.cache_info().misses"
    subprocess.run([sys.executable, "-c", asks], check=True)
