"""The hold button: the higher or harder the more, let go at the end whatever happens; the space bar with its real end."""

from __future__ import annotations

import pytest

from tests.page.face.asks import calls

AMOUNT = """async ([type, pressure, y]) => {
    const { amountOf } = await import("./parts/hold-button.js");
    return amountOf({ pointerType: type, pressure, clientY: y }, { bottom: 100, height: 100 });
}"""


def amounts(page) -> list[float]:
    return [round(call[0], 2) for call in calls(page, "tingle")]


@pytest.fixture
def hold(stage):
    button = stage.locator("hold-button button")
    button.scroll_into_view_if_needed()
    return button


def test_the_higher_a_mouse_holds_the_more_it_tingles(stage, hold) -> None:
    box = hold.bounding_box()
    middle = box["x"] + box["width"] / 2
    stage.mouse.move(middle, box["y"] + box["height"] * 0.5)
    stage.mouse.down()
    assert amounts(stage) == [0.5]
    stage.mouse.move(middle, box["y"] + box["height"] * 0.2)
    stage.wait_for_function("standIn.calls.filter(([what]) => what === 'tingle').length === 2")
    stage.mouse.move(middle, box["y"] - 300)  # it keeps the pointer
    stage.wait_for_function("standIn.calls.filter(([what]) => what === 'tingle').length === 3")
    stage.mouse.up()
    assert amounts(stage) == [0.5, 0.8, 1, 0]
    assert hold.get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize(
    ("pointer", "amount"),
    [
        (["pen", 0.3, 0], 0.3),  # felt
        (["touch", 0.72, 0], 0.72),
        (["touch", 1, 40], 0.6),  # a screen that feels nothing
        (["touch", 0.5, 40], 0.6),
        (["mouse", 0.5, 40], 0.6),
        (["mouse", 0.5, 100], 0.1),
        (["mouse", 0.5, -900], 1),
    ],
)
def test_pressure_counts_where_it_is_felt(board, pointer: list[object], amount: float) -> None:
    assert board.evaluate(AMOUNT, pointer) == pytest.approx(amount)


def test_the_space_bar_holds_once_the_button_is_asked_for(stage, hold) -> None:
    stage.keyboard.press("i")
    assert stage.evaluate("document.activeElement.className") == "hold"
    stage.keyboard.down(" ")
    stage.keyboard.down(" ")  # repeats
    assert amounts(stage) == [1]
    stage.keyboard.press("ArrowDown")
    stage.wait_for_function("standIn.calls.filter(([what]) => what === 'tingle').length === 2")
    stage.keyboard.up(" ")
    assert amounts(stage) == [1, 0.9, 0]
    assert stage.evaluate("standIn.isPlaying")  # it has not stopped
    assert calls(stage, "volume_db") == []


def test_a_window_that_loses_the_keys_holds_nothing(stage, hold) -> None:
    hold.focus()
    stage.keyboard.down(" ")
    stage.evaluate("dispatchEvent(new Event('blur'))")
    assert amounts(stage) == [1, 0]
    stage.keyboard.up(" ")  # a key that stays down repeats in the tests after this one


def test_where_nobody_takes_it_down_there_is_no_button(board) -> None:
    board.evaluate("standIn.tingle = undefined")
    board.locator(".card[data-name=rain_on_tent]").click()
    board.wait_for_selector("stage-view .handle")
    assert not board.locator("hold-button").is_visible()
