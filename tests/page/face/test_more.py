"""What else the stage offers: recordings, another performance, words typed in."""

from __future__ import annotations

from tests.page.face.asks import calls, tab


def test_what_is_recorded_is_saved(stage) -> None:
    panel = tab(stage, "More")
    panel.get_by_role("button", name="Record").click()
    with stage.expect_download() as saved:
        panel.get_by_role("button", name="Stop and save").click()
    assert saved.value.suggested_filename.startswith("rain_on_tent-")
    assert calls(stage, "record") == [[True], [False]]


def test_another_performance_has_another_seed(stage) -> None:
    first = calls(stage, "play")[0][1]
    tab(stage, "More").get_by_role("button", name="Play it anew").click()
    (seed,) = calls(stage, "newPerformance")[0]
    assert seed != first
    assert f"performance {seed}" in stage.locator("player-bar").inner_text()


def test_words_are_typed_in_only_where_somebody_speaks(board) -> None:
    board.goto("/#play/rain_on_tent")
    board.get_by_role("button", name="Tap to listen").click()
    assert tab(board, "More").get_by_label("Words to whisper").count() == 0
    board.goto("/#play/bedtime_talk")
    panel = tab(board, "More")
    panel.get_by_label("Words to whisper").fill("close your eyes")
    panel.get_by_role("button", name="Whisper it").click()
    assert calls(board, "speak") == [["voice", "close your eyes"]]
