"""The keys of a performance.  terminal -> bytes -> names of keys -> what each of them does, as a table.

The terminal gives every key at once and shows none, from `with keys()` on until its end, whichever way that comes: return,
exception, signal. Ctrl-Z gives it back and `fg` takes it again. Ctrl-C stays the signal it is.
"""

from __future__ import annotations

import codecs
import errno
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, NamedTuple

from synth.cli.terminal.key_codes import ASK_FOR_RELEASES, NO_MORE_RELEASES, SIGNALS, decode
from synth.control.commands import COMMANDS


class Key(NamedTuple):
    """What a key does: a command, with which argument; `word` is the display's for it."""

    command: str
    argument: Any
    word: str


KEYS = {key: Key(command.name, argument, command.word) for command in COMMANDS.values() for key, argument in command.keys.items()}
"""By the key's name."""

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
_SHOW_CURSOR = b"\x1b[?25h\r\n"


def keys(is_stdin_taken: bool = False) -> AbstractContextManager[Keys]:
    """Return a context manager whose `read` gives the keys pressed since the last call; without a terminal there are none.

    Parameters
    ----------
    is_stdin_taken : something else comes down stdin, as lines of a model do: the keys are those of the terminal from which this
        process was started, if it still has one.
    """
    if is_stdin_taken:
        return _keyboard_of_session()
    return _Keyboard() if sys.stdin is not None and sys.stdin.isatty() else Keys()


class Keys:
    """No keyboard: nothing is ever pressed."""

    def read(self) -> list[str]:
        """Return the names of the keys pressed since the last call, oldest first; never waits."""
        return []

    def wait(self, seconds: float) -> None:
        """Wait for a key, so long at most."""
        time.sleep(max(seconds, 0.0))

    def report_releases(self, is_on: bool) -> None:
        """Ask the terminal to tell when keys are let go, or not any more; one that understands answers with `TELLS_RELEASES`."""

    def __enter__(self) -> Keys:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return


if sys.platform == "win32":
    import msvcrt

    _SCANNED = {"H": "up", "P": "down", "M": "right", "K": "left"}

    class _Keyboard(Keys):
        """The console of Windows, which gives keys one by one without being asked to."""

        def read(self) -> list[str]:
            names: list[str] = []
            while msvcrt.kbhit():
                character = msvcrt.getwch()
                if character in "\x00\xe0":
                    names += filter(None, [_SCANNED.get(msvcrt.getwch())])
                else:
                    names += decode(character, is_all=True)[0]
            return names

    def _keyboard_of_session() -> Keys:
        """Return the keyboard: the console's, whatever stdin is."""
        return _Keyboard()

else:
    import select
    import termios

    class _Keyboard(Keys):
        """A POSIX terminal: the one on stdin, or another, which is closed in the end."""

        def __init__(self, other: int | None = None) -> None:
            self._other = other
            self._file = sys.stdin.fileno() if other is None else other
            self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
            self._rest = ""
            self._wants_releases = self._has_ended = False
            self._handlers: dict[int, Any] = {}

        def __enter__(self) -> Keys:
            self._found = termios.tcgetattr(self._file)
            handlers = {"SIGTSTP": self._suspend, "SIGCONT": self._resume} | dict.fromkeys(_SIGNALS, self._end)
            for name, handler in handlers.items():
                self._handle(getattr(signal, name), handler)
            self._resume()
            return self

        def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
            with suppress(termios.error):
                termios.tcflush(self._file, termios.TCIFLUSH)  # the shell shall not get what was meant for us
            self._give_back()
            for number, handler in self._handlers.items():
                signal.signal(number, handler)
            if self._other is not None:
                os.close(self._other)

        def read(self) -> list[str]:
            text = ""
            while self._is_ours() and select.select([self._file], [], [], 0)[0]:
                try:
                    data = os.read(self._file, 1024)
                except OSError:
                    data = b""
                self._has_ended |= not data  # the terminal is gone: it would be ready to say so without end
                if not data:
                    break
                text += self._decoder.decode(data)
            names, self._rest = decode(self._rest + text, is_all=not text)
            for name in names:
                if name in SIGNALS:  # a terminal that reports every key makes none of it
                    os.kill(os.getpid(), getattr(signal, SIGNALS[name]))
            return [name for name in names if name not in SIGNALS]

        def wait(self, seconds: float) -> None:
            if seconds > 0 and self._is_ours() and not self._has_ended:
                select.select([self._file], [], [], seconds)
            else:
                time.sleep(max(seconds, 0.0))

        def report_releases(self, is_on: bool) -> None:
            if is_on != self._wants_releases:
                self._wants_releases = is_on
                self._say(ASK_FOR_RELEASES if is_on else NO_MORE_RELEASES)

        def _say(self, sequence: bytes) -> None:
            """Tell the terminal something, if it is ours."""
            if self._is_ours():
                with suppress(OSError):
                    os.write(self._file, sequence)

        def _handle(self, number: int, handler: Callable[[int, Any], None]) -> None:
            if signal.getsignal(number) is not signal.SIG_IGN:
                with suppress(ValueError):  # not the main thread: signals are somebody else's
                    self._handlers[number] = signal.signal(number, handler)

        def _is_ours(self) -> bool:
            """Whether this process is in the foreground: another one's terminal is neither read nor set, it would stop us."""
            try:
                return os.tcgetpgrp(self._file) == os.getpgrp()
            except OSError as error:
                return error.errno == errno.ENOTTY  # not the one that controls us: nobody minds

        def _resume(self, *_: Any) -> None:
            wanted: list[Any] = [part[:] if isinstance(part, list) else part for part in self._found]
            wanted[0] &= ~termios.IXON  # Ctrl-S would stop the display, and the session with it
            wanted[3] &= ~(termios.ICANON | termios.ECHO)
            wanted[6][termios.VMIN], wanted[6][termios.VTIME] = 1, 0
            self._set(wanted)
            if self._wants_releases:
                self._say(ASK_FOR_RELEASES)

        def _give_back(self) -> None:
            if self._wants_releases:
                self._say(NO_MORE_RELEASES)
            self._set(self._found)

        def _set(self, attributes: list[Any]) -> None:
            if self._is_ours():
                with suppress(termios.error):  # the terminal is gone
                    termios.tcsetattr(self._file, termios.TCSANOW, attributes)

        def _suspend(self, number: int, _: Any) -> None:
            self._give_back()
            with suppress(OSError):
                os.write(self._file, _SHOW_CURSOR)
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)  # here the process stands still; SIGCONT takes the terminal again
            signal.signal(number, self._suspend)

        def _end(self, number: int, frame: Any) -> None:
            """Give the terminal back, then do what would have been done without us."""
            self._give_back()
            before = self._handlers[number]
            if callable(before):
                before(number, frame)
                return
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def _keyboard_of_session() -> Keys:
        """Return the keyboard of the terminal that controls this process."""
        try:
            return _Keyboard(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
        except OSError:  # there is none
            return Keys()
