"""What commands may be asked with, said to whoever asks before a session does it.  name -> check of the argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from synth.engine.arguments import seed_of
from synth.parameters.tables import SLEEP

CHECKS: Mapping[str, Callable[[Any, str], object]] = {
    "sleep": SLEEP.number,
    "fade_out": SLEEP.number,
    "perform": lambda seed, _: seed_of(seed),
}
"""Each takes the argument and the command's name, and raises `InputError`."""
