"""What a preset's layers hear, ready to be played.  preset, sample rate -> sound files -> `Engine.load(preset, inputs=...)`."""

from __future__ import annotations

from functools import cache

from synth.engine.layer import Input
from synth.engine.preset import Preset
from synth.io.files.sound_reader import read_sound
from synth.parameters.errors import InputError


def inputs_of(preset: Preset, sample_rate: float) -> dict[str, Input]:
    """Return the sound of each layer that plays a file, by the layer's name; live channels need none.

    Parameters
    ----------
    preset : a checked preset.
    sample_rate : the engine's, hertz: files are taken to it. A file that several layers play is read once.

    Raises
    ------
    InputError
        If a file cannot be read as sound; names the preset, the layer and the file.
    """
    read, found = cache(lambda path, is_loop: read_sound(path, sample_rate, is_loop)), {}
    for layer in preset.layers:
        if "file" in layer.sound:
            try:
                found[layer.name] = Input(sound=read(layer.sound["file"], layer.sound["loop"]), is_loop=layer.sound["loop"])
            except InputError as error:
                raise InputError(f"preset '{preset.name}': layer '{layer.name}': {error}") from None
    return found
