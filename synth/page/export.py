"""The page as a folder of static files, for any web host.  static/ + .wasm + presets, ears -> files, the catalogue last.

What a folder held before is replaced only where it was an export too: the mark is its catalogue.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hrtf
from synth.engine.preset import Preset
from synth.page.build import OUT, contents, found_in
from synth.page.catalogue import catalogue
from synth.page.ears import packed_ears
from synth.page.layout import trigger_names
from synth.page.snapshot import packed_preset
from synth.parameters.errors import InputError
from synth.preset.library import load_preset, preset_names
from synth.trigger import TRIGGERS

STATIC = OUT.parent
EARS = ("ku100", "sphere")
CATALOGUE, PRESETS, EARS_FOLDER = "catalogue.json", "presets", "ears"
_LEFT_OUT = {"__pycache__", "node_modules", "trials"}
Progress = Callable[[str], object]


def export(
    folder: Path,
    presets: Sequence[str] = (),
    ears: Sequence[str] = EARS,
    wasm: Path = OUT,
    progress: Progress = lambda _: None,
) -> list[Path]:
    """Write the page into a folder; return the files that were written.

    Parameters
    ----------
    folder : made if it is not there; an older export in it is replaced.
    presets : names, or paths to `.toml` files; empty: all that are shipped.
    ears : sets by name, or paths to `.sofa` files; the page begins with the first.
    wasm : the module of kernels.
    progress : told of each file's name.

    Raises
    ------
    InputError
        If the folder holds something else, the module is missing or of other kernels, or a preset or set cannot be used.
    """
    check_folder(folder)
    check_module(wasm)
    loaded = [load_preset(name) for name in presets or preset_names()]
    _check_names(loaded)
    sets = {each.name: each for each in map(hrtf.load, ears or EARS)}
    written = []
    for path, content in _files(loaded, list(sets.values()), wasm):
        progress(path)
        written.append(folder / path)
        written[-1].parent.mkdir(parents=True, exist_ok=True)
        written[-1].write_bytes(content)
    own = [path.relative_to(folder).as_posix() for path in written if path.parent.name not in (PRESETS, EARS_FOLDER)]
    facts = catalogue(loaded, {name: TRIGGERS[name] for name in trigger_names()}, sets, own)
    written.append(folder / CATALOGUE)
    written[-1].write_text(json.dumps(facts, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    _sweep(folder, set(written))
    return written


def _files(presets: Sequence[Preset], ears: Sequence[hrtf.Ears], wasm: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each file's path and what is in it."""
    for path in sorted(STATIC.rglob("*")):
        if path.is_file() and not _LEFT_OUT & set(path.parts) and path != OUT and not path.name.startswith("."):
            yield path.relative_to(STATIC).as_posix(), path.read_bytes()
    yield OUT.name, wasm.read_bytes()
    for each in ears:
        yield f"{EARS_FOLDER}/{each.name}.ears", packed_ears(each)
    for preset in presets:
        yield f"{PRESETS}/{preset.name}.preset", packed_preset(preset)


def check_folder(folder: Path) -> None:
    """Raise `InputError` if a folder holds what is no export, and so nobody's to be replaced."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is no folder")
    if folder.is_dir() and any(folder.iterdir()) and not _is_export(folder / CATALOGUE):
        raise InputError(f"{folder} is not empty and holds no page; name another folder, or empty it")


def _is_export(mark: Path) -> bool:
    try:
        facts = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(facts, dict) and {"version", "layout", "presets"} <= facts.keys()


def check_module(wasm: Path) -> None:
    """Raise `InputError` if there is no module, or one of other kernels than these."""
    if not wasm.is_file():
        raise InputError(f"{wasm} is not built; make web builds it (it is in every installed synth)")
    if found_in(wasm)["hash"] != contents()["hash"]:
        raise InputError(f"{wasm} was built from other kernels or triggers than there are now; make web builds it anew")


def _check_names(presets: Sequence[Preset]) -> None:
    names = [preset.name for preset in presets]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two presets are called '{name}'; a page needs different names")


def _sweep(folder: Path, kept: set[Path]) -> None:
    """Delete what an older export left: presets and ears that are not part of this one."""
    for name in (PRESETS, EARS_FOLDER):
        for path in (folder / name).glob("*"):
            if path not in kept:
                path.unlink() if path.is_file() else shutil.rmtree(path)
