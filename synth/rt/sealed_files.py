"""The files of compiled kernels, each behind its checksum: one flipped bit in machine code would be executed.

numba's index and data -> pickled -> SHA-256 before it -> file; back only if it is still the same
"""

from __future__ import annotations

import hashlib
import pickle
from typing import Any

from numba.core.caching import IndexDataCacheFile


class SealedFiles(IndexDataCacheFile):  # type: ignore[misc]
    """numba's index and data files; what is damaged raises ValueError."""

    def _load_index(self) -> Any:
        try:
            content = _unsealed(self._index_path)
        except FileNotFoundError:
            return {}
        stamp, overloads = pickle.loads(content)
        return overloads if stamp == self._source_stamp else {}

    def _save_index(self, overloads: Any) -> None:
        self._write(self._index_path, (self._source_stamp, overloads))

    def _load_data(self, name: str) -> Any:
        return pickle.loads(_unsealed(self._data_path(name)))

    def _save_data(self, name: str, data: Any) -> None:
        self._write(self._data_path(name), data)

    def _write(self, path: str, data: Any) -> None:
        content = self._dump(data)
        with self._open_for_write(path) as file:
            file.write(hashlib.sha256(content).digest() + content)


def _unsealed(path: str) -> bytes:
    """Return what a file holds behind its checksum."""
    with open(path, "rb") as file:
        seal, content = file.read(hashlib.sha256().digest_size), file.read()
    if hashlib.sha256(content).digest() != seal:
        raise ValueError(f"{path} is damaged")
    return content
