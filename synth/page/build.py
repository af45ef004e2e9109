"""The engine and every trigger as one .wasm.  roots -> LLVM -> objects, kept -> wasm-ld -> synth.wasm with its layout.

    python -m synth.page.build [OUT.wasm] [--exact]

What a browser calls is in `ENTRIES`. The triggers' kernels are called by address, which in WebAssembly is a place in the table of
functions: `kernels` is an array of them, two for each trigger in the order of the layout's `triggers`. An object is compiled
again when a kernel's folder, or the trigger's own file, has changed. `--exact` imitates the fused multiply-add of processors.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synth.page import toolchain
from synth.parameters.errors import InputError
from synth.rt import ahead_of_time
from synth.rt.cache import SOURCES_HASH
from synth.rt.folders import cache_root, private

OUT = Path(__file__).parent / "static" / "synth.wasm"
ENTRIES = ("process", "push", "push_midi", "mixed")
SECTION = "synth"
Root = tuple[str, Any, tuple[Any, ...]]
_KEPT = 4  # generations of objects


def roots() -> Iterator[Root]:
    """Yield what has to be compiled: its name, kernel and signature; the entries last."""
    from numba.core import types

    from synth.control.midi.input import push_midi
    from synth.dsp.noise import mixed
    from synth.engine.kernels.events import push
    from synth.engine.kernels.quantum import PROCESS_SIGNATURE, process
    from synth.page.layout import trigger_names
    from synth.trigger import TRIGGERS

    for name in trigger_names():
        for what, (kernel, signature) in zip(("strike", "render"), TRIGGERS[name].signatures, strict=True):
            yield f"{name}.{what}", kernel, signature
    yield "push", push, (types.intp,) * 3
    yield "push_midi", push_midi, (types.intp, types.int64, types.int64, types.intp, types.int64)
    yield "mixed", mixed, (types.uint64,)
    yield "process", process, PROCESS_SIGNATURE


def contents() -> dict[str, Any]:
    """Return what stands in a module's own section: the layout, and its hash."""
    from synth.page.layout import layout, layout_hash

    table = layout()
    return {**table, "hash": layout_hash(table)}


def found_in(module: Path) -> dict[str, Any]:
    """Return what stands in a built module's own section; raise `InputError` if there is none."""
    content = module.read_bytes()
    at = content.rfind(head := bytes([len(SECTION)]) + SECTION.encode("ascii") + b"{")
    if at < 0:
        raise InputError(f"{module} holds no layout; make web builds it anew")
    found: dict[str, Any] = json.loads(content[at + len(head) - 1 :])
    return found


def build(out: Path = OUT, is_exact: bool = False) -> None:
    """Build the module; after that this process can run no kernel.

    Raises
    ------
    InputError
        If the linker or libm is missing; says how to get it.
    """
    toolchain.libm()
    toolchain.linker()  # not after two minutes
    folder, compiled = _folder(is_exact), _Compiler(is_exact)
    objects, kernels = [], []
    for name, kernel, signature in roots():
        objects.append(folder / f"{name}-{_stamp(kernel)}.o")
        kernels += [name] if name not in ENTRIES else []
        if not objects[-1].is_file():
            _write(objects[-1], compiled(name, kernel, signature))
    objects.append(folder / "kernels.o")
    _write(objects[-1], compiled.pointers(kernels))
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(f".{os.getpid()}.part")
    try:
        toolchain.link(part, objects, (*ENTRIES, "kernels"))
        with part.open("ab") as file:
            file.write(toolchain.section(SECTION, json.dumps(contents(), separators=(",", ":")).encode("ascii")))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


class _Compiler:
    """Compiles a root at a time, and says so; numba is aimed when the first one comes."""

    def __init__(self, is_exact: bool) -> None:
        self._is_exact, self._machine = is_exact, None

    @property
    def machine(self) -> Any:
        if self._machine is None:
            how = (ahead_of_time.exact,) if self._is_exact else ()
            self._machine = ahead_of_time.aim(*how)
        return self._machine

    def __call__(self, name: str, kernel: Any, signature: tuple[Any, ...]) -> bytes:
        begin_s, machine = time.process_time(), self.machine
        found: bytes = machine.emit_object(ahead_of_time.program(f"{name}", kernel, signature))
        sys.stderr.write(f"synth: wasm32: {name}, {time.process_time() - begin_s:.1f} s, {len(found)} bytes\n")
        return found

    def pointers(self, functions: list[str]) -> bytes:
        found: bytes = self.machine.emit_object(ahead_of_time.pointers("kernels", functions, self.machine))
        return found


def _folder(is_exact: bool) -> Path:
    """Return where objects are kept that were compiled from these sources."""
    root = private(cache_root() / "wasm", mend=True)
    folder = private(root / (SOURCES_HASH + ("-exact" if is_exact else "")))
    os.utime(folder)
    generations = sorted((path for path in root.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for old in generations[: -2 * _KEPT]:
        for path in old.glob("*.o"):
            path.unlink(missing_ok=True)
    return folder


def _stamp(kernel: Any) -> str:
    """Return by what an object knows the file of its kernel: the folders of the others are in the folder's name."""
    return hashlib.sha256(Path(kernel.py_func.__code__.co_filename).read_bytes()).hexdigest()[:16]


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def main() -> int:
    """Build what the command line asks for; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the engine and every trigger as one .wasm.")
    parser.add_argument("out", type=Path, nargs="?", default=OUT)
    parser.add_argument("--exact", action="store_true", help="imitate the fused multiply-add: to compare, not to play")
    given = parser.parse_args()
    try:
        build(given.out, given.exact)
    except InputError as error:
        sys.stderr.write(f"synth: {error}\n")
        return 2
    sys.stderr.write(f"synth: {given.out}, {given.out.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
