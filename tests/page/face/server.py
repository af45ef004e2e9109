"""A plain file server for the page: the face's files, and in place of an engine the stand-in player and its catalogue."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.page.face.catalogue import catalogue

STATIC = Path(__file__).resolve().parents[3] / "synth" / "page" / "static"
STAND_IN = Path(__file__).parent / "stand_in"

_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # one connection for many files

    def __init__(self, *arguments: object, catalogue: bytes = b"", **keywords: object) -> None:
        self._catalogue = catalogue
        super().__init__(*arguments, **keywords)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        own = STAND_IN / urlsplit(path).path.lstrip("/")
        return str(own) if own.is_file() else super().translate_path(path)

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/catalogue.json" and self._catalogue:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(self._catalogue)))
            self.end_headers()
            self.wfile.write(self._catalogue)
        else:
            super().do_GET()

    def guess_type(self, path: str) -> str:  # type: ignore[override]
        """Browsers want to know that a module is JavaScript, whatever this machine's table says."""
        return _TYPES.get(Path(path).suffix) or super().guess_type(path)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in_page() -> Iterator[str]:
    """Serve the face on a stand-in player, and yield its address."""
    with served(partial(_Files, directory=str(STATIC), catalogue=json.dumps(catalogue()).encode())) as address:
        yield address


@contextmanager
def served(handler: partial[_Files]) -> Iterator[str]:
    """Serve files by a handler on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
