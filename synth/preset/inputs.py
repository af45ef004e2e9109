"""What a preset's layers hear and say, ready to be played.  preset -> sound files, texts -> `Engine.load(preset, inputs=...)`."""

from __future__ import annotations

from functools import cache

from synth.engine.layer import Input
from synth.engine.preset import Preset
from synth.engine.speaker import text_input, with_texts
from synth.io.files.sound_reader import read_sound
from synth.io.files.text_file import read_text_file
from synth.parameters.errors import InputError

_LARGEST_TEXT_BYTES = 1 << 24


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
        sound, text = layer.sound, layer.text
        try:
            if "file" in sound:
                found[layer.name] = Input(sound=read(sound["file"], sound["loop"]), is_loop=sound["loop"])
            elif "file" in text:
                said = read_text_file(text["file"], text["file"], _LARGEST_TEXT_BYTES, "text to be said")
                found[layer.name] = text_input(said, text["loop"], text["file"])
        except InputError as error:
            raise InputError(f"preset '{preset.name}': layer '{layer.name}': {error}") from None
    try:
        return with_texts(preset, found)
    except InputError as error:
        raise InputError(f"preset '{preset.name}': {error}") from None
