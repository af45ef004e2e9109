"""The sleep timer and a night's sequence: what they ask of the player, and when."""

from __future__ import annotations

import pytest

from tests.page.face.asks import calls


@pytest.fixture
def later(context):
    """The page with a preset playing, and a clock of ours."""
    page = context.new_page()
    page.clock.install()
    page.goto("/")
    page.locator(".card[data-name=rain_on_tent]").click()
    page.wait_for_selector("stage-view .handle")
    return page


def pass_time(page, minutes: float) -> None:
    page.clock.fast_forward(int(minutes * 60_000))
    page.clock.run_for(1500)


def test_the_sleep_timer_fades_over_its_last_third(stage) -> None:
    stage.get_by_role("button", name="Sleep timer").click()
    stage.get_by_role("button", name="30 min").click()
    assert calls(stage, "sleep") == [[1800, 600]]
    assert "30 min" in stage.locator("player-bar .timers").inner_text()
    stage.get_by_role("button", name="Sleep timer").click()
    stage.get_by_role("button", name="Turn off").click()
    assert calls(stage, "sleep")[-1][0] == 0


def test_when_the_timer_has_run_out_the_page_is_stopped(later) -> None:
    later.get_by_role("button", name="Sleep timer").click()
    later.get_by_role("button", name="10 min").click()
    pass_time(later, 11)
    assert later.get_by_role("button", name="Play", exact=True).is_visible()


def test_a_night_plays_one_after_the_other_and_ends_in_silence(later) -> None:
    later.get_by_role("button", name="Sleep timer").click()
    later.get_by_role("button", name="one after the other").click()
    for name, minutes in (("tin_roof_night", "10"), ("singing_bowls", "30")):
        later.get_by_label("Sound to add").select_option(value=name)
        later.get_by_role("button", name="Add", exact=True).click()
        last = later.locator(".night-list li").last.get_by_role("spinbutton")
        last.fill(minutes)
        last.blur()
    later.get_by_role("button", name="Begin the night").click()
    pass_time(later, 5)
    assert [call[0] for call in calls(later, "play")][1:] == ["tin_roof_night"]
    pass_time(later, 6)
    assert [call[0] for call in calls(later, "play")][1:] == ["tin_roof_night", "singing_bowls"]
    seconds, fade_s = calls(later, "sleep")[-1]
    assert seconds == pytest.approx((10 + 30 - 5 - 6) * 60, abs=30)  # the page wakes up late and catches up
    assert fade_s == pytest.approx(10 * 60)
