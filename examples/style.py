"""A style, learnt from takes.  traces -> Markov chain -> strikes; rows -> echo state network -> rows; both for ever.

The model of improvise.py; it knows nothing of sound or time.
"""

import itertools
from collections import defaultdict

import numpy as np

HZ = 50
"""Rows a second."""


def strikes(traces, rng, longest=4):
    """Yield layer, seconds since the strike before, velocity, length, pitch: what followed the like of the last strikes."""
    notes, tokens, followers = [], [], defaultdict(list)
    for trace in traces:
        played, begin = trace.strikes[~trace.strikes["is_gesture"]], len(notes)
        gaps_s = np.maximum(np.diff(played["time_s"], prepend=played["time_s"][:1] - 0.5), 0.001)
        lengths_s = np.nan_to_num(played["end_s"] - played["time_s"], nan=1.0)
        notes += zip(played["layer"], gaps_s, played["velocity"], lengths_s, played["pitch"], strict=True)
        tokens += zip(played["layer"], np.rint(4 * np.log2(gaps_s)), np.rint(5 * played["velocity"]), strict=True)
        for now in range(begin, len(notes)):
            for order in range(min(longest, now - begin) + 1):
                followers[tuple(tokens[now - order : now])].append(now)
    past = []
    while notes:
        like = past[-rng.integers(1, longest + 1) :]  # not always all that is remembered: that would copy
        while like and len(followers.get(tuple(like), ())) < 2:
            like = like[1:]
        chosen = rng.choice(followers[tuple(like)])
        past = [*past, tokens[chosen]][-longest:]
        layer, gap_s, velocity, length_s, pitch = notes[chosen]
        yield layer, gap_s * np.exp(rng.normal(0, 0.03)), min(velocity * np.exp(rng.normal(0, 0.05)), 1), length_s, pitch


def moves(takes, rng, neurons=200, slowest_s=5.0, ridge=0.01):
    """Yield positions in 0..1, within those of the takes: what a reservoir foresees, and a surprise such as there were."""
    every = np.concatenate(takes)
    low, high, middle, spread = every.min(0), every.max(0), every.mean(0), every.std(0) + 1e-9
    within = rng.standard_normal((neurons, neurons)) * (rng.random((neurons, neurons)) < 0.05)
    within *= 0.9 / np.abs(np.linalg.eigvals(within)).max()
    coming, bias = 0.5 * rng.standard_normal((neurons, every.shape[1])), 0.3 * rng.standard_normal(neurons)
    speed = np.exp(rng.uniform(-np.log(slowest_s * HZ), 0, neurons))  # neurons of 20 ms to 5 s

    def feel(state, here):
        state += speed * (np.tanh(within @ state + coming @ here + bias) - state)
        return np.concatenate([[1], here, state])

    seen, moved = [], []
    for take in ((take - middle) / spread for take in takes):
        state = np.zeros(neurons)
        seen += [feel(state, here) for here in take[:-1]]
        moved += list(np.diff(take, axis=0))
    seen, moved = np.array(seen), np.array(moved)
    readout = np.linalg.solve(seen.T @ seen + ridge * len(seen) * np.eye(seen.shape[1]), seen.T @ moved)
    surprises, here = moved - seen @ readout, np.zeros(every.shape[1])
    for number in itertools.count():
        if number % (2 * HZ) == 0:
            at = rng.integers(max(len(surprises) - 2 * HZ, 1))  # two seconds of them in a row
        step = feel(state, here) @ readout + surprises[(at + number % (2 * HZ)) % len(surprises)]
        position = np.clip(middle + spread * (here + step), low, high)
        here = (position - middle) / spread
        yield position
