"""Normalising: how figures, short forms, capitals and signs are read."""

from __future__ import annotations

import pytest

from synth.parameters.errors import InputError
from synth.speech.normalise import Word, normalise


def read(text: str) -> str:
    """Return a text's words; `,` `.` `...` and a pilcrow for the breaks, by length."""
    breaks = {1: ",", 2: ".", 3: "...", 4: "¶"}
    return " ".join(item.text if isinstance(item, Word) else breaks[item.kind] for item in normalise(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "7 42 100 1,234,567",
            "seven forty two one hundred one million two hundred and thirty four thousand five hundred and sixty seven",
        ),
        ("1st 2nd 3rd 12th 20th 21st", "first second third twelfth twentieth twenty first"),
        ("3.14 0.5 .5 -3", "three point one four zero point five zero point five minus three"),
        ("in 1905, 2009 and 2026", "in nineteen oh five , two thousand nine and twenty twenty six"),
        ("the 1990s", "the nineteen nineties"),
        ("007", "zero zero seven"),
        ("call 555-0123", "call five five five , zero one two three"),
        (
            "12345678901234567890",
            "one two three four five six seven eight nine zero one two three four five six seven eight nine zero",
        ),
        ("1/2 or 3/4", "one half or three quarters"),
        ("2½ cups", "two and one half cups"),
        ("10-20", "ten to twenty"),
        ("5*3", "five times three"),
        ("1.2.3", "one dot two dot three"),
        ("at 10:30", "at ten thirty"),
        ("7:05 pm", "seven oh five p. m."),
        ("12:00", "twelve o'clock"),
        ("at 9 a.m.", "at nine a. m."),
        ("On March 5, 2024", "on march fifth , twenty twenty four"),
        ("5 May 1812", "five may eighteen twelve"),
        ("2026-03-05", "march fifth twenty twenty six"),
        ("31/12/1999", "december thirty first nineteen ninety nine"),
        ("$3.50 £1 €0.99 $2 million", "three dollars and fifty cents one pound ninety nine cents two million dollars"),
        ("5 km, 1 kg, 50%, 20°C", "five kilometers , one kilogram , fifty percent , twenty degrees celsius"),
        ("6 ft 10 lbs 3 Hz", "six feet ten pounds three hertz"),
        ("rock & roll", "rock and roll"),
    ],
)
def test_figures(text: str, words: str) -> None:
    assert read(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mr. Smith and Dr. Jones", "mister smith and doctor jones"),
        ("St. John lives in Baker St. now", "saint john lives in baker street now"),
        ("cats, dogs, etc. She", "cats , dogs , et cetera . she"),
        ("e.g. this, i.e. that", "for example this , that is that"),
        ("No. 5. No.", "number five . no ."),
        ("J. R. R. Tolkien", "j. r. r. tolkien"),
        ("the U.S. Army, the FBI and NASA", "the u. s. army , the f. b. i. and nasa"),
        ("two CDs, the U.K.'s", "two c. d.s , the u. k.s"),
        ("Jan 5th, #1", "january fifth , number one"),
        ("Henry VIII, chapter IV", "henry eight , chapter four"),
        ("THIS IS US", "this is us"),
        ("don't, it's, I'd've", "don't , it's , i'd've"),
        ("the dogs' ears, James's", "the dogs' ears , james's"),
        ("well-known rabbit-hole", "well known rabbit hole"),
        ("me@example.com", "me at example dot com"),
        ("“Don’t—stop”", "don't , stop"),
        ("naïve café Ångström ﬁne 𝓱𝓲", "naive cafe angstrom fine hi"),
        ("hello 😀 שלום 中文 you", "hello you"),
        ("one... two; three: four\n\nfive! six?", "one ... two , three , four ¶ five . six ."),
        ("a line\nand on", "a line and on"),
        ("as shown [12] here", "as shown here"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert read(text) == words


def test_asterisks_emphasise_what_they_embrace() -> None:
    said = [(item.text, item.emphasised) for item in normalise("*very slowly* go, 2 * 3 and *no") if isinstance(item, Word)]
    assert [word for word, emphasised in said if emphasised] == ["very", "slowly"]
    assert ("times", False) in said


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 4, b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" * 9, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 5]
)
def test_binary_data_is_refused(data: bytes) -> None:
    for text in (data.decode("utf-8", "replace"), data.decode("latin-1")):
        with pytest.raises(InputError, match=r"^file.txt: .* this is no text; give plain text"):
            normalise(text, "file.txt")
