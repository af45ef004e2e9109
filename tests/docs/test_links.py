"""What the pages lead to is there: links, anchors, files, modules, and every page from the index."""

from __future__ import annotations

import importlib
import re
import subprocess
from collections.abc import Iterator
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
