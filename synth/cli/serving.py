"""Serving the page: from the words of `synth page` and `synth play --page` to a server.  options -> PageServer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from synth.cli.options import PageOptions, PlayOptions
from synth.cli.progress import note
from synth.io.net.address import is_loopback
from synth.live.session import Session
from synth.live.session_stream import SessionStream
from synth.live.tingle.shared_hold import SharedHold
from synth.parameters.errors import InputError
from synth.preset.library import preset_names

if TYPE_CHECKING:
    from synth.page.server import PageServer
    from synth.page.trial_page import TrialPage

STREAM = "page"
SILENT_PRESET = "demo"
"""What waits, unheard, until a page asks for something."""
_NEEDED = ("starlette", "uvicorn", "websockets")


@dataclass(frozen=True)
class Serving:
    """Where a page is served.

    Attributes
    ----------
    host, port : port 0: any that is free; None: the page's own.
    browser : the folder of an exported page, which plays in the browser.
    is_new : its token is a new one.
    is_silent : nothing is heard until a page asks for it.
    """

    host: str
    port: int | None = None
    browser: Path | None = None
    is_new: bool = False
    is_silent: bool = False


class AsksForPage(Protocol):
    """The options of a command that may serve a page beside its terminal."""

    @property
    def has_page(self) -> bool:
        """Whether one is asked for, at its usual place."""

    @property
    def page_at(self) -> str | None:
        """Where else: host and port."""


def serving_of(options: AsksForPage) -> Serving | None:
    """Return what a command asks for; None: no page.

    Raises
    ------
    InputError
        If packages are missing, or there is no such place.
    """
    if options.page_at is None and not options.has_page:
        return None
    _check_packages()
    if options.page_at is None:
        return Serving("127.0.0.1")
    from synth.io.net.address import host_and_port
    from synth.page.access import PORT

    return Serving(*host_and_port(options.page_at, "--page-at", PORT))


def _check_packages() -> None:
    """Raise `InputError` if what a page needs is not installed."""
    from importlib.util import find_spec

    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise InputError(f"the page needs {', '.join(missing)}: pip install 'synth[page]'")


def callable_presets(serving: Serving | None, preset: str) -> list[str]:
    """Return which presets a session knows: with a page the one that it begins with too, if that has a file of its own."""
    names = list(preset_names())
    return [*names, preset] if serving and preset.lower().endswith(".toml") else names


def page_server(serving: Serving | None, session: Session, stream: SessionStream, board: Sequence[str]) -> PageServer | None:
    """Return what serves the page of a session, listening already; None if none is asked for.

    Raises
    ------
    InputError
        If nobody can listen there, the token cannot be kept, or packages are missing.
    """
    if serving is None:
        return None
    _check_packages()
    from synth.page.server import PageServer

    return PageServer(session, stream, *_place_of(serving), board, serving.browser)


def trial_page(
    serving: Serving | None, session: Session, hold: SharedHold, wish: Callable[[str, float | None], object]
) -> TrialPage | None:
    """Return what serves the page of `synth explore`, listening already; None if none is asked for.

    Raises
    ------
    InputError
        If nobody can listen there, or the token cannot be kept.
    """
    if serving is None:
        return None
    from synth.page.trial_page import TrialPage

    return TrialPage(hold, wish, session.notify, *_place_of(serving))


def _place_of(serving: Serving) -> tuple[str, int, str]:
    """Return host, port and token."""
    from synth.page.access import PORT, kept_token

    return serving.host, PORT if serving.port is None else serving.port, kept_token(is_new=serving.is_new)


def tell(url: str, as_json: bool) -> None:
    """Print where the page is: one line; and who comes in, if it is not this machine alone."""
    if not _is_private(urlsplit(url).hostname or ""):
        note("everybody who has the page's address can play and change this session")
    if as_json or sys.stdout is None:
        note(f"the page: {url}")
    else:
        sys.stdout.write(f"the page: {url}\n")
        sys.stdout.flush()


def _is_private(host: str) -> bool:
    try:
        return is_loopback(host)
    except ValueError:  # a name
        return host == "localhost"


def serve(options: PageOptions, should_stop: Callable[[], bool]) -> None:
    """Play, with a page instead of a display, until a signal comes.

    Raises
    ------
    InputError
        If something cannot be used; said before the first sound.
    """
    from synth.cli.play import play

    preset, device, ears = options.preset or SILENT_PRESET, options.device, [*options.ears, "ku100"][0]
    serving = Serving(options.host, options.port, options.browser, options.has_new_token, options.preset is None)
    play(PlayOptions(preset=preset, device=device, midi=options.midi, ears=ears, is_quiet=True), should_stop, serving)
