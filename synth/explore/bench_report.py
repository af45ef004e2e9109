"""What the bench reports.  part -> runs -> outcomes -> means with 95 % intervals, losses, what was asked for.

Parts are a table: another question is another row.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from synth.explore.bench import MINUTES, Outcome, Run, mean_and_interval, run_all
from synth.explore.macros import grid
from synth.explore.response_model import Observation, ResponseModel
from synth.parameters.errors import unknown

Progress = Callable[[float], object]
Facts = dict[str, Any]
LISTENERS = 60
_NULL_RUNS, _SIX = 200, 6
_POLICIES = ("explore", "sobol", "ei", "prior", "nothing")
_TRIALS, _ASKS = 400, 9


def graded(listeners: int, preset: str, done: Progress) -> Facts:
    """Compare all policies by graded holds, 20 minutes."""
    found = _by_policy("graded", _POLICIES, listeners, preset, done)
    return _shares(found) | {
        "asked": "explore above 0.78, and its difference from sobol above 0",
        "reached": bool(_mean(found["explore"]) >= 0.78 and _low(found, "sobol") > 0),
        "lag_error_s": _lag(found["explore"]),
        "on_peak": {policy: _peak(found[policy]) for policy in found},
    }


def button(listeners: int, preset: str, done: Progress) -> Facts:
    """Compare policies by a key that is up or down, with the prior, 20 minutes."""
    found = _by_policy("button", ("explore", "sobol", "prior"), listeners, preset, done)
    return _shares(found) | {
        "asked": "explore above 0.70",
        "reached": bool(_mean(found["explore"]) >= 0.70),
        "lag_error_s": _lag(found["explore"]),
    }


def six_sessions(listeners: int, preset: str, done: Progress) -> Facts:
    """Compare policies over six sessions of 20 minutes on different days, graded holds."""
    found = _by_policy("graded", ("explore", "sobol"), listeners, preset, done, sessions=_SIX)
    return _shares(found) | {
        "asked": "explore above 0.82, on the private peak in 55 %",
        "reached": _mean(found["explore"]) >= 0.82 and _peak(found["explore"])["mean"] >= 0.55,
        "on_peak": {policy: _peak(found[policy]) for policy in found},
    }


def null(listeners: int, preset: str, done: Progress) -> Facts:
    """Count how often help is claimed after blind pairs by listeners who feel nothing."""
    runs = [Run("null", "explore", number, is_verified=True, preset=preset) for number in range(_NULL_RUNS)]
    claims = [outcome.verdict == "helped" for outcome in run_all(runs, done)]
    return {
        "runs": len(claims),
        "helped": float(np.mean(claims)),
        "asked": "at most 0.05",
        "reached": bool(np.mean(claims) <= 0.05),
    }


def verified(listeners: int, preset: str, done: Progress) -> Facts:
    """Count how often blind pairs find help where there is some, and where there is none."""
    runs = [Run("graded", "explore", number, is_verified=True, preset=preset) for number in range(listeners)]
    outcomes = run_all(runs, done)
    groups = {"gain above 0.2": (0.2, 2.0), "gain 0 to 0.2": (0.0, 0.2), "loss": (-2.0, 0.0)}
    found: Facts = {}
    for name, (low, high) in groups.items():
        inside = [each for each in outcomes if low < each.true_gain <= high]
        helped = [each.verdict == "helped" for each in inside]
        found[name] = {"listeners": len(inside), "helped": float(np.mean(helped)) if inside else None}
    return found


def averse(listeners: int, preset: str, done: Progress) -> Facts:
    """Count how often listeners who cannot bear some sounds hear one."""
    outcomes = run_all([Run("averse", "explore", number, preset=preset) for number in range(listeners)], done)
    region = [each.banned_exposures for each in outcomes]
    every = [each.exposures for each in outcomes]
    said = [each.banned_dislikes for each in outcomes]
    return {
        "listeners": len(outcomes),
        "exposures_to_a_banned_region": {"most": max(region), "mean": float(np.mean(region))},
        "of_these_said": {"most": max(said), "mean": float(np.mean(said))},
        "unbearable_sounds_in_all": {"most": max(every), "mean": float(np.mean(every))},
        "asked": "at most two exposures to a banned region",
        "reached": max(region) <= 2,
    }


def pairs(listeners: int, preset: str, done: Progress) -> Facts:
    """Compare asking for holds alone with asking for choices too, where these are sharp and where they are not."""
    found: Facts = {}
    for family in ("graded", "deaf to pairs"):
        runs = [
            Run(family, policy, number, preset=preset, questions=questions)
            for number in range(listeners)
            for policy, questions in (("explore", "auto"), ("explore", "hold"), ("prior", "hold"))
        ]
        outcomes = run_all(runs, lambda share: done(share / 2))
        shares = np.array([each.shares["end"] for each in outcomes]).reshape(-1, 3)
        name = "sharp" if family == "graded" else family
        found[name] = {each: _told(shares[:, column]) for column, each in enumerate(("auto", "hold", "prior"))}
        found[name] |= {
            "auto_less_hold": _told(shares[:, 0] - shares[:, 1]),
            "auto_less_prior": _told(shares[:, 0] - shares[:, 2]),
        }
    low = found["deaf to pairs"]["auto_less_prior"]["interval"][0]
    return found | {"asked": "deaf to pairs: no worse than the prior", "reached": bool(low > 0)}


def ask_ms(listeners: int, preset: str, done: Progress) -> Facts:
    """Time on one core what asking takes at 400 trials of as many different sounds, and what telling does: there it learns."""
    from synth.explore.policy import explore

    rng = np.random.default_rng(0)
    model, points = ResponseModel(3), grid(3)
    for number, index in enumerate(rng.permutation(len(points))[:_TRIALS]):
        value = float(np.clip(points[index] @ [0.5, 0.2, 0.1] + 0.1 * rng.normal(), 0, 1))
        model.add(Observation(int(index), value, number * 20.0, number // 60, number % 60 * 20.0))
    asking, telling = [], []
    for number in range(_ASKS):
        begin = time.process_time()
        model.add(Observation(int(rng.integers(len(points))), 0.5, 8000.0 + 20 * number))
        model.predict([0])
        between = time.process_time()
        explore(model, np.ones(len(points), bool), len(points) // 2, np.random.default_rng(number))
        telling.append(1000 * (between - begin))
        asking.append(1000 * (time.process_time() - between))
        done(1 / _ASKS)
    return {
        "trials": _TRIALS,
        "ask_ms": {"median": float(np.median(asking)), "most": max(asking)},
        "tell_ms": {"median": float(np.median(telling)), "most": max(telling)},
        "asked": "ask at most 100 ms",
        "reached": max(asking) <= 100,
    }


PARTS: dict[str, Callable[[int, str, Progress], Facts]] = {
    "graded": graded,
    "button": button,
    "six sessions": six_sessions,
    "null": null,
    "verified": verified,
    "averse": averse,
    "pairs": pairs,
    "ask": ask_ms,
}


def report(parts: Sequence[str], listeners: int, preset: str, done: Callable[[float, str], object]) -> Facts:
    """Return what every part says; `done` is told of shares of the work and of the part.

    Raises
    ------
    InputError
        If there is no such part.
    """
    for name in parts:
        if name not in PARTS:
            raise unknown("part", name, PARTS)
    head = {"preset": preset, "listeners": listeners, "minutes": list(MINUTES)}
    return head | {name: PARTS[name](listeners, preset, lambda share, name=name: done(share, name)) for name in parts}  # type: ignore[misc]


# ---- within


def _by_policy(
    family: str, policies: Sequence[str], listeners: int, preset: str, done: Progress, sessions: int = 1
) -> dict[str, list[Outcome]]:
    runs = [Run(family, policy, number, sessions=sessions, preset=preset) for number in range(listeners) for policy in policies]
    outcomes = run_all(runs, done)
    return {policy: [each for each in outcomes if each.run.policy == policy] for policy in policies}


def _shares(found: dict[str, list[Outcome]]) -> Facts:
    """Return each policy's share of the best utility over listening time, and how explore stands to each other one."""
    shares = {
        policy: {when: _told(each.shares[when] for each in outcomes) for when in outcomes[0].shares}
        for policy, outcomes in found.items()
    }
    apart = {policy: _apart(found, policy) for policy in found if policy != "explore"}
    usual = _told(each.usual for each in found["explore"])
    return {"share_of_best": shares, "usual": usual, "explore_less": apart}


def _apart(found: dict[str, list[Outcome]], policy: str) -> Facts:
    differences = _differences(found, policy)
    return _told(differences) | {"losses": float(np.mean(differences < 0)), "ties": float(np.mean(differences == 0))}


def _differences(found: dict[str, list[Outcome]], policy: str) -> Any:
    pairs = zip(found["explore"], found[policy], strict=True)
    return np.array([one.shares["end"] - other.shares["end"] for one, other in pairs])


def _low(found: dict[str, list[Outcome]], policy: str) -> float:
    mean, half = mean_and_interval(_differences(found, policy))
    return mean - half


def _told(values: Any) -> Facts:
    mean, half = mean_and_interval(values)
    return {"mean": mean, "interval": [mean - half, mean + half]}


def _mean(outcomes: Sequence[Outcome]) -> float:
    return float(np.mean([each.shares["end"] for each in outcomes]))


def _peak(outcomes: Sequence[Outcome]) -> Facts:
    return _told(float(each.on_peak) for each in outcomes)


def _lag(outcomes: Sequence[Outcome]) -> Facts:
    errors = [each.lag_error_s for each in outcomes]
    return {"median": float(np.median(errors)), "p90": float(np.quantile(errors, 0.9)), "asked": "at most 0.150 in the median"}
