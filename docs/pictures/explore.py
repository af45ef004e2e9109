"""Draw a finished session of the listener loop: trials, holds, what is expected over two macros, blind pairs and the verdict.

python docs/pictures/explore.py        writes docs/pictures/explore.png
A simulated listener hears nails_on_glass; measuring it takes some minutes the first time.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot

import synth
from synth.explore.history import TRIAL_S
from synth.explore.hold import SOUND_S
from synth.explore.listeners.family import ears_of, ground_of, listener_of
from synth.explore.listeners.measures import hear
from synth.explore.macros import grid, grid_index
from synth.explore.trial import flat_noise

PRESET, LISTENER, TRIALS = "nails_on_glass", 7, 57
COLOURS = {"trial": "#2e86ab", "repeat": "#8f5aa8", "sham": "#999999"}


def session() -> tuple[synth.Explorer, np.ndarray]:
    """Return an explorer whose session is over, and the truth of its listener over the grid."""
    ground, measures = ground_of(ears_of(synth.load_preset(PRESET)))
    listener, sham = listener_of("graded", LISTENER, ground), hear(flat_noise(4.0, 48000, 0), 48000)
    explorer = synth.Explorer(PRESET, LISTENER)

    def answer(count: int) -> None:
        for _ in range(count):
            trial = explorer.ask()
            heard = sham if trial.kind == "sham" else measures[grid_index(trial.vector)]
            explorer.tell(trial, listener.respond(heard, SOUND_S, TRIAL_S), listener.disliked)

    answer(TRIALS)
    answer(explorer.verify())
    return explorer, listener.utility(measures)


def draw(explorer: synth.Explorer, truth: np.ndarray) -> None:
    """Write the picture."""
    figure, ((trials, holds), (known, pairs)) = pyplot.subplots(2, 2, figsize=(11, 7.5), layout="constrained")
    told = [each for each in explorer.history.told if each["kind"] != "pair"]
    for kind, colour in COLOURS.items():
        own = [each for each in told if each["kind"] == kind]
        trials.scatter([each["number"] for each in own], [each["score"] for each in own], s=22, color=colour, label=kind)
    trials.set(xlabel="trial", ylabel="score of the hold", ylim=(-0.02, 1.02), title="what was answered")
    trials.legend(fontsize=8)
    every = np.concatenate([each["hold"] for each in told[-6:]])
    holds.plot(np.arange(len(every)) / 50, every, color="#d1495b", linewidth=0.9)
    holds.set(xlabel="s", ylabel="hold", ylim=(0, 1), title=f"holds of six trials; lag {explorer.lag_s:.2f} s")
    best, points = explorer.best, grid(3)
    inside = points[:, 2] == best.vector[2]
    mean, _ = explorer.history.model.predict(np.flatnonzero(inside))
    image = known.imshow(mean.reshape(9, 9).T, origin="lower", extent=(-0.06, 1.06, -0.06, 1.06), cmap="magma", vmin=0, vmax=1)
    figure.colorbar(image, ax=known, label="expected hold")
    played = np.array([each["vector"] for each in told if each["kind"] != "sham"])
    known.scatter(played[:, 0], played[:, 1], s=8, color="white", alpha=0.5, label="heard, at any pace")
    known.scatter(*best.vector[:2], marker="*", s=160, color="#7fd1ae", label="recommended")
    at = f"expected at pace {best.vector[2]:g}"
    known.set(xlabel=explorer.macros[0], ylabel=explorer.macros[1], title=at)
    known.legend(fontsize=7, loc="lower left")
    both = np.array([[pair["usual"], pair["best"]] for pair in explorer.history.pairs.values()])
    pairs.plot([0, 1], both.T, color="#2e86ab", alpha=0.5)
    pairs.plot([0, 1], both.mean(0), color="#d1495b", linewidth=3)
    pairs.set(xticks=[0, 1], xticklabels=["as it was", "as found"], ylim=(0, 1), ylabel="hold", title=f"{explorer.verdict}")
    share = truth[grid_index(best.vector)] / truth.max()
    figure.suptitle(
        f"{PRESET}, simulated listener {LISTENER}: the sound found is worth {share:.2f} of the best there is", fontsize=11
    )
    figure.savefig(Path(__file__).with_suffix(".png"), dpi=80)


if __name__ == "__main__":
    draw(*session())
