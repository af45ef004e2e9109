"""Compiling ahead: what is cold is known, compiled by other processes, and said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from synth.engine import compiling
from synth.engine.compiling import Bar, cold, ready
from synth.rt import cache

_CODE = """
import json, sys
from synth.engine.compiling import Compilation, cold
from synth.trigger import TRIGGERS
before = cold(["brush", "tap", "brush", "no such trigger"])
compilation = Compilation(before)
while not compilation.is_over:
    pass
print(json.dumps([before, compilation.done, cold(["brush", "tap"])]))
"""


@pytest.mark.skipif(cache.CACHE_FOLDER is None, reason="no folder in which compiled kernels could be kept")
def test_what_is_cold_is_compiled_by_others_and_is_warm_then(tmp_path: Path) -> None:
    ready(["brush", "tap"])
    assert cache.CACHE_FOLDER
    copy = tmp_path / "kernels" / cache.CACHE_FOLDER.name
    shutil.copytree(cache.CACHE_FOLDER, copy)
    for path in copy.rglob("tap.*"):
        path.unlink()
    environment = {**os.environ, "SYNTH_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", _CODE], env=environment, capture_output=True, text=True, check=True, timeout=300)
    assert json.loads(done.stdout) == [["tap"], 1, []]


def test_who_compiles_ends_in_the_midst_of_it_when_nobody_asks_any_more() -> None:
    code = """
import time
from synth.engine import compiling
compiling._compile = lambda name: print(name, flush=True) or time.sleep(600)
compiling.serve()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin
        assert worker.stdout
        worker.stdin.write("tap\n")
        worker.stdin.flush()
        assert worker.stdout.readline() == "tap\n"
        worker.stdin.close()
        assert worker.wait(20) == 0


def test_what_is_compiled_costs_nothing_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    ready(["tap"])
    capsys.readouterr()
    assert cold(["tap"]) == []
    ready(["tap"])
    assert capsys.readouterr().err == ""


def test_it_is_said_what_is_compiled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    compiled: list[str] = []
    monkeypatch.setattr(compiling, "cold", lambda _: ["tap"])
    monkeypatch.setattr(compiling, "_compile", compiled.append)
    ready(["tap"])
    assert compiled == ["tap"]
    assert capsys.readouterr().err == "synth: compiling for this machine, once: tap\n"


def test_the_bar_is_for_who_looks_and_goes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    now_s = [0.0]
    with Bar("compiling", 4, lambda: now_s[0]) as bar:
        now_s[0] = 7.0
        bar.show(2)
        bar.show(1)
    text = capsys.readouterr().err
    assert text.startswith("synth: compiling\n")
    assert text.count("2 of 4, 7 s") == 2  # it never goes back
    assert text.endswith("\r\033[K")
