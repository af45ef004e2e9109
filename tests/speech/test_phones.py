"""The door: texts as phones with marks and lengths; by hand, in phrases, whatever the text."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from synth.dsp.phone import EMPHASISED, NAMES, PAUSE, PHONE, PHRASE_ENDS, STRESSED, WORD_BEGINS, WORD_ENDS
from synth.parameters.errors import InputError
from synth.speech import phones, spell
from synth.speech.allophones import PLAIN
from synth.speech.lengths import INHERENT_AND_SHORTEST_MS
from tests.support.sizes import short_and_long

PAGE = """So she was considering in her own mind (as well as she could, for the hot day made her feel very sleepy and stupid),
whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the daisies, when suddenly a
white rabbit with pink eyes ran close by her. There was nothing so very remarkable in that; nor did Alice think it so very much
out of the way to hear the rabbit say to itself, "Oh dear! I shall be late!" But when the rabbit took a watch out of its pocket
and looked at it and then hurried on, Alice started to her feet."""


def words(text: str) -> str:
    """Return a text's phones without its pauses."""
    return re.sub(r" \([\d.]+ s\) ?", " / ", spell(phones(text))).removesuffix(" / ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("close your eyes", "K L OW1 Z / Y ER / AY1 Z"),
        ("come close to me", "K AH1 M / K L OW1 S / T AX / M IY1"),
        ("the house is close", "DH AX / HH AW1 S / IH Z / K L OW1 S"),
        ("I live in a live show", "AY / L IH1 V / IH N / AX / L AY1 V / SH OW1"),
        ("she has read it", "SH IY / HH AX Z / R EH1 D / IH1 T"),
        ("I will read", "AY / W IH L / R IY1 D"),
        ("wind it up", "W AY1 N D / IH T / AH1 P"),
        ("the wind blows", "DH AX / W IH1 N D / B L OW1 Z"),
        ("tear the paper", "T EH1 R / DH AX / P EY1 P ER"),
        ("a tear fell", "AX / T IH1 R / F EH1 L"),
        ("a lead pipe", "AX / L EH1 D / P AY1 P"),
        ("lead me", "L IY1 D / M IY1"),
        ("use it", "Y UW1 Z / IH1 T"),
        ("the use of it", "DH AX / Y UW1 S / AX V / IH1 T"),
        ("record a record", "R IH K AO1 R D / AX / R EH1 K ER D"),
        ("the end of the sea", "DH IY / EH1 N D / AX V / DH AX / S IY1"),
        ("to eat, to go, I want to", "T UW / IY1 T / T AX / G OW1 / AY / W AA1 N T / T UW1"),
        ("*a* cat", "*EY1* / K AE1 T"),
    ],
)
def test_words_sound_by_their_neighbours(text: str, said: str) -> None:
    assert words(text) == said


def test_r_and_l_behind_the_vowel_of_their_syllable_are_phones_of_their_own() -> None:
    names = [NAMES[number] for number in phones("read door little story light")["number"][:-1]]
    assert [name for name in names if name[0] in "RL"] == ["R", "RX", "L", "LX", "R", "L"]


