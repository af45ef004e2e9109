"""The file of the letters' model: rows as a tree, level by level, log-probabilities in bytes, compressed."""

from __future__ import annotations

import lzma
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from synth.speech.letters import BITS, ORDER, Letters

FILE = "letters.xz"
STEP = 1.0 / 12.0
"""Log-probabilities (natural) are kept in steps of this."""

Array = np.ndarray[Any, np.dtype[Any]]


def write(pieces: list[tuple[str, str]], levels: list[tuple[Array, Array, Array]]) -> bytes:
    """Return the file: `levels[k]` holds the rows of k + 1 pieces, sorted, their logs and their backs; every row's beginning is one too."""
    parts = [" ".join(letter + sounds for letter, sounds in pieces).encode() + b"\n"]
    before = np.zeros(1, np.int64)
    for rows, logs, backs in levels:
        parent = np.searchsorted(before, rows >> BITS)
        children = np.bincount(parent, minlength=len(before)).astype("<u2")
        last = (rows & ((1 << BITS) - 1)).astype("<u2")
        parts.append(len(rows).to_bytes(4, "little"))
        parts += [(children & 255).astype("u1").tobytes(), (children >> 8).astype("u1").tobytes()]
        parts += [(last & 255).astype("u1").tobytes(), (last >> 8).astype("u1").tobytes()]
        parts += [_quantised(logs).tobytes(), _quantised(backs).tobytes()]
        before = rows
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]
    return lzma.compress(b"".join(parts), check=lzma.CHECK_CRC32, filters=filters)


def _quantised(logs: Array) -> Array:
    return np.clip(np.rint(-logs / STEP), 0, 255).astype("u1")


def read(data: bytes) -> Letters:
    """Return the model that a file holds."""
    text = lzma.decompress(data)
    head = text.index(b"\n")
    pieces = [(piece[0], piece[1:]) for piece in text[:head].decode().split(" ")]
    place = head + 1

    def some(count: int) -> Array:
        nonlocal place
        place += count
        return np.frombuffer(text, "u1", count, place - count).astype(np.int64)

    logs: dict[int, float] = {}
    backs: dict[int, float] = {}
    before = np.zeros(1, np.int64)
    for _ in range(ORDER):
        count = int.from_bytes(text[place : place + 4], "little")
        place += 4
        children = some(len(before)) | some(len(before)) << 8
        last = some(count) | some(count) << 8
        rows = np.repeat(before, children) << BITS | last
        logs.update(zip(rows.tolist(), (-STEP * some(count)).tolist(), strict=True))
        back = -STEP * some(count)
        backs.update(zip(rows[back != 0].tolist(), back[back != 0].tolist(), strict=True))
        before = rows
    return Letters(pieces, logs, backs)


@cache
def letters() -> Letters:
    """Return the model of this package, read once."""
    return read((files("synth.speech") / "data" / FILE).read_bytes())
