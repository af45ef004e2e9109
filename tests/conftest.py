"""What tests of several files ask for."""

from __future__ import annotations

import pytest

from synth.trigger import TRIGGERS
from tests.support import sine


@pytest.fixture
def sine_trigger(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trigger of the tests' own: a plain sine, in which every step and every zipper can be seen."""
    monkeypatch.setitem(TRIGGERS._loaded, "sine", sine.TRIGGER)
