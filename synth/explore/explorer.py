"""The explorer: asks a listener one sound after the other, and says what it found and whether that helped.

ask -> trial -> played, held -> tell -> journal, model -> best | verify -> blind pairs -> verdict
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

import synth
from synth.explore import policy as policies
from synth.explore.bans import banned
from synth.explore.history import History
from synth.explore.hold import RATE_HZ, checked_hold, hold_of
from synth.explore.journal import FILE, Event, Journal, events_of, text_of
from synth.explore.macros import DEFAULT, USUAL, checked_names, grid, grid_index, preset_at, snapped, titled
from synth.explore.prior import Prior, load_prior
from synth.explore.response_model import ResponseModel
from synth.explore.schedule import kind_of_trial, pair_of
from synth.explore.sound_numbers import NAMES as NUMBERS
from synth.explore.sound_numbers import raw_numbers, scaled
from synth.explore.sounds import Sounds, between_nodes
from synth.explore.trial import Trial
from synth.explore.verdict import PAIRS, Verdict, verdict_of
from synth.io.files.whole_file import write_whole
from synth.parameters.errors import InputError, unknown
from synth.preset.library import dump, read_text

SCHEMA = 1
_HEAD = "session.json"
_PRESET = "usual.toml"
Quiet: Callable[[float], None] = lambda share: None  # noqa: E731


@dataclass(frozen=True)
class Best:
    """The sound that is recommended.

    Attributes
    ----------
    vector : (macros,). hold : expected of it, 0..1. interval : 95 % of that mean (low, high). preset : to play or save.
    """

    vector: npt.NDArray[np.float64]
    hold: float
    interval: tuple[float, float]
    preset: synth.Preset


class Explorer:
    """Learns what makes one listener tingle.

    Parameters
    ----------
    preset : a preset's name, a path to a `.toml`, a trigger's name, or a `Preset`.
    seed : of what is drawn: order, repeats, shams.
    policy : "explore"; or "sobol", "ei", "prior", to compare with.
    macros : which ones are moved, of `synth.explore.macros.NAMES`.
    prior : what listeners like on the whole: "shipped", a path to an `.npz`, or None for nothing.
    folder : where every answer is kept at once; None: in memory, until `save`.
    progress : told of shares of the measuring that the prior needs once a preset, the shares add up to 1.

    Raises
    ------
    InputError
        If there is no such preset, policy, macro or prior, or the folder holds a session already.
    """

    def __init__(
        self,
        preset: str | Path | synth.Preset,
        seed: int = 0,
        policy: str = "explore",
        *,
        macros: Sequence[str] = DEFAULT,
        prior: str | Path | None = "shipped",
        folder: str | Path | None = None,
        progress: Callable[[float], None] = Quiet,
    ) -> None:
        if policy not in policies.POLICIES:
            raise unknown("policy", policy, policies.POLICIES)
        self.preset = preset if isinstance(preset, synth.Preset) else synth.load_preset(preset)
        self.seed, self.policy, self.macros = int(seed), policy, checked_names(macros)
        self._prior = None if prior is None else str(prior)
        size = len(self.macros)
        self.usual = int(grid_index(np.full(size, USUAL)))
        trend, constant = self._expected(progress)
        self.history = History(ResponseModel(size, trend, constant))
        self._events: list[Event] = []
        self._journal: Journal | None = None
        self._running: Trial | None = None
        if folder is not None:
            if (Path(folder) / FILE).exists():
                raise InputError(f"{folder}: holds a session already; go on with synth.Explorer.open")
            self._keep(Path(folder))
        self._add({"event": "session"})

    # ---- ask and tell

    def ask(self) -> Trial:
        """Return the next trial; the same one until it is told."""
        if self._running is None:
            self._running = self._next()
            self._add({"event": "asked", **_facts(self._running)})
        return self._running

    def tell(self, trial: Trial, hold: Any, disliked: bool = False) -> None:
        """Say what a listener answered.

        Parameters
        ----------
        trial : one that `ask` or `trial` returned.
        hold : (n,) 0..1 at 50 Hz, from the begin of the sound to the end of the silence after it; or one number.
        disliked : whether it was unpleasant: two such ban a region.

        Raises
        ------
        InputError
            If the hold holds what is no number 0..1, or the trial is told already.
        """
        checked = checked_hold(hold)
        if trial.number < len(self.history.told) and (self._running is None or trial.number != self._running.number):
            raise InputError(f"trial {trial.number} is told already; ask for the next one")
        event: Event = {"event": "told", **_facts(trial), "hold": np.round(checked, 3).tolist()}
        self._add(event | ({"disliked": True} if disliked else {}))
        self._running = None

    def trial(self, vector: npt.ArrayLike) -> Trial:
        """Return a trial at a vector (macros,) of one's own, in 0..1, taken to the nearest step.

        Raises
        ------
        InputError
            If it is not of these macros, or lies in a region that was banned.
        """
        at = snapped(vector, len(self.macros))
        if not self.allowed[grid_index(at)]:
            raise InputError(f"vector = {at.tolist()} lies where two sounds were disliked; it is not played")
        return self._made("trial", int(grid_index(at)))

    # ---- what was found

    @property
    def best(self) -> Best:
        """The sound of the highest expected hold among those that were heard; before the first, the usual one."""
        index = policies.recommended(self.history.model, self.allowed)
        index = self.usual if index is None else index
        mean, sd = (float(each[0]) for each in self.history.model.predict([index]))
        low, middle, high = (hold_of(mean + z * sd, self.history.is_button) for z in (-1.96, 0.0, 1.96))
        vector = grid(len(self.macros))[index]
        told = len(self.history.told)
        said = ", ".join(f"{name} {at:g}" for name, at in zip(self.macros, vector, strict=True))
        title = f"{self.preset.title or self.preset.name}, as one listener likes it"
        preset = titled(preset_at(self.preset, self.macros, vector), title, f"Found in {told} trials (seed {self.seed}): {said}.")
        return Best(vector, middle, (low, high), preset)

    def predict(self, vector: npt.ArrayLike) -> tuple[float, tuple[float, float]]:
        """Return the hold that is expected of a sound at a vector (macros,), heard or not, and its 95 % interval."""
        index = grid_index(snapped(vector, len(self.macros)))
        mean, sd = (float(each[0]) for each in self.history.model.predict([index]))
        low, middle, high = (hold_of(mean + z * sd, self.history.is_button) for z in (-1.96, 0.0, 1.96))
        return middle, (low, high)

    @property
    def lag_s(self) -> float:
        """How late this listener answers."""
        return self.history.lag.lag_s

    @property
    def allowed(self) -> npt.NDArray[np.bool_]:
        """Which rows of the grid may be played."""
        return ~banned(self.history.model.grid, self.history.disliked, self.history.accepted)

    def verify(self) -> int:
        """Begin the blind pairs of what was found and the usual; return how many trials they take: 0 if the usual was best."""
        index = policies.recommended(self.history.model, self.allowed)
        self._running = None
        self._add({"event": "verify", "index": self.usual if index is None else index})
        return 0 if self.history.incumbent == self.usual else 2 * PAIRS

    @property
    def verdict(self) -> Verdict:
        """Whether it helped, by the blind pairs alone."""
        if self.history.incumbent == self.usual:
            return Verdict("did not help", 0.0, (0.0, 0.0), 0)
        whole = [pair for pair in self.history.pairs.values() if len(pair) == 2]
        return verdict_of([pair["best"] for pair in whole], [pair["usual"] for pair in whole])

    # ---- keeping

    def begin_session(self) -> None:
        """Say that another session begins: some time has passed, and answers may lie at another level."""
        self._running = None
        self._add({"event": "session"})

    def save(self, folder: str | Path) -> None:
        """Write everything into a folder: `session.json`, `usual.toml`, `trials.jsonl`, and the best as `found.toml`.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        place = Path(folder)
        try:
            self._write_head(place)
            if self._journal is None or self._journal.path.parent != place:
                write_whole(place / FILE, text_of(self._events))
            best = self.best
            write_whole(place / "found.toml", dump(best.preset).encode())
        except OSError as error:
            raise InputError(f"{folder}: cannot be written: {error.strerror}") from None

    @classmethod
    def open(cls, folder: str | Path, *, is_new_session: bool = True, progress: Callable[[float], None] = Quiet) -> Self:
        """Return the explorer that a folder holds; it goes on where it was, and keeps every answer there.

        Raises
        ------
        InputError
            If the folder holds none, or what cannot be read.
        """
        place = Path(folder)
        try:
            head = json.loads((place / _HEAD).read_text(encoding="utf-8"))
            text = (place / _PRESET).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise InputError(f"{folder}: holds no explorer's session: {getattr(error, 'strerror', None) or error}") from None
        if head.get("schema") != SCHEMA:
            raise InputError(f"{place / _HEAD}: schema = {head.get('schema')}; this version reads {SCHEMA}")
        preset = read_text(text, head["preset"], str(place / _PRESET), place)
        found = cls(preset, head["seed"], head["policy"], macros=head["macros"], prior=head["prior"], progress=progress)
        found._events.clear()
        for event in events_of(place):
            found._events.append(event)
            found.history.add(event)
        found._journal = Journal(place)
        if is_new_session:
            found.begin_session()
        return found

    @property
    def events(self) -> list[Event]:
        """Everything that was asked and told, as the journal holds it."""
        return list(self._events)

    # ---- within

    def _next(self) -> Trial:
        number, history = len(self.history.told), self.history
        if history.incumbent not in (None, self.usual) and (pair := pair_of(self.seed, history.pairs)) is not None:
            index = history.incumbent if pair[1] == "best" else self.usual
            return replace(self._made("pair", index), pair=pair[0], side=pair[1])
        kind = kind_of_trial(self.seed, number)
        rng = np.random.default_rng([self.seed, number])
        allowed = self.allowed
        if kind == "sham":
            return self._made("sham", self.usual)
        played = history.model.played[allowed[history.model.played]]
        if kind == "repeat" and len(played):
            mean, _ = history.model.predict(played)
            return self._made("repeat", int(rng.choice(played[mean >= np.median(mean)])))
        return self._made("trial", policies.POLICIES[self.policy](history.model, allowed, self.usual, rng))

    def _made(self, kind: str, index: int) -> Trial:
        vector = grid(len(self.macros))[index]
        return Trial(len(self.history.told), kind, vector, preset_at(self.preset, self.macros, vector))

    def _add(self, event: Event) -> None:
        self.history.add(event)
        self._events.append(event)
        if self._journal is not None:
            self._journal.append(event)

    def _expected(self, progress: Callable[[float], None]) -> tuple[npt.NDArray[np.float64] | None, float]:
        """Return what the prior expects over the grid, and of any sound."""
        if self._prior is None:
            return None, 0.3
        prior = load_prior() if self._prior == "shipped" else load_prior(Path(self._prior))
        numbers = numbers_over_grid(self.preset, self.macros, progress)
        return trend_of(prior, self.macros, numbers), prior.constant

    def _keep(self, folder: Path) -> None:
        self._write_head(folder)
        self._journal = Journal(folder)

    def _write_head(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        head = {"schema": SCHEMA, "preset": self.preset.name, "seed": self.seed, "policy": self.policy}
        head |= {"macros": list(self.macros), "prior": self._prior, "hold_rate_hz": RATE_HZ}
        write_whole(folder / _PRESET, dump(self.preset).encode())
        write_whole(folder / _HEAD, json.dumps(head, indent=1).encode())


def numbers_over_grid(preset: synth.Preset, names: Sequence[str], progress: Callable[[float], None] = Quiet) -> npt.NDArray[np.float64]:
    """Return what a preset's sounds are like over the grid, less the usual one: measured at ends and middles, else between."""
    sounds = Sounds(preset, names, raw_numbers, "numbers 1", len(NUMBERS))
    found = between_nodes(scaled(sounds.nodes(progress)), len(names))
    return found - found[len(found) // 2]


def trend_of(prior: Prior, names: Sequence[str], numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return what a prior expects over the grid of sounds with these numbers."""
    return prior.at(names, grid(len(names)), numbers)


def _facts(trial: Trial) -> Event:
    """Return a trial as the journal keeps it."""
    found: Event = {"number": trial.number, "kind": trial.kind, "vector": [float(at) for at in trial.vector]}
    return found | ({"pair": trial.pair, "side": trial.side} if trial.kind == "pair" else {})
