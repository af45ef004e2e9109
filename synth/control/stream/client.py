"""A connection: another process's way into an engine's stream.  push -> ring in shared memory, which the engine reads itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from synth.control.stream.frames import heads_of, vectors_of
from synth.control.stream.ring import send
from synth.control.stream.shared_layout import head_of, space_of
from synth.control.stream.shared_memory import Attached, path_of
from synth.parameters.errors import InputError

_LOOK_S = 0.5  # between two looks whether the engine still lives
_WAIT_S = 0.02  # between two tries to connect


def connect(name: str, wait_s: float = 0.0) -> Connection:
    """Return the way into the stream that an engine shares as `name`: `engine.stream(..., shared=name)` or `--stream shm:NAME`.

    Parameters
    ----------
    name : of the shared memory.
    wait_s : how long to wait until there is one into which nobody else sends.

    Raises
    ------
    InputError
        If there is none, it belongs to another version, or another process sends into it.
    """
    path_of(name)
    end_s = time.monotonic() + wait_s
    while True:
        try:
            return Connection(name)
        except InputError:
            if not time.monotonic() < end_s:
                raise
        time.sleep(_WAIT_S)


class Connection:
    """Sends frames into a stream of an engine in another process; see `connect`.

    It ends with the preset that plays: when another one is called, or the engine ends, `push` says so, and what is to be done.

    Attributes
    ----------
    space : what a vector's places are.
    """

    def __init__(self, name: str) -> None:
        self._name, self._where = name, f"stream '{name}'"
        self._shared = Attached(name)
        self.space = space_of(self._shared.bytes, self._where)
        self._head = head_of(self._shared.bytes)
        self._ring = (self._shared.bytes.ctypes.data, len(self.space), int(self._head["capacity"]))
        self.sample_rate = float(self._head["sample_rate"])
        self._looked_s = time.monotonic()
        self._lock = threading.Lock()  # many threads may push; the ring has one writer
        send(*self._ring, 0, 0, 0)  # loads the kernel: the first frame would come too late

    @property
    def frame(self) -> int:
        """The first frame that the engine has not yet rendered."""
        return int(self._head["frame"])

    @property
    def is_open(self) -> bool:
        """Whether the engine still listens."""
        return self._shared.close.alive and not self._head["is_closed"] and self._shared.is_held

    def push(
        self, values: npt.ArrayLike | Mapping[str, Any], at: Any = None, time_s: Any = None, *, hash: int | str | None = None
    ) -> int:
        """Send a frame, or several at once, as `Stream.push` does, from any thread; never waits.

        Returns
        -------
        int : how many found room; the rest is lost, and counted.

        Raises
        ------
        InputError
            If what is given cannot be sent, the engine has ended, or it has closed the stream, as it does when another preset is
            called: then connect again, with `wait_s`, as the values may be others now.
        """
        if hash is not None:
            self.space.check(hash, self._where)
        vectors = vectors_of(self._where, self.space, values)
        heads = heads_of(self._where, len(vectors), at, time_s)
        heads["hash"] = np.uint64(self.space.hash_number)
        with self._lock:
            self._look()
            return int(send(*self._ring, heads.ctypes.data, vectors.ctypes.data, len(heads)))

    def _look(self) -> None:
        now_s = time.monotonic()
        if not self._shared.close.alive or self._head["is_closed"] or now_s - self._looked_s > _LOOK_S:
            if not self.is_open:
                raise InputError(self._why_it_ended())
            self._looked_s = now_s

    def _why_it_ended(self) -> str:
        again = f"connect again: synth.connect('{self._name}', wait_s=...)"
        if not self._shared.close.alive:
            return f"{self._where}: this connection is closed; {again}"
        if self._head["is_closed"]:
            return f"{self._where}: the engine has closed it, as it does when another preset is called; {again}"
        return f"{self._where}: the engine has ended; when there is one again, {again}"

    def close(self) -> None:
        """Let another process send."""
        self._shared.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
