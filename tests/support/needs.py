"""What the machine must have for a test; in CI nothing that CI installs may be skipped."""

from __future__ import annotations

import os
import shutil

import pytest

live = pytest.mark.live
"""Plays in real time."""

needs_jackd = pytest.mark.skipif(shutil.which("jackd") is None and "CI" not in os.environ, reason="jackd is not installed")
