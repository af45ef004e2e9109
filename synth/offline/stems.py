"""Stems: each layer alone, of every preset that a job plays.  job -> rehearsal -> name -> job of one layer."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from synth.engine.engine import Engine
from synth.engine.preset import Preset
from synth.offline.job import Job, Stem
from synth.offline.midi_player import MidiPlayer

_ANY_EARS = "sphere"  # nothing sounds at a rehearsal
_BLOCK_FRAMES = 1 << 15


def stems_of(job: Job, should_stop: Callable[[], bool] = lambda: False) -> dict[str, Job]:
    """Return the job of each layer alone: by the layer's name, of presets that a MIDI file calls by "PRESET.LAYER".

    A layer's random streams are seeded by its name, so it plays alone what it plays in the mix. Each stem passes the limiter by
    itself: where the limiter acts on the mix, the stems do not add up to it.

    Raises
    ------
    InputError
        If a preset that the file calls cannot be played, or the file brings more at once than an engine holds.
    KeyboardInterrupt
        If it should stop.
    """
    found: dict[str, Job] = {}
    for preset in (job.preset, *_called(job, should_stop)):
        for layer in preset.layers:
            name = layer.name if preset is job.preset else f"{preset.name}.{layer.name}"
            numbered = itertools.chain([name], (f"{name} {number}" for number in itertools.count(2)))
            found[next(each for each in numbered if each not in found)] = _stem(job, Stem(preset, layer.name))
    return found


def _stem(job: Job, stem: Stem) -> Job:
    part = stem.of(job.preset)
    inputs = {layer.name: job.inputs[layer.name] for layer in part.layers if layer.name in job.inputs}
    return replace(job, preset=part, stem=stem, inputs=inputs)


def _called(job: Job, should_stop: Callable[[], bool]) -> list[Preset]:
    """Return the presets that a job's MIDI file calls beside the job's own: it is played once to no layer at all."""
    if job.midi is None:
        return []
    silent = _stem(job, Stem(job.preset, None))
    midi_player, todo = MidiPlayer(Engine(job.sample_rate, _ANY_EARS, job.seed), silent, job.midi), job.frames
    while todo > 0:
        if should_stop():
            raise KeyboardInterrupt
        midi_player.process(min(todo, _BLOCK_FRAMES))
        todo -= _BLOCK_FRAMES
    return [preset for preset in midi_player.called if preset != job.preset]
