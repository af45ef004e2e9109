"""The display: everything at its place, at any size, without flicker, and plain lines where there is no terminal."""

from __future__ import annotations

import io
import math
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from synth.cli.terminal import painter
from synth.cli.terminal.cells import PLAIN, bar, cut, fit, width_of
from synth.cli.terminal.display import Display, line, view, view_rows
from synth.cli.terminal.head import HEAD_M, RINGS_M, head_rows, map_place, radius_share
from synth.cli.terminal.keys import KEYS
from synth.cli.terminal.peak_hold import COUNTERS, PeakHold, held_after, news
from synth.live.status import Ear, Sender, Source, Status
from tests.support.screen import Screen

NAILS, BREATH = Source("left nails", 80, 0, 0.12, -14), Source("breath", -95, 40, 0.2, -30)
SAMPLE = Status(
    preset="nails_on_glass",
    scene="far",
    morph=0.5,
    is_frozen=True,
    seconds=3725,
    recording="night.wav",
    recorded_s=61,
    device="JACK",
    block_frames=256,
    latency_ms=8,
    left=Ear(-12.3, 48),
    right=Ear(-14, 46),
    dose_share=0.4,
    time_left_s=7200,
    calibration="assumed: 100 dBA at full scale",
    midi_ports=("Launchkey",),
    last_midi="CC 74 = 64",
    tempo_hz=2,
    streams=(Sender("model", "driving", 99.7, 0.012, 0.003, 4), Sender("osc", "stalled", 50, 75, 0.2)),
    sources=(NAILS, BREATH),
    scenes=("near", "far"),
    messages=("Launchkey is here",),
)
ODD = st.floats(allow_nan=True, allow_infinity=True)
ODD_TEXT = st.text(max_size=90)


def text_of(status: Status, width: int = 80, height: int = 24, held: PeakHold | None = None) -> list[str]:
    rows = view_rows(status, width, height, held or held_after(PeakHold(), status))
    return ["".join(text for text, _ in row) for row in rows]


def cell_of(letter: str, source: Source, width: int = 61, height: int = 31) -> tuple[int, int]:
    """Return the column to the right of the middle and the row above it where a source's letter stands."""
    rows = ["".join(text for text, _ in row) for row in head_rows([source], width, height)]
    found = [(index, row.index(letter)) for index, row in enumerate(rows) if letter in row.replace("m", "")]
    assert len(found) == 1
    return found[0][1] - width // 2, height // 2 - found[0][0]


