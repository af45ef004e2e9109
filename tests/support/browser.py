"""A headless Chromium on an exported page, from a plain file server: for tests that look at what a visitor gets."""

from __future__ import annotations

import base64
import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.needs import CHROMIUM

BARE = "bare.html"
_BARE = """<!doctype html><meta charset="utf-8"><title>bare</title><link rel="icon" href="data:,"><button id="play">play</button>
<p style="height: 400vh"></p>
<script type="module">
import { Player } from "./player.js";
window.errors = [];
try {
  window.player = await Player.open();
  player.addEventListener("error", ({ detail }) => errors.push(detail.message));
} catch (error) {
  errors.push(error.message);
}
window.isThere = true;
document.querySelector("#play").onclick = () => { window.playing = window.begin(); };
</script>"""
_ENCODED = """
const bytes = (samples) => {
  const all = new Uint8Array(samples.buffer);
  let text = "";
  for (let at = 0; at < all.length; at += 32768) text += String.fromCharCode(...all.subarray(at, at + 32768));
  return btoa(text);
};
"""


class _Files(http.server.SimpleHTTPRequestHandler):
    """A folder's files, and a bare page beside them."""

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != f"/{BARE}":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(_BARE.encode())

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as any host of static files does; gives its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a Chromium in which pages may sound after a gesture only, as everywhere."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


def opened(browser: Any, address: str, user_agent: str | None = None) -> Any:
    """Return a page with a player in `window.player`, or what went wrong in `window.errors`."""
    page = browser.new_page(user_agent=user_agent)
    page.goto(address + BARE)
    page.wait_for_function("window.isThere")
    return page


def tapped(page: Any, begin: str) -> None:
    """Do what an expression says within a tap on the page, and wait until it is done."""
    page.evaluate(f"() => {{ window.begin = () => {begin}; }}")  # playwright would call what is left as the value
    page.click("#play")
    page.evaluate("window.playing")


def recorded(page: Any) -> np.ndarray[Any, Any]:
    """End the player's recording and return it, (frames, 2)."""
    sides = page.evaluate(
        f"async () => {{ {_ENCODED} const {{ left, right }} = await player.record(false); return [left, right].map(bytes); }}"
    )
    return np.stack([np.frombuffer(base64.b64decode(side), np.float32) for side in sides], 1)


_FASTER = """(seconds) => {
  globalThis.AudioContext = function ({ sampleRate }) {
    const context = new OfflineAudioContext(2, seconds * sampleRate, sampleRate);
    const begin = context.startRendering.bind(context);
    let asked = 0; // first within the gesture, when nothing is there to be heard yet
    context.suspend = async () => undefined;
    context.resume = async () => {
      asked += 1;
      if (asked !== 2) return;
      const runs = new Promise((resolve) => context.addEventListener("statechange", resolve, { once: true }));
      window.whole = begin();
      await runs;
    };
    return context;
  };
  player.audio.context?.close(); // the one that was made when the page was idle
}"""


def faster_than_time(page: Any, seconds: float) -> None:
    """Let a page's player play into memory instead of a device: the same worklet, as fast as it can, then it ends.

    What has come is in `window.whole`; the player makes another context when it plays again.
    """
    page.evaluate(_FASTER, seconds)


def whole(page: Any, name: str, seed: int) -> np.ndarray[Any, Any]:
    """Play a preset on a page that is `faster_than_time` and return all that has reached the destination, (frames, 2)."""
    tapped(page, f"player.play({name!r}, {{ seed: {seed} }})")
    sides = page.evaluate(
        f"async () => {{ {_ENCODED} const all = await window.whole; window.whole = null;"
        " return [0, 1].map((side) => bytes(all.getChannelData(side))); }"
    )
    return np.stack([np.frombuffer(base64.b64decode(side), np.float32) for side in sides], 1)
