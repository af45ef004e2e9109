"""N-grams: an interpolated Kneser-Ney model over rows of numbers, pruned by what each row is worth.  For training only.

S. F. Chen, J. Goodman, *An empirical study of smoothing techniques for language modeling* (1998), the modified form; pruning by
the likelihood that is lost without a row, after A. Stolcke, *Entropy-based pruning of backoff language models* (1998).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.speech.letters import ORDER
from synth.speech.letters_file import BITS

Array = np.ndarray[Any, np.dtype[Any]]
Level = tuple[Array, Array, Array]
"""Rows of one length, sorted; their log-probabilities; the logs of what they leave to shorter rows."""
_PIECE = (1 << BITS) - 1


def _counts(sequences: list[list[int]], start: int) -> list[tuple[Array, Array]]:
    """Return for each length the rows and how often each was seen."""
    flat = np.array([piece for sequence in sequences for piece in [start] * (ORDER - 1) + sequence], np.int64)
    pads = [False] * (ORDER - 2) + [True]  # the last of them, so that rows of nothing but `start` are there to hang others on
    ends = np.array([place for sequence in sequences for place in pads + [True] * len(sequence)])
    row = np.zeros_like(flat)
    found = []
    for length in range(ORDER):
        row = row | np.concatenate([np.zeros(length, np.int64), flat[: len(flat) - length]]) << BITS * length
        found.append(np.unique(row[ends & ((flat != start) | (length < ORDER - 1))], return_counts=True))
    return found


def _continued(seen: list[tuple[Array, Array]]) -> list[Array]:
    """Return what Kneser-Ney counts: for the longest rows how often, for others behind how many different pieces."""
    found = [counts.astype(float) for _, counts in seen]
    for length in range(ORDER - 1):
        rows = seen[length][0]
        longer = seen[length + 1][0] & ((1 << BITS * (length + 1)) - 1)
        found[length] = np.bincount(np.searchsorted(rows, longer), minlength=len(rows)).astype(float)
    return found


def _discounted(counts: Array) -> Array:
    n1, n2, n3, n4 = (float((counts == n).sum()) or 1.0 for n in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    discounts = np.array([0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    taken: Array = np.clip(discounts, 0.0, 2.9)[np.minimum(counts, 3).astype(int)]
    return counts - taken


def _find(rows: Array, wanted: Array) -> tuple[Array, Array]:
    place = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
    return place, rows[place] == wanted


def _log(levels: list[Level], length: int, wanted: Array) -> Array:
    """Return the log-probabilities of any rows of a length, by the levels so far."""
    if length == 0:
        return np.full(len(wanted), -np.log(1 << BITS))
    rows, logs, _ = levels[length - 1]
    place, is_there = _find(rows, wanted)
    found = logs[place]
    missing = ~is_there
    if missing.any():
        shorter = wanted[missing] & ((1 << BITS * (length - 1)) - 1)
        back = np.zeros(int(missing.sum()))
        if length > 1:
            contexts, _, backs = levels[length - 2]
            place, has = _find(contexts, wanted[missing] >> BITS)
            back = np.where(has, backs[place], 0.0)
        found[missing] = back + _log(levels, length - 1, shorter)
    return found


def _model(seen: list[tuple[Array, Array]], counts: list[Array], kept: list[Array]) -> list[Level]:
    levels: list[Level] = []
    for length in range(ORDER):
        rows = seen[length][0]
        context, number = np.unique(rows >> BITS, return_inverse=True)
        sums = np.bincount(number, counts[length])
        share = _discounted(counts[length]) / sums[number]
        keep = kept[length]
        left = np.maximum(1.0 - np.bincount(number[keep], share[keep], len(context)), 1e-6)
        lower = _log(levels, length, rows[keep] & ((1 << BITS * length) - 1))
        logs = np.log(share[keep] + left[number[keep]] * np.exp(lower))
        if length:
            before, before_logs, backs = levels[-1]
            place, has = _find(before, context)
            backs[place[has]] = np.log(left[has])
            levels[-1] = before, before_logs, backs
        levels.append((rows[keep], logs, np.zeros(int(keep.sum()))))
    return levels


def learn(sequences: list[list[int]], start: int, size: int) -> list[Level]:
    """Return a model of about `size` rows."""
    seen = _counts(sequences, start)
    counts = _continued(seen)
    full = _model(seen, counts, [np.ones(len(rows), bool) for rows, _ in seen])
    worth = [np.full(len(seen[0][0]), np.inf)]
    for length in range(1, ORDER):
        rows, logs, _ = full[length]
        contexts, _, backs = full[length - 1]
        place, has = _find(contexts, rows >> BITS)
        without = np.where(has, backs[place], 0.0) + _log(full, length, rows & ((1 << BITS * length) - 1))
        worth.append(seen[length][1] * (logs - without))
    least = -np.sort(-np.concatenate(worth))[min(size, sum(map(len, worth)) - 1)]
    kept = [values > least for values in worth]
    for length in range(ORDER - 1, 0, -1):  # every row's beginning is kept
        beginnings = seen[length][0][kept[length]] >> BITS
        place, has = _find(seen[length - 1][0], beginnings)
        kept[length - 1][place[has]] = True
    return _model(seen, counts, kept)
