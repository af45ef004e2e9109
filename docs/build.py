"""Write every generated page of the documentation, or check them.  registry, presets, docstrings -> Markdown.

python docs/build.py           write them
python docs/build.py --check   say which are not what would be written; exit code 1 if there are any. Renders nothing

commands.md and the pages of docs/triggers/ are generated whole. In any other page what
stands between `<!-- NAME -->` and `<!-- end NAME -->` is, for
the names in BLOCKS. Pictures are drawn by the scripts in docs/pictures/ (`make docs` runs all).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from generate import commands, kinds, listener_bench, packages, preset_parts, presets, triggers

import synth

DOCS = Path(__file__).parent
BLOCKS = {
    "bench": listener_bench.bench_figures,
    "cue keys": preset_parts.cue_keys,
    "gesture kinds": kinds.gesture_kinds,
    "gesture list": kinds.gesture_list,
    "layer keys": preset_parts.layer_keys,
    "master parameters": preset_parts.master_parameters,
    "motion kinds": kinds.motion_kinds,
    "motion list": kinds.motion_list,
    "packages": packages.package_table,
    "place parameters": preset_parts.place_parameters,
    "preset keys": preset_parts.preset_keys,
    "presets": presets.preset_table,
    "room parameters": preset_parts.room_parameters,
    "scene keys": preset_parts.scene_keys,
    "triggers": partial(triggers.trigger_table, "triggers/"),
}
_BLOCK = re.compile(r"(<!-- (" + "|".join(BLOCKS) + r") -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def filled(page: str) -> str:
    """Return a page with its generated blocks as they must be."""
    return _BLOCK.sub(lambda block: f"{block[1]}\n{BLOCKS[block[2]]()}\n\n{block[3]}", page)


def wanted() -> dict[Path, str]:
    """Return every page of the documentation as it must be; those without generated blocks as they are."""
    whole = {DOCS / path: text for path, text in triggers.pages().items()} | {DOCS / "commands.md": commands.page()}
    return whole | {path: filled(path.read_text(encoding="utf-8")) for path in sorted(DOCS.rglob("*.md")) if path not in whole}


def outdated(pages: dict[Path, str]) -> Iterator[Path]:
    """Yield what is not as it must be: pages, a trigger's picture that is missing, what no trigger has."""
    yield from (path for path, text in pages.items() if not path.is_file() or path.read_text(encoding="utf-8") != text)
    drawn = {DOCS / "triggers" / f"{name}.png" for name in synth.TRIGGERS}
    yield from (path for path in sorted(drawn) if not path.is_file())
    of_triggers = {path for path in pages if path.name.removesuffix(".md") in (*synth.TRIGGERS, "README")}
    yield from (path for path in sorted((DOCS / "triggers").iterdir()) if path not in drawn | of_triggers)


def main() -> int:
    """Run the command line; return the exit code."""
    pages = wanted()
    stale = [str(path.relative_to(DOCS.parent)) for path in outdated(pages)]
    if "--check" in sys.argv:
        if stale:
            print(f"out of date: {', '.join(stale)}; run: make docs", file=sys.stderr)
        return int(bool(stale))
    for path, text in pages.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"written: {path.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
