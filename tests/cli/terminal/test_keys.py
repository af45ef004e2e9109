"""The keys: bytes to names, and a real terminal that is as it was whichever way the end comes."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.cli.terminal.key_codes import decode
from synth.cli.terminal.keys import KEYS, keys
from synth.control.commands import COMMANDS

PATIENCE_S = 20.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("q", ["q"]),
        (" mF", ["space", "m", "f"]),
        ("19", ["1", "9"]),
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA\x1bOD", ["up", "left"]),
        ("a\x1b[1;5Cb\x1b[3~c", ["a", "b", "c"]),  # control and arrow, delete
        ("\x1b[200~q\x1b[201~", ["q"]),
        ("\x1b ", ["escape", "space"]),  # a panic right after an escape is not lost
        ("\x1b\x1b[A", ["escape", "up"]),
        ("\r\n\t\x7f\x08\x00", ["enter", "enter", "backspace", "backspace"]),
    ],
)
def test_bytes_become_names(text: str, names: list[str]) -> None:
    assert decode(text) == (names, "")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["\x1b[A", "\x1bOB", "q", " ", "\x1b[1;5C", "\x1b[3~", "é"])), st.data())
def test_a_split_changes_nothing(sequences: list[str], data: Any) -> None:
    text = "".join(sequences)
    cut = data.draw(st.integers(0, len(text)))
    first, rest = decode(text[:cut])
    second, left = decode(rest + text[cut:])
    assert (first + second, left) == decode(text)


def test_a_lone_escape_is_a_key_once_nothing_follows() -> None:
    names, rest = decode("\x1b")
    assert (names, rest) == ([], "\x1b")
    assert decode(rest, is_all=True) == (["escape"], "")
    assert decode("\x1b[1", is_all=True) == ([], "")


@settings(deadline=None)
@given(st.text())
def test_any_text_decodes_to_printable_names(text: str) -> None:
    names, rest = decode(text)
    assert all(name.isprintable() for name in names)
    assert decode(rest, is_all=True)[1] == ""


def test_the_table_covers_the_performance() -> None:
    assert {key.command for key in KEYS.values()} == {command.name for command in COMMANDS.values() if command.keys}
    assert [KEYS[str(number)].argument for number in range(1, 10)] == list(range(1, 10))
    assert (KEYS["left"].command, KEYS["right"].command, KEYS["q"].command) == ("previous", "next", "quit")
    assert (KEYS["up"].argument, KEYS["down"].argument) == (1, -1)


def test_without_a_terminal_nothing_is_pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    for stdin in (None, io.StringIO("q")):
        monkeypatch.setattr(sys, "stdin", stdin)
        with keys() as keyboard:
            assert keyboard.read() == []


LEADER = """
    import fcntl, os, signal, subprocess, sys, termios
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)             # as a shell would: a session, and a job in the foreground
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=int(sys.argv[3]), process_group=0)
    os.tcsetpgrp(0, job.pid)
    while True:
        _, status = os.waitpid(job.pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.tcsetpgrp(0, os.getpgrp())
            print(f"stopped {job.pid}", flush=True)
            os.read(int(sys.argv[2]), 1)
            os.tcsetpgrp(0, job.pid)
            os.killpg(job.pid, signal.SIGCONT)
        else:
            print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)
            break
"""
JOB = """
    import os, signal, sys, time
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    from synth.cli.terminal.keys import keys
    {before}
    with keys({taken}) as keyboard:
        print("ready", os.getpid(), flush=True)
        while True:
            names = keyboard.read()
            if names:
                print("keys", *names, flush=True)
            if "q" in names:
                break
            if "x" in names:
                raise RuntimeError("boom")
            time.sleep(0.01)
    print("over", flush=True)
