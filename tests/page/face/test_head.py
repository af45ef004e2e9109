"""The head: layers go where they are dragged, micro-events are drawn where they sound, and alone it is an overlay."""

from __future__ import annotations

import pytest

from tests.page.face.asks import calls, centre


def drag(page, locator, to: tuple[float, float]) -> None:
    page.mouse.move(*centre(locator))
    page.mouse.down()
    page.mouse.move(*to, steps=4)
    page.mouse.up()


def test_a_layer_that_is_dragged_to_the_left_comes_from_the_left(stage) -> None:
    x, y = centre(stage.locator("head-view"))
    handle = stage.locator(".handle").nth(2)
    drag(stage, handle, (x - 100, y))
    name, place = calls(stage, "move")[-1]
    assert name == "dripping seam"
    assert place["azimuth_deg"] == pytest.approx(90, abs=3)
    assert 0.05 < place["distance_m"] < 4
    nearer = place["distance_m"]
    drag(stage, handle, (x, y + 150))
    place = calls(stage, "move")[-1][1]
    assert abs(place["azimuth_deg"]) > 175
    assert place["distance_m"] > nearer


def test_from_behind_a_layer_is_dragged_up(stage) -> None:
    stage.get_by_role("button", name="behind").click()
    handle = stage.locator(".handle").nth(2)
    x, y = centre(handle)
    drag(stage, handle, (x, y - 60))
    assert calls(stage, "move")[-1][1]["elevation_deg"] > 30


def test_a_finger_can_drag(stage) -> None:
    touch = stage.context.new_cdp_session(stage)
    x, y = centre(stage.locator(".handle").nth(2))
    way = [("touchStart", [(x, y)]), ("touchMove", [(x - 30, y + 10)]), ("touchMove", [(x - 90, y + 60)]), ("touchEnd", [])]
    for kind, points in way:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]})
    assert calls(stage, "move")


def test_sparks_are_drawn_where_events_sound(stage) -> None:
    body = """() => new Promise((done) => {
        const canvas = document.querySelector("head-view canvas");
        standIn.layers.length = 0;
        const lit = (x) => {
            const { data } = canvas.getContext("2d").getImageData(x - 8, canvas.height / 2 - 8, 16, 16);
            return data.reduce((sum, value, index) => sum + (index % 4 === 3 ? value : 0), 0);
        };
        const event = { azimuth_deg: 90, elevation_deg: 0, distance_m: 4, level: -35 };
        const view = document.querySelector("head-view");
        const x = Math.round(canvas.width / 2 - view.drawing.rim);
        setTimeout(() => {
            const before = lit(x);
            standIn.status.layers = [{ azimuth_deg: 0, elevation_deg: 0, distance_m: 1, events: [event] }];
            view.draw();
            done([before, lit(x)]);
        }, 500);
    })"""
    before, after = stage.evaluate(body)
    assert after > 2 * before + 1000


def test_the_overlay_is_the_head_alone_on_nothing(page) -> None:
    page.goto("/#overlay/rain_on_tent")
    page.wait_for_selector("head-view .handle")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.locator("button:visible").count() == 0
