"""The module: complete in itself, the same bytes every time, with all triggers and the layout of these sources."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from synth.page import build, toolchain
from synth.page.layout import layout, layout_hash
from synth.parameters.errors import InputError
from synth.trigger import TRIGGERS
from tests.support import pages, sine
from tests.support.needs import needs_node, needs_wasm

pytestmark = [needs_wasm, pytest.mark.xdist_group("page")]


@needs_node
def test_a_browser_has_to_give_it_nothing(wasm: Path) -> None:
    said = pages.node(
        """
        import { readFileSync } from "node:fs";
        const module = new WebAssembly.Module(readFileSync(process.argv[1]));
        const names = WebAssembly.Module.exports(module).map(({ name }) => name);
        console.log(JSON.stringify({ imports: WebAssembly.Module.imports(module), names }));
        """,
        str(wasm),
    )
    assert said["imports"] == []
    assert {"memory", "kernels", *build.ENTRIES} <= set(said["names"])


@needs_node
def test_a_memory_that_is_full_says_what_to_do(page: Path) -> None:
    said = pages.node(
        """
        import { readFileSync } from "node:fs";
        const { Machine } = await import(`file://${process.argv[1]}/machine.js`);
        const { unpackedEars } = await import(`file://${process.argv[1]}/decode.js`);
        const bytes = (name) => new Uint8Array(readFileSync(`${process.argv[1]}/${name}`)).buffer;
        const ears = await unpackedEars(bytes("ears/sphere.ears"), "");
        const machine = new Machine(new WebAssembly.Module(bytes("synth.wasm")), ears);
        try {
          machine.take(2 ** 32);
        } catch (error) {
          console.log(JSON.stringify(error.message));
        }
        """,
        str(page),
    )
    assert said.endswith("close other tabs and reload.")


def test_the_same_sources_give_the_same_bytes(wasm: Path, tmp_path: Path) -> None:
    assert pages.built(tmp_path / "again.wasm").read_bytes() == wasm.read_bytes()


def test_it_holds_the_layout_of_these_records_and_every_trigger(wasm: Path) -> None:
    found = build.found_in(wasm)
    assert found["hash"] == layout_hash(layout())
    assert list(found["triggers"]) == list(TRIGGERS)


def test_a_trigger_with_another_state_has_another_stamp() -> None:
    before = layout()
    changed = replace(TRIGGERS["tap"], state=sine.TRIGGER.state)
    with TRIGGERS.register(changed):
        assert layout_hash(layout()) != layout_hash(before)


def test_what_is_missing_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(toolchain, "_LIBM", (str(tmp_path / "libc.a"),))
    with pytest.raises(InputError, match="apt-get install wasi-libc"):
        build.build(tmp_path / "synth.wasm")
    monkeypatch.undo()
    monkeypatch.setattr(toolchain, "find_spec", lambda name: None)
    monkeypatch.setattr(toolchain.shutil, "which", lambda name: None)
    with pytest.raises(InputError, match="pip install ziglang"):
        build.build(tmp_path / "synth.wasm")
