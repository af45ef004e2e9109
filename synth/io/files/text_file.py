"""A text file, to be said.  path -> bytes -> text, or one line saying what is wrong."""

from __future__ import annotations

from pathlib import Path

from synth.parameters.errors import InputError

_LARGEST_BYTES = 1 << 24


def read_text_file(path: str | Path) -> str:
    """Return what stands in a text file; raises `InputError` if it cannot be read, is no UTF-8 or larger than 16 MiB."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{path}: cannot be read: no file has such a name") from None
    if len(content) > _LARGEST_BYTES:
        raise InputError(f"{path}: is larger than {_LARGEST_BYTES >> 20} MiB; that is no text to be said")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start})") from None
