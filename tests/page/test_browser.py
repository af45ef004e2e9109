"""A visitor's Chromium: what is heard is what this machine renders, hands move it, it fades and stops; errors say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synth.dsp.limiter import CEILING_DB
from synth.page.ears import SAMPLE_RATE
from tests.support import browser as chromium
from tests.support import pages
from tests.support.needs import live, needs_chromium, needs_wasm
from tests.support.sizes import short_and_long

pytestmark = [needs_wasm, needs_chromium, live, pytest.mark.xdist_group("page")]
_CEILING = 10 ** (CEILING_DB / 20)
_TRIES = 3  # a shared machine may be late without anybody's fault
FADE_IN_S = 0.5
_DIFFERENT = (
    *("whispers_ear_to_ear", "rain_on_tent", "nails_on_glass", "brush_both_ears"),
    *("singing_bowls", "lullaby", "trigger_words_ear_to_ear", "demo"),
)
"""Whisper, rain, tap, brush, bowl, hum, mouth, and a mixture; none hears an input."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(page: Path) -> Iterator[str]:
    with chromium.served(page) as found:
        yield found


@pytest.fixture
def visitor(browser: Any, address: str) -> Iterator[Any]:
    found = chromium.opened(browser, address)
    assert found.evaluate("errors") == []
    yield found
    assert found.evaluate("errors") == []
    found.close()


def _seconds(visitor: Any, seconds: float) -> None:
    visitor.wait_for_function(f"player.status.seconds >= {seconds}", timeout=60_000)


def _later(visitor: Any, seconds: float) -> None:
    """Wait until so much more has been rendered: on a busy machine that is not what the clock says."""
    visitor.evaluate("window.heard_s = player.status.seconds")
    visitor.wait_for_function(f"player.status.seconds >= heard_s + {seconds}", timeout=60_000)


def _db(samples: np.ndarray) -> np.ndarray:
    return 10 * np.log10((samples.astype(float) ** 2).mean(0) + 1e-12)


def _wanted(preset: str, frames: int) -> np.ndarray:
    """Return what this machine makes of what the page does when it begins to play: seed 7, a fade-in."""
    engine = pages.native(preset, 7, "ku100")
    engine.set_master(ramp_s=0, fade=0)
    engine.set_master(ramp_s=FADE_IN_S, fade=1)
    return engine.process(frames)


def test_what_is_heard_is_what_is_rendered_natively(visitor: Any) -> None:
    visitor.evaluate("player.record(true)")
    chromium.tapped(visitor, "player.play('nails_on_glass', { seed: 7 })")
    _seconds(visitor, 10.2)
    heard = chromium.recorded(visitor)
    wanted = _wanted("nails_on_glass", 10 * SAMPLE_RATE)
    assert np.abs(wanted).max() > 0.1
    assert np.abs(heard[: len(wanted)] - wanted).max() < pages.CLOSE


@short_and_long("seconds", 1, 10)
def test_eight_presets_reach_the_ears_as_they_are_rendered_natively(visitor: Any, seconds: int) -> None:
    """In the page's own worklet, by the page's own player; into memory, so that it need not take as long as it sounds."""
    chromium.faster_than_time(visitor, seconds)
    for preset in _DIFFERENT:
        heard = chromium.whole(visitor, preset, 7)
        wanted = _wanted(preset, seconds * SAMPLE_RATE)
        assert heard.shape == wanted.shape
        assert np.abs(wanted).max() > 1e-3, preset
        assert np.abs(heard - wanted).max() < pages.CLOSE, preset


