"""The tape: every sample that was written is read once, in order, or counted as missed."""

from __future__ import annotations

import numpy as np
import pytest

from synth.io.audio import tape
from synth.io.audio.tape import TAPE, TAPE_FRAMES, TapeReader


def written(record: np.ndarray, samples: np.ndarray | None, frames: int) -> None:
    tape.write(record[0], 0 if samples is None else samples.ctypes.data, frames)


@pytest.mark.parametrize("channels", [1, 2])
def test_everything_is_read_once_and_in_order(channels: int) -> None:
    record, rng = np.zeros(1, TAPE), np.random.default_rng(channels)
    reader, sent, found = TapeReader(record, channels), [], []
    for _ in range(3000):
        samples = rng.standard_normal((int(rng.integers(0, 700)), channels)).astype(np.float32)
        written(record, samples, len(samples))
        sent.append(samples)
        if rng.uniform() < 0.1:
            block, missed = reader.read()
            assert missed == 0
            found.append(block)
    found.append(reader.read()[0])
    assert sum(map(len, sent)) > 3 * TAPE_FRAMES
    assert np.array_equal(np.concatenate(found), np.concatenate(sent))


def test_what_was_written_over_is_counted() -> None:
    record = np.zeros(1, TAPE)
    reader, frames = TapeReader(record, 1), 1000
    count = 2 * TAPE_FRAMES // frames
    for index in range(count):
        written(record, np.full((frames, 1), index, np.float32), frames)
    block, missed = reader.read()
    assert missed + len(block) == count * frames
    assert missed >= TAPE_FRAMES
    assert np.array_equal(block[:, 0], np.repeat(np.arange(count), frames)[missed:])
    assert reader.read()[1] == 0


def test_nothing_coming_in_is_silence() -> None:
    record = np.zeros(1, TAPE)
    reader = TapeReader(record, 2)
    written(record, None, 64)
    block, missed = reader.read()
    assert block.shape == (64, 2)
    assert not block.any()
    assert missed == 0


def test_a_tape_that_nobody_reads_takes_nothing() -> None:
    record = np.zeros(1, TAPE)
    written(record, np.ones((64, 1), np.float32), 64)
    assert record["written"][0] == 0
