"""One browser for all tests of the page's face, and a page of its own for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.page.face.server import stand_in_page

CHROMIUM = shutil.which("chromium")
_ARGUMENTS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]


@pytest.hookimpl(tryfirst=True)  # before xdist reads it
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one worker: one browser, not one a processor."""
    for item in items:
        if "/page/face/" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("page"))


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """Where the face is served, on a stand-in player."""
    with stand_in_page() as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    """Chromium; without it a test is skipped, but never in CI.

    A process can have one: it goes with the last test of this folder.
    """
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "color_scheme": "dark"}
"""Held upright, in the dark."""


def _complaints(context) -> list[str]:
    found: list[str] = []
    context.set_default_timeout(10_000)
    context.on("weberror", lambda error: found.append(str(error.error)))

    def listen(message) -> None:
        is_ours = not message.location.get("url", "").endswith("/favicon.ico")  # a browser wants one of every page
        if message.type == "error" and is_ours:
            found.append(message.text)

    context.on("console", listen)
    return found


@pytest.fixture(scope="package")
def _kept(browser, address):
    """One visitor for all tests that need no other: making one takes a second."""
    context = browser.new_context(
        base_url=address, service_workers="block", permissions=["clipboard-read", "clipboard-write"], **PHONE
    )
    complaints = _complaints(context)
    yield context.new_page(), complaints
    context.close()


@pytest.fixture
def context(browser, address):
    """A visitor who was never here; whatever the browser complains about fails the test."""
    context = browser.new_context(base_url=address, **PHONE)
    complaints = _complaints(context)
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def page(_kept):
    """A page on which nothing is loaded, of a visitor of whom nothing is kept."""
    page, complaints = _kept
    page.goto("/icon.svg")
    page.evaluate("localStorage.clear()")
    complaints.clear()
    yield page
    assert complaints == []


@pytest.fixture
def board(page):
    """The page as it comes up."""
    page.goto("/")
    page.wait_for_selector(".card")
    return page


@pytest.fixture
def stage(board):
    """The page with a preset playing."""
    board.locator(".card[data-name=rain_on_tent]").click()
    board.wait_for_selector("stage-view .handle")
    return board