@settings(deadline=None)
@given(
    width=st.integers(1, 200),
    height=st.integers(1, 60),
    level_db=ODD,
    place=st.tuples(ODD, ODD, ODD),
    text=ODD_TEXT,
    count=st.integers(0, 10**9),
    layers=st.integers(0, 64),
)
def test_any_status_fills_any_size_exactly(
    width: int, height: int, level_db: float, place: tuple[float, float, float], text: str, count: int, layers: int
) -> None:
    source = Source(text, *place, level_db)
    status = replace(
        SAMPLE,
        preset=text,
        scene=text,
        scenes=(text,) * 3,
        messages=(text,),
        device=text,
        last_midi=text,
        left=Ear(level_db, level_db),
        limiter_db=level_db,
        dose_share=level_db,
        time_left_s=level_db,
        load_mean=level_db,
        load_p999=level_db,
        morph=level_db,
        underruns=count,
        streams=(Sender(text, text, level_db, level_db, level_db, count),) * 2,
        sources=(source, NAILS) * (layers // 2),
    )
    rows = view_rows(status, width, height, held_after(held_after(PeakHold(), SAMPLE), status))
    assert len(rows) <= height
    assert all(width_of(row) == width for row in rows)
    assert all(character.isprintable() for row in rows for text, _ in row for character in text)


@pytest.mark.parametrize(("width", "height"), [(60, 24), (80, 24), (100, 30), (200, 60)])
def test_a_screen_shows_what_matters(width: int, height: int) -> None:
    rows = text_of(SAMPLE, width, height)
    text = "\n".join(rows)
    assert len(rows) == height
    for fact in ("nails_on_glass", "1:02:05", "frozen", "rec", "-12.3 dB", "48 dBA", "40 %", "2 h left", "Launchkey is here"):
        assert fact in text
    for fact in ("model · 99.7 Hz", "osc · stalled"):
        assert fact in text
    for fact in (
        "2 far",
        "a left nails",
        "b breath",
        "80°L",
        "95°R",
        "12 cm",
        "CC 74 = 64",
        "late 0",
        "120 BPM",
        "▸2 far",
        "0:01:01",
    ):
        assert fact in text


def test_rich_prints_the_view() -> None:
    console = Console(file=io.StringIO(), width=80, color_system=None)
    console.print(view(SAMPLE, 80, 24), end="")
    assert console.file.getvalue().splitlines() == text_of(SAMPLE)  # type: ignore[attr-defined]


def test_a_session_without_scenes_sources_or_midi_is_calm() -> None:
    text = "\n".join(text_of(Status("tap", device="Speakers")))
    assert "no port" in text
    assert "scene" not in text
    assert "dose" not in text
    assert "record" not in text


@pytest.mark.parametrize(
    ("azimuth_deg", "right", "up"), [(0, 0, 1), (90, -1, 0), (-90, 1, 0), (180, 0, -1), (450, -1, 0), (45, -1, 1), (-135, 1, -1)]
)
def test_front_is_up_and_plus_ninety_is_left(azimuth_deg: float, right: int, up: int) -> None:
    x, y = map_place(azimuth_deg, 0, 0.5)
    assert (round(1.4 * x / math.hypot(x, y)), round(1.4 * y / math.hypot(x, y))) == (right, up)
    column, row = cell_of("a", Source("s", azimuth_deg, 0, 0.5, -20))
    assert (column > 1) - (column < -1) == right
    assert (row > 1) - (row < -1) == up


def test_distance_is_the_horizontal_one_and_grows_with_near_places_well_resolved() -> None:
    assert map_place(0, 60, 1.0)[1] == pytest.approx(map_place(0, 0, 0.5)[1])
    assert map_place(0, 90, 1.0) == pytest.approx((0, 0))
    shares = [radius_share(distance_m) for distance_m in (0, 0.05, HEAD_M, *RINGS_M)]
    assert shares == sorted(set(shares))
    assert shares[-1] == 1 == radius_share(50)
    assert radius_share(0.15) - radius_share(HEAD_M) > 0.15  # six centimetres beside the ear


def test_above_and_below_have_their_marks() -> None:
    for elevation_deg, mark in ((40, "▴"), (-40, "▾")):
        text = "\n".join(text_of(replace(SAMPLE, sources=(replace(BREATH, elevation_deg=elevation_deg),))))
        assert f"a{mark}" in text
    assert not {"▴", "▾"} & set("".join(text_of(replace(SAMPLE, sources=(NAILS,)))))


def test_letters_at_one_place_stand_beside_each_other() -> None:
    rows = head_rows([Source("s", 90, 0, 0.5, -10 * index) for index in range(8)], 36, 18)
    text = "".join(text for row in rows for text, _ in row)
    assert all(text.count(letter) == 1 for letter in "abdefgh")


def test_a_ring_says_its_whole_distance_or_nothing() -> None:
    for azimuth_deg in range(150, 211, 5):
        for distance_m in (0.12, 0.2, 0.5, 1, 2, 4):
            source = Source("s", azimuth_deg, 0, distance_m, -20)
            text = "".join(text for row in head_rows([source], 50, 25) for text, _ in row)
            words = {"".join(filter(str.isascii, word)) for word in text.replace("a", " ").split()}
            assert words <= {"", "15cm", "25cm", "1m", "4m"}


def test_a_louder_source_glows_wider_and_a_silent_one_not_at_all() -> None:
    def dots(level_db: float) -> int:
        rows = head_rows([Source("s", 45, 0, 0.5, level_db)], 40, 20)
        empty = head_rows([], 40, 20)
        return sum(one != other for one, other in zip(_cells(rows), _cells(empty), strict=True))

    assert dots(-120) == 1
    assert 1 < dots(-50) < dots(-20) < dots(0)


def _cells(rows: list[list[tuple[str, object]]]) -> list[tuple[str, object]]:
    return [(character, style) for row in rows for text, style in row for character in text]


def test_more_sources_than_room_are_counted() -> None:
    text = "\n".join(text_of(replace(SAMPLE, sources=(NAILS,) * 40)))
    shown = text.count("left nails")
    assert f"and {40 - shown} more" in text


def test_peaks_stay_a_while_and_then_fall() -> None:
    held = held_after(PeakHold(), replace(SAMPLE, seconds=10, left=Ear(-3)))
    levels = []
    for step in range(1, 60):
        held = held_after(held, replace(SAMPLE, seconds=10 + step / 12, left=Ear(-40)))
        levels.append(held.left.level_db)
    assert levels[:12] == [-3] * 12
    assert all(after <= before for before, after in pairwise(levels))
    assert levels[-1] == -40
    assert held_after(held, replace(SAMPLE, seconds=20, left=Ear(-1))).left.level_db == -1


@pytest.mark.parametrize("name", COUNTERS)
def test_a_counter_that_grows_calls_out_for_a_moment(name: str) -> None:
    calm = replace(SAMPLE, seconds=1, **{name: 3})  # type: ignore[arg-type]
    grown = replace(calm, seconds=2, **{name: 4})  # type: ignore[arg-type]
    held = held_after(PeakHold(), calm)
    assert "3!" not in "".join(text_of(calm, held=held))
    held = held_after(held, grown)
    assert f"{COUNTERS[name]} 4!" in "\n".join(text_of(grown, held=held))
    later = replace(grown, seconds=10)
    assert "4!" not in "".join(text_of(later, held=held_after(held, later)))


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("xyz")), st.integers(0, 9))
def test_new_messages_are_told_apart(before: list[str], more: list[str], gone: int) -> None:
    gone = min(gone, len(before))
    assert news(tuple(before), (*before[gone:], *more)) == tuple(more)


