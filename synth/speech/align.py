"""Align: which letters of a word made which of its sounds; expectation and maximisation over the dictionary.  For training only.

Each letter makes none, one or two sounds. Words of the same shape (letters, sounds) go through one grid together.
After S. F. Chen, *Conditional and joint models for grapheme-to-phoneme conversion*, Eurospeech 2003.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
ROUNDS = 12
_SILENT_PRIOR = 0.02
"""What silence is worth at first: chosen small, so that letters that sound find their sounds first."""


class Aligner:
    """Words as letters and sounds in numbers, and how probable each letter's sounds are."""

    def __init__(self, letters: list[list[int]], sounds: list[list[int]], kinds: tuple[int, int]) -> None:
        self.letter_kinds, self.sound_kinds = kinds
        self.chunks = 1 + self.sound_kinds + self.sound_kinds**2
        shapes: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, (word, said) in enumerate(zip(letters, sounds, strict=True)):
            if len(said) <= 2 * len(word):
                shapes[len(word), len(said)].append(number)
        self.groups = [
            (np.array(members), np.array([letters[n] for n in members]), np.array([sounds[n] for n in members]))
            for _, members in sorted(shapes.items())
        ]
        self.table = np.full((self.letter_kinds, self.chunks), 1.0)
        self.table[:, 0] = _SILENT_PRIOR * self.chunks
        self.table /= self.table.sum(axis=1, keepdims=True)

    def _steps(self, said: Array, place: int, size: int) -> Array:
        if size == 0:
            return np.zeros(len(said), np.int64)
        if size == 1:
            return 1 + said[:, place - 1]
        return 1 + self.sound_kinds + self.sound_kinds * said[:, place - 2] + said[:, place - 1]

    def _forward(self, word: Array, said: Array, best: bool) -> tuple[Array, Array]:
        count, length = word.shape
        size = said.shape[1]
        reach = np.zeros((length + 1, size + 1, count))
        reach[0, 0] = 1.0
        took = np.zeros((length + 1, size + 1, count), np.int8)
        for i in range(1, length + 1):
            for j in range(min(size, 2 * i) + 1):
                ways = np.array(
                    [reach[i - 1, j - k] * self.table[word[:, i - 1], self._steps(said, j, k)] for k in range(min(j, 2) + 1)]
                )
                reach[i, j] = ways.max(axis=0) if best else ways.sum(axis=0)
                took[i, j] = ways.argmax(axis=0)
        return reach, took

    def improve(self) -> float:
        """Go one round; return the mean log-probability of a word before it."""
        counts = np.zeros(self.letter_kinds * self.chunks)
        total, words = 0.0, 0
        for _, word, said in self.groups:
            reach, _ = self._forward(word, said, False)
            count, length = word.shape
            size = said.shape[1]
            whole = reach[length, size]
            total += float(np.log(np.maximum(whole, 1e-300)).sum())
            words += count
            back = np.zeros_like(reach)
            back[length, size] = np.where(whole > 0, 1.0 / np.maximum(whole, 1e-300), 0.0)
            for i in range(length, 0, -1):
                for j in range(min(size, 2 * i) + 1):
                    for k in range(min(j, 2) + 1):
                        step = self._steps(said, j, k)
                        use = back[i, j] * self.table[word[:, i - 1], step]
                        np.add.at(counts, word[:, i - 1] * self.chunks + step, reach[i - 1, j - k] * use)
                        back[i - 1, j - k] += use
        table = counts.reshape(self.letter_kinds, self.chunks)
        self.table = table / np.maximum(table.sum(axis=1, keepdims=True), 1e-300)
        return total / words

    def align(self) -> dict[int, tuple[list[int], float]]:
        """Return for each word how many sounds each letter made, and the log-probability per letter."""
        found = {}
        for members, word, said in self.groups:
            reach, took = self._forward(word, said, True)
            length, size = word.shape[1], said.shape[1]
            for n, number in enumerate(members.tolist()):
                j, sizes = size, []
                for i in range(length, 0, -1):
                    sizes.append(int(took[i, j, n]))
                    j -= sizes[-1]
                found[number] = (sizes[::-1], float(np.log(max(reach[length, size, n], 1e-300))) / length)
        return found
