"""Draw the page for the documentation: the board and the stage, on a phone and on a desk, in the dark and in the light.

python docs/pictures/page.py          exports the page, opens it in Chromium, and takes the pictures
python docs/pictures/page.py FOLDER   takes them of a page that was exported before
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "page"
PRESET, TAB_SHOWN_MS = "rain_on_tent", 6000
_PHONE, _DESK = (390, 844), (1440, 900)


class Picture(NamedTuple):
    """A picture of the page: its size in pixels, the visitor's colours, and the tab of the stage; "" is the board."""

    name: str
    size: tuple[int, int]
    scheme: str
    tab: str = ""


PICTURES = (
    Picture("board-phone", _PHONE, "dark"),
    Picture("stage-phone", _PHONE, "dark", "Layers"),
    Picture("ears-phone", _PHONE, "dark", "Ears"),
    Picture("board-phone-light", _PHONE, "light"),
    Picture("board", _DESK, "dark"),
    Picture("stage", _DESK, "dark", "Ears"),
    Picture("stage-light", _DESK, "light", "Sound"),
)


def take(browser: Any, address: str, picture: Picture, shown_ms: int = TAB_SHOWN_MS) -> bytes:
    """Return a picture of the page at an address, as PNG; a stage has played for `shown_ms`."""
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=picture.scheme)
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(".card")
        if picture.tab:
            page.click(f".card[data-name={PRESET}]")
            page.wait_for_selector(".handle")
            page.get_by_role("tab", name=picture.tab).click()
            page.wait_for_timeout(shown_ms)
        return _few_colours(page.screenshot())
    finally:
        context.close()


def _few_colours(content: bytes) -> bytes:
    """Return a PNG with 256 colours: half the size, and hardly anybody sees it."""
    from PIL import Image

    whole, small = Image.open(io.BytesIO(content)).convert("RGB"), io.BytesIO()
    palette = whole.quantize(256, method=Image.Quantize.MAXCOVERAGE)
    whole.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(small, "png", optimize=True)
    return small.getvalue()


@contextmanager
def _exported() -> Iterator[Path]:
    from synth.page.export import export

    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder) / "page", presets=(), ears=("ku100",))
        yield Path(folder) / "page"


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def main(folder: Path) -> None:
    """Take every picture of an exported page."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("docs/pictures/page.py: no chromium; apt-get install chromium brings it")
    FOLDER.mkdir(exist_ok=True)
    with _served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in PICTURES:
            (FOLDER / f"{picture.name}.png").write_bytes(take(browser, address, picture))
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with _exported() as made:
            main(made)
