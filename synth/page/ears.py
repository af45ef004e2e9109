"""A set of ears for the browser, apart from presets, which all share it.  Ears -> EARS record and tables -> container."""

from __future__ import annotations

import numpy as np

from hrtf.ears import Ears
from hrtf.kernels.records import CORNER
from hrtf.table import DISTANCES
from synth.engine.frozen import frozen_ears
from synth.page import container, predicted

SAMPLE_RATE = 48000
"""Of the page's audio context; browsers resample for devices that run at another."""


def packed_ears(ears: Ears) -> bytes:
    """Return a set of ears as a container.

    The header: `name`, `title`, `licence`, `citation`; `base_delay_frames`; `words`, the addresses to be filled in, [byte, byte
    of what it points at]; `corners`: where the table of corners lies in the piece `ears` (there it is zero), its directions,
    distances and ears, and its `columns`. The pieces `taps` (i4) and `planes` are that table, as `synth.page.predicted` packs it.
    """
    frozen = frozen_ears(ears, SAMPLE_RATE)
    whole = np.frombuffer(frozen.pieces["ears"], np.uint8).copy()
    at, shape = frozen.words[0][3], (*ears.table.gains.shape, CORNER)
    corners = whole[at : at + int(np.prod(shape))].reshape(shape)
    taps, planes = predicted.packed(corners)
    corners[...] = 0
    header = {
        "name": ears.name,
        "title": ears.title,
        "licence": ears.licence,
        "citation": ears.citation,
        "base_delay_frames": ears.base_delay_frames(SAMPLE_RATE),
        "words": [[word[1], word[3]] for word in frozen.words],
        "corners": {"at": at, "shape": shape[:3], "bytes": CORNER, "columns": predicted.COLUMNS, "shift": predicted.SHIFT},
    }
    assert shape[1] == DISTANCES
    return container.packed(header, {"ears": whole.tobytes(), "taps": taps.tobytes(), "planes": planes})
