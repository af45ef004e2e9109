"""For everybody: axe-core finds nothing serious in any view, in the dark and in the light; touch targets are large."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.page.face.asks import tab

AXE = Path(__file__).resolve().parents[3] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
LEAST_PX = 24  # WCAG 2.2, 2.5.8; what is pressed often is 44
TABS = ("Layers", "Sound", "Scenes", "Ears", "More")

pytestmark = pytest.mark.skipif(not AXE.is_file() and "CI" not in os.environ, reason="npm install brings axe-core")


def faults(page, *rules: str) -> list[str]:
    """Return what axe-core finds serious by these rules, or by all, a line each."""
    page.wait_for_timeout(350)  # what fades in is there
    page.evaluate("typeof axe") == "object" or page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_board_keeps_nobody_out(board, scheme: str) -> None:
    board.emulate_media(color_scheme=scheme)
    assert faults(board) == []
    board.emulate_media(color_scheme="dark")


@pytest.mark.parametrize(("scheme", "rules"), [("dark", ()), ("light", ("color-contrast",))])
def test_the_stage_keeps_nobody_out(stage, scheme: str, rules: tuple[str, ...]) -> None:
    stage.emulate_media(color_scheme=scheme)
    found = {}
    for name in TABS:
        tab(stage, name)
        found[name] = faults(stage, *rules)
    stage.emulate_media(color_scheme="dark")
    assert found == {name: [] for name in TABS}


@pytest.mark.parametrize("opener", ["Sleep timer", "keys"])
def test_sheets_keep_nobody_out(stage, opener: str) -> None:
    if opener == "keys":
        stage.keyboard.press("?")
    else:
        stage.get_by_role("button", name=opener).click()
    assert stage.get_by_role("dialog").is_visible()
    assert faults(stage) == []


def test_targets_are_large(stage) -> None:
    for name in TABS:
        tab(stage, name)
        sizes = stage.locator("button:visible, a[href]:visible, input:visible, select:visible, .handle").evaluate_all(
            "all => all.map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().width, e.getBoundingClientRect().height])"
        )
        assert [each for each in sizes if min(each[1:]) < LEAST_PX] == []


def test_nothing_sticks_out_of_a_narrow_phone(stage) -> None:
    stage.set_viewport_size({"width": 320, "height": 568})
    wide = {}
    for name in TABS:
        tab(stage, name)
        wide[name] = stage.evaluate("document.documentElement.scrollWidth")
    stage.goto("/#")
    wide["board"] = stage.evaluate("document.documentElement.scrollWidth")
    stage.set_viewport_size({"width": 390, "height": 844})
    assert set(wide.values()) == {320}, wide


def test_who_wants_little_motion_gets_little(board) -> None:
    board.emulate_media(reduced_motion="reduce")
    moving = board.locator("*").evaluate_all(
        """all => all.map(each => getComputedStyle(each))
            .filter(style => parseFloat(style.transitionDuration) || style.animationName !== "none").length"""
    )
    board.emulate_media(reduced_motion="no-preference")
    assert moving == 0
