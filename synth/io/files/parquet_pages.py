"""What the pages of a Parquet file say they unpack to: its own description may lie about it, and they are unpacked whole.

column chunk -> heads of its pages (Thrift's compact protocol) -> bytes

The format: https://github.com/apache/parquet-format (PageHeader), and Apache Thrift's "compact protocol encoding".
"""

from __future__ import annotations

from typing import Any, BinaryIO

_LONGEST_HEAD = 1 << 16  # statistics of a number are short
_UNPACKED, _PACKED = 2, 3  # fields of PageHeader
_TRUE, _FALSE, _BYTE, _DOUBLE, _TEXT, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_VARINTS = {4, 5, 6}
_SIZES = {_TRUE: 0, _FALSE: 0, _BYTE: 1, _DOUBLE: 8}
_DEEPEST = 8


def unpacked_bytes(file: BinaryIO, column: Any) -> int:
    """Return what all pages of a column chunk are unpacked.

    Parameters
    ----------
    file : the file.
    column : pyarrow's metadata of the column chunk.

    Raises
    ------
    ValueError
        If its pages are not where its description says.
    """
    begin = min(column.data_page_offset, column.dictionary_page_offset or column.data_page_offset)
    at, end, found = begin, begin + column.total_compressed_size, 0
    while at < end:
        file.seek(at)
        head = _Head(file.read(_LONGEST_HEAD))
        sizes = head.numbers()
        if not sizes.keys() >= {_UNPACKED, _PACKED} or min(sizes[_UNPACKED], sizes[_PACKED]) < 0:
            raise ValueError("a page without a size")
        found += sizes[_UNPACKED]
        at += head.at + sizes[_PACKED]
    return found


class _Head:
    """Reads one struct; `at` is where it ends."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def numbers(self, depth: int = 0) -> dict[int, int]:
        """Return the integers of a struct by their fields' numbers; all else is passed over."""
        if depth > _DEEPEST:
            raise ValueError("a page's head is too deep")
        found, field = {}, 0
        while begin := self._byte():
            step, kind = begin >> 4, begin & 15
            field = field + step if step else self._integer()
            if kind in _VARINTS:
                found[field] = self._integer()
            else:
                self._pass(kind, depth)
        return found

    def _pass(self, kind: int, depth: int, is_element: bool = False) -> None:
        if kind in _VARINTS:
            self._varint()
        elif kind in _SIZES:
            self.at += max(_SIZES[kind], is_element)
        elif kind == _TEXT:
            length = self._varint()
            self.at += length
        elif kind in (_LIST, _SET):
            begin = self._byte()
            for _ in range(self._varint() if begin >> 4 == 15 else begin >> 4):
                self._pass(begin & 15, depth + 1, is_element=True)
        elif kind == _STRUCT:
            self.numbers(depth + 1)
        else:  # a map, or nothing that there is: no page's head has one
            raise ValueError("a page's head is damaged")

    def _byte(self) -> int:
        if self.at >= len(self._data):
            raise ValueError("a page's head ends too early")
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        found = shift = 0
        while (byte := self._byte()) & 128:
            found |= (byte & 127) << shift
            shift += 7
        return found | byte << shift

    def _integer(self) -> int:
        found = self._varint()
        return (found >> 1) ^ -(found & 1)
