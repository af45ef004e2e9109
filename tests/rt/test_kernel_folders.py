"""The cache of kernels is named by what they call: each kernel that another file calls lies in a folder of the hash."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import synth
from synth.rt.cache import KERNEL_FOLDERS

ROOT = Path(synth.__file__).parents[1]
DECORATORS = {"kernel", "hot", "intrinsic"}
Kernels = dict[str, set[str]]


def _module(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _compiled(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the functions that are compiled: those that are decorated."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [one for one in functions if any(isinstance(name, ast.Name) and name.id in DECORATORS for name in one.decorator_list)]


def _imports(tree: ast.Module, kernels: Kernels) -> dict[str, tuple[str, str]]:
    """Return what names in a file stand for: (module, "") or (module, kernel)."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = alias.asname or alias.name
                if f"{node.module}.{alias.name}" in kernels:
                    found[name] = (f"{node.module}.{alias.name}", "")
                elif alias.name in kernels.get(node.module, ()):
                    found[name] = (node.module, alias.name)
    return found


def calls(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (caller's module, callee's module, kernel) of every call from a kernel to one of another file."""
    trees = {_module(path, root): ast.parse(path.read_text()) for top in ("synth", "hrtf") for path in (root / top).rglob("*.py")}
    kernels: Kernels = {name: {one.name for one in _compiled(tree)} for name, tree in trees.items()}
    for module, tree in trees.items():
        known = _imports(tree, kernels)
        for node in (node for one in _compiled(tree) for node in ast.walk(one) if isinstance(node, ast.Call)):
            function = node.func
            if isinstance(function, ast.Name):
                callee = known.get(function.id, ("", ""))
            elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                callee = (known.get(function.value.id, ("", ""))[0], function.attr)
            else:
                continue
            if callee[1] in kernels.get(callee[0], ()) and callee[0] != module:
                yield module, *callee


def _is_hashed(module: str) -> bool:
    return any(f"{module}.".startswith(folder.replace("/", ".") + ".") for folder in KERNEL_FOLDERS)


def test_every_kernel_that_another_file_calls_lies_in_a_folder_of_the_hash() -> None:
    found = set(calls(ROOT))
    assert len(found) > 100
    assert sorted(f"{caller} calls {callee}.{name}" for caller, callee, name in found if not _is_hashed(callee)) == []
    assert {folder for folder in KERNEL_FOLDERS if not (ROOT / folder).is_dir()} == set()


def test_the_check_finds_a_kernel_elsewhere(tmp_path: Path) -> None:
    elsewhere, caller = tmp_path / "synth" / "elsewhere.py", tmp_path / "synth" / "dsp" / "caller.py"
    caller.parent.mkdir(parents=True)
    elsewhere.write_text("from synth.rt import kernel\n@kernel\ndef double(x):\n    return 2 * x\n")
    caller.write_text(
        "from synth import elsewhere\nfrom synth.rt import kernel\n@kernel\ndef f(x):\n    return elsewhere.double(x)\n"
    )
    assert list(calls(tmp_path)) == [("synth.dsp.caller", "synth.elsewhere", "double")]
    assert not _is_hashed("synth.elsewhere")


@pytest.mark.parametrize("module", ["synth.rt", "synth.control.stream.clock", "hrtf.kernels.filters"])
def test_a_module_in_a_kernels_folder_is_hashed(module: str) -> None:
    assert _is_hashed(module)
