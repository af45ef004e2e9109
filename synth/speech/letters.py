"""Letters to sounds: how a word sounds that nobody wrote down, by a joint model of letters and sounds.

word -> for each letter the sounds that it may make (none, one or two) -> the likeliest row of them by an n-gram model, along a beam.

A piece is a letter with its sounds, a row some pieces one after the other. The model is an interpolated Kneser-Ney model of rows of up
to six, learned from the dictionary and pruned (`train_letters.py`); after M. Bisani, H. Ney, *Joint-sequence models for
grapheme-to-phoneme conversion*, Speech Communication 50 (2008).
"""

from __future__ import annotations

import re

from synth.speech.sounds import Sounds, unpack

ORDER = 6
"""Pieces of the longest row."""
BITS = 10
"""Of a piece's number in a packed row. Numbers begin with 1, so that rows of all lengths differ."""
START, END = 1, 2
"""The pieces that stand before and behind a word."""
BEAM = 16
"""Rows that are followed at once; with 50 no word of a thousand came out otherwise (measured)."""
_UNSEEN = -16.0
_LONGEST = 40
"""Letters that are said as one word; a longer one is cut."""
_CONTEXT = (1 << BITS * (ORDER - 1)) - 1


class Letters:
    """The learned model.

    pieces : letter and packed sounds, for the numbers from 3.
    logs : packed row -> log-probability of its last piece behind the others, for rows that were worth keeping.
    backs : packed row -> log of what it leaves to shorter rows, where that is not all.
    """

    def __init__(self, pieces: list[tuple[str, str]], logs: dict[int, float], backs: dict[int, float]) -> None:
        self.pieces, self.logs, self.backs = pieces, logs, backs
        self.sounds = [(), (), (), *(unpack(sounds) for _, sounds in pieces)]
        self.of_letter: dict[str, list[int]] = {}
        for number, (letter, _) in enumerate(pieces, 3):
            self.of_letter.setdefault(letter, []).append(number)

    def say(self, word: str) -> Sounds:
        """Return the sounds of a word; what is no letter from a to z is passed over."""
        word = re.sub("[^a-z]", "", word)
        return tuple(sound for place in range(0, len(word), _LONGEST) for sound in self._say(word[place : place + _LONGEST]))

    def _say(self, word: str) -> Sounds:
        begin = 0
        for _ in range(ORDER - 1):
            begin = begin << BITS | START
        beam: dict[int, tuple[float, tuple[int, ...]]] = {begin: (0.0, ())}
        for choices in [*(self.of_letter[letter] for letter in word), [END]]:
            grown: dict[int, tuple[float, tuple[int, ...]]] = {}
            for row, (score, said) in beam.items():
                shorter = self._shorter(row)
                for piece in choices:
                    total = score + self._log(shorter, piece)
                    after = (row << BITS | piece) & _CONTEXT
                    if after not in grown or total > grown[after][0]:
                        grown[after] = total, (*said, piece)
            best = sorted(grown.items(), key=lambda entry: -entry[1][0])[:BEAM]
            beam = dict(best)
        _, said = next(iter(beam.values()))
        return tuple(sound for piece in said for sound in self.sounds[piece])

    def _shorter(self, row: int) -> list[tuple[int, float]]:
        """Return a row and its shorter ends, ready for one more piece, and what is lost on the way to each."""
        found, lost = [], 0.0
        for length in range(ORDER - 1, -1, -1):
            end = row & ((1 << BITS * length) - 1)
            found.append((end << BITS, lost))
            lost += self.backs.get(end, 0.0)
        return found

    def _log(self, shorter: list[tuple[int, float]], piece: int) -> float:
        logs = self.logs
        for row, lost in shorter:
            found = logs.get(row | piece)
            if found is not None:
                return lost + found
        return _UNSEEN