def test_the_keys_line_comes_from_the_table() -> None:
    text = " ".join(text_of(SAMPLE, 120, 24)[-2:])
    assert all(key.word in text for key in KEYS.values())
    assert "1-9 scene" not in text  # there are two
    for width in (30, 40, 60):
        assert "q quit" in "\n".join(text_of(SAMPLE, width, 24)[-2:])


@settings(deadline=None)
@given(ODD_TEXT, st.integers(0, 50))
def test_text_is_cut_and_filled_to_its_width(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
    assert width_of(fit([(text, PLAIN)], width)) == width


@settings(deadline=None)
@given(ODD, st.integers(1, 60), st.none() | ODD)
def test_a_bar_has_its_width_whatever_it_shows(share: float, width: int, mark: float | None) -> None:
    assert width_of(bar(share, width, mark=mark)) == width


class Terminal(io.StringIO):
    """What a display on a terminal writes, and the screen that a person sees."""

    def __init__(self, width: int = 80, height: int = 24) -> None:
        super().__init__()
        self.screen = Screen(width, height)
        self.console = Console(file=self, force_terminal=True, color_system="truecolor", width=width, height=height)

    encoding = "utf-8"  # type: ignore[assignment]

    def write(self, text: str) -> int:
        self.screen.feed(text)
        return len(text)

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def now_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let the painter's time stand still unless a test moves it."""
    now_s = [1000.0]
    monkeypatch.setattr(painter, "monotonic", lambda: now_s[0])
    return now_s


@pytest.mark.parametrize("size", [(80, 24), (60, 50), (20, 5)])
def test_the_terminal_shows_the_view_whatever_came_before(size: tuple[int, int]) -> None:
    terminal = Terminal(*size)
    terminal.screen.feed("$ synth play\r\n")
    with Display(terminal.console) as display:
        held = PeakHold()
        for step in range(30):
            status = replace(
                SAMPLE,
                seconds=step / 12,
                sources=(replace(NAILS, azimuth_deg=9 * step), BREATH),
                messages=tuple(f"message {number}" for number in range(step // 10)),
            )
            display.show(status)
            held = held_after(held, status)
            rows = [row.rstrip() for row in text_of(status, size[0] - 1, min(size[1], 32), held)]
            lines = terminal.screen.lines
            while lines[-1] == "" and len(lines) > len(rows):
                lines.pop()
            assert lines[-len(rows) :] == rows
            assert not terminal.screen.is_cursor_shown
    assert terminal.screen.is_cursor_shown
    assert not [line for line in terminal.screen.lines if line.startswith("message")]
    assert "$ synth play" in terminal.screen.lines


def test_a_message_is_shown_once_and_goes() -> None:
    terminal = Terminal(80, 24)

    def count() -> int:
        return sum("Launchkey is here" in line for line in terminal.screen.lines)

    seen = []
    with Display(terminal.console) as display:
        for seconds in (0, 1, 7, 9, 60):
            display.show(replace(SAMPLE, seconds=seconds, messages=("Launchkey is here",)))
            seen.append(count())
        display.show(replace(SAMPLE, seconds=61, messages=("Launchkey is here", "Launchkey is here")))
        seen.append(count())
    assert seen == [1, 1, 1, 0, 0, 1]


def test_only_rows_that_changed_are_written_until_all_are_repaired(now_s: list[float]) -> None:
    terminal = Terminal()
    with Display(terminal.console) as display:
        display.show(SAMPLE)
        before = terminal.screen.written
        display.show(replace(SAMPLE, seconds=SAMPLE.seconds + 1))
        assert terminal.screen.written - before == 79  # the row with the time
        display.show(replace(SAMPLE, seconds=SAMPLE.seconds + 1))
        assert terminal.screen.written - before == 79
        for _ in range(10):
            now_s[0] += 0.4
            display.show(replace(SAMPLE, seconds=SAMPLE.seconds + 1))
        assert terminal.screen.written - before == 25 * 79  # once over what C libraries may have scribbled


def test_a_resized_terminal_is_drawn_anew() -> None:
    terminal = Terminal()
    with Display(terminal.console) as display:
        display.show(SAMPLE)
        terminal.screen = Screen(60, 20)
        terminal.console.size = (60, 20)  # type: ignore[assignment]
        display.show(SAMPLE)
        assert terminal.screen.lines == [row.rstrip() for row in text_of(SAMPLE, 59, 20)]


def test_after_a_stop_the_picture_begins_anew_below(now_s: list[float]) -> None:
    terminal = Terminal(80, 60)
    with Display(terminal.console) as display:
        display.show(SAMPLE)
        terminal.screen.feed("\r\n$ fg\r\n")
        now_s[0] += 60
        display.show(SAMPLE)
    rows = [row.rstrip() for row in text_of(SAMPLE, 79, 32)]
    assert terminal.screen.lines[-33:-1] == rows
    assert "$ fg" in terminal.screen.lines


def test_what_others_write_meanwhile_stands_above(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    with Display(Console(force_terminal=True, width=80, height=24)) as display:
        display.show(SAMPLE)
        sys.stdout.write("a warning\x1b[2J\nand more")
        sys.stderr.write("synth: a note " + 10 * "that is long " + "\n")
        display.show(SAMPLE)
        kept = sys.stderr
        sys.stderr.write("too late\n")
    kept.write("later still\n")
    assert sys.stdout is terminal
    starts = ("a warning", "synth: a", "too late", "and more", "later")
    lines = [line for line in terminal.screen.lines if line.startswith(starts)]
    assert [line[:8] for line in lines] == ["a warnin", "synth: a", "too late", "and more", "later st"]


def test_without_a_terminal_there_is_a_line_now_and_then() -> None:
    file = io.StringIO()
    with Display(Console(file=file, width=80)) as display:
        for step in range(12 * 31):
            display.show(replace(SAMPLE, seconds=step / 12, messages=("first",) if step < 100 else ("first", "second \x1b[2J")))
    lines = file.getvalue().splitlines()
    assert [line.split()[0] for line in lines if "nails" in line] == ["0:00:00", "0:00:10", "0:00:20", "0:00:30"]
    assert [line for line in lines if "nails" not in line] == ["first", "second  [2J"]
    assert "\x1b" not in file.getvalue()


def test_a_plain_line_says_what_counts() -> None:
    text = line(replace(SAMPLE, late_events=3, right=Ear()))
    for fact in ("1:02:05 nails_on_glass (far)", "frozen", "-12.3 -inf dB", "late 3", "dose 40 %", "recorded 0:01:01"):
        assert fact in text


def test_a_terminal_that_cannot_draw_gets_lines_it_can_write() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with Display(Console(file=file, force_terminal=True, color_system=None, width=80)) as display:
        display.show(replace(SAMPLE, preset="Gläser", messages=("→ ok",)))
    file.flush()
    assert b"Gl?ser" in file.buffer.getvalue()  # type: ignore[attr-defined]
