"""Train the letters' model on the dictionary.  python -m synth.speech.train_letters tests/speech/common_words.txt .

Deterministic; half a minute. Words of the named file, and one word in 25 by its checksum, are held out, so that tests can ask for
them.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from synth.speech.align import ROUNDS, Aligner
from synth.speech.dictionary import Dictionary, dictionary
from synth.speech.letters import END, START
from synth.speech.letters_file import BITS, FILE, write
from synth.speech.ngrams import learn
from synth.speech.sounds import CONSONANTS, VOWELS, Sounds, is_vowel, pack

HELD_OUT_ONE_IN = 25
ROWS = 420_000
"""Kept rows: what a file below a megabyte holds."""
_WORST = -4.0
"""Log-probability per letter of an alignment: below it a word is an abbreviation, not written as it sounds. Chosen by looking."""
_RAREST = 3
"""Times that a piece must be seen."""


def is_held_out(word: str) -> bool:
    """Return whether a word is kept from training, by its checksum."""
    return zlib.crc32(word.encode()) % HELD_OUT_ONE_IN == 0


def pieces_of(known: Dictionary, words: list[str]) -> list[list[tuple[str, Sounds]]]:
    """Return each word that is written as it sounds as letters with their sounds."""
    numbers = {sound: number for number, sound in enumerate((*CONSONANTS, *VOWELS))}
    said = [known.get(word) or () for word in words]
    aligner = Aligner(
        [[ord(letter) - ord("a") for letter in word] for word in words],
        [[numbers[sound[:-1] if is_vowel(sound) else sound] for sound in sounds] for sounds in said],
        (26, len(numbers)),
    )
    for turn in range(ROUNDS):
        sys.stdout.write(f"round {turn}: {aligner.improve():.3f}\n")
    found = []
    for number, (sizes, log) in sorted(aligner.align().items()):
        if log > _WORST:
            place, pieces = 0, []
            for letter, size in zip(words[number], sizes, strict=True):
                pieces.append((letter, said[number][place : place + size]))
                place += size
            found.append(pieces)
    return found


def train(known: Dictionary, without: Collection[str], rows: int = ROWS) -> bytes:
    """Return the file of a model of a dictionary, learned without some words and those held out."""
    words = [word for word in known.words() if re.fullmatch("[a-z]{2,}", word) and word not in without and not is_held_out(word)]
    rowsof = pieces_of(known, words)
    seen = Counter(piece for word in rowsof for piece in word)
    kinds = [piece for piece, count in sorted(seen.items(), key=lambda item: (-item[1], item[0])) if count >= _RAREST]
    kinds = sorted(kinds[: (1 << BITS) - 3])
    numbers = {piece: number for number, piece in enumerate(kinds, 3)}
    sequences = [[*map(numbers.__getitem__, word), END] for word in rowsof if all(piece in numbers for piece in word)]
    sys.stdout.write(f"{len(words)} words, {len(sequences)} of them to learn from, {len(kinds)} pieces\n")
    return write([(letter, pack(sounds)) for letter, sounds in kinds], learn(sequences, START, rows))


def main(common: str) -> None:
    """Write data/letters.xz beside this file."""
    data = train(dictionary(), frozenset(Path(common).read_text(encoding="utf-8").split()))
    target = Path(__file__).parent / "data" / FILE
    target.write_bytes(data)
    sys.stdout.write(f"{len(data)} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1])
