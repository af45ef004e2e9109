"""Which trials an explorer gave out, and which of them were told; a trial as its journal keeps it.  trial -> event's facts."""

from __future__ import annotations

from weakref import WeakSet

from synth.explore.journal import Event
from synth.explore.trial import Trial
from synth.parameters.errors import InputError, shown


class Issued:
    """An explorer's trials, each known by itself: another's may look the same."""

    def __init__(self) -> None:
        self._open: WeakSet[Trial] = WeakSet()
        self._told: WeakSet[Trial] = WeakSet()

    def add(self, trial: Trial) -> Trial:
        """Take note of a trial that is given out, and return it."""
        self._open.add(trial)
        return trial

    def check(self, trial: Trial, pair_due: tuple[int, str] | None) -> None:
        """Refuse what is no trial, another explorer's, or told.

        Parameters
        ----------
        pair_due : number and side of the blind trial that comes next; one of another was told, or its pairs are over.
        """
        if not isinstance(trial, Trial):
            raise InputError(f"trial = {shown(trial)}; needed: what ask or trial returned")
        if trial in self._told:
            raise InputError(f"trial {trial.number} is told already; ask for the next one")
        if trial not in self._open:
            raise InputError(f"trial {trial.number} is of another explorer; tell what this one's ask or trial returned")
        if trial.kind == "pair" and pair_due != (trial.pair, trial.side):
            raise InputError(f"trial {trial.number} is of a pair that is over; ask for the next one")

    def close(self, trial: Trial) -> None:
        """Take note that a trial was told."""
        self._open.discard(trial)
        self._told.add(trial)


def facts_of(trial: Trial, number: int) -> Event:
    """Return a trial as the journal keeps it, under a number."""
    found: Event = {"number": number, "kind": trial.kind, "vector": [float(at) for at in trial.vector]}
    if len(trial.vectors):
        found["vectors"] = trial.vectors.tolist()
    return found | ({"pair": trial.pair, "side": trial.side} if trial.kind == "pair" else {})
