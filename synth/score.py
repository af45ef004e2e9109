"""A score: all that determines a render.  preset + seconds + seed + sample rate + ears + fades, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from synth.engine.engine import SAMPLE_RATES
from synth.engine.layer import Input
from synth.errors import InputError
from synth.inputs import inputs_of
from synth.parameter import Parameter
from synth.preset import load_preset, with_values
from synth.scene import Preset

DEFAULT_SECONDS = 10.0
FADE_IN_S, FADE_OUT_S = 0.02, 0.5
"""Unless told otherwise: too short to be noticed, too long to click."""
_LONGEST_FADE_S = 86400
_SECONDS = Parameter("seconds", 0.001, 1e6, DEFAULT_SECONDS, "s")
_SAMPLE_RATE = Parameter("sample_rate", *SAMPLE_RATES, 48000, "hz")


@dataclass(frozen=True)
class Score:
    """All that determines a render.

    Attributes
    ----------
    preset : what is played.
    seconds : how long.
    seed, sample_rate, ears : as for `Engine`.
    fade_in_s, fade_out_s : straight fades, within `seconds`; the last frames are silent.
    gain_db : added to the preset's level, before the limiter.
    inputs : what layers that play a file hear, as `synth.inputs.inputs_of` reads it.
    """

    preset: Preset
    seconds: float = DEFAULT_SECONDS
    seed: int = 0
    sample_rate: float = 48000
    ears: Any = "ku100"
    fade_in_s: float = FADE_IN_S
    fade_out_s: float = FADE_OUT_S
    gain_db: float = 0.0
    inputs: Mapping[str, Input] = field(default_factory=dict)

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return max(1, round(self.seconds * self.sample_rate))


def score_of(
    preset: str | Path | Preset,
    *,
    seconds: float = DEFAULT_SECONDS,
    seed: int = 0,
    sample_rate: float = 48000,
    ears: Any = "ku100",
    fade_in_s: float | None = None,
    fade_out_s: float | None = None,
    sets: Sequence[str] = (),
) -> Score:
    """Return the checked score of a render; see `render` for the parameters."""
    found = preset if isinstance(preset, Preset) else load_preset(preset)
    seconds, sample_rate = _SECONDS.number(seconds), _SAMPLE_RATE.number(sample_rate)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or abs(int(seed)) >= 1 << 63:
        raise InputError(f"seed = {seed!r}; it must be a whole number of at most 63 bits")
    fades = [
        min(short, share * seconds) if given is None else Parameter(name, 0, _LONGEST_FADE_S, 0, "s").number(given)
        for name, given, short, share in (("fade_in_s", fade_in_s, FADE_IN_S, 0.1), ("fade_out_s", fade_out_s, FADE_OUT_S, 0.25))
    ]
    if sum(fades) > seconds * (1 + 1e-9):
        raise InputError(f"fade_in_s + fade_out_s = {sum(fades):g} s is longer than the whole; allowed: at most {seconds:g} s")
    found = with_values(found, sets)
    return Score(found, seconds, int(seed), sample_rate, ears, fades[0], fades[1], inputs=inputs_of(found, sample_rate))


def stems_of(score: Score) -> dict[str, Score]:
    """Return the score of each layer alone, by the layer's name.

    A layer's random streams are seeded by its name, so it plays alone what it plays in the mix. Each stem passes the limiter by
    itself: where the limiter acts on the mix, the stems do not add up to it.
    """
    alone = {}
    for layer in score.preset.layers:
        cues = tuple(cue for cue in score.preset.cues if cue.layer == layer.name)
        inputs = {name: sound for name, sound in score.inputs.items() if name == layer.name}
        alone[layer.name] = replace(score, preset=replace(score.preset, layers=(layer,), cues=cues), inputs=inputs)
    return alone
