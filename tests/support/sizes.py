"""How long a test goes on: a short form for `make test`, and the long one, marked `soak`, for `make soak`."""

from __future__ import annotations

from typing import Any

import pytest


def short_and_long(name: str, short: Any, long: Any) -> pytest.MarkDecorator:
    """Run a test twice: `name` is `short` in `make test` and `long` in `make soak`."""
    return pytest.mark.parametrize(name, [pytest.param(short, id="short"), pytest.param(long, id="long", marks=pytest.mark.soak)])
