"""Every piece of TOML in the pages is a preset, or a part of one, that loads."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from synth.engine.preset import LayerSpec
from synth.preset.library import read_text

DOCS = Path(__file__).resolve().parents[2] / "docs"
ELSEWHERE = {"midi.md"}  # one preset in pieces: tests/preset/test_default_midi.py
LAYERS = "".join(f'[[layer]]\nname = "{name}"\ntrigger = "tap"\n' for name in ("left nails", "wandering nails"))
OF_LAYER = {field.name for field in fields(LayerSpec)}
OF_PRESET_TOO = {"level_db"}


def _snippets() -> list[tuple[str, int, str]]:
    found = []
    for page in sorted(DOCS.rglob("*.md")):
        blocks = re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        own = [block for block in blocks if not block.startswith("[project")]  # of a package, not of a preset
        found += [(str(page.relative_to(DOCS)), number, block) for number, block in enumerate(own, 1)]
    return [each for each in found if each[0] not in ELSEWHERE]


def whole(snippet: str, page: str) -> str:
    """Return a snippet as a preset: below a layer if it is a layer's, else before the layers of "Write a preset"."""
    if snippet.startswith("schema"):
        return snippet
    key = re.match(r"\w*", snippet)[0]  # type: ignore[index]
    if key in OF_LAYER - OF_PRESET_TOO:
        trigger = Path(page).stem if page.startswith("triggers/") else "tap"
        return f'schema = 1\n[[layer]]\ntrigger = "{trigger}"\n{snippet}'
    return f"schema = 1\n{snippet}\n{LAYERS}"


SNIPPETS = _snippets()


@pytest.mark.parametrize(("page", "number", "snippet"), SNIPPETS, ids=[f"{page}-{number}" for page, number, _ in SNIPPETS])
def test_it_loads(page: str, number: int, snippet: str, tmp_path: Path) -> None:
    read_text(whole(snippet, page), "snippet", f"{page}, TOML block {number}", tmp_path)


def test_the_page_on_presets_shows_every_part_of_one() -> None:
    shown = " ".join(snippet for page, _, snippet in SNIPPETS if page == "write-a-preset.md")
    tables, keys = (
        ("[[layer]]", "[[cue]]", "[[scene]]", "[[midi."),
        ("place =", "params =", "gesture =", "motion =", "sound =", "room ="),
    )
    for part in (*tables, *keys):
        assert part in shown
