"""What a preset's layers hear and say, ready to be played.  preset -> sound files, texts -> `Engine.load(preset, inputs=...)`."""

from __future__ import annotations

from functools import cache

from synth.engine.layer import Input
from synth.engine.preset import Preset
from synth.engine.speaker import text_input, text_of_layer
from synth.io.files.sound_reader import read_sound
from synth.io.files.text_file import read_text_file
from synth.parameters.errors import InputError


def inputs_of(preset: Preset, sample_rate: float) -> dict[str, Input]:
    """Return the sound of each layer that plays a file, and the phones of each that says a text, by the layer's name.

    Parameters
    ----------
    preset : a checked preset.
    sample_rate : the engine's, hertz: files are taken to it. A file that several layers play is read once.

    Raises
    ------
    InputError
        If a file cannot be read as sound, or a text cannot be said; names the preset, the layer and the file.
    """
    read, found = cache(lambda path, is_loop: read_sound(path, sample_rate, is_loop)), {}
    for layer in preset.layers:
        try:
            if "file" in layer.sound:
                found[layer.name] = Input(sound=read(layer.sound["file"], layer.sound["loop"]), is_loop=layer.sound["loop"])
            elif text := text_of_layer(layer):
                say = text["say"] if "say" in text else read_text_file(text["file"])
                found[layer.name] = text_input(say, text["loop"], text.get("file", "text"))
        except InputError as error:
            raise InputError(f"preset '{preset.name}': layer '{layer.name}': {error}") from None
    return found
