"""The pictures of the documentation can be taken, are of the size they say, show something, and are small."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = 300_000
_SPEC = importlib.util.spec_from_file_location("docs_pictures_page", ROOT / "docs" / "pictures" / "page.py")
pages = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(pages)


@pytest.mark.parametrize("picture", pages.PICTURES[1:4:2], ids=lambda picture: picture.name)
def test_a_picture_shows_the_page(browser, address, picture) -> None:
    content = pages.take(browser, address, picture, shown_ms=300)
    pixels = imread(io.BytesIO(content))[..., :3]
    assert pixels.shape[1::-1] == picture.size
    assert pixels.mean() < 0.3 if picture.scheme == "dark" else pixels.mean() > 0.7
    assert len(np.unique((pixels * 255).astype(np.uint8).reshape(-1, 3), axis=0)) > 100
    assert len(content) < MOST_BYTES


def test_what_the_documentation_shows_is_there_and_small() -> None:
    drawn = {picture.name: ROOT / "docs" / "pictures" / "page" / f"{picture.name}.png" for picture in pages.PICTURES}
    assert {name: path.stat().st_size for name, path in drawn.items() if path.stat().st_size >= MOST_BYTES} == {}
