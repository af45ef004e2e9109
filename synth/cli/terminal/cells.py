"""Rows of coloured cells: runs of text that fit their width exactly and never wrap.  texts, shares -> rows.

Colours suit a dark room: nothing is bright but what sounds. No two things are told apart by colour alone (hues after Okabe and
Ito; letters, signs and lengths say the same).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.style import Style

Run = tuple[str, Style]
Row = list[Run]

PLAIN, TEXT, DIM, FAINT = (Style.parse(colour) for colour in ("none", "#b8c4cc", "#76838c", "#4a545b"))
TITLE, ON, ALARM = (Style.parse(colour) for colour in ("bold #dce6ec", "bold #e69f00", "bold #ff7a45"))
CALM, WARM, HOT, TRACK = (Style.parse(colour) for colour in ("#5fa8a0", "#d8a848", "#ff7a45", "#2b3237"))
HUES = ("#e69f00", "#56b4e9", "#2fbf93", "#f0e442", "#cc79a7", "#e8773d", "#8fa8ff", "#c9c9c9")
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_GAP = "  "


def width_of(row: Iterable[Run]) -> int:
    """Return how many cells a row takes."""
    return sum(cell_len(text) for text, _ in row)


def clamped(value: float, low: float, high: float) -> float:
    """Return a number brought between two others; what is no number becomes the lower one."""
    return min(value, high) if value > low else low


def clean(text: str) -> str:
    """Return a text without anything that would move the cursor or change the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def cut(text: str, width: int) -> str:
    """Return a text cleaned and, if it is wider than `width`, ended with a sign that says so."""
    text = clean(text)
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)) + "…"[: max(width, 0)]


def fit(row: Iterable[Run], width: int) -> Row:
    """Return a row cut or filled to exactly `width` cells."""
    fitted, left = [], width
    for text, style in row:
        text = cut(text, left)
        if text:
            fitted.append((text, style))
        left -= cell_len(text)
        if left <= 0:
            break
    return [*fitted, (" " * left, PLAIN)] if left > 0 else fitted


def spread(left: Row, right: Row, width: int) -> Row:
    """Return a row with one part at either end; the left one gives way."""
    space = width - width_of(right)
    return fit([*fit(left, space - 1), (" ", PLAIN), *right], width) if space > 8 else fit(left, width)


def flow(words: Sequence[Row], width: int) -> list[Row]:
    """Return the rows that words take, one after the other, none of them split."""
    rows: list[Row] = []
    for word in words:
        if rows and width_of(rows[-1]) + len(_GAP) + width_of(word) <= width:
            rows[-1] = [*rows[-1], (_GAP, PLAIN), *word]
        else:
            rows.append(list(word))
    return [fit(row, width) for row in rows]


def bar(share: float, width: int, style: Style = CALM, mark: float | None = None) -> Row:
    """Return a bar of `width` cells, filled from the left by eighths of a cell.

    Parameters
    ----------
    share : how much of it, 0..1; what lies beyond is cut off.
    mark : where a thin stroke stands, 0..1; None: nowhere.
    """
    filled = round(clamped(share, 0.0, 1.0) * 8 * width)
    whole, part = divmod(filled, 8)
    cells = ["█"] * whole + [_EIGHTHS[part]] * (whole < width and part > 0)
    row = [("".join(cells), style), ("·" * (width - len(cells)), TRACK)]
    place = min(int(clamped(mark or 0.0, 0.0, 1.0) * width), width - 1)
    if not mark or place < len(cells):
        return row
    rest = place - len(cells)
    return [row[0], ("·" * rest, TRACK), ("▏", style), ("·" * (width - place - 1), TRACK)]
