"""What links kernels into one .wasm, and checks that it is there.  objects, libm -> wasm-ld -> module + the layout as a section.

Needed where the module is built only: it travels in the wheel.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from synth.parameters.errors import InputError

_LIBM = (
    "/usr/lib/wasm32-wasi/libc.a",
    "/usr/share/wasi-sysroot/lib/wasm32-wasi/libc.a",
    "/opt/wasi-sysroot/lib/wasm32-wasi/libc.a",
)
"""Where wasi-libc, musl's libm for wasm32, is installed: by Debian, by Arch, by hand."""
_STACK_BYTES = 1 << 18
_CUSTOM_SECTION = 0


def libm() -> Path:
    """Return the library of mathematical functions for wasm32, or raise `InputError` that says how to get it."""
    for path in map(Path, _LIBM):
        if path.is_file():
            return path
    raise InputError(f"no wasm32 libm in {', '.join(_LIBM)}: apt-get install wasi-libc")


def linker() -> list[str]:
    """Return the words that call wasm-ld, or raise `InputError` that says how to get it."""
    if find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "wasm-ld"]
    for name in ("wasm-ld", *(f"wasm-ld-{version}" for version in range(21, 13, -1))):
        if found := shutil.which(name):
            return [found]
    raise InputError("no wasm-ld: pip install ziglang (it is in 'synth[dev]'), or apt-get install lld")


def link(out: Path, objects: Iterable[Path], exports: Sequence[str]) -> None:
    """Link objects, and what they need of libm, into a module without imports; raise `InputError` if it cannot be done."""
    words = [*linker(), "--no-entry", "--gc-sections", "--strip-all", *(f"--export={name}" for name in (*exports, "__heap_base"))]
    words += ["-z", f"stack-size={_STACK_BYTES}", "--stack-first", "-o", str(out), *map(str, objects), str(libm())]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"wasm-ld: {' '.join(done.stderr.split())[:400]}")


def section(name: str, content: bytes) -> bytes:
    """Return a custom section of a WebAssembly module, to be put behind it."""
    named = _leb128(len(name)) + name.encode("ascii") + content
    return bytes([_CUSTOM_SECTION]) + _leb128(len(named)) + named


def _leb128(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)
