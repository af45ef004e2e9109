"""What the machine must have for a test; in CI nothing that CI installs may be skipped."""

from __future__ import annotations

import os
import shutil

import pytest

live = pytest.mark.live
"""Plays in real time."""

needs_jackd = pytest.mark.skipif(shutil.which("jackd") is None and "CI" not in os.environ, reason="jackd is not installed")


def _needs(what: str, is_there: bool) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not is_there and "CI" not in os.environ, reason=f"{what} is not installed")


def _can_link() -> bool:
    from synth.page import toolchain
    from synth.parameters.errors import InputError

    try:
        return bool(toolchain.linker() and toolchain.libm())
    except InputError:
        return False


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or "chromium"

needs_wasm = _needs("what links WebAssembly (ziglang, wasi-libc)", _can_link())
needs_node = _needs("node", shutil.which("node") is not None)
needs_chromium = _needs("chromium", shutil.which(CHROMIUM) is not None)
