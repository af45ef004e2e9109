"""Compiling ahead: what is not in the cache yet is compiled on all cores, and said.  triggers -> processes -> cache, bar.

numba compiles one kernel at a time in a process, so each core gets a process of its own, which compiles into the cache that all
share. What it leaves, whatever the reason, is compiled here when it is first used, as if there were no such thing.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from synth.engine.kernels.quantum import PROCESS_SIGNATURE, process
from synth.parameters.errors import InputError
from synth.rt import cache, native_address
from synth.trigger import TRIGGERS, Trigger

_ENGINE, _METERS = "engine", "meters"
_LOOK_S = 0.1
_BAR = 24
_HERE = "import sys; sys.path[:] = {path!r}; from synth.engine.compiling import serve; serve()"


# ---- what is to be compiled


def cold(triggers: Iterable[str]) -> list[str]:
    """Return what has to be compiled before these triggers can sound, the longest first; empty: nothing."""
    kinds = [kind for name in dict.fromkeys(triggers) if (kind := _found(name)) is not None]
    names = [kind.name for kind in kinds if not all(_is_kept(*each) for each in kind.signatures)]
    return names if _is_kept(process, PROCESS_SIGNATURE) else [_ENGINE, _METERS, *names]


def _found(name: str) -> Trigger | None:
    """Return a trigger; None if it is none, which others say."""
    try:
        return TRIGGERS[name]
    except InputError:
        return None


def _is_kept(kernel: Any, signature: Sequence[Any]) -> bool:
    """Whether a kernel is compiled for a signature, in this process or in the cache."""
    overloads = getattr(kernel, "overloads", None)
    if overloads is None or tuple(signature) in overloads:  # without a compiler all is as it is
        return True
    return isinstance(kernel._cache, cache.Cache) and kernel._cache.holds(tuple(signature), kernel.targetctx)


def _compile(name: str) -> None:
    if name == _ENGINE:
        native_address(process, PROCESS_SIGNATURE)
    elif name == _METERS:
        import numpy as np

        from synth.dsp.loudness import Loudness

        Loudness(48000).add(np.zeros((64, 2), np.float32))
    else:
        assert TRIGGERS[name].addresses


def serve() -> None:
    """Compile what stdin names, a line each, and answer each with a line: what a process of `Compilation` does.

    It ends with stdin, in the midst of its work too: nobody asks any more.
    """
    asked: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(asked,), daemon=True).start()
    while True:
        name = asked.get()
        with suppress(Exception):  # it is compiled again, and then said, where it is used
            _compile(name)
        sys.stdout.write("done\n")
        sys.stdout.flush()


def _hear(asked: queue.SimpleQueue[str]) -> NoReturn:
    for line in sys.stdin:
        asked.put(line.strip())
    os._exit(0)


# ---- on all cores


class Compilation:
    """Compiles in processes of its own, while whoever waits does something else.

    Parameters
    ----------
    names : what `cold` returned.

    Attributes
    ----------
    names : what is compiled. done : how many of them are, so far.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names, self.done = tuple(names), 0
        self._todo: queue.SimpleQueue[str] = queue.SimpleQueue()
        for name in names:
            self._todo.put(name)
        self._processes: list[subprocess.Popen[str]] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(min(cores(), len(names)))]
        for thread in self._threads:
            thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is going to happen."""
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """End it at once."""
        with suppress(queue.Empty):
            while True:
                self._todo.get_nowait()
        for process_ in self._processes:
            process_.kill()

    def _work(self) -> None:
        code, nothing = _HERE.format(path=sys.path), subprocess.DEVNULL
        try:
            worker = subprocess.Popen(
                [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=nothing, text=True
            )
        except OSError:  # no python of that name, no more processes: it is compiled where it is used
            return
        self._processes.append(worker)
        with worker, suppress(OSError, ValueError):
            assert worker.stdin
            assert worker.stdout
            while True:
                try:
                    name = self._todo.get_nowait()
                except queue.Empty:
                    break
                worker.stdin.write(f"{name}\n")
                worker.stdin.flush()
                if not worker.stdout.readline():
                    break
                self.done += 1
            worker.stdin.close()


def ahead(triggers: Iterable[str]) -> Compilation | None:
    """Begin to compile what these triggers need; None: nothing is to be compiled, or there is no folder to bring it back."""
    names = cold(triggers)
    return Compilation(names) if names and cache.CACHE_FOLDER is not None else None


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# ---- and said


def ready(triggers: Iterable[str]) -> None:
    """Compile what these triggers need and is not compiled yet, the engine included; says so on stderr, with a bar."""
    names = cold(triggers)
    if not names:
        return
    with Bar(f"compiling for this machine, once: {', '.join(names)}", len(names)) as bar:
        if len(names) > 1 and cores() > 1 and cache.CACHE_FOLDER is not None:
            compilation = Compilation(names)
            try:
                while not compilation.is_over:
                    bar.show(compilation.done)
                    time.sleep(_LOOK_S)
            finally:
                compilation.stop()
        for done, name in enumerate(names):
            if name in (_ENGINE, _METERS) or _found(name) is not None:
                bar.show(done)
                _compile(name)  # loads what the processes have left in the cache


class Bar:
    """A line that says what takes a while, and under it, for whoever looks, how far it is; a `with` block takes that away again.

    Parameters
    ----------
    text : what is being done.
    total : how much there is to do.
    clock : seconds.
    """

    def __init__(self, text: str, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._clock, self._begin_s = total, clock, clock()
        self._most = 0
        self._is_seen = sys.stderr is not None and sys.stderr.isatty()
        _write(f"synth: {text}\n")

    def show(self, done: int) -> None:
        """Say how much is done; it never goes back."""
        self._most = max(self._most, done)
        if self._is_seen:
            full = _BAR * self._most // self._total
            seconds = self._clock() - self._begin_s
            _write(f"\r  {'#' * full}{'.' * (_BAR - full)}  {self._most} of {self._total}, {seconds:.0f} s\033[K")

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_seen:
            _write("\r\033[K")


def _write(text: str) -> None:
    with suppress(OSError, AttributeError, ValueError):  # there is no terminal
        sys.stderr.write(text)
        sys.stderr.flush()