def test_four_presets_in_a_row_miss_no_block_while_the_page_is_used(visitor: Any) -> None:
    missed = [0]
    for _ in range(_TRIES):
        chromium.tapped(visitor, "player.play('tap', { seed: 1 })")
        visitor.evaluate("player.record(true)")
        for name in ("nails_on_glass", "rain_on_tent", "demo"):
            visitor.evaluate("name => player.play(name, { seed: 1 })", name)
            for step in range(12):
                visitor.mouse.wheel(0, 200)
                visitor.set_viewport_size({"width": 500 + 40 * step, "height": 700})
                visitor.wait_for_timeout(100)
        missed.append(visitor.evaluate("player.status.missed_blocks"))
        heard = chromium.recorded(visitor)
        assert np.abs(heard).max() <= _CEILING * 1.0001
        visitor.evaluate("player.stop(0.05)")
        if missed[-1] == missed[-2]:
            return
    raise AssertionError(f"blocks missed so far, try by try: {missed[1:]}")


def test_dragging_a_layer_across_changes_which_ear_hears_it(visitor: Any) -> None:
    chromium.tapped(visitor, "player.play('tap', { values: { 'tap.azimuth_deg': 80, 'tap.distance_m': 0.15 } })")
    differences = []
    for azimuth_deg in (80, -80):
        visitor.evaluate("azimuth_deg => player.move('tap', { azimuth_deg })", azimuth_deg)
        _later(visitor, 0.4)
        visitor.evaluate("player.record(true)")
        _later(visitor, 1.5)
        left, right = _db(chromium.recorded(visitor))
        differences.append(left - right)
        assert visitor.evaluate("player.layers[0].place.azimuth_deg") == azimuth_deg
        shown = visitor.evaluate("player.status.layers[0].azimuth_deg")
        assert shown == pytest.approx(azimuth_deg, abs=40)  # it has a motion of its own
    assert differences[0] > 3
    assert differences[1] < -3


def test_hands_strike_mute_and_solo(visitor: Any) -> None:
    chromium.tapped(visitor, "player.play('nails_on_glass')")
    [first, second] = visitor.evaluate("player.layers.map(({ name }) => name)")[:2]
    visitor.evaluate("names => names.forEach((name) => player.mute(name, true))", [first, second])
    _later(visitor, 0.6)
    visitor.evaluate("player.record(true)")
    _later(visitor, 0.4)
    assert np.abs(chromium.recorded(visitor)).max() < 1e-3
    visitor.evaluate("name => player.mute(name, false)", first)
    visitor.evaluate("name => player.solo(name, true)", second)  # muted, and the only one that may be heard
    visitor.evaluate("name => player.strike(name, 1)", first)
    _later(visitor, 0.4)
    visitor.evaluate("player.record(true)")
    _later(visitor, 0.4)
    assert np.abs(chromium.recorded(visitor)).max() < 1e-3
    visitor.evaluate("name => player.solo(name, false)", second)
    visitor.evaluate("player.record(true)")
    visitor.evaluate("name => { player.strike(name, 1); player.release(name); }", first)
    _later(visitor, 0.4)
    assert np.abs(chromium.recorded(visitor)).max() > 1e-2


