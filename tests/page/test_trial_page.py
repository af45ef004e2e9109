"""The page of trials over real sockets: what it is told, what its lines do, and that a page that goes takes its hold with it."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.sync.client import connect

from synth.cli.exploring.asking import Question
from synth.cli.exploring.view import View
from synth.explore.wishes import OF_KEYS, WISHES
from synth.live.tingle.shared_hold import SharedHold
from synth.page.page_hold import PATIENCE_S, PageHold
from synth.page.trial_page import TrialPage
from tests.support.page_rig import TOKEN, Page, socket_url, until

TRIAL = View("A tap", 3, 83).as_dict()


class Rig:
    """A page of trials, and what it said."""

    def __init__(self) -> None:
        self.holds: list[float] = []
        self.wishes: list[tuple[str, float | None]] = []
        self.notes: list[str] = []
        wish = lambda name, number: self.wishes.append((name, number))  # noqa: E731
        self.server = TrialPage(SharedHold(self.holds.append), wish, self.notes.append, "127.0.0.1", 0, TOKEN)

    @contextmanager
    def page(self, trial: dict[str, Any] = TRIAL) -> Iterator[Page]:
        """Open a page that has been told how things are."""
        count = self.server._pages.count
        with connect(socket_url(self.server.url)) as connection:
            until(lambda: self.server._pages.count == count + 1)
            self.server.show(trial)
            page = Page(connection)
            page.wait("trial", lambda told: told == trial)
            yield page
        until(lambda: self.server._pages.count == count)


@pytest.fixture
def rig() -> Iterator[Rig]:
    found = Rig()
    with found.server:
        yield found


def test_a_page_is_told_how_things_are_and_what_changes(rig: Rig) -> None:
    with rig.page() as page:
        asked = View("A tap", 4, 83, question=Question("duel", 1)).as_dict()
        for _ in range(3):
            rig.server.show(asked, ["answers have fallen"])
        assert page.wait("trial") == asked
        rig.server.show(TRIAL, ["answers have fallen"])
        assert page.wait("trial") == TRIAL
    assert [list(message) for message in page.messages] == [["trial"], ["said"], ["trial"], ["trial"]]  # nothing twice


def test_nothing_tells_what_is_heard(rig: Rig) -> None:
    told = View("A tap", 3, 83).as_dict()
    assert told.keys() == {"title", "number", "total", "amount", "volume_db", "state", "question"}
    assert told["question"].keys() == {"kind", "part", "place", "steps"}


def test_every_wish_comes_in(rig: Rig) -> None:
    with rig.page() as page:
        for name, wish in WISHES.items():
            page.say(**{name: True if wish.range is None else wish.range[1]})
        page.say(tingle=0.0)
        until(lambda: len(rig.wishes) == len(WISHES) - 1 and len(rig.holds) == 2)
    assert dict(rig.wishes) == {name: wish.range and wish.range[1] for name, wish in WISHES.items() if name != "tingle"}
    assert rig.holds == [1.0, 0.0]
    assert {name for name, _ in OF_KEYS.values()} <= WISHES.keys()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({"tingle": 1.5}, "wrong value"),
        ({"tingle": True}, "wrong value"),
        ({"tingle": "much"}, "wrong value"),
        ({"dislike": 0.5}, "wrong value"),
        ({"dislike": False}, "wrong value"),
        ({"level": 60}, "wrong value"),
        ({"preset": "tap"}, "no wish"),
        ({"values": {"tap.hardness": 1}}, "no wish"),
        ({"tingle": 0.5, "dislike": True}, "no wish"),
        ({}, "no wish"),
    ],
)
def test_what_is_no_wish_is_refused(rig: Rig, line: dict[str, Any], kind: str) -> None:
    with rig.page() as page:
        page.say(**line)
        assert page.wait("refused")["kind"] == kind
        page.connection.send("[1]")
        assert page.wait("refused")["kind"] == "no frame"
    assert rig.wishes == rig.holds == []


def test_a_page_that_goes_lets_the_hold_go(rig: Rig) -> None:
    with rig.page() as page:
        page.say(tingle=0.75)
        until(lambda: rig.holds == [0.75])
    until(lambda: rig.holds == [0.75, 0.0])
    with rig.page():
        pass
    assert rig.holds == [0.75, 0.0]  # one that said nothing takes nothing back


def test_of_two_pages_the_stronger_hold_counts_and_each_takes_back_its_own(rig: Rig) -> None:
    with rig.page() as one:
        one.say(tingle=0.75)
        until(lambda: rig.holds == [0.75])
        with rig.page() as other:
            other.say(tingle=0.25)
            until(lambda: rig.holds == [0.75, 0.75])
        until(lambda: rig.holds == [0.75, 0.75, 0.75])  # the other has gone
        one.say(tingle=0.0)
        until(lambda: rig.holds[-1] == 0.0)


def test_a_page_that_falls_silent_while_it_holds_lets_go() -> None:
    now_s, said = [0.0], list[float]()
    hold = PageHold(said.append, clock=lambda: now_s[0])
    hold(0.5)
    for _ in range(20):  # it says so again
        now_s[0] += PATIENCE_S / 2
        hold(0.5)
        hold.watch()
    assert said == [0.5]
    now_s[0] += PATIENCE_S + 0.1  # it sleeps, and its connection is open
    hold.watch()
    hold.watch()
    assert said == [0.5, 0.0]


def test_a_page_that_comes_at_the_end_is_told_too(rig: Rig) -> None:
    thread = threading.Thread(target=rig.server.end, args=(["helped"],))
    with rig.page() as page:
        thread.start()
        with connect(socket_url(rig.server.url)) as late:
            assert Page(late).wait("ended") == ["helped"]
        assert page.wait("ended") == ["helped"]
    thread.join(5.0)


def test_the_end_is_told_to_whoever_is_there(rig: Rig) -> None:
    with rig.page() as page:
        ended = ["after 3 trials", "helped"]
        thread = threading.Thread(target=rig.server.end, args=(ended,))
        thread.start()
        assert page.wait("ended") == ended
        page.connection.close()
        thread.join(2.0)
        assert not thread.is_alive()  # it has gone: nobody is waited for


def test_the_page_leads_to_its_own_files(rig: Rig) -> None:
    with urllib.request.urlopen(rig.server.url) as answer:
        assert answer.url.endswith("/trials/")
        assert b"What makes you tingle" in answer.read()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(rig.server.url.replace(TOKEN, "another"))
