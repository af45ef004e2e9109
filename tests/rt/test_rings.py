"""Rings: what one thread writes another reads, all of it, once, in order, or it is counted as lost."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from synth.control.midi.packets import MIDI_RING
from synth.control.stream.ring import STREAM_RING
from synth.io.audio.tape import TAPE
from synth.rt import kernel, rings
from synth.rt.intrinsics import address_of

CAPACITY = 64
ITEM = np.dtype([("number", "i8"), ("square", "i8")], align=True)
RING = rings.ring_of(ITEM, CAPACITY)
_LINE = 64


@kernel
def _write(ring, first, count):
    """Write as many numbers as find room; return how many those are."""
    written = ring.written
    moved = min(count, CAPACITY - (written - rings.load_read(address_of(ring))))
    for index in range(moved):
        item = ring.items[(written + index) % CAPACITY]
        item.number, item.square = first + index, (first + index) ** 2
    rings.store_written(address_of(ring), written + moved)
    return moved


@kernel
def _write_all(ring, count):
    """Write numbers 0 .. count - 1, waiting for room."""
    done = 0
    while done < count:
        done += _write(ring, done, min(count - done, 7))


def take(ring: np.ndarray) -> np.ndarray:
    return rings.take_all(ring, ring["items"][0])


@pytest.mark.parametrize("begin", [0, 3 * CAPACITY + 5, (1 << 62) - 10])
def test_everything_is_read_once_and_in_order_and_no_more_than_there_is_room_for(begin: int) -> None:
    rng, ring, sent, found = np.random.default_rng(1), np.zeros(1, RING), 0, []
    ring["written"] = ring["read"] = begin
    for _ in range(2000):
        count, waiting = int(rng.integers(0, 2 * CAPACITY)), sent - sum(map(len, found))
        moved = _write(ring[0], sent, count)
        assert moved == min(count, CAPACITY - waiting)
        sent += moved
        if rng.uniform() < 0.7:
            found.append(take(ring))
    found.append(take(ring))
    assert np.array_equal(np.concatenate(found)["number"], np.arange(sent))
    assert len(take(ring)) == 0


def test_a_reader_in_python_beside_a_writer_that_does_not_stop_sees_whole_items() -> None:
    ring, count, found = np.zeros(1, RING), 200_000, []
    _write_all(ring[0], 0)  # compiled, so that it runs without the lock of Python from its first moment on
    writer = threading.Thread(target=_write_all, args=(ring[0], count))
    writer.start()
    while writer.is_alive() or ring["written"][0] != ring["read"][0]:
        found.append(take(ring))
    writer.join()
    items = np.concatenate(found)
    assert np.array_equal(items["number"], np.arange(count))
    assert np.array_equal(items["square"], np.arange(count) ** 2)


@pytest.mark.parametrize("ring", [rings.RING, RING, MIDI_RING, STREAM_RING, TAPE])
def test_each_counter_has_a_cache_line_of_its_own_and_every_ring_the_same_layout(ring: np.dtype) -> None:
    assert ring.fields is not None
    places = {name: ring.fields[name][1] for name in ring.names or ()}
    assert all(places[name] == rings.RING.fields[name][1] for name in rings.RING.names)
    assert places["written"] // _LINE != places["read"] // _LINE
    assert all(place >= 2 * _LINE for name, place in places.items() if name not in rings.RING.names)


@pytest.mark.parametrize("capacity", [0, -1, 3, 1000])
def test_a_capacity_that_is_no_power_of_two_is_refused(capacity: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        rings.ring_of(ITEM, capacity)
