"""What listeners like on the whole, before one of them has been heard.  macros, sound numbers -> random features -> expectation.

A ridge regression on random Fourier features (Rahimi and Recht 2007). What ships was fitted on simulated listeners, and its own
data says so; `refit` fits it to sessions of real ones.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from synth.explore.macros import NAMES as MACROS
from synth.explore.macros import USUAL
from synth.explore.sound_numbers import NAMES as NUMBERS
from synth.parameters.errors import InputError

Floats = npt.NDArray[np.float64]
FILE = Path(__file__).parent / "data" / "prior.npz"
_FEATURES, _RIDGE = 160, 2000.0
_MACRO_SCALE, _NUMBER_SCALE = (
    1.5,
    0.12,
)  # of the random frequencies; they and the ridge: by leaving out one preset after the other


@dataclass(frozen=True)
class Prior:
    """A fitted expectation.

    Attributes
    ----------
    frequencies : (inputs, features). phases : (features,). weights : (features,). constant : the mean response.
    facts : of what it was made, as JSON knows it.
    """

    frequencies: Floats
    phases: Floats
    weights: Floats
    constant: float
    facts: dict[str, object]

    def at(self, names: Sequence[str], positions: Floats, numbers: Floats) -> Floats:
        """Return the expected response (n,), less its constant, of positions (n, macros) and numbers (n, numbers)."""
        return _features(inputs(names, positions, numbers), self.frequencies, self.phases) @ self.weights

    def save(self, path: Path) -> None:
        """Write it as an npz file."""
        np.savez_compressed(
            path,
            frequencies=self.frequencies.astype(np.float32),
            phases=self.phases.astype(np.float32),
            weights=self.weights.astype(np.float32),
            constant=np.float32(self.constant),
            facts=np.array(json.dumps(self.facts)),
        )


def inputs(names: Sequence[str], positions: Floats, numbers: Floats) -> Floats:
    """Return what the features are made of: all macros from -1 to 1 (0 for those not moved), and the numbers."""
    macros = np.zeros((len(positions), len(MACROS)))
    for column, name in enumerate(names):
        macros[:, MACROS.index(name)] = 2 * (positions[:, column] - USUAL)
    return np.hstack([macros, numbers])


def _features(rows: Floats, frequencies: Floats, phases: Floats) -> Floats:
    found: Floats = np.sqrt(2 / len(phases)) * np.cos(rows @ frequencies + phases)
    return found


def fitted(rows: Floats, responses: Floats, facts: dict[str, object], seed: int = 0) -> Prior:
    """Return the prior of responses (n,) to sounds with `inputs` rows (n, inputs)."""
    rng = np.random.default_rng(seed)
    scale = np.array([_MACRO_SCALE / 2] * len(MACROS) + [_NUMBER_SCALE] * len(NUMBERS))
    frequencies = rng.normal(size=(rows.shape[1], _FEATURES)) * scale[:, None]
    phases = rng.uniform(0, 2 * np.pi, _FEATURES)
    found, constant = _features(rows, frequencies, phases), float(responses.mean())
    found_mean = found.mean(0)
    centred = found - found_mean
    ridge = _RIDGE * len(rows) / 1000 / _FEATURES
    weights = np.linalg.solve(centred.T @ centred + ridge * np.eye(_FEATURES), centred.T @ (responses - constant))
    return Prior(frequencies, phases, weights, constant - float(found_mean @ weights), facts)


@lru_cache(maxsize=4)
def load_prior(path: Path = FILE) -> Prior:
    """Return a prior from its file.

    Raises
    ------
    InputError
        If it cannot be read, or was made for other sound numbers.
    """
    try:
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as held:
            facts = json.loads(str(held["facts"]))
            frequencies, phases, weights = (np.asarray(held[name], float) for name in ("frequencies", "phases", "weights"))
            constant = float(held["constant"])
    except OSError as error:
        raise InputError(f"{path}: cannot be read as a prior: {error.strerror or error}") from None
    except zipfile.BadZipFile:
        raise InputError(f"{path}: is no prior, or a damaged one: needed is an .npz as Prior.save writes it") from None
    except KeyError as error:
        raise InputError(f"{path}: is no prior: {error.args[0]}") from None
    except (ValueError, TypeError, EOFError, RecursionError) as error:
        raise InputError(f"{path}: is no prior, or a damaged one: {error}") from None
    count = len(MACROS) + len(NUMBERS)
    shapes = ((count, phases.size), (phases.size,), (phases.size,))
    are_finite = all(np.isfinite(each).all() for each in (frequencies, phases, weights, constant))
    if not isinstance(facts, dict) or (frequencies.shape, phases.shape, weights.shape) != shapes or not are_finite:
        raise InputError(f"{path}: is no prior, or a damaged one: its numbers are not of {count} inputs")
    if facts.get("numbers") != list(NUMBERS) or facts.get("macros") != list(MACROS):
        raise InputError(f"{path}: was made for other sound numbers or macros; make it anew")
    return Prior(frequencies, phases, weights, constant, facts)


def refit(sessions: Iterable[tuple[Sequence[str], Floats, Floats, Floats]], source: str) -> Prior:
    """Return a prior fitted on sessions.

    Parameters
    ----------
    sessions : of each the macros' names, positions (n, macros), sound numbers (n, numbers), responses 0..1 (n,).
    source : who they were, for its own data.

    Raises
    ------
    InputError
        If there is no session.
    """
    parts = [(inputs(names, positions, numbers), responses) for names, positions, numbers, responses in sessions]
    if not parts:
        raise InputError("no sessions; a prior needs at least one")
    rows, responses = np.vstack([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    facts: dict[str, object] = {
        "source": source,
        "sessions": len(parts),
        "trials": len(responses),
        "macros": list(MACROS),
        "numbers": list(NUMBERS),
    }
    return fitted(rows, responses, facts)
