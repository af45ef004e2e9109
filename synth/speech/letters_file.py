"""The file of the letters' model: rows as a tree, level by level, log-probabilities in bytes, compressed."""

from __future__ import annotations

import lzma
from array import array
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from synth.speech.letters import STEP, Letters, Tree
from synth.speech.packed import FILTERS

FILE = "letters.xz"
BITS = 9
"""Of a piece's number in a packed row, which training sorts by: seven of them fill 63."""

Array = np.ndarray[Any, np.dtype[Any]]


def write(pieces: list[tuple[str, str]], levels: list[tuple[Array, Array, Array]]) -> bytes:
    """Return the file.

    `levels[k]` holds the packed rows of k + 1 pieces, sorted, their logs and their backs; every row's beginning is a row too.
    """
    children = []
    before = np.zeros(1, np.int64)
    for rows, _, _ in levels:
        children.append(np.bincount(np.searchsorted(before, rows >> BITS), minlength=len(before)))
        before = rows
    counts = np.concatenate(children).astype("<u2")
    last = np.concatenate([rows & ((1 << BITS) - 1) for rows, _, _ in levels]).astype("<u2")
    head = " ".join(letter + sounds for letter, sounds in pieces).encode() + b"\n"
    sizes = len(counts).to_bytes(4, "little") + len(last).to_bytes(4, "little")
    logs = _quantised(np.concatenate([logs for _, logs, _ in levels]))
    backs = _quantised(np.concatenate([np.zeros(1), *(backs for _, _, backs in levels[:-1])]))
    parts = (counts & 255, counts >> 8, last & 255, last >> 8, logs, backs)
    data = head + sizes + b"".join(part.astype("u1").tobytes() for part in parts)
    return lzma.compress(data, check=lzma.CHECK_CRC32, filters=FILTERS)


def _quantised(logs: Array) -> Array:
    return np.clip(np.rint(-logs / STEP), 0, 255)


def read(data: bytes) -> Letters:
    """Return the model that a file holds."""
    text = lzma.decompress(data)
    head = text.index(b"\n")
    pieces = [(piece[0], piece[1:]) for piece in text[:head].decode().split(" ")]
    inner, rows = (int.from_bytes(text[place : place + 4], "little") for place in (head + 1, head + 5))
    ends = np.cumsum([head + 9, inner, inner, rows, rows, rows, inner]).tolist()
    parts = [np.frombuffer(text, "u1", end - begin, begin) for begin, end in pairwise(ends)]
    counts = np.zeros(rows + 2, np.int64)  # leaves have no children
    counts[1 : inner + 1] = parts[0] + 256 * parts[1].astype(np.int64)
    last = np.concatenate([[0], parts[2] + 256 * parts[3].astype(np.int64)])
    first = 1 + np.cumsum(counts)
    logs = b"\0" + parts[4].tobytes()
    backs = parts[5].tobytes() + bytes(rows + 1 - inner)
    return Letters(Tree(pieces, array("q", first.tobytes()), array("q", last.tobytes()), logs, backs))


@cache
def letters() -> Letters:
    """Return the model of this package, read once."""
    return read((files("synth.speech") / "data" / FILE).read_bytes())
