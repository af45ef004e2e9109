"""A trial: what is played next, and how.  kind, vector -> preset -> samples.

trial   a sound of the policy's          repeat  one that was heard before, unannounced: how steady the answers are
sham    flat noise as loud as the usual: what is pressed whatever is heard
pair    one of two that are compared blind: the best that was found, or the usual
duel    two sounds, one after the other: which tingles more?     knob  sounds along one macro: where does it tingle most?
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

import synth
from synth.explore.hold import SOUND_S
from synth.explore.macros import Vector, preset_at

Samples = npt.NDArray[np.float32]
KINDS = ("trial", "repeat", "sham", "pair", "duel", "knob")
_SHAM_LUFS = -36.0
PAUSE_S = 1.0
"""After each of several sounds."""
_SHORTEST_S = 1.5


@dataclass(frozen=True, eq=False)
class Trial:
    """What is asked of a listener.

    Attributes
    ----------
    number : from 0, in a listener's whole history. kind : one of `KINDS`.
    vector : (macros,) in 0..1; of a sham the usual's. vectors : of a duel its two, of a knob all along its line, (n, macros).
    usual, macros : the preset as it usually is, and what is moved in it.
    seconds : of sound; three of silence follow. seed : of the render, the same for everybody: a sound is found again.
    pair, side : of a pair its number, and "best" or "usual".
    """

    number: int
    kind: str
    vector: Vector
    usual: synth.Preset
    macros: tuple[str, ...]
    vectors: Vector = field(default_factory=lambda: np.empty((0, 0)))
    seconds: float = SOUND_S
    seed: int = 0
    pair: int = -1
    side: str = ""

    @cached_property
    def preset(self) -> synth.Preset:
        """What plays; of a sham the usual, which is not heard."""
        return preset_at(self.usual, self.macros, self.vector)

    @cached_property
    def presets(self) -> tuple[synth.Preset, ...]:
        """What plays in a duel or along a knob's line."""
        return tuple(preset_at(self.usual, self.macros, vector) for vector in self.vectors)

    def render(self, sample_rate: float = 48000, ears: Any = "ku100") -> Samples:
        """Return what is heard, (frames, 2) float32: the sound; of a duel or a knob its sounds, each followed by a pause."""
        if self.kind == "sham":
            return flat_noise(self.seconds, sample_rate, self.seed)
        if not len(self.vectors):
            return self._sound(self.preset, self.seconds, sample_rate, ears)
        pause = np.zeros((round(PAUSE_S * sample_rate), 2), np.float32)
        return np.concatenate([part for sound in self.render_each(sample_rate, ears) for part in (sound, pause)])

    def render_each(self, sample_rate: float = 48000, ears: Any = "ku100") -> list[Samples]:
        """Return the sounds of a duel or a knob, each (frames, 2) float32."""
        seconds = each_s(self.seconds, len(self.vectors))
        return [self._sound(each, seconds, sample_rate, ears) for each in self.presets]

    def _sound(self, preset: synth.Preset, seconds: float, sample_rate: float, ears: Any) -> Samples:
        found: Samples = synth.render(preset, seconds=seconds, seed=self.seed, sample_rate=sample_rate, ears=ears)
        return found


def each_s(seconds: float, count: int) -> float:
    """Return how long each of so many sounds is that together with their pauses last for so many seconds."""
    return max(seconds / max(count, 1) - PAUSE_S, _SHORTEST_S)


def flat_noise(seconds: float, sample_rate: float, seed: int) -> Samples:
    """Return soft noise that is the same in both ears and nowhere, (frames, 2)."""
    frames = round(seconds * sample_rate)
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=frames))
    hertz = np.fft.rfftfreq(frames, 1 / sample_rate)
    noise = np.fft.irfft(spectrum * (hertz > 40) / np.sqrt(np.maximum(hertz, 40)), frames)
    noise *= 10 ** (_SHAM_LUFS / 20) / (noise.std() + 1e-12)
    ramp = np.minimum(1, np.minimum(np.arange(frames), np.arange(frames)[::-1]) / (0.3 * sample_rate))
    return np.repeat((noise * ramp).astype(np.float32)[:, None], 2, axis=1)
