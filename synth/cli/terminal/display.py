"""The display of a performance: one calm screen, or a line now and then where there is no terminal.  status -> view -> terminal.

preset, states ............................ time
scenes ............................ morph, tempo
head seen from above | levels, load, dose, world, what sounds where
messages
keys
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from types import TracebackType

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text

from synth.cli.terminal.cells import DIM, FAINT, ON, PLAIN, TEXT, TITLE, TRACK, Row, bar, clamped, clean, cut, fit, flow, spread
from synth.cli.terminal.head import head_rows
from synth.cli.terminal.keys import KEYS
from synth.cli.terminal.modes import MODES, Modes, help_rows
from synth.cli.terminal.painter import Painter
from synth.cli.terminal.panel import clock_text, level_text, panel_rows, sender_text
from synth.cli.terminal.peak_hold import COUNTERS, PeakHold, held_after, news
from synth.live.status import Status

_TALLEST = 32  # what a terminal has more is left to the messages that scroll above
_NARROWEST_WITH_HEAD, _PANEL = 56, (34, 58)
_MESSAGES, _TALL = (1, 2, 4), (20, 28)
_KEY_SIGNS = {"left": "←", "right": "→", "up": "↑", "down": "↓"}
_STATES = {"mute": "is_muted", "freeze": "is_frozen", "hold": "is_held", "pause": "is_paused"}
_LINE_EVERY_S = 10.0
_MESSAGE_S = 8.0


def view(
    status: Status, width: int, height: int, held: PeakHold | None = None, bottom: Sequence[Row] = (), is_help: bool = False
) -> RenderableType:
    """Return a status as a picture of exactly `height` rows of `width` cells, for rich to print.

    Parameters
    ----------
    held : what is remembered of the statuses before; None: nothing.
    bottom : what stands there instead of the keys, while a mode is on.
    is_help : all keys are explained, in place of everything between title and keys.
    """
    segments: list[Segment] = []
    for row in view_rows(status, width, height, held or held_after(PeakHold(), status), bottom, is_help):
        segments += [*(Segment(text, style) for text, style in row), Segment.line()]
    return Segments(segments)


def view_rows(
    status: Status, width: int, height: int, held: PeakHold, bottom: Sequence[Row] = (), is_help: bool = False
) -> list[Row]:
    """Return the picture's rows."""
    keys = list(bottom) or key_rows(status, width, 2 if height >= 12 else 1)
    messages = _messages(status, width, _MESSAGES[sum(height >= tall for tall in _TALL)])
    top = [_title(status, width), _scenes(status, width)]
    body_height = max(height - len(top) - len(messages) - len(keys), 0)
    body = help_rows(width, body_height) if is_help else _body(status, held, width, body_height)
    rows = [*top, *body, *messages, *keys]
    return [fit(row, width) for row in rows[:height]]


def key_rows(status: Status, width: int, height: int) -> list[Row]:
    """Return what the keys do, from their table, in at most `height` rows; the last one, to quit, always has room."""
    words: list[Row] = []
    for word, group in groupby(KEYS.items(), key=lambda item: item[1].word):
        keys = list(group)
        names, command = [name for name, _ in keys], keys[0][1].command
        if command == "scene":
            names = names[: len(status.scenes)]
        if command == "release_override" and not status.streams:
            names = []
        if names:
            is_on = command in _STATES and getattr(status, _STATES[command])
            words.append([(_range_text(names), ON if is_on else TEXT), (f" {word}", ON if is_on else DIM)])
    words[-1:-1] = [[(key, TEXT), (f" {word}", DIM)] for key, word in MODES.items()]
    while len(flow(words, width - 2)) > height and len(words) > 1:
        del words[-3 if len(words) > 2 else -2]  # help, and how to quit, stay longest
    return [[(" ", PLAIN), *row] for row in flow(words, width - 2)]


def line(status: Status) -> str:
    """Return a status as one plain line."""
    counters = ", ".join(f"{word} {getattr(status, name)}" for name, word in COUNTERS.items())
    parts = [
        f"{clock_text(status.seconds)} {clean(status.preset)}" + f" ({clean(status.scene)})" * bool(status.scene),
        *(name.removeprefix("is_") for name in _STATES.values() if getattr(status, name)),
        f"peak {_plain(status.left.peak_db)} {_plain(status.right.peak_db)} dB",
        f"limiter {status.limiter_db:.1f} dB",
        f"load {100 * status.load_mean:.0f} % (p99.9 {100 * status.load_p999:.0f} %)",
        counters,
    ]
    if status.dose_share is not None:
        parts.append(f"dose {100 * status.dose_share:.0f} %")
    parts += [clean(sender_text(sender)).replace(" · ", " ").replace("±", "+-") for sender in status.streams]
    if status.recording:
        parts.append(f"recorded {clock_text(status.recorded_s)}")
    return ", ".join(parts)


