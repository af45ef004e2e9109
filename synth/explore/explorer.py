"""The explorer: asks a listener one sound after the other, and says what it found and whether that helped.

ask -> trial -> played, held -> tell -> journal, model -> best | verify -> blind pairs -> verdict
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

import synth
from synth.explore import policy as policies
from synth.explore.expected import expected, quiet
from synth.explore.findings import Best, expected_hold
from synth.explore.folder import Head, read_head, write_found, write_head
from synth.explore.history import History
from synth.explore.hold import checked_hold
from synth.explore.journal import FILE, Event, Journal, events_of, write_journal
from synth.explore.macros import DEFAULT, USUAL, checked_names, grid, grid_index, preset_at, snapped, titled
from synth.explore.questions import ASKED, duel_of, knob_of, question
from synth.explore.response_model import ResponseModel
from synth.explore.schedule import kind_of_trial, pair_of
from synth.explore.trial import Trial
from synth.explore.verdict import PAIRS, Verdict, verdict_of
from synth.parameters.errors import InputError, unknown

_SEVERAL = {"duel": duel_of, "knob": knob_of}


class Explorer:
    """Learns what makes one listener tingle.

    Parameters
    ----------
    preset : a preset's name, a path to a `.toml`, a trigger's name, or a `Preset`.
    seed : of what is drawn: order, repeats, shams.
    policy : "explore"; or "sobol", "ei", "prior", to compare with.
    macros : which ones are moved, of `synth.explore.macros.NAMES`.
    prior : what listeners like on the whole: "shipped", a path to an `.npz`, or None for nothing.
    questions : "hold" alone, or "auto": duels and knobs too, as many as the listener's choices are worth.
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
        questions: str = "hold",
        folder: str | Path | None = None,
        progress: Callable[[float], None] = quiet,
    ) -> None:
        if policy not in policies.POLICIES:
            raise unknown("policy", policy, policies.POLICIES)
        self.preset = preset if isinstance(preset, synth.Preset) else synth.load_preset(preset)
        self.seed, self.policy, self.macros = int(seed), policy, checked_names(macros)
        if questions not in ASKED:
            raise unknown("questions", questions, ASKED)
        prior_name = None if prior is None else str(prior)
        self._head = Head(self.preset.name, self.seed, policy, self.macros, prior_name, questions)
        size = len(self.macros)
        self.usual = int(grid_index(np.full(size, USUAL)))
        trend, constant = expected(self.preset, self.macros, self._head.prior, progress)
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
        hold : (n,) 0..1 at 50 Hz, from the begin of the sound to the end of the silence after it; or one number. Of a duel 0 for
            the first or 1 for the second; of a knob where it was left, 0 at its first sound, 1 at its last.
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
        if self.policy in policies.LEARNING:
            self.history.model.predict([])  # learnt now, so that the next sound need not wait for it

    def trial(self, vector: npt.ArrayLike) -> Trial:
        """Return a trial at a vector (macros,) of one's own, in 0..1, taken to the nearest step.

        Raises
        ------
        InputError
            If it is not of these macros, or lies in a region that was banned.
        """
        at = snapped(vector, len(self.macros))
        if not self.allowed[grid_index(at)]:
            raise InputError(f"vector = {at.tolist()} lies next to what was disliked, and is not played")
        return self._made("trial", int(grid_index(at)))

    # ---- what was found

    @property
    def best(self) -> Best:
        """The sound of the highest expected hold among those that were heard; before the first, the usual one."""
        index = policies.recommended(self.history.model, self.allowed)
        index = self.usual if index is None else index
        hold, interval = expected_hold(self.history.model, index, self.history.is_button)
        vector = grid(len(self.macros))[index]
        told = len(self.history.told)
        said = ", ".join(f"{name} {at:g}" for name, at in zip(self.macros, vector, strict=True))
        title = f"{self.preset.title or self.preset.name}, as one listener likes it"
        preset = titled(preset_at(self.preset, self.macros, vector), title, f"Found in {told} trials (seed {self.seed}): {said}.")
        return Best(vector, hold, interval, preset)

    def predict(self, vector: npt.ArrayLike) -> tuple[float, tuple[float, float]]:
        """Return the hold that is expected of a sound at a vector (macros,), heard or not, and its 95 % interval."""
        index = int(grid_index(snapped(vector, len(self.macros))))
        return expected_hold(self.history.model, index, self.history.is_button)

    @property
    def lag_s(self) -> float:
        """How late this listener answers."""
        return self.history.lag.lag_s

    @property
    def allowed(self) -> npt.NDArray[np.bool_]:
        """Which rows of the grid may be played."""
        return ~self.history.banned

    def verify(self) -> int:
        """Begin the blind pairs of what was found and the usual; return how many trials they take: 0 if the usual was best."""
        index = policies.recommended(self.history.model, self.allowed)
        self._running = None
        self._add({"event": "verify", "index": self.usual if index is None else index})
        return 0 if self.history.incumbent == self.usual else 2 * PAIRS

    @property
    def pairs_left(self) -> int:
        """How many trials of the blind pairs are still to come."""
        if self.history.incumbent in (None, self.usual):
            return 0
        return 2 * PAIRS - sum(len(pair) for pair in self.history.pairs.values())

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
        write_head(place, self._head, self.preset)
        if self._journal is None or self._journal.path.parent != place:
            write_journal(place, self._events)
        write_found(place, self.best.preset)

    @classmethod
    def open(cls, folder: str | Path, *, is_new_session: bool = True, progress: Callable[[float], None] = quiet) -> Self:
        """Return the explorer that a folder holds; it goes on where it was, and keeps every answer there.

        Raises
        ------
        InputError
            If the folder holds none, or what cannot be read.
        """
        place = Path(folder)
        head, preset = read_head(place)
        found = cls(
            preset, head.seed, head.policy, macros=head.macros, prior=head.prior, questions=head.questions, progress=progress
        )
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
        asked = question(history.model, self.seed, number) if self._head.questions == "auto" else kind
        if asked != "trial" and (rows := _SEVERAL[asked](history.model, allowed, self.usual, rng)):
            return self._made(asked, rows[0], rows)
        return self._made("trial", policies.POLICIES[self.policy](history.model, allowed, self.usual, rng))

    def _made(self, kind: str, index: int, rows: Sequence[int] = ()) -> Trial:
        points = grid(len(self.macros))
        return Trial(len(self.history.told), kind, points[index], self.preset, self.macros, points[list(rows)])

    def _add(self, event: Event) -> None:
        self.history.add(event)
        self._events.append(event)
        if self._journal is not None:
            self._journal.append(event)

    def _keep(self, folder: Path) -> None:
        write_head(folder, self._head, self.preset)
        self._journal = Journal(folder)


def _facts(trial: Trial) -> Event:
    """Return a trial as the journal keeps it."""
    found: Event = {"number": trial.number, "kind": trial.kind, "vector": [float(at) for at in trial.vector]}
    if len(trial.vectors):
        found["vectors"] = trial.vectors.tolist()
    return found | ({"pair": trial.pair, "side": trial.side} if trial.kind == "pair" else {})
