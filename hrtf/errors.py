"""Errors: what goes wrong when ears are loaded."""

from __future__ import annotations


class EarsError(ValueError):
    """A set of ears cannot be loaded; one line that names the file and what is wrong."""
