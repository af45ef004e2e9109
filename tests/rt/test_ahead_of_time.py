"""Kernels ahead of time: numba has the private names that it takes, or it is said which are gone; nothing of x86 comes out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numba
import pytest
from numba.core.codegen import JITCodeLibrary

from synth.rt import ahead_of_time

_COMPILES = """
from numba import types
from synth.rt import ahead_of_time, intrinsics, kernel

@kernel
def scaled(a, b, c):
    mode = intrinsics.flush_denormals()
    found = intrinsics.fma(a, b, c)
    intrinsics.restore_denormals(mode)
    return found

machine = ahead_of_time.aim()
module = ahead_of_time.program("scaled", scaled, (types.float64,) * 3)
print(module)
assert machine.emit_object(module).startswith(b"\\0asm")
"""


def test_numba_has_what_is_used_of_it() -> None:
    assert ahead_of_time.lost_names() == [], f"numba {numba.__version__} has changed: mend synth/rt/ahead_of_time.py"


def test_a_name_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "_optimize_final_module"
    owner = next(each for each in JITCodeLibrary.__mro__ if name in vars(each))
    monkeypatch.delattr(owner, name)
    with pytest.raises(RuntimeError, match="_optimize_final_module of JITCodeLibrary"):
        ahead_of_time.aim()


def test_a_kernel_becomes_an_object_without_calls_to_anybody(tmp_path: Path) -> None:
    script = tmp_path / "compiles.py"
    script.write_text(_COMPILES)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ahead_of_time.TRIPLE in done.stdout
    assert "fmul" in done.stdout
    for name in ("mxcsr", "llvm.fma", "NRT_"):
        assert f"call {name}" not in done.stdout
        assert f"@{name}" not in done.stdout.replace("@NRT_incref(ptr", "").replace("@NRT_decref(ptr", "")
