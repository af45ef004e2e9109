"""The page of trials in a browser, on its own server: what it shows of each question, what hands and keys say, how it ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from synth.cli.exploring.asking import Question
from synth.cli.exploring.view import View
from synth.live.tingle.shared_hold import SharedHold
from synth.page.trial_page import TrialPage
from tests.page.face.conftest import PHONE, _complaints
from tests.page.face.test_access import faults
from tests.support.page_rig import TOKEN, until

HOLD = View("Nails on glass", 3, 83)
DUEL = View("Nails on glass", 4, 83, question=Question("duel", 0))
KNOB = View("Nails on glass", 5, 83, question=Question("knob", None, 0.25, 9))


class Visit:
    """A visitor of a page of trials."""

    def __init__(self, browser) -> None:
        self.said: list[tuple[str, float | None]] = []
        self.server = TrialPage(
            SharedHold(lambda amount: self.said.append(("tingle", round(amount, 2)))),
            lambda name, number: self.said.append((name, number)),
            lambda text: None,
            "127.0.0.1",
            0,
            TOKEN,
        )
        self.server.__enter__()
        self.context = browser.new_context(**PHONE)
        self.complaints = _complaints(self.context)
        self.page = self.context.new_page()
        self.page.goto(self.server.url)
        until(lambda: self.server._pages.count == 1)
        self.show(HOLD)

    def show(self, view: View) -> None:
        """Show it, and wait until it is there."""
        self.server.show(view.as_dict())
        self.page.wait_for_function(
            "text => document.querySelector('trial-view')?.textContent.includes(text)", arg=f"sound {view.number} of"
        )

    def asked(self) -> str:
        return self.page.locator(".asked").inner_text()

    def said_at_last(self, *expected: tuple[str, float | None]) -> None:
        until(lambda: self.said[-len(expected) :] == list(expected))

    def close(self) -> None:
        self.context.close()
        self.server.__exit__(None, None, None)


@pytest.fixture(scope="module")
def _visit(browser) -> Iterator[Visit]:
    visit = Visit(browser)
    yield visit
    visit.close()
    assert visit.complaints == []


@pytest.fixture
def visit(_visit: Visit) -> Visit:
    _visit.show(HOLD)
    _visit.said.clear()
    return _visit


def test_it_says_how_far_it_is_and_what_to_do(visit: Visit) -> None:
    assert "sound 3 of 83" in visit.page.locator("trial-view").inner_text()
    assert "hold for as long as it tingles" in visit.asked()
    visit.show(View("Nails on glass", 6, 83, state="paused"))
    assert visit.asked() == "Paused."
    assert visit.page.get_by_role("button", name="Go on").is_visible()


def test_the_space_bar_and_digits_hold(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    keyboard.down(" ")
    keyboard.up(" ")
    keyboard.down("3")
    keyboard.up("3")
    visit.said_at_last(("tingle", 1.0), ("tingle", 0.0), ("tingle", 0.33), ("tingle", 0.0))


def test_of_two_keys_the_newest_that_is_down_counts(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    for act, key in ((keyboard.down, " "), (keyboard.down, "3"), (keyboard.up, "3"), (keyboard.press, "0")):
        act(key)
        visit.page.wait_for_timeout(60)  # a hand says no more than fifty amounts a second
    visit.said_at_last(("tingle", 1.0), ("tingle", 0.33), ("tingle", 1.0), ("tingle", 0.0))
    keyboard.up(" ")


def test_a_hold_is_said_again_while_it_lasts(visit: Visit) -> None:
    visit.page.keyboard.down("6")
    visit.page.wait_for_timeout(2500)  # longer than the server waits for a word
    assert visit.said == [("tingle", 0.67)]
    visit.page.keyboard.up("6")
    visit.said_at_last(("tingle", 0.0))


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        ("x", ("dislike", None)),
        ("p", ("pause", None)),
        ("Escape", ("silence", None)),
        ("+", ("level", 1.0)),
        ("q", ("end", None)),
    ],
)
def test_keys_are_the_terminals(visit: Visit, key: str, wish: tuple[str, float | None]) -> None:
    visit.page.keyboard.press(key)
    visit.said_at_last(wish)


def test_a_finger_holds_and_lets_go(visit: Visit) -> None:
    box = visit.page.locator(".hold").bounding_box()
    visit.page.mouse.move(box["x"] + 50, box["y"] + box["height"] / 2)
    visit.page.mouse.down()
    visit.page.mouse.up()
    visit.said_at_last(("tingle", 0.5), ("tingle", 0.0))


def test_a_button_leaves_the_space_bar_to_the_hold(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Unpleasant").click()
    visit.page.keyboard.down(" ")
    visit.page.keyboard.up(" ")
    visit.said_at_last(("dislike", None), ("tingle", 1.0), ("tingle", 0.0))


def test_a_duel_is_answered_when_both_were_heard(visit: Visit) -> None:
    visit.show(DUEL)
    assert visit.page.get_by_role("button", name="The first").is_disabled()
    assert not visit.page.locator(".hold").is_visible()
    visit.show(View("Nails on glass", 7, 83, question=Question("duel")))
    assert visit.asked() == "Which tingled more?"
    visit.page.get_by_role("button", name="The second").click()
    visit.said_at_last(("turn", 1.0))
    visit.page.get_by_role("button", name="Neither more").click()
    visit.said_at_last(("take", None))
    visit.page.keyboard.press("ArrowLeft")  # arrows are the duel's wherever the focus is
    visit.said_at_last(("step", -1.0))
    visit.page.get_by_role("button", name="Pause after this").click()
    visit.page.keyboard.press("Enter")  # a button that was clicked does not keep the keys
    visit.said_at_last(("pause", None), ("take", None))


def test_a_knob_is_turned_and_left(visit: Visit) -> None:
    visit.show(KNOB)
    slider = visit.page.get_by_label("Where it tingles most")
    assert slider.input_value() == "2"
    slider.fill("7")
    visit.said_at_last(("turn", 7 / 8))
    assert slider.get_attribute("aria-valuetext") == "3 of 9"
    visit.page.keyboard.press("Enter")
    visit.said_at_last(("take", None))
    visit.page.get_by_role("button", name="Here it tingles most").click()
    visit.said_at_last(("take", None))
    visit.show(HOLD)
    visit.page.keyboard.down(" ")
    visit.page.keyboard.up(" ")
    visit.said_at_last(("tingle", 1.0), ("tingle", 0.0))


@pytest.mark.parametrize("view", [HOLD, DUEL, KNOB], ids=["hold", "duel", "knob"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_keeps_nobody_out(visit: Visit, view: View, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    visit.show(view)
    assert faults(visit.page) == []


def test_it_tells_how_it_ended(browser) -> None:
    visit = Visit(browser)
    visit.server.end(["after 3 trials: closeness 0.75", "helped: +0.30 of the hold"])  # waits until the page has gone
    assert "helped" in visit.page.locator("trial-view").inner_text()
    assert visit.page.evaluate("document.activeElement.textContent") == "That was it"
    visit.close()
    assert visit.complaints == []


def test_it_says_when_nobody_answers(browser) -> None:
    visit = Visit(browser)
    visit.server.__exit__(None, None, None)
    visit.page.wait_for_function("document.querySelector('.asked').textContent.includes('does not answer')")
    visit.context.close()
