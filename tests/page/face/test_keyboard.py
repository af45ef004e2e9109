"""By keyboard alone: every control is reached by Tab, shows that it has the focus, and does what it is for; single keys too."""

from __future__ import annotations

import pytest

from synth.preset.library import load_preset, preset_names
from tests.page.face.asks import calls, tab

MOST_TABS = 120
FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']"


_FROM_THE_TOP = """() => {
    const first = document.body.insertAdjacentElement("afterbegin", document.createElement("button"));
    first.focus();
    first.remove();
}"""
_WHERE = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    at.dataset.reached = "";
    return [at.getAttribute("aria-label") || at.textContent.trim() || at.tagName, getComputedStyle(at).outlineStyle];
}"""
_MISSED = """all => all
    .filter(each => each.checkVisibility() && each.tabIndex >= 0 && !("reached" in each.dataset))
    .map(each => each.outerHTML.slice(0, 120))"""


def reached(page) -> list[str]:
    """Return what Tab reaches, from the beginning of the page to its end; each shows that it has the focus."""
    page.evaluate(_FROM_THE_TOP)
    found: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate(_WHERE)
        if at is None:
            break
        assert at[1] != "none", f"{at[0]} does not show that it has the focus"
        found.append(at[0])
    return found


def missed(page) -> list[str]:
    """Return what can be used and Tab did not reach; of tabs, one at a time is reached."""
    return page.locator(FOCUSABLE).evaluate_all(_MISSED)


def test_tab_reaches_all_of_the_board(board) -> None:
    reached(board)
    assert missed(board) == []


@pytest.mark.parametrize("name", ["Layers", "Sound", "Scenes", "Ears", "More"])
def test_tab_reaches_all_of_the_stage(stage, name: str) -> None:
    stage.get_by_role("tab", selected=True).focus()
    for _ in range(5):
        if stage.get_by_role("tab", selected=True).inner_text() == name:
            break
        stage.keyboard.press("ArrowRight")
    assert stage.get_by_role("tabpanel", name=name).is_visible()
    reached(stage)
    assert missed(stage) == []


def test_a_card_is_chosen_by_arrows_and_played_by_enter(board) -> None:
    board.locator(".card").first.focus()
    board.keyboard.press("ArrowRight")
    board.keyboard.press("ArrowDown")
    board.keyboard.press("Enter")
    board.wait_for_selector("stage-view h1")
    assert calls(board, "play")[0][0] == preset_names()[3]  # two columns: one on, one down


def test_a_layer_is_moved_by_arrows(stage) -> None:
    handle = stage.get_by_role("slider", name="Place of dripping seam")
    before = stage.evaluate("({ ...standIn.layers[2].place })")
    handle.press("ArrowLeft")
    place = calls(stage, "move")[-1][1]
    assert place["azimuth_deg"] > before["azimuth_deg"]
    handle.press("ArrowDown")
    assert calls(stage, "move")[-1][1]["distance_m"] > place["distance_m"]
    handle.press("PageUp")
    assert calls(stage, "move")[-1][1]["elevation_deg"] > before["elevation_deg"]
    words = handle.get_attribute("aria-valuetext")
    for _ in range(20):
        handle.press("ArrowLeft")
    assert handle.get_attribute("aria-valuetext") != words


def test_a_layer_is_struck_by_the_keyboard(stage) -> None:
    tab(stage, "Layers").get_by_role("button", name="Strike canvas").focus()
    stage.keyboard.down("Enter")
    assert (len(calls(stage, "strike")), len(calls(stage, "release"))) == (1, 0)
    stage.keyboard.up("Enter")
    assert len(calls(stage, "release")) == 1
    stage.evaluate("document.activeElement.blur()")
    stage.keyboard.down("d")
    assert calls(stage, "strike")[-1][0] == "dripping seam"
    stage.keyboard.up("d")
    assert calls(stage, "release")[-1] == ["dripping seam"]


def test_single_keys(stage) -> None:
    stage.evaluate("document.activeElement.blur()")
    stage.keyboard.press("2")
    assert calls(stage, "scene")[-1][0] == load_preset("rain_on_tent").scenes[1].name
    stage.keyboard.press("ArrowDown")
    assert calls(stage, "volume_db")[-1] == [-1]
    stage.keyboard.press("m")
    assert calls(stage, "volume_db")[-1] == [-60]
    stage.keyboard.press("m")
    assert calls(stage, "volume_db")[-1] == [-1]
    stage.keyboard.press("v")
    assert stage.get_by_role("button", name="behind").get_attribute("aria-pressed") == "true"
    stage.keyboard.press("n")
    assert len(calls(stage, "newPerformance")) == 1
    stage.keyboard.press("ArrowRight")
    assert calls(stage, "play")[-1][0] == preset_names()[preset_names().index("rain_on_tent") + 1]
    loaded = "() => ((session) => session.isPlaying && !session.isLoading)(document.querySelector('player-bar').session)"
    stage.wait_for_function(loaded)  # until then the space bar begins
    stage.keyboard.press(" ")
    assert len(calls(stage, "stop")) == 1
    stage.keyboard.press("Escape")
    stage.wait_for_selector(".card")
    stage.keyboard.press("/")
    stage.keyboard.type("soda m")
    assert stage.get_by_label("Search the sounds").input_value() == "soda m"


def test_the_address_follows_what_plays(stage) -> None:
    stage.evaluate("document.activeElement.blur()")
    stage.keyboard.press("ArrowRight")
    name = calls(stage, "play")[-1][0]
    stage.wait_for_function("name => location.hash === `#play/${name}`", arg=name)
    stage.reload()
    assert stage.locator("stage-view h1").inner_text() == load_preset(name).title


def test_what_a_key_does_not_do_is_left_to_the_browser(board) -> None:
    board.evaluate("document.activeElement?.blur()")
    board.keyboard.press("ArrowDown")
    board.wait_for_function("scrollY > 0")
    assert calls(board, "volume_db") == []


def test_single_keys_can_be_turned_off(stage) -> None:
    stage.keyboard.press("?")
    stage.get_by_label("Single keys do all this").uncheck()
    stage.keyboard.press("Escape")
    stage.evaluate("document.activeElement.blur()")
    before = len(calls(stage, "volume_db"))
    stage.keyboard.press("m")
    assert len(calls(stage, "volume_db")) == before
    stage.keyboard.press("?")
    assert stage.get_by_role("dialog").is_visible()
