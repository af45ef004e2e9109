"""A listener as a gymnasium environment, for optimisers of other people.  action: macros -> sound -> listener -> hold, reward.

make_environment("nails_on_glass", listener_seed=3) passes gymnasium's check_env. gymnasium is imported when one is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import synth
from synth.explore.hold import RATE_HZ, SILENCE_S, SOUND_S, score_of
from synth.explore.listeners.family import graded
from synth.explore.macros import DEFAULT, STEPS, checked_names, preset_at
from synth.explore.sound_numbers import NAMES, sound_numbers
from synth.parameters.errors import InputError

_SOUND_HZ = 48000
Factory = Callable[[synth.Preset, int], Any]


def make_environment(
    preset: str | Path | synth.Preset,
    *,
    macros: Sequence[str] = DEFAULT,
    space: synth.Space | None = None,
    listener: Factory = graded,
    trials: int = 60,
    sound_s: float = SOUND_S,
) -> Any:
    """Return a `gymnasium.Env` of one listener: an episode is a session, a step is a trial.

    Parameters
    ----------
    preset : a preset's name, a path to a `.toml`, a trigger's name, or a `Preset`.
    macros : what an action moves, each 0..1 in steps of 1/8; not looked at with `space`.
    space : the full space instead, `synth.space(preset)` or a subset: an action is a position in 0..1 of each of its parameters.
    listener : (preset, seed) -> an object with `listen(audio, sample_rate) -> hold at 50 Hz`; `reset(seed=...)` gives the seed.
    trials : how many an episode has. sound_s : how long a sound lasts; three seconds of silence follow.

    Returns
    -------
    Action: Box(n,) of 0..1. Observation: Dict of `sound` (the vector of `synth.explore.sound_numbers`), `hold` (0..1 at 50 Hz)
    and `left` (share of the episode). Reward: the score of the hold, 0..1.

    Raises
    ------
    InputError
        If gymnasium is not installed, or there is no such preset or macro.
    """
    chosen = preset if isinstance(preset, synth.Preset) else synth.load_preset(preset)
    names = checked_names(macros)
    return _environment_class()(chosen, names, space, listener, trials, sound_s)


@lru_cache(maxsize=1)
def _environment_class() -> Any:
    """Return the class; gymnasium is not imported before it is wanted."""
    try:
        import gymnasium
        from gymnasium.spaces import Box, Dict
    except ImportError:
        raise InputError("gymnasium is not installed; an environment needs it: pip install gymnasium") from None

    class ListenerEnvironment(gymnasium.Env):
        """One listener; see `make_environment`."""

        metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012  # gymnasium's own way

        def __init__(
            self, preset: synth.Preset, names: tuple[str, ...], space: Any, factory: Factory, trials: int, sound_s: float
        ) -> None:
            self._preset, self._names, self._space, self._factory = preset, names, space, factory
            self._trials, self._sound_s = trials, sound_s
            self._frames = round((sound_s + SILENCE_S) * RATE_HZ)
            size = len(names) if space is None else len(space)
            self.action_space = Box(0.0, 1.0, (size,), np.float32)
            self.observation_space = Dict(
                sound=Box(-4.0, 4.0, (len(NAMES),), np.float32),
                hold=Box(0.0, 1.0, (self._frames,), np.float32),
                left=Box(0.0, 1.0, (1,), np.float32),
            )
            self._listener: Any = None
            self._done = 0

        def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
            """Begin another session, with the listener of this seed."""
            super().reset(seed=seed)
            number = int(self.np_random.integers(1 << 31))
            self._listener, self._done = self._factory(self._preset, number), 0
            return self._seen(np.zeros(len(NAMES)), np.zeros(self._frames)), {"listener": number}

        def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
            """Play a trial."""
            preset = self._at(np.clip(np.asarray(action, float), 0, 1))
            audio = synth.render(preset, seconds=self._sound_s, sample_rate=_SOUND_HZ)
            silence = np.zeros((round(SILENCE_S * _SOUND_HZ), 2), np.float32)
            hold = np.asarray(self._listener.listen(np.concatenate([audio, silence]), _SOUND_HZ), float)
            hold = np.pad(hold, (0, max(self._frames - hold.size, 0)))[: self._frames]
            self._done += 1
            reward = score_of(hold, sound_s=self._sound_s).value
            info = {"disliked": bool(getattr(self._listener, "disliked", False))}
            return self._seen(sound_numbers(audio, _SOUND_HZ), hold), reward, False, self._done >= self._trials, info

        def _at(self, action: Any) -> synth.Preset:
            if self._space is None:
                return preset_at(self._preset, self._names, np.round(action * STEPS) / STEPS)
            from synth.preset.assignments import with_numbers

            return with_numbers(self._preset, self._space.mapping(self._space.from_unit(action)))

        def _seen(self, sound: Any, hold: Any) -> dict[str, Any]:
            left = np.array([1 - self._done / self._trials], np.float32)
            return {"sound": sound.astype(np.float32), "hold": hold.astype(np.float32), "left": left}

    return ListenerEnvironment
