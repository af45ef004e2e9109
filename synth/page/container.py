"""A container: what a browser fetches for a preset or a set of ears.  header, pieces -> gzip.

u32 length of the header | header, JSON | the pieces, one after the other, each without the zeros at its end. The header's
`pieces` says of each how many bytes are stored and how many there are in memory.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

_ALIGNED = 64


def packed(header: Mapping[str, Any], pieces: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a container; the same content gives the same bytes."""
    stored = {name: piece.rstrip(b"\0") for name, piece in pieces.items()}
    sizes = {name: [len(stored[name]), len(piece)] for name, piece in pieces.items()}
    text = json.dumps({**header, "pieces": sizes}, separators=(",", ":")).encode("ascii")
    text += b" " * (-(len(text) + 4) % _ALIGNED)
    return gzip.compress(len(text).to_bytes(4, "little") + text + b"".join(stored.values()), 9, mtime=0)


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the header and the pieces of a container, whole again."""
    whole = gzip.decompress(content)
    at = 4 + int.from_bytes(whole[:4], "little")
    header, pieces = json.loads(whole[4:at]), {}
    for name, (stored, size) in header["pieces"].items():
        pieces[name] = whole[at : at + stored] + bytes(size - stored)
        at += stored
    return header, pieces
