"""What the pages lead to is there: links, anchors, files, modules, and every page from the index."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = ("synth", "hrtf", "tests", "docs", "examples", "benchmarks", "presets")
SOURCES = [path for folder in FOLDERS if folder != "docs" for path in sorted((ROOT / folder).rglob("*.py"))]
MARKDOWN = re.compile(r"[\w./-]+\.md\b")
per_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def _prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield file and anchor of each link that stays in the repository."""
    without_code = re.sub(r"`[^`]*`", "", _prose(page))
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = unquote(target).partition("#")
            yield (page.parent / file).resolve() if file else page, anchor


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ +(.+)$", _prose(page), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


@per_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for file, anchor in _links(page):
        assert file.exists(), f"{page.name}: {file} is not there"
        assert not anchor or anchor in _anchors(file), f"{page.name}: {file.name} has no heading #{anchor}"


def test_every_page_is_within_reach_of_the_index() -> None:
    reached, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.is_file():
            reached.add(page)
            waiting += [file for file, _ in _links(page)]
    assert {page.name for page in PAGES if "docs" in page.parts and page not in reached} == set()


def _names(page: Path) -> Iterator[str]:
    """Yield what stands in backticks, without arguments."""
    yield from (name.partition("(")[0].rstrip("/") for name in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", _prose(page)))


@per_page
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    for name in _names(page):
        is_ours = re.fullmatch(r"[\w./*-]+", name) and ((name.split("/")[0] in FOLDERS and "/" in name) or name.endswith(".py"))
        if is_ours:
            assert any(ROOT.glob(name)), f"{page.name}: {name} is not there; name files from the root of the repository"


@per_page
def test_every_module_and_name_that_a_page_names_is_there(page: Path) -> None:
    for name in _names(page):
        if re.fullmatch(r"(synth|hrtf)(\.\w+)+", name):
            assert _is_there(name), f"{page.name}: there is no {name}"


def _is_there(name: str) -> bool:
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[count:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@lru_cache(1)
def _classes() -> dict[str, set[str]]:
    """Return what each class of the sources holds, by its name: methods, fields, what it sets of itself, and its bases' own."""
    held: dict[str, set[str]] = {}
    bases: dict[str, set[str]] = {}
    for path in (path for folder in ("synth", "hrtf") for path in sorted((ROOT / folder).rglob("*.py"))):
        for each in (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ClassDef)):
            inside = [*each.body, *(node for node in ast.walk(each) if isinstance(node, ast.Attribute))]
            held.setdefault(each.name, set()).update(name for node in inside for name in _held(node))
            bases.setdefault(each.name, set()).update(base.id for base in each.bases if isinstance(base, ast.Name))
    return {name: set().union(*(held[each] for each in _ancestry(name, bases))) for name in held}


def _ancestry(name: str, bases: Mapping[str, set[str]]) -> set[str]:
    """Return a class and all that it derives from, as far as they are ours."""
    found, waiting = set(), [name]
    while waiting:
        each = waiting.pop()
        if each in bases and each not in found:
            found.add(each)
            waiting += bases[each]
    return found


def _held(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield node.name
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.attr
    else:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        yield from (target.id for target in targets if isinstance(target, ast.Name))


@per_page
def test_every_method_and_field_that_a_page_names_is_there(page: Path) -> None:
    for name in _names(page):
        if found := re.fullmatch(r"([A-Z][a-z]\w*)\.(\w+)", name):
            assert found[2] in _classes().get(found[1], ()), f"{page.name}: there is no {name}"


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder != "docs"])
def test_every_page_that_the_sources_cite_is_in_the_repository(folder: str) -> None:
    names = {path.name for path in ROOT.rglob("*.md") if ".venv" not in path.parts}
    for path in SOURCES:
        if path.relative_to(ROOT).parts[0] == folder and "docs" not in path.relative_to(ROOT).parts:
            for cited in MARKDOWN.findall(path.read_text(encoding="utf-8")):
                is_page = (ROOT / cited).is_file() or (ROOT / "docs" / cited).is_file() or ("/" not in cited and cited in names)
                assert is_page, f"{path.relative_to(ROOT)} cites {cited}"


def test_nothing_cites_what_the_repository_does_not_hold() -> None:
    word = "shared" + "/"
    found = subprocess.run(["git", "grep", "-lF", f"{word}reference"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.stdout.split() == []
