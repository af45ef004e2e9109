"""An engine before its first frame, as bytes that another process can play.  engine -> pieces, and which words are addresses.

State and arena hold offsets only; TABLES holds addresses, and for those stands where what they point at lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synth.engine.engine import Engine
from synth.engine.kernels.state import SOUND, TABLES
from synth.parameters.errors import InputError
from synth.rt.records import offset

ADDRESSES = ("corners", "triangles", "cells", "steps", "filters", "fractions")
"""The fields of EARS that are addresses."""
STATE_PIECE, TABLES_PIECE, ARENA_PIECE = "state", "tables", "arena"


@dataclass(frozen=True)
class Frozen:
    """What lies in an engine's memory.

    Attributes
    ----------
    pieces : name -> bytes; `tables` holds no address and nothing of the ears.
    words : (piece, byte, piece, byte): the address of the second is to stand in the first, as an int64.
    kernels : (byte of `tables`, trigger, 0 for its strike or 1 for its render): that kernel's address is to stand there.
    """

    pieces: dict[str, bytes]
    words: list[tuple[str, int, str, int]]
    kernels: list[tuple[int, str, int]]


def freeze(engine: Engine) -> Frozen:
    """Return an engine that has been told what to play, and has not played yet; what it was told and waits goes along.

    Raises
    ------
    InputError
        If it has played, has streams, or was told more than its memory has room for.
    """
    if engine.frame or engine.streams:
        raise InputError(f"frame {engine.frame}, {len(engine.streams)} streams: only an engine without either can be frozen")
    engine.hand_over()
    arena = engine.memory
    tables = np.zeros_like(arena.tables)
    pieces = {STATE_PIECE: arena.state.tobytes(), ARENA_PIECE: arena.bytes[: arena.used].tobytes()}
    words = [(TABLES_PIECE, offset(TABLES, "arena"), ARENA_PIECE, 0)]
    kernels = []
    for layer in engine.layers:
        kernels += [(offset(TABLES, "kernels") + 16 * layer.index + 8 * which, layer.trigger.name, which) for which in range(2)]
        sound = layer.input.sound
        if sound is not None and arena.state["layers"][0][layer.index]["hears"] == SOUND:
            pieces[f"sound {layer.index}"] = sound.tobytes()
            words.append((TABLES_PIECE, offset(TABLES, "sounds") + 16 * layer.index, f"sound {layer.index}", 0))
            tables["sounds"][0][layer.index][1] = len(sound)
    return Frozen({**pieces, TABLES_PIECE: tables.tobytes()}, words, kernels)


def frozen_ears(ears: Any, sample_rate: float) -> Frozen:
    """Return a set of ears: the piece `ears`, which begins with its EARS record, and where in it addresses stand."""
    record = ears.native(sample_rate)
    memory = record.base.view(np.uint8)
    begin = record.ctypes.data
    whole = memory[begin - memory.ctypes.data :].copy()
    words = []
    for name in ADDRESSES:
        at = offset(record.dtype, name)
        words.append(("ears", at, "ears", int(record[name][0]) - begin))
        whole[at : at + 8] = 0
    return Frozen({"ears": whole.tobytes()}, words, [])