class Display:
    """Shows statuses, about twelve a second, while its `with` block runs.

    Parameters
    ----------
    console : where to; if it is no terminal that can draw, a plain line comes every ten seconds, and messages as they come.
    is_alternate : use the terminal's second screen: what was shown vanishes at the end.
    modes : what the keys mean.
    """

    def __init__(self, console: Console, is_alternate: bool = False, modes: Modes | None = None) -> None:
        self._console = console
        can_draw = console.is_terminal and not console.is_dumb_terminal and not console.legacy_windows
        is_unicode = console.encoding.lower().startswith("utf")
        self._painter = Painter(console, is_alternate) if can_draw and is_unicode else None
        self._held = PeakHold()
        self._told: tuple[str, ...] = ()
        self._fresh: list[tuple[str, float]] = []
        self._modes = modes
        self._due_s = 0.0

    def __enter__(self) -> Display:
        if self._painter:
            self._painter.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._painter:
            self._painter.__exit__(kind, error, trace)

    def show(self, status: Status) -> None:
        """Show a status in place of the one before; each message once, for some seconds."""
        self._held = held_after(self._held, status)
        told, self._told = news(self._told, status.messages), status.messages
        if self._painter is None:
            self._notify(status, told)
            return
        self._fresh = [(text, until_s) for text, until_s in self._fresh if until_s > status.seconds]
        self._fresh += [(text, status.seconds + _MESSAGE_S) for text in told]
        shown = replace(status, messages=tuple(text for text, _ in self._fresh))
        width, height = self._console.size
        width, height = max(width - 1, 1), min(height, _TALLEST)
        bottom, is_help = (self._modes.rows(status, width), self._modes.mode == "?") if self._modes else ([], False)
        self._painter.paint(view_rows(shown, width, height, self._held, bottom, is_help), ())

    def _notify(self, status: Status, told: tuple[str, ...]) -> None:
        lines = [clean(message) for message in told]
        if status.seconds >= self._due_s or status.seconds < self._due_s - _LINE_EVERY_S:
            lines.append(line(status))
            self._due_s = status.seconds + _LINE_EVERY_S
        for text in lines:
            speakable = text.encode(self._console.encoding, "replace").decode(self._console.encoding)
            self._console.print(Text(speakable), soft_wrap=True)


def _plain(level_db: float) -> str:
    return level_text(level_db).strip().replace("-∞", "-inf")


def _title(status: Status, width: int) -> Row:
    words: Row = [(name.removeprefix("is_"), ON) for name in _STATES.values() if getattr(status, name)]
    words += [(f"volume {status.volume_db:+.0f} dB", TEXT)] if abs(status.volume_db) >= 0.5 else []
    words += [(f"tingle {100 * status.tingle:.0f} %", ON)] if status.tingle > 0 else []
    words += [("● rec", ON)] if status.recording else []
    words += [(f"→ {cut(status.coming, 24)} {100 * status.compiled:.0f} %", ON)] if status.coming else []
    words += [(f"sleeps in {clock_text(status.sleep_s)}", TEXT)] if status.sleep_s is not None else []
    right = [run for word in words for run in (word, ("  ", PLAIN))]
    return spread([(f" {status.preset}", TITLE)], [*right, (f"{clock_text(status.seconds)} ", TEXT)], width)


def _scenes(status: Status, width: int) -> Row:
    left: Row = [(" ", PLAIN)]
    for number, name in enumerate(status.scenes, 1):
        is_on = name == status.scene
        left += [(f"{'▸' if is_on else ''}{number} ", ON if is_on else FAINT), (name, TITLE if is_on else DIM), ("  ", PLAIN)]
    right: Row = []
    if status.morph is not None:
        right += [("→ ", DIM), (cut(status.scene, 12), TEXT), (" ", PLAIN), *bar(status.morph, 8)]
        right += [(f" {100 * clamped(status.morph, 0, 1):3.0f} %", TEXT), ("  ", PLAIN)]
    if status.tempo_hz is not None:
        right.append((f"{60 * status.tempo_hz:.0f} BPM ", TEXT))
    return spread(left, right, width)


def _body(status: Status, held: PeakHold, width: int, height: int) -> list[Row]:
    """Return the head and the panel side by side; the head gives way where there is no room for both."""
    if width < _NARROWEST_WITH_HEAD or height < 8:
        return panel_rows(status, held, width, height)
    panel_width = min(max(width // 2, _PANEL[0]), _PANEL[1])
    head_width = min(width - panel_width - 3, 2 * height + 4)
    head = head_rows(status.sources, head_width, height)
    panel = panel_rows(status, held, min(width - head_width - 3, _PANEL[1]), height)
    return [[*one, ("  ", PLAIN), *other] for one, other in zip(head, panel, strict=True)]


def _messages(status: Status, width: int, height: int) -> list[Row]:
    newest = status.messages[-height:]
    texts = [*[""] * (height - len(newest)), *newest]
    return [
        fit([(" › " if text else "", TRACK), (text, TEXT if index == height - 1 else DIM)], width)
        for index, text in enumerate(texts)
    ]


def _range_text(names: list[str]) -> str:
    if len(names) > 2:
        return f"{names[0]}-{names[-1]}"
    return "".join(_KEY_SIGNS.get(name, name) for name in names)
