"""A session stream: one that follows a session from preset to preset.  contract + layers -> stream, again for each preset.

A stream belongs to the layers there were when it was made. Whoever sends does not care: values go where the same paths are now.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from synth.control.rejections import Rejections
from synth.control.stream.contract import contract_of
from synth.control.stream.counters import COUNTED
from synth.control.stream.stream import Stream
from synth.engine.engine import Engine
from synth.parameters.errors import InputError
from synth.parameters.space import Space

_LET_GO_S, _LOOK_S = 0.2, 0.002
_SUMMED = (*COUNTED, "lost")


class SessionStream:
    """A stream's way into whatever preset an engine plays.

    Parameters
    ----------
    name : the stream's.
    shared : another process sends, through shared memory of this name; it connects again after a preset was changed.
    contract : see `synth.control.stream.contract.Contract`.

    Attributes
    ----------
    stream : the one into the present preset; None before the first one and between two.
    rejections : what other processes sent and the quantum could not use, as far as `news` has looked.

    Raises
    ------
    InputError
        If the contract cannot be.
    """

    def __init__(self, name: str, *, shared: str | None = None, **contract: Any) -> None:
        self.name, self.shared = name, shared
        self.contract = contract_of(name, contract)
        self.contract.check_live(f"stream '{name}'")
        self.stream: Stream | None = None
        self._given = contract
        self._before: Counter[str] = Counter()  # of the streams into earlier presets
        self._lock = threading.Lock()
        self._untold: list[str] = []
        self.rejections = Rejections(f"stream '{name}'", self._untold.append)
        self._seen: Counter[str] = Counter()  # rejections of the present stream that are counted already

    def aim(self, engine: Engine) -> None:
        """Send to the layers that an engine has now, and to its master."""
        self.release()
        with self._lock:
            self.stream = engine.stream(self.name, shared=self.shared, **self._given)

    def release(self) -> None:
        """End the present stream: before another preset is loaded, so that its master's level is not held by a model."""
        with self._lock:
            stream, self.stream = self.stream, None
        if stream is None:
            return
        stream.close()
        end_s = time.monotonic() + _LET_GO_S
        while not stream.has_ended and time.monotonic() < end_s:  # a device that is lost lets nothing go
            time.sleep(_LOOK_S)
        with self._lock:
            self._look(stream)
            self._seen.clear()
            self._before.update({name: stream.stats[name] for name in _SUMMED})

    @property
    def space(self) -> Space:
        """What a vector's places are now.

        Raises
        ------
        InputError
            Between two presets.
        """
        return self._present().space

    def push(
        self, values: npt.ArrayLike | Mapping[str, Any], at: Any = None, time_s: Any = None, *, hash: int | str | None = None
    ) -> int:
        """Send frames as `Stream.push` does.

        Raises
        ------
        InputError
            If they cannot be sent, or it is between two presets.
        """
        return self._present().push(values, at, time_s, hash=hash)

    def _present(self) -> Stream:
        stream = self.stream
        if stream is None:
            raise InputError(f"stream '{self.name}': no preset plays at the moment")
        return stream

    @property
    def stats(self) -> dict[str, Any]:
        """What has happened so far, as `Stream.stats` says it, of all presets together."""
        stream = self.stream
        self._look_now()
        counted = {"rejections": dict(self.rejections.counts)}
        if stream is None:
            return dict(self._before) | counted
        stats = stream.stats
        return stats | {name: stats[name] + self._before[name] for name in _SUMMED} | counted

    def news(self) -> list[str]:
        """Return what there is to tell since the last time: of each kind of rejection the first, in words."""
        self._look_now()
        with self._lock:
            told = list(self._untold)
            self._untold.clear()
        return told

    def _look_now(self) -> None:
        with self._lock:
            if self.stream is not None:
                self._look(self.stream)

    def _look(self, stream: Stream) -> None:
        """Count what the quantum has rejected since the last look."""
        for kind, count in stream.rejections.items():
            if count > self._seen[kind]:
                self.rejections.add(kind, stream.why(kind), count=count - self._seen[kind])
                self._seen[kind] = count


def as_json(counted: Mapping[str, Any]) -> dict[str, Any]:
    """Return counters as JSON can say them: what is not finite becomes None."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return as_json(value)
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return {key: plain(value) for key, value in counted.items()}
