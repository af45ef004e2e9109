"""What is around the page: controllers, the lock screen, a network that is gone."""

from __future__ import annotations

from tests.page.face.asks import calls, tab

_CONTROLLER = """() => {
    const input = { name: "two knobs", state: "connected" };
    const access = { inputs: new Map([["1", input]]) };
    navigator.requestMIDIAccess = () => Promise.resolve(access);
    globalThis.controller = { input, access };
}"""


def test_a_controller_that_is_there_or_comes_later_plays_the_presets_own_mapping(stage) -> None:
    stage.evaluate(_CONTROLLER)
    panel = tab(stage, "More")
    panel.get_by_role("button", name="Connect a MIDI controller").click()
    panel.get_by_text("two knobs").wait_for()
    stage.evaluate("controller.input.onmidimessage({ data: Uint8Array.of(0x90, 60, 100) })")
    assert calls(stage, "midi") == [[[0x90, 60, 100]]]
    stage.evaluate(
        "controller.access.inputs.set('2', { name: 'a keyboard', state: 'connected' }); controller.access.onstatechange()"
    )
    panel.get_by_text("two knobs, a keyboard").wait_for()


def test_a_controller_that_is_not_allowed_is_explained(stage) -> None:
    stage.evaluate("() => void (navigator.requestMIDIAccess = () => Promise.reject(new Error('no')))")
    tab(stage, "More").get_by_role("button", name="Connect a MIDI controller").click()
    stage.wait_for_function("document.querySelector('.said').textContent.includes('allow it')")


def test_another_preset_that_a_controller_asked_for_is_shown(stage) -> None:
    stage.evaluate("standIn.play('tin_roof_night', { seed: 7 })")
    bar = stage.locator("player-bar .now")
    assert bar.get_attribute("href") == "#play/tin_roof_night"
    assert "performance 7" in bar.inner_text()
    knobs = tab(stage, "Layers").locator(".layer").count()
    assert knobs == stage.evaluate("standIn.layers.length")


def test_what_a_controller_moves_is_shown(stage) -> None:
    knob = tab(stage, "Sound").get_by_label("gusts")
    stage.evaluate("standIn.layers[0].parameters.gusts.value = 0.25")
    stage.wait_for_function("knob => knob.getAttribute('aria-valuetext') === '0.25'", arg=knob.element_handle())


def test_the_lock_screen_shows_what_plays_and_stops_it(page) -> None:
    page.add_init_script("""
        globalThis.acts = {};
        const set = navigator.mediaSession.setActionHandler;
        navigator.mediaSession.setActionHandler = (name, act) => {
            acts[name] = act;
            set.call(navigator.mediaSession, name, act);
        };
    """)
    page.goto("/")
    page.locator(".card[data-name=rain_on_tent]").click()
    page.wait_for_selector("stage-view .handle")
    assert page.evaluate("navigator.mediaSession.metadata.title") == page.locator("stage-view h1").inner_text()
    assert page.evaluate("navigator.mediaSession.playbackState") == "playing"
    page.evaluate("acts.nexttrack()")
    page.evaluate("acts.pause()")
    assert len(calls(page, "play")) == 2
    assert len(calls(page, "stop")) == 1
    assert page.evaluate("navigator.mediaSession.playbackState") == "paused"


def test_without_a_network_the_page_comes_up_again(context) -> None:
    page = context.new_page()
    page.goto("/")
    page.locator(".card[data-name=rain_on_tent]").click()
    page.wait_for_function("caches.open('page').then(cache => cache.match('logic/curves.js')).then(Boolean)")
    context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Tap to listen").click()
    assert calls(page, "play")[0][0] == "rain_on_tent"
