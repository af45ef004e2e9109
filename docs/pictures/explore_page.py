"""Draw the page of trials: a hold, a duel, a knob, the end.

python docs/pictures/explore_page.py        writes docs/pictures/explore-page.png, from Chromium
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from synth.cli.exploring.asking import Question
from synth.cli.exploring.view import View
from synth.live.tingle.shared_hold import SharedHold
from synth.page.trial_page import TrialPage

WIDTH, HEIGHT = 390, 720
TITLE, TOTAL = "Nails on glass", 83
VIEWS = (
    View(TITLE, 3, TOTAL),
    View(TITLE, 12, TOTAL, question=Question("duel", 1)),
    View(TITLE, 33, TOTAL, question=Question("knob", None, 0.25, 9)),
)
END = [
    "after 51 trials: closeness 0.75, darkness 0.625, pace 0.5; expected hold 0.61 (0.48 to 0.74)",
    "helped: +0.23 of the hold (+0.11 to +0.35) in 16 blind pairs",
]
_DRAWN_MS = 400


def main() -> None:
    """Take the pictures, and paste them side by side."""
    server = TrialPage(SharedHold(lambda amount: None), lambda name, number: None, print, "127.0.0.1", 0, "picture")
    whole = Image.new("RGB", (WIDTH * (len(VIEWS) + 1), HEIGHT))
    with server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark")
        page = context.new_page()
        page.goto(server.url)
        page.wait_for_timeout(_DRAWN_MS)
        for column in range(len(VIEWS) + 1):
            if column < len(VIEWS):
                server.show(VIEWS[column].as_dict())
            else:
                server.end(END)
            page.wait_for_timeout(_DRAWN_MS)
            if column == 0:
                page.keyboard.down("7")
                page.wait_for_timeout(_DRAWN_MS)
            whole.paste(Image.open(io.BytesIO(page.screenshot())), (WIDTH * column, 0))
            page.keyboard.up("7")
        browser.close()
    whole.quantize(128).save(Path(__file__).parent / "explore-page.png", optimize=True)


if __name__ == "__main__":
    main()
