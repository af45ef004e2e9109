"""The exported folder: complete, small, the same every time; nothing of anybody else's is touched, and errors say what to do."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from synth.cli import listing
from synth.cli.main import main
from synth.page import build
from synth.page.export import STATIC, check_module, export
from synth.parameters.errors import InputError
from synth.trigger import TRIGGERS
from tests.support.needs import needs_wasm

pytestmark = [needs_wasm, pytest.mark.xdist_group("page")]
_MOST_BYTES = 3e6  # compressed: page, engine and one set of ears


def test_it_holds_all_that_a_browser_needs(page: Path) -> None:
    catalogue = json.loads((page / "catalogue.json").read_text())
    scripts = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file() and path.name != "synth.wasm"}
    scripts = {path for path in scripts if not path.startswith("trials/")}  # nobody is asked there
    presets = {f"presets/{preset['name']}.preset" for preset in catalogue["presets"]}
    ears = {f"ears/{name}.ears" for name in catalogue["ears"]}
    files = {path.relative_to(page).as_posix() for path in page.rglob("*") if path.is_file()}
    assert files == scripts | presets | ears | {"catalogue.json", "synth.wasm"}
    assert list(catalogue["triggers"]) == list(TRIGGERS)
    listed = {row["name"]: row["families"] for row in listing.rows("presets")}
    assert all(preset["families"] == listed[preset["name"]] for preset in catalogue["presets"] if preset["name"] in listed)


def test_it_is_small(page: Path) -> None:
    ours = [path for path in page.rglob("*") if path.is_file() and path.suffix not in (".preset", ".ears")]
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in ours) + (page / "ears" / "ku100.ears").stat().st_size
    assert size < _MOST_BYTES


def test_an_older_export_is_replaced_and_swept(wasm: Path, tmp_path: Path) -> None:
    export(tmp_path, ["tap", "demo"], ["sphere"], wasm)
    before = (tmp_path / "presets" / "tap.preset").read_bytes()
    export(tmp_path, ["tap"], ["sphere"], wasm)
    assert [path.name for path in (tmp_path / "presets").iterdir()] == ["tap.preset"]
    assert (tmp_path / "presets" / "tap.preset").read_bytes() == before


def test_a_folder_of_somebody_else_is_let_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"thesis.tex": "mine", "catalogue.json": '{"books": []}'}.items():
        (tmp_path / name).write_text(text)
        assert main(["page", "--export", str(tmp_path)]) == 2
        assert "is not empty and holds no page" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalogue.json", "thesis.tex"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--export", "{folder}", "--presets", "tapp"], "did you mean 'tap'?"),
        (["--export", "{folder}", "--ears", "ku10"], "did you mean 'ku100'?"),
        (["--export", "{file}"], "is no folder"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    words: list[str], said: str, wasm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synth.page.export.check_module", lambda module: None)
    (tmp_path / "file").write_text("")
    assert main(["page", *(word.format(folder=tmp_path / "page", file=tmp_path / "file") for word in words)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_a_module_that_is_missing_or_of_other_kernels_is_refused(
    wasm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="make web builds it"):
        check_module(tmp_path / "synth.wasm")
    check_module(wasm)
    found = build.contents()
    monkeypatch.setattr("synth.page.export.contents", lambda: {**found, "hash": "another"})
    with pytest.raises(InputError, match="other kernels"):
        check_module(wasm)
