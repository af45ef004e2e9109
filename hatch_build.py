"""The wheel's tag: one Python on one kind of machine, where compiled kernels are in it; else all.  hatchling's build hook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelTag(BuildHookInterface):  # type: ignore[misc]
    """Marks a wheel that holds machine code."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Ask for the tag of this interpreter and machine if `make wheel` has put compiled kernels into the package."""
        if Path(self.root, "synth", "rt", "compiled").is_dir() and version != "editable":
            build_data["pure_python"], build_data["infer_tag"] = False, True
