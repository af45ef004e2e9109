"""Letters to sounds: how a word sounds that nobody wrote down, by a joint model of letters and sounds.

word -> for each letter the sounds that it may make (none, one or two) -> the likeliest row of them by an n-gram model, in a beam.

A piece is a letter with its sounds, a row some pieces one after the other. The model is an interpolated Kneser-Ney model of rows
of up to seven, learned from the dictionary and pruned (`train_letters.py`); after M. Bisani, H. Ney, *Joint-sequence models for
grapheme-to-phoneme conversion*, Speech Communication 50 (2008). Rows are a tree: a node is a row, its children are that row with
one piece more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from synth.speech.sounds import Sounds, unpack

ORDER = 7
"""Pieces of the longest row."""
START, END = 1, 2
"""The pieces that stand before and behind a word; the others, from 3, are in the order of their letters."""
STEP = 1.0 / 12.0
"""Log-probabilities (natural) are kept in bytes, in steps of this."""
BEAM = 16
HOPELESS = 7.0
"""A row that is so much less likely than the best (natural logarithm) is given up. With three times the beam 0.4 % more words
come out right (measured)."""
_REMEMBERED = 100_000
_LONGEST = 40
"""Letters that are said as one word; a longer one is cut."""

State = tuple[int, ...]
"""What a row may go on from: the nodes of its ends that have children, the longest first, the root last."""
Step = tuple[float, int, State]
"""Log-probability of a piece, the piece, the state behind it."""


class Tree(NamedTuple):
    """The learned rows, level by level; node 0 is the empty row."""

    pieces: list[tuple[str, str]]  # letter and packed sounds of each piece, from number 3
    first: Sequence[int]  # the first child of each node; the next node's is its end
    last: Sequence[int]  # the last piece of each node
    logs: Sequence[int]  # of that piece behind the others, in steps below zero
    backs: Sequence[int]  # of what a node leaves to its shorter ends, in steps below zero


class Letters:
    """How any word sounds, by a tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.sounds = [(), (), (), *(unpack(sounds) for _, sounds in tree.pieces)]
        initials = [letter for letter, _ in tree.pieces]
        firsts = {letter: 3 + initials.index(letter) for letter in sorted(set(initials))}
        self.ranges = {letter: (first, first + initials.count(letter)) for letter, first in firsts.items()}
        self._remembered: dict[tuple[State, int], list[Step]] = {}
        state: State = (0,)
        for _ in range(ORDER - 1):
            state = self._steps(state, START, START + 1)[0][2]
        self.begin = state

    def say(self, word: str) -> Sounds:
        """Return the sounds of a word; what is no letter from a to z is passed over."""
        word = re.sub("[^a-z]", "", word)
        return tuple(sound for place in range(0, len(word), _LONGEST) for sound in self._say(word[place : place + _LONGEST]))

    def _say(self, word: str) -> Sounds:
        beam: list[tuple[float, State, tuple[int, ...]]] = [(0.0, self.begin, ())]
        for low, high in [*(self.ranges[letter] for letter in word if letter in self.ranges), (END, END + 1)]:
            grown: dict[State, tuple[float, State, tuple[int, ...]]] = {}
            best = -1e9
            for score, state, said in beam:
                for log, piece, after in self._steps(state, low, high):
                    total = score + log
                    if total < best - HOPELESS:
                        break
                    best = max(best, total)
                    if after not in grown or total > grown[after][0]:
                        grown[after] = total, after, (*said, piece)
            beam = sorted(grown.values(), reverse=True)[:BEAM]
        return tuple(sound for piece in beam[0][2] for sound in self.sounds[piece])

    def _steps(self, state: State, low: int, high: int) -> list[Step]:
        """Return where the pieces from `low` up to `high` lead, the likeliest first; remembered for the next word."""
        found = self._remembered.get((state, low))
        if found is None:
            if len(self._remembered) > _REMEMBERED:
                self._remembered.clear()
            found = self._remembered[state, low] = self._new_steps(state, low, high)
        return found

    def _new_steps(self, state: State, low: int, high: int) -> list[Step]:
        _, first, last, logs, backs = self.tree
        found: dict[int, tuple[int, list[int]]] = {}
        lost = 0
        for node in state:
            end = first[node + 1]
            child = bisect_left(last, low, first[node], end)
            while child < end and last[child] < high:
                entry = found.get(last[child])
                if entry is None:
                    found[last[child]] = entry = lost + logs[child], []
                if first[child] < first[child + 1]:
                    entry[1].append(child)
                child += 1
            lost += backs[node]
        steps = [(-STEP * log, piece, (*nodes, 0)) for piece, (log, nodes) in found.items()]
        return sorted(steps, reverse=True)