"""


class Shell:
    """A job in the foreground of a new terminal, which is its stdin, or something else is."""

    def __init__(self, before: str = "", stdin: int | None = None) -> None:
        self.master, self.slave = os.openpty()
        self.found = self.attributes()
        self.go_read, self.go = os.pipe()
        self.heard = ""
        job = textwrap.dedent(JOB).format(before=before, taken=stdin is not None)
        self.leader = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(LEADER), job, str(self.go_read), str(stdin or 0)],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            pass_fds=(self.go_read, *([stdin] if stdin else [])),
            cwd=Path(__file__).parents[3],
        )
        os.set_blocking(self.master, False)

    def attributes(self) -> list[Any]:
        import termios

        return termios.tcgetattr(self.slave)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def hear(self, text: str) -> None:
        self.wait(lambda: text in self._listen(), f"{text!r} in {self.heard!r}")
        self.heard = self.heard.split(text, 1)[1]

    def wait(self, is_so: Callable[[], bool], what: str = "") -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end_s, f"{what}; heard {self.heard!r}"
            time.sleep(0.01)

    def _listen(self) -> str:
        with suppress(BlockingIOError):
            self.heard += os.read(self.master, 65536).decode()
        return self.heard

    @property
    def is_raw(self) -> bool:
        import termios

        return not self.attributes()[3] & (termios.ICANON | termios.ECHO)

    @property
    def is_as_found(self) -> bool:
        return self.attributes() == self.found

    def job(self) -> int:
        self.hear("ready ")
        self.wait(lambda: "\n" in self._listen())
        return int(self.heard.split()[0])

    def close(self) -> None:
        self.leader.kill()
        self.leader.wait()
        for file in (self.master, self.slave, self.go, self.go_read):
            os.close(file)


@pytest.fixture
def shell() -> Iterator[Callable[..., Shell]]:
    opened: list[Shell] = []

    def start(before: str = "", stdin: int | None = None) -> Shell:
        opened.append(Shell(before, stdin))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


terminal = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")


@terminal
def test_keys_are_read_at_once_and_not_echoed(shell: Callable[..., Shell]) -> None:
    one = shell()
    one.job()
    assert one.is_raw
    one.type("f \x1b[A")
    one.hear("keys f")
    one.hear("space")
    one.hear("up")
    one.type("\x1b")
    one.hear("keys escape")
    one.type("q")
    one.hear("over")
    assert one.is_as_found
    one.hear("ended 0")


@terminal
def test_while_stdin_is_a_pipe_the_keys_are_the_terminal_s(shell: Callable[..., Shell]) -> None:
    """And what is in the pipe is left for those whom it concerns."""
    read, write = os.pipe()
    os.write(write, b"m\n")
    one = shell(stdin=read)
    one.job()
    assert one.is_raw
    one.type("f\x1b[A")
    one.hear("keys f")
    one.hear("up")
    one.type("q")
    one.hear("over")
    one.hear("ended 0")
    assert one.is_as_found
    assert "keys m" not in one.heard
    assert os.read(read, 10) == b"m\n"
    os.close(read)
    os.close(write)


@terminal
@pytest.mark.parametrize("name", ["SIGTERM", "SIGTSTP"])
def test_a_signal_gives_that_terminal_back_too(name: str, shell: Callable[..., Shell]) -> None:
    read, write = os.pipe()
    one = shell(stdin=read)
    pid = one.job()
    os.kill(pid, getattr(signal, name))
    one.hear("stopped" if name == "SIGTSTP" else "ended")
    assert one.is_as_found
    if name == "SIGTSTP":
        os.write(one.go, b"g")
        one.wait(lambda: one.is_raw)
        one.type("q")
        one.hear("ended 0")
        assert one.is_as_found
    os.close(read)
    os.close(write)


@terminal
def test_a_pipe_and_no_terminal_at_all_is_no_keyboard() -> None:
    code = "from synth.cli.terminal.keys import keys\nwith keys(True) as keyboard: print(keyboard.read())"
    out = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, capture_output=True, start_new_session=True, check=False
    )
    assert (out.stdout, out.stderr) == (b"[]\n", b"")


@terminal
def test_an_exception_gives_the_terminal_back(shell: Callable[..., Shell]) -> None:
    one = shell()
    one.job()
    one.type("x")
    one.hear("boom")
    one.hear("ended 1")
    assert one.is_as_found


@terminal
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
def test_a_signal_gives_the_terminal_back_and_does_what_it_would_have_done(name: str, shell: Callable[..., Shell]) -> None:
    one = shell("import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))")
    number = getattr(signal, name)
    os.kill(one.job(), number)
    one.hear(f"ended -{int(number)}")
    assert one.is_as_found


@terminal
def test_a_handler_that_ends_at_once_finds_the_terminal_given_back(shell: Callable[..., Shell]) -> None:
    one = shell("signal.signal(signal.SIGTERM, lambda *_: os._exit(143))")
    os.kill(one.job(), signal.SIGTERM)
    one.hear("ended 143")
    assert one.is_as_found


@terminal
@pytest.mark.parametrize("name", ["SIGTSTP", "SIGSTOP"])
def test_a_stopped_job_leaves_the_terminal_and_takes_it_again(name: str, shell: Callable[..., Shell]) -> None:
    one = shell()
    number = getattr(signal, name)
    pid = one.job()
    for _ in range(2):
        os.kill(pid, number)
        one.hear("stopped")
        assert one.is_as_found or name == "SIGSTOP"  # which nobody can catch
        os.write(one.go, b"g")
        one.wait(lambda: one.is_raw)
        one.type("t")
        one.hear("keys t")
    one.type("q")
    one.hear("ended 0")
    assert one.is_as_found


@terminal
def test_control_z_and_control_c_are_still_signals(shell: Callable[..., Shell]) -> None:
    one = shell()
    one.job()
    one.type("\x1a")
    one.hear("stopped")
    assert one.is_as_found
    os.write(one.go, b"g")
    one.wait(lambda: one.is_raw)
    one.type("\x03")
    one.hear("KeyboardInterrupt")
    assert one.is_as_found
