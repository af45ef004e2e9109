"""The sound board: all presets, found by words and tags, played by a tap; favourites and wishes are kept."""

from __future__ import annotations

from synth.preset.library import load_preset, preset_names
from synth.trigger import TRIGGERS
from tests.page.face.asks import calls, tab


def shown(page) -> list[str]:
    return page.locator(".card").evaluate_all("cards => cards.map(card => card.dataset.name)")


def has_mouth(name: str) -> bool:
    return any("mouth" in TRIGGERS[layer.trigger].families for layer in load_preset(name).layers)


def test_every_preset_has_a_card_with_a_picture(board) -> None:
    assert shown(board) == preset_names()
    assert board.locator(".card svg.picture").count() == len(preset_names())


def test_a_tap_plays_and_opens_the_stage(board) -> None:
    board.locator(".card[data-name=tin_roof_night]").tap()
    board.wait_for_selector("stage-view h1")
    assert board.locator("stage-view h1").inner_text() == load_preset("tin_roof_night").title
    assert [call[0] for call in calls(board, "play")] == ["tin_roof_night"]
    assert board.get_by_role("button", name="Stop").is_visible()


def test_back_leads_to_the_board_where_one_was_and_it_plays_on(board) -> None:
    card = board.locator(".card[data-name=workbench]")
    card.scroll_into_view_if_needed()
    before = board.evaluate("scrollY")
    card.tap()
    board.wait_for_selector("stage-view h1")
    board.go_back()
    board.wait_for_selector(".card")
    assert before > 0
    assert board.evaluate("scrollY") == before
    assert card.get_attribute("aria-current") == "true"
    assert calls(board, "stop") == []


def test_board_and_stage_stay_as_they_were_left(board) -> None:
    board.get_by_label("Search the sounds").fill("rain")
    found = shown(board)
    board.locator(".card").first.click()
    tab(board, "Scenes")
    board.get_by_role("link", name="Back to the board").click()
    assert board.get_by_label("Search the sounds").input_value() == "rain"
    assert shown(board) == found
    board.locator("player-bar .now").click()
    assert board.get_by_role("tab", selected=True).inner_text() == "Scenes"
    assert board.locator("stage-view h1").inner_text() == load_preset(found[0]).title


def test_words_find_titles_tags_and_layers(board) -> None:
    board.get_by_label("Search the sounds").fill("rain sleep")
    found = shown(board)
    assert found
    for name in found:
        preset = load_preset(name)
        text = " ".join([name, preset.title, preset.description, *preset.tags, *(f"{x.name} {x.trigger}" for x in preset.layers)])
        assert "rain" in text.lower()
        assert "sleep" in text.lower()
    board.get_by_label("Search the sounds").fill("nothing like this")
    assert shown(board) == []
    assert "another word" in board.locator(".count").inner_text()


def test_a_tag_shows_what_has_it_and_one_at_a_time(board) -> None:
    for tag in ("sleep", "whispering"):
        board.get_by_role("button", name=tag, exact=True).click()
        assert shown(board) == [name for name in preset_names() if tag in load_preset(name).tags]
    assert board.locator(".chip[aria-pressed=true]").count() == 1


def test_without_mouth_sounds_there_are_none_and_it_is_kept(board) -> None:
    wanted = [name for name in preset_names() if not has_mouth(name)]
    assert len(wanted) < len(preset_names())
    board.get_by_role("button", name="No mouth sounds").click()
    assert shown(board) == wanted
    board.reload()
    board.wait_for_selector(".card")
    assert shown(board) == wanted


def test_favourites_are_kept(board) -> None:
    title = load_preset("singing_bowls").title
    board.get_by_role("button", name=f"Favourite: {title}").click()
    board.reload()
    board.wait_for_selector(".card")
    board.get_by_role("button", name="Favourites").click()
    assert shown(board) == ["singing_bowls"]
    board.get_by_role("button", name=f"Favourite: {title}").click()
    board.get_by_role("button", name="Favourites").click()
    board.get_by_role("button", name="Favourites").click()
    assert shown(board) == []
    assert "heart" in board.locator(".count").inner_text()


def test_a_player_that_cannot_be_says_why(page) -> None:
    page.goto("/?refuse")
    assert "AudioWorklet" in page.get_by_role("alert").inner_text()