def test_it_stops_with_a_fade_and_rests(visitor: Any) -> None:
    chromium.tapped(visitor, "player.play('rain_on_tent')")
    _seconds(visitor, 1)
    visitor.evaluate("player.record(true)")
    visitor.evaluate("player.stop(1)")
    assert visitor.evaluate("[player.isPlaying, player.audio.context.state]") == [False, "suspended"]
    heard = chromium.recorded(visitor)
    levels = [_db(part).max() for part in np.array_split(heard[: int(1.1 * SAMPLE_RATE)], 4)]
    assert levels == sorted(levels, reverse=True)
    assert np.abs(heard[-SAMPLE_RATE // 10 :]).max() < 1e-4
    chromium.tapped(visitor, "player.play('rain_on_tent')")  # and again
    _seconds(visitor, 0.2)


def test_the_sleep_timer_fades_to_silence_and_ends(visitor: Any) -> None:
    chromium.tapped(visitor, "player.play('rain_on_tent')")
    visitor.evaluate("player.record(true)")
    visitor.evaluate("player.sleep(4, 3)")
    visitor.wait_for_function("!player.isPlaying", timeout=30_000)
    heard = chromium.recorded(visitor)
    levels = (
        _db(heard[int(0.6 * SAMPLE_RATE) : int(0.9 * SAMPLE_RATE)]),
        _db(heard[int(2.8 * SAMPLE_RATE) : int(3.1 * SAMPLE_RATE)]),
    )
    assert (levels[1] < levels[0] - 6).all()
    assert np.abs(heard[-SAMPLE_RATE // 10 :]).max() < 1e-4


def test_volume_and_midi_move_what_they_are_bound_to(visitor: Any) -> None:
    chromium.tapped(visitor, "player.play('tap')")
    visitor.evaluate("player.volume_db = -60")
    _later(visitor, 0.5)
    visitor.evaluate("player.record(true)")
    _later(visitor, 0.5)
    assert np.abs(chromium.recorded(visitor)).max() < 2e-3
    for position in range(0, 128, 8):  # pan; a controller takes a number over where it meets it
        visitor.evaluate("position => player.midi([0xb0, 10, position])", position)
    visitor.wait_for_function("player.layers[0].parameters.azimuth_deg.value < -70", timeout=20_000)


def test_a_phone_plays_through_an_element_that_goes_on_in_the_dark(browser: Any, address: str) -> None:
    visitor = chromium.opened(browser, address, chromium.PHONE)
    chromium.tapped(visitor, "player.play('tap')")
    _seconds(visitor, 0.5)
    assert visitor.evaluate("[player.audio.element.paused, player.audio.element.srcObject.active]") == [False, True]
    visitor.evaluate("player.stop(0.1)")
    assert visitor.evaluate("player.audio.element.paused")
    assert visitor.evaluate("errors") == []
    visitor.close()


def test_a_page_makes_itself_ready_and_says_so_when_it_was_not_touched(browser: Any, address: str) -> None:
    visitor = chromium.opened(browser, address)
    visitor.wait_for_function("player.audio.node && player.workshop.warm.has('demo')")  # the preset with most kinds of triggers
    assert visitor.evaluate("[player.audio.context.state, player.isPlaying, errors]") == ["suspended", False, []]
    blocked = "AudioContext.prototype.resume = () => new Promise(() => {})"  # as browsers answer a page that was not touched
    visitor.evaluate(f"() => {{ window.resume = AudioContext.prototype.resume; {blocked}; }}")
    assert "tap play once more" in visitor.evaluate("player.play('tap').then(() => 'plays', (error) => error.message)")
    visitor.evaluate("() => { AudioContext.prototype.resume = window.resume; }")
    chromium.tapped(visitor, "player.play('tap')")
    _seconds(visitor, 0.2)
    visitor.close()


def test_what_is_not_there_is_named(browser: Any, address: str, page: Path) -> None:
    visitor = chromium.opened(browser, address)
    said = visitor.evaluate("player.play('tapp').catch((error) => error.message)")
    assert "no preset 'tapp'" in said
    assert "nails_on_glass" in said
    chromium.tapped(visitor, "player.play('tap')")
    for call, wanted in {
        "player.set('tapp', 'hardness', 0.5)": "no layer 'tapp'; it has tap",
        "player.set('tap', 'hardnes', 0.5)": "no parameter 'hardnes'",
        "player.set('tap', 'hardness', 5)": "allowed: 0 .. 1",
        "player.scene('far')": "no scene 'far'",
        "player.volume_db = NaN": "allowed: -60 .. 12",
    }.items():
        assert wanted in visitor.evaluate(f"() => {{ try {{ {call}; }} catch (error) {{ return error.message; }} }}")
    visitor.close()
    (page / "synth.wasm").rename(page / "away")
    try:
        lost = chromium.opened(browser, address)
        assert "synth.wasm is not on this server (404); export the page again" in lost.evaluate("errors")[0]
        lost.close()
    finally:
        (page / "away").rename(page / "synth.wasm")
