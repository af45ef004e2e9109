"""Training: the same dictionary gives the same file, and a model of it says its words."""

from __future__ import annotations

import re

from synth.speech.dictionary import Dictionary, dictionary
from synth.speech.letters_file import read
from synth.speech.train_letters import is_held_out, train


def small() -> Dictionary:
    lines = [line for line in dictionary().text.splitlines() if re.match(b"st[a-z]{3,4} ", line)]
    return Dictionary(b"\n".join(lines) + b"\n")


def test_training_is_deterministic_and_learns() -> None:
    known = small()
    data = train(known, ["stick"], 10_000)
    assert data == train(known, ["stick"], 10_000)
    model = read(data)
    learned = [word for word in known.words() if not is_held_out(word)][::5]
    right = [word for word in learned if model.say(word) in known.all(word)]
    assert len(right) > 0.8 * len(learned)


def test_what_is_held_out_is_one_word_in_twenty_five() -> None:
    words = dictionary().words()
    assert 0.035 < sum(map(is_held_out, words)) / len(words) < 0.045