def test_phones_by_hand() -> None:
    assert words("[k ae t] [K AE1 T S] [ax b aw t] you") == "K AE1 T / K AE1 T S / AX B AW1 T / Y UW1"
    assert words("[ah n d uw1]") == "AH N D UW1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("the [k ae q]", "poem: [k ae q]: unknown phone 'q'; known: aa, ae"),
        ("the [k ay1 tt]", "poem: [k ay1 tt]: unknown phone 'tt'; did you mean 't'?"),
        ("one\ntwo [k1 ae t]", "poem, line 2: [k1 ae t]: 'k1': a consonant bears no stress"),
        ("[k ae7 t]", "poem: [k ae7 t]: 'ae7': stress is 0 (none), 1 (primary) or 2 (secondary)"),
        ("[ ]", "poem: [ ] holds no phone; write phones as in [k ae t]"),
        ("😀", "poem: nothing in it can be spoken"),
    ],
)
def test_errors_name_place_value_and_what_is_right(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        phones(text, "poem")
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("text", ["", "  \n", "😀😀", "שלום", "...", "[", "***", "[12]", "\N{COMBINING ACUTE ACCENT}" * 50])
def test_what_nothing_can_be_said_of_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^poem: nothing in it can be spoken.*write English words or numbers$"):
        phones(text, "poem")


def test_marks_say_where_a_phone_stands() -> None:
    said = phones("Sleepy *rabbit*.")
    assert said.dtype == PHONE
    names = [NAMES[number] for number in said["number"]]
    assert names == ["S", "L", "IY", "P", "IY", "R", "AE", "B", "AX", "T", "PAUSE"]

    def marked(mark: int) -> list[int]:
        return np.flatnonzero(said["marks"] & mark).tolist()

    assert marked(WORD_BEGINS) == [0, 5]
    assert marked(WORD_ENDS) == [4, 9]
    assert marked(STRESSED) == [0, 1, 2, 5, 6]
    assert marked(PHRASE_ENDS) == [7, 8, 9]
    assert marked(EMPHASISED) == [5, 6, 7, 8, 9]


def test_a_text_ends_with_a_pause_so_that_texts_can_be_joined() -> None:
    for text in ("hello", "hello.", "hello...", "hello,", "hello\n\n"):
        said = phones(text)
        assert said["number"][-1] == PAUSE
        assert (said["number"] == PAUSE).sum() == 1


def test_pauses_grow_from_comma_to_full_stop_to_paragraph_to_dots() -> None:
    pauses = [float(phones(f"one{mark}two")["seconds"][3]) for mark in (", ", ". ", "\n\n", "... ")]
    assert pauses == sorted(pauses)
    assert len(set(pauses)) == 4


def vowel(text: str, name: str) -> float:
    said = phones(text)
    return float(said["seconds"][said["number"] == NAMES.index(name)][0])


def test_vowels_are_longest_at_the_end_of_a_phrase() -> None:
    assert vowel("a cat", "AE") > 1.3 * vowel("a cat sat", "AE")


def test_vowels_are_longer_before_a_voiced_consonant() -> None:
    assert vowel("a bead", "IY") > 1.1 * vowel("a beat", "IY")


def test_vowels_are_shorter_in_longer_words() -> None:
    assert vowel("sleep now", "IY") > 1.1 * vowel("sleepiness now", "IY")


def test_emphasis_is_slower() -> None:
    slow, plain = phones("go *slowly* now"), phones("go slowly now")
    emphasised = (slow["marks"] & EMPHASISED) > 0
    assert slow["seconds"][emphasised].sum() > 1.25 * plain["seconds"][emphasised].sum()
    assert np.array_equal(slow["seconds"][~emphasised], plain["seconds"][~emphasised])


def test_a_whisperer_says_some_three_syllables_a_second_and_never_too_many_words_in_a_breath() -> None:
    said = phones(PAGE)
    is_pause = said["number"] == PAUSE
    vowels = np.array([NAMES[number][0] in "AEIOU" for number in said["number"]])
    assert 3.0 < vowels.sum() / said["seconds"][~is_pause].sum() < 3.6
    counts = [int(((part["marks"] & WORD_ENDS) > 0).sum()) for part in np.split(said, np.flatnonzero(is_pause))]
    assert max(counts) <= 10


def test_no_phone_is_shorter_than_half_its_shortest_or_very_long() -> None:
    for number, _, seconds in phones(PAGE).tolist():
        if number != PAUSE:
            name = PLAIN.get(NAMES[number], NAMES[number])
            assert 0.5e-3 * INHERENT_AND_SHORTEST_MS[name][1] <= seconds < 0.8, name


KINDS = (
    "abcdefghijklmnopqrstuvwxyz      ",
    "aeiou tnrsl '.-,",
    "0123456789 .,:/-+$%°½kmst",
    "[]*()<>&@#_=~^|\\/\"' a1",
    "ABCDEIVX.  s'",
    "éñüßæø—–…“”‘’ﬁ𝓱²³€£¥ a",
    "😀שלום中文عربي\u0301\u200d\u202e\x00\x07\x1b\ufffd\ud800 a\n",
    "kaetshhh1290[] ",
)
WHOLE = (
    "the",
    "Mr.",
    "St.",
    "10:30",
    "*slowly*",
    "[k ae t]",
    "...",
    "\n\n",
    "U.S.",
    "1/2",
    "$5",
    "don't",
    "IV",
    "No.",
    "a.m.",
    "2026-03-05",
    "[",
    "]",
    "*",
)


@short_and_long("count", 2000, 100_000)
def test_any_text_is_said_or_refused_by_one_line(count: int) -> None:
    draw = random.Random(12)
    for _ in range(count):
        kind = draw.choice(KINDS)
        text = "".join(
            draw.choice(WHOLE) + " " if draw.random() < 0.05 else draw.choice(kind) for _ in range(draw.randint(0, 30))
        )
        try:
            said = phones(text)
        except InputError as error:
            refused = str(error)
        else:
            refused = ""
        assert "\n" not in refused
        if refused:
            continue
        assert said["number"][-1] == PAUSE, text
        assert said["number"].min() >= PAUSE, text
        assert np.isfinite(said["seconds"]).all(), text
        assert (said["seconds"] > 0.01).all(), text


@pytest.mark.parametrize(
    "piece", ["a", "1", "1,", "a.", "[", "*", "é", "\u0301", "a'", "- ", "1/", "A. ", "\n", "$", "No. 5 ", "[k]", "*a* ", "xq"]
)
def test_long_monotonous_texts_end(piece: str) -> None:
    try:
        assert len(phones(piece * 5000)) > 1
    except InputError:
        assert not piece.isalnum()
