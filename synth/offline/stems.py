"""Stems: each layer alone, of every preset that a score plays.  score -> rehearsal -> name -> score of one layer."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from synth.engine.engine import Engine
from synth.engine.preset import Preset
from synth.offline.job import Score, Stem
from synth.offline.midi_player import Pianola

_ANY_EARS = "sphere"  # nothing sounds at a rehearsal
_BLOCK_FRAMES = 1 << 15


def stems_of(score: Score, should_stop: Callable[[], bool] = lambda: False) -> dict[str, Score]:
    """Return the score of each layer alone: by the layer's name, of presets that a MIDI file calls by "PRESET.LAYER".

    A layer's random streams are seeded by its name, so it plays alone what it plays in the mix. Each stem passes the limiter by
    itself: where the limiter acts on the mix, the stems do not add up to it.

    Raises
    ------
    InputError
        If a preset that the file calls cannot be played, or the file brings more at once than an engine holds.
    KeyboardInterrupt
        If it should stop.
    """
    found: dict[str, Score] = {}
    for preset in (score.preset, *_called(score, should_stop)):
        for layer in preset.layers:
            name = layer.name if preset is score.preset else f"{preset.name}.{layer.name}"
            numbered = itertools.chain([name], (f"{name} {number}" for number in itertools.count(2)))
            found[next(each for each in numbered if each not in found)] = _stem(score, Stem(preset, layer.name))
    return found


def _stem(score: Score, stem: Stem) -> Score:
    part = stem.of(score.preset)
    inputs = {layer.name: score.inputs[layer.name] for layer in part.layers if layer.name in score.inputs}
    return replace(score, preset=part, stem=stem, inputs=inputs)


def _called(score: Score, should_stop: Callable[[], bool]) -> list[Preset]:
    """Return the presets that a score's MIDI file calls beside the score's own: it is played once to no layer at all."""
    if score.midi is None:
        return []
    silent = _stem(score, Stem(score.preset, None))
    pianola, todo = Pianola(Engine(score.sample_rate, _ANY_EARS, score.seed), silent, score.midi), score.frames
    while todo > 0:
        if should_stop():
            raise KeyboardInterrupt
        pianola.process(min(todo, _BLOCK_FRAMES))
        todo -= _BLOCK_FRAMES
    return [preset for preset in pianola.called if preset != score.preset]
