"""The atlas: a repertoire as a picture.  archive -> cells coloured by what is expected of them -> png."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from synth.explore.repertoire.illuminate import Illumination
from synth.io.files.whole_file import PRIVATE
from synth.parameters.errors import InputError


def draw_atlas(found: Illumination, path: Path) -> None:
    """Draw a map: each cell a place in sound space, coloured by the hold that is expected of the sound in it.

    Raises
    ------
    InputError
        If matplotlib is not installed, or the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError("matplotlib is not installed; a picture needs it: pip install 'synth[pictures]'") from None
    archive, axes = found.archive, found.axes
    quality = np.where(archive.is_filled, archive.quality, np.nan)
    figure = Figure((6.4, 5.4), layout="constrained")
    plot = figure.add_subplot()
    ends = (axes.low[0], axes.high[0], axes.low[1], axes.high[1])
    image = plot.imshow(quality.T, origin="lower", extent=ends, aspect="auto", cmap="magma")
    figure.colorbar(image, label="expected hold")
    plot.set_xlabel(axes.labels[0], fontsize=8)
    plot.set_ylabel(axes.labels[1], fontsize=8)
    name = found.usual.title or found.usual.name
    plot.set_title(f"{name}: {100 * archive.filled:.0f} % of {archive.quality.size} cells, {archive.renders} sounds", fontsize=9)
    try:
        path.touch(PRIVATE)
        path.chmod(PRIVATE)
        figure.savefig(path, dpi=110)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written: {error}") from None
