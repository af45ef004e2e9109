"""The entry of the engine for compiled callbacks: the address of `process`, so that io need not know the engine."""

from __future__ import annotations

from synth.engine import compiling
from synth.engine.kernels.quantum import PROCESS_SIGNATURE, process
from synth.rt import native_address


def process_address() -> int:
    """Return the address of the compiled `process`, for the LIVE record."""
    compiling.ready(())
    return native_address(process, PROCESS_SIGNATURE)
