"""The explorer: asks a listener one sound after the other, and says what it found and whether that helped.

ask -> trial -> played, held -> tell -> journal, model -> best | verify -> blind pairs -> verdict
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

import synth
from synth.explore import policy as policies
from synth.explore.events import checked_events
from synth.explore.expected import expected, quiet
from synth.explore.findings import Best, best_of, expected_hold
from synth.explore.folder import Head, check_replaceable, checked_seed, read_head, write_found, write_head
from synth.explore.history import COMPARED, History
from synth.explore.hold import checked_hold
from synth.explore.issued import Issued, facts_of
from synth.explore.journal import FILE, Event, Journal, write_journal
from synth.explore.macros import DEFAULT, USUAL, checked_names, grid, grid_index, snapped
from synth.explore.next_trial import is_comparing, next_trial
from synth.explore.questions import ASKED
from synth.explore.response_model import ResponseModel
from synth.explore.schedule import pair_of
from synth.explore.trial import Trial
from synth.explore.verdict import PAIRS, Verdict, verdict_of
from synth.parameters.errors import InputError, unknown


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
    progress : told of shares, which add up to 1, of what the prior needs measured once a preset: at the first question.

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
        if not isinstance(policy, str) or policy not in policies.POLICIES:
            raise unknown("policy", policy, policies.POLICIES)
        self.preset = preset if isinstance(preset, synth.Preset) else synth.load_preset(preset)
        self.seed, self.policy, self.macros = checked_seed(seed), policy, checked_names(macros)
        if not isinstance(questions, str) or questions not in ASKED:
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
        self._issued = Issued()
        if folder is not None:
            if (Path(folder) / FILE).exists():
                raise InputError(f"{folder}: holds a session already; go on with synth.Explorer.open")
            write_head(Path(folder), self._head, self.preset)
            self._journal = Journal(Path(folder))
        self._add({"event": "session"})

    # ---- ask and tell

    def prepare(self) -> None:
        """Measure now what the first question needs; what was measured once is kept."""
        self.history.model.predict([])

    def ask(self) -> Trial:
        """Return the next trial; the same one until it is told.

        Raises
        ------
        InputError
            If everything is left out, since so much was disliked; or it cannot be kept.
        """
        if self._running is None or not self._may_play(self._running):
            trial = self._made(*next_trial(self.history, self.usual, self.seed, self.policy, self._head.questions))
            self._add({"event": "asked", **facts_of(trial, trial.number)})
            self._running = trial
        return self._running

    def tell(self, trial: Trial, hold: Any, disliked: bool = False, *, is_timed: bool = False) -> None:
        """Say what a listener answered.

        Parameters
        ----------
        trial : one that `ask` or `trial` returned.
        hold : (n,) 0..1 at 50 Hz, from the begin of the sound to the end of the silence after it; or one number. Of a duel 0 for
            the first, 1 for the second, 0.5 for neither; of a knob where it was left, 0 at its first sound, 1 at its last.
        disliked : whether it was unpleasant: two such ban a region. Of a duel the one that lost, at 0.5
            both; of a knob where it was left.
        is_timed : whether the hold is as long as what was played, however long that was; else it must suit the trial's sound.

        Raises
        ------
        InputError
            If the hold holds what is no number 0..1, or is far too short or long; the trial is told already, or another
            explorer's; or the answer cannot be kept: then nothing was told.
        """
        self._issued.check(trial, pair_of(self.seed, self.history.pairs) if self.pairs_left else None)
        checked = checked_hold(hold, is_one=trial.kind in COMPARED, of_s=None if is_timed else trial.seconds)
        event: Event = {"event": "told", **facts_of(trial, self.history.next_number), "hold": np.round(checked, 3).tolist()}
        self._add(event | ({"disliked": True} if disliked else {}))
        self._issued.close(trial)
        if trial is self._running:
            self._running = None
        if self.policy in policies.LEARNING:
            self.prepare()  # learnt now, so that the next sound need not wait for it

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
        origin = f"Found in {len(self.history.told)} trials (seed {self.seed})"
        return best_of(self.history, self.usual if index is None else index, self.preset, self.macros, origin)

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
        """Begin the blind pairs of what was found and the usual, or go on with them; return how many trials they still take.

        0 if the usual was best or is left out itself, or nothing but it was heard.
        """
        if self.pairs_left:
            return self.pairs_left
        history = self.history
        index = policies.recommended(history.model, self.allowed)
        if index is None or not (history.model.played != self.usual).any() or not self.allowed[self.usual]:
            return 0
        self._running = None
        self._add({"event": "verify", "index": index})
        return self.pairs_left

    @property
    def pairs_left(self) -> int:
        """How many trials of the blind pairs are still to come; none as soon as one of both sounds is left out."""
        if not is_comparing(self.history, self.usual):
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
            If it cannot be written, or the folder holds another session.
        """
        place, journal = Path(folder), self._journal
        is_own = journal is not None and journal.folder == place.resolve()
        if journal is None or not (is_own and journal.is_there):
            check_replaceable(place, self._head, self._events)
            write_head(place, self._head, self.preset)
            write_journal(place, self._events)
        if journal is not None and is_own and not journal.is_there:  # it was removed: go on in the one that was just written
            journal.close()
            self._journal = Journal(place)
        write_found(place, self.best.preset)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        is_new_session: bool = True,
        is_kept: bool = True,
        progress: Callable[[float], None] = quiet,
    ) -> Self:
        """Return the explorer that a folder holds; it goes on where it was, and keeps every answer there, as the last to open it.

        Parameters
        ----------
        is_new_session : whether some time has passed, so that answers may lie at another level. is_kept : False: it is only read.

        Raises
        ------
        InputError
            If the folder holds none, or what cannot be read, or another program keeps its answers there.
        """
        head, preset = read_head(place := Path(folder))
        journal = Journal(place) if is_kept and (place / FILE).exists() else None
        try:
            found = cls(
                preset, head.seed, head.policy, macros=head.macros, prior=head.prior, questions=head.questions, progress=progress
            )
            found._events.clear()
            for event in checked_events(place, len(head.macros)):
                found._add(event)
        except BaseException:
            if journal is not None:
                journal.close()
            raise
        found._journal = journal
        if is_new_session:
            found.begin_session()
        return found

    def close(self) -> None:
        """Let others keep answers in its folder; it goes on in memory."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    @property
    def events(self) -> list[Event]:
        """Everything that was asked and told, as the journal holds it."""
        return list(self._events)

    # ---- within

    def _made(self, kind: str, index: int, rows: Sequence[int] = (), pair: int = -1, side: str = "") -> Trial:
        points, number = grid(len(self.macros)), self.history.next_number
        vectors = points[list(rows)]
        return self._issued.add(Trial(number, kind, points[index], self.preset, self.macros, vectors, pair=pair, side=side))

    def _may_play(self, trial: Trial) -> bool:
        """Whether a trial that was asked may be played still: others may have been told since."""
        rows = grid_index(trial.vectors if len(trial.vectors) else trial.vector)
        if trial.kind == "pair" and not self.pairs_left:
            return False
        return trial.kind == "sham" or bool(np.all(self.allowed[rows]))

    def _add(self, event: Event) -> None:
        if self._journal is not None:
            self._journal.append(event)  # first: what cannot be kept was not said
        self.history.add(event)
        self._events.append(event)
