"""The head seen from above, nose up, with what sounds around it.  sources -> place on a logarithmic map -> braille dots -> rows.

A place's distance on the map is the horizontal one from the head's centre. Within the head the map is straight; outside, the gap
to the skin is drawn logarithmically, so that a centimetre beside an ear takes as much room as a metre far away.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.style import Style

from synth.cli.terminal.braille import BLANK, Dots, circle, disc, mask_of, masks
from synth.cli.terminal.cells import DIM, FAINT, HUES, PLAIN, Row, clamped
from synth.live.status import Source

HEAD_M, FARTHEST_M = 0.0875, 4.0
RINGS_M = (0.1, 0.15, 0.25, 1.0, 4.0)
_HEAD_SHARE, _NEAR_M = 0.2, 0.02
_QUIETEST_DB = -60.0
_STEEP_DEG = 15.0
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ASIDE = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0), (1, 1), (-1, -1), (1, -1), (-1, 1))


def radius_share(distance_m: float) -> float:
    """Return how far from the middle of the map a horizontal distance lies, 0..1; from `FARTHEST_M` on at the rim."""
    if distance_m <= HEAD_M:
        return _HEAD_SHARE * max(distance_m, 0.0) / HEAD_M
    gap = math.log1p((distance_m - HEAD_M) / _NEAR_M) / math.log1p((FARTHEST_M - HEAD_M) / _NEAR_M)
    return _HEAD_SHARE + (1 - _HEAD_SHARE) * min(gap, 1.0)


def map_place(azimuth_deg: float, elevation_deg: float, distance_m: float) -> tuple[float, float]:
    """Return where a place lies on the map: to the right and up, -1..1."""
    share = radius_share(distance_m * math.cos(math.radians(elevation_deg)))
    return -share * math.sin(math.radians(azimuth_deg)), share * math.cos(math.radians(azimuth_deg))


def letter(index: int) -> str:
    """Return what stands for a layer on the map and in its legend."""
    return _LETTERS[index % len(_LETTERS)]


@lru_cache(256)
def styles(index: int) -> tuple[Style, Style]:
    """Return a layer's style while it sounds, and its dimmer one."""
    hue = HUES[index % len(HUES)]
    red, green, blue = (int(hue[at : at + 2], 16) // 2 for at in (1, 3, 5))
    return Style.parse(f"bold {hue}"), Style.parse(f"#{red:02x}{green:02x}{blue:02x}")


def elevation_mark(elevation_deg: float) -> str:
    """Return the sign for a source clearly above or below the ears' plane, a space otherwise."""
    return " " if abs(elevation_deg) < _STEEP_DEG else "▴" if elevation_deg > 0 else "▾"


def loudness_share(level_db: float) -> float:
    """Return how loud a source is between `_QUIETEST_DB` and full scale, 0..1."""
    return clamped(1 - level_db / _QUIETEST_DB, 0.0, 1.0)


def head_rows(sources: Iterable[Source], width: int, height: int) -> list[Row]:
    """Return the map as `height` rows of `width` cells.

    Parameters
    ----------
    sources : in the order of their letters; louder ones lie on top and glow wider.
    """
    cells = dict(_ground(width, height))
    middle, radius = _middle(width, height), _radius(width, height)
    placed = [item for item in enumerate(sources) if all(map(math.isfinite, _place(item[1])))]
    lit = sorted(placed, key=lambda item: loudness_share(item[1].level_db))
    spots = [(index, source, _spot(source, middle, radius)) for index, source in lit]
    for index, source, spot in spots:
        for cell, mask in masks(disc(spot, _glow(source.level_db, radius)), width, height).items():
            below, style = cells.get(cell, (" ", PLAIN))
            cells[cell] = chr(BLANK | mask | (0 if style is FAINT else mask_of(below))), styles(index)[1]
    taken: Dots = set()
    for index, source, (x, y) in reversed(spots):  # the loudest chooses first
        column, row = _free((round(x) // 2, round(y) // 4), taken, width, height)
        style = styles(index)[0 if loudness_share(source.level_db) else 1]
        cells[column, row] = letter(index), style
        mark = elevation_mark(source.elevation_deg)
        if mark != " " and column + 1 < width and (column + 1, row) not in taken:
            cells[column + 1, row] = mark, style
            taken.add((column + 1, row))
    for label in _labels(width, height):
        if all(cells.get(cell) is _ground(width, height).get(cell) for cell in label):  # half a number would be another one
            cells.update(label)
    return [_joined(cells.get((column, row), (" ", PLAIN)) for column in range(width)) for row in range(height)]


def _middle(width: int, height: int) -> tuple[float, float]:
    return width - 0.5, 2 * height - 0.5


def _radius(width: int, height: int) -> float:
    return max(min(width, 2 * height) - 2.0, 1.0)


def _place(source: Source) -> tuple[float, float, float]:
    return source.azimuth_deg, source.elevation_deg, source.distance_m


def _spot(source: Source, middle: tuple[float, float], radius: float) -> tuple[float, float]:
    right, up = map_place(*_place(source))
    return middle[0] + radius * right, middle[1] - radius * up


def _glow(level_db: float, radius: float) -> float:
    """Return a source's glow in dots: none if it is silent."""
    share = loudness_share(level_db)
    return (0.03 + 0.13 * share) * radius if share else 0.0


def _free(cell: tuple[int, int], taken: Dots, width: int, height: int) -> tuple[int, int]:
    """Return a cell for a letter: its own, or the nearest that no other letter has taken."""
    column, row = min(max(cell[0], 0), width - 1), min(max(cell[1], 0), height - 1)
    near = ((column + right, row + down) for right, down in _ASIDE if 0 <= column + right < width and 0 <= row + down < height)
    found = next((place for place in near if place not in taken), (column, row))
    taken.add(found)
    return found


def _face(middle: tuple[float, float], radius: float) -> Iterator[tuple[int, int]]:
    """Yield the dots of the head's outline, its nose and its ears."""
    x, y = middle
    head = _HEAD_SHARE * radius
    yield from circle(middle, head, 0.5)
    for step in range(max(round(head * 0.45), 2)):
        yield round(x - head * 0.3 + step * 0.7), round(y - head * 0.97 - step)
        yield round(x + head * 0.3 - step * 0.7), round(y - head * 0.97 - step)
    for side in (-1, 1):
        for down in range(-max(round(head * 0.3), 1), max(round(head * 0.3), 1) + 1):
            yield round(x + side * (head + 2)), round(y + down)


@lru_cache(8)
def _ground(width: int, height: int) -> dict[tuple[int, int], tuple[str, Style]]:
    """Return the cells that never change: rings and the head."""
    middle, radius = _middle(width, height), _radius(width, height)
    cells: dict[tuple[int, int], tuple[str, Style]] = {}
    for ring_m in RINGS_M[1:]:
        dots = circle(middle, radius * radius_share(ring_m), 3.0)
        cells.update({cell: (chr(BLANK | mask), FAINT) for cell, mask in masks(dots, width, height).items()})
    for cell, mask in masks(set(_face(middle, radius)), width, height).items():
        cells[cell] = chr(BLANK | mask), DIM
    return cells


@lru_cache(8)
def _labels(width: int, height: int) -> list[dict[tuple[int, int], tuple[str, Style]]]:
    """Return the cells of each ring's distance, behind the head."""
    middle, radius, labels = _middle(width, height), _radius(width, height), []
    for ring_m in RINGS_M[1:]:
        text = f"{ring_m:g}m" if ring_m >= 1 else f"{100 * ring_m:g}cm"
        row = min(round(middle[1] + radius * radius_share(ring_m)) // 4, height - 1)
        first = round(middle[0] / 2) - len(text) // 2
        labels.append({(first + index, row): (character, FAINT) for index, character in enumerate(text)})
    return labels


def _joined(cells: Iterable[tuple[str, Style]]) -> Row:
    """Return a row in which neighbours of the same style are one run."""
    row: Row = []
    for character, style in cells:
        if row and row[-1][1] is style:
            row[-1] = (row[-1][0] + character, style)
        else:
            row.append((character, style))
    return row
