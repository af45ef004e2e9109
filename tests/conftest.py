"""What tests of several files ask for."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from synth.trigger import TRIGGERS
from tests.support import sine


@pytest.fixture(autouse=True, scope="session")
def _signals_reach_what_tests_start() -> None:
    """Processes inherit what is ignored, SIGHUP under nohup, SIGINT and SIGQUIT in a shell's background, but not a handler."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture
def sine_trigger() -> Iterator[None]:
    """A trigger of the tests' own: a plain sine, in which every step and every zipper can be seen."""
    with TRIGGERS.register(sine.TRIGGER):
        yield
