"""`synth page --export`: the page as static files.  options -> folder, told as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synth.cli.progress import note
from synth.page.export import EARS, export


@dataclass(frozen=True)
class Exported:
    """A page that was written: where, how many files, how many bytes, which presets and ears."""

    folder: str
    files: int
    bytes: int
    presets: int
    ears: list[str]

    def __str__(self) -> str:
        size = f"{self.bytes / 1e6:.1f} MB"
        return (
            f"{self.folder}: {self.presets} presets, ears {', '.join(self.ears)}, {self.files} files, {size}; serve it over https"
        )


def export_page(folder: Path, presets: list[str], ears: list[str]) -> Exported:
    """Write the page into a folder.

    Raises
    ------
    InputError, hrtf.EarsError
        If the folder holds something else, or a preset or a set of ears cannot be used.
    """
    sets = ears or list(EARS)
    written = export(folder, presets, sets, progress=lambda path: note(f"{folder / path}") if path.endswith(".ears") else None)
    size = sum(path.stat().st_size for path in written)
    count = sum(path.suffix == ".preset" for path in written)
    return Exported(str(folder), len(written), size, count, [Path(each).stem for each in sets])
