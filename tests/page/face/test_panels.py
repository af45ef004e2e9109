"""The stage's panels: what is turned, struck and chosen reaches the player, and what it says is shown."""

from __future__ import annotations

from tests.page.face.asks import calls, centre, tab


def test_the_mixer_sets_levels_mutes_and_solos(stage) -> None:
    panel = tab(stage, "Layers")
    panel.get_by_label("canvas, level").focus()
    stage.keyboard.press("ArrowRight")
    layer, path, value, _ = calls(stage, "set")[-1]
    assert (layer, path) == ("canvas", "level_db")
    assert -6.9 < value < -5
    for name, what in (("Mute canvas", "mute"), ("Solo dripping seam", "solo")):
        button = panel.get_by_role("button", name=name)
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        assert [on for _, on in calls(stage, what)] == [True, False]


def test_a_strike_lasts_as_long_as_it_is_held(stage) -> None:
    button = tab(stage, "Layers").get_by_role("button", name="Strike canvas")
    button.scroll_into_view_if_needed()
    stage.mouse.move(*centre(button))
    stage.mouse.down()
    assert (len(calls(stage, "strike")), len(calls(stage, "release"))) == (1, 0)
    stage.mouse.up()
    assert len(calls(stage, "release")) == 1


def test_knobs_cover_every_number_of_a_layer_and_go_back_when_tapped_twice(stage) -> None:
    panel = tab(stage, "Sound")
    parameters = stage.evaluate("standIn.layers[0].parameters")
    assert panel.locator(".knob").count() == len(parameters)
    knob = panel.get_by_label("intensity", exact=True)
    knob.focus()
    stage.keyboard.press("Shift+ArrowRight")
    assert calls(stage, "set")[-1][2] > parameters["intensity_mm_h"]["value"]
    assert panel.locator(".knob[data-changed]").count() == 1
    x, y = centre(knob)
    stage.mouse.dblclick(x + 50, y)
    stage.wait_for_function("!document.querySelector('.knob[data-changed]')")
    assert calls(stage, "set")[-1][1:3] == ["intensity_mm_h", parameters["intensity_mm_h"]["value"]]


def test_choices_are_lists(stage) -> None:
    choices = stage.evaluate("standIn.layers[0].parameters.surface.choices")
    tab(stage, "Sound").get_by_label("surface").select_option(label=choices[-1])
    assert calls(stage, "set")[-1][:3] == ["canvas", "surface", len(choices) - 1]


def test_the_knobs_of_another_layer(stage) -> None:
    panel = tab(stage, "Sound")
    panel.get_by_label("Layer", exact=True).select_option(index=1)
    panel.get_by_label("drop", exact=True).press("ArrowLeft")
    assert calls(stage, "set")[-1][0] == "rain in the wood"


def test_scenes_and_the_way_between_two(stage) -> None:
    panel = tab(stage, "Scenes")
    panel.get_by_role("button", name="downpour").click()
    assert calls(stage, "scene") == [["downpour", 45]]
    panel.get_by_label("Morph", exact=True).press("End")
    assert calls(stage, "morph")[-1] == ["drizzle", "downpour", 1]
    assert panel.locator("[aria-pressed=true]").count() == 0


def test_the_ears_show_levels_a_spectrum_and_the_dose(stage) -> None:
    panel = tab(stage, "Ears")
    stage.wait_for_timeout(400)
    levels = panel.get_by_role("meter").evaluate_all("all => all.map(each => Number(each.getAttribute('aria-valuenow')))")
    assert len(levels) == 2
    assert all(-40 < level < 0 for level in levels)
    painted = panel.locator("canvas").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(x => x > 0)"
    )
    assert painted
    assert "dBA" in panel.inner_text()
    panel.get_by_label("Your headphones").fill("60")
    panel.get_by_label("Your headphones").blur()
    stage.reload()
    stage.wait_for_selector("[role=tab]")
    assert tab(stage, "Ears").get_by_label("Your headphones").input_value() == "60"


def test_other_ears_are_taken_and_kept(stage) -> None:
    stage.evaluate("standIn.catalogue.ears = { own: {}, other: {} }")
    tab(stage, "Layers")
    ears = stage.evaluate_handle("document.querySelector('ear-panel')")
    ears.evaluate("panel => panel.build()")
    panel = tab(stage, "Ears")
    with stage.expect_navigation():
        panel.get_by_label("Through whose ears").select_option("other")
    assert stage.evaluate("JSON.parse(localStorage.getItem('synth.ears'))") == "other"
