"""Addresses: a link opens what it was made of, a bad one says so."""

from __future__ import annotations

import pytest

from tests.page.face.asks import calls, tab


def test_a_link_opens_the_same(stage) -> None:
    tab(stage, "Sound").get_by_label("patter").press("Home")
    tab(stage, "More").get_by_role("button", name="Copy the link").click()
    stage.wait_for_function("document.querySelector('.said').textContent.includes('clipboard')")
    link = stage.evaluate("navigator.clipboard.readText()")
    name, seed, _ = calls(stage, "play")[-1]
    layer, path, value, _ = calls(stage, "set")[-1]
    stage.goto("/icon.svg")
    stage.goto(link)
    stage.get_by_role("button", name="Tap to listen").click()
    assert calls(stage, "play") == [[name, seed, {f"{layer}.{path}": value}]]


@pytest.mark.parametrize("fragment", ["#link/nonsense", "#play/no_such_preset"])
def test_a_bad_address_shows_the_board_and_says_why(board, fragment: str) -> None:
    board.goto(f"/{fragment}")
    board.wait_for_selector(".said[data-shown]")
    assert board.locator(".card").count() > 0
