"""Braille dots: pictures finer than a cell, two dots across and four down.  shapes -> dots -> masks of cells."""

from __future__ import annotations

import math

Dots = set[tuple[int, int]]
"""Dots by column from the left and row from the top."""
BLANK = 0x2800
"""The character without a dot; a mask is added to it."""
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def disc(middle: tuple[float, float], radius: float) -> Dots:
    """Return the dots of a filled circle."""
    reach = int(radius) + 1
    x, y = round(middle[0]), round(middle[1])
    around = ((x + right, y + down) for right in range(-reach, reach + 1) for down in range(-reach, reach + 1))
    return {dot for dot in around if math.hypot(dot[0] - middle[0], dot[1] - middle[1]) <= radius}


def circle(middle: tuple[float, float], radius: float, step: float) -> Dots:
    """Return dots along a circle, about `step` dots apart."""
    count = max(4 * round(math.pi * radius / 2 / step), 8)
    angles = (2 * math.pi * index / count for index in range(count))
    return {(round(middle[0] + radius * math.sin(angle)), round(middle[1] - radius * math.cos(angle))) for angle in angles}


def masks(dots: Dots, width: int, height: int) -> dict[tuple[int, int], int]:
    """Return what of the dots lies in each cell, by column and row; those beyond the picture are left out."""
    found: dict[tuple[int, int], int] = {}
    for x, y in dots:
        if 0 <= x < 2 * width and 0 <= y < 4 * height:
            cell = (x // 2, y // 4)
            found[cell] = found.get(cell, 0) | _BITS[y % 4][x % 2]
    return found


def mask_of(character: str) -> int:
    """Return the mask of a character, 0 if it is not of braille."""
    return ord(character) & 0xFF if BLANK <= ord(character) <= BLANK + 0xFF else 0
