"""A text file, whole.  path -> bytes, not too many -> text, or one line saying what is wrong."""

from __future__ import annotations

from pathlib import Path

from synth.parameters.errors import InputError


def read_text_file(path: str | Path, where: str, largest_bytes: int, kind: str) -> str:
    """Return what stands in a text file.

    Parameters
    ----------
    path : the file.
    where : what errors begin with.
    largest_bytes : a larger file is not read.
    kind : what a larger one is not, as in "preset".

    Raises
    ------
    InputError
        If it cannot be read, is larger, or no UTF-8.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(largest_bytes + 1)
        if len(content) <= largest_bytes:
            return content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{where}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8 text (byte {error.start})") from None
    except ValueError:  # whoever calls one through a pipe may name anything
        raise InputError(f"{where}: cannot be read: no file has such a name") from None
    raise InputError(f"{where}: larger than {largest_bytes >> 20} MiB; not a {kind}")
