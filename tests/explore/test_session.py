"""Sessions, foreign listeners, tables, environments: from a trial's sound to what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import synth
from synth.explore.environment import make_environment
from synth.explore.explorer import Explorer
from synth.explore.foreign import listener_named
from synth.explore.session import LONGEST_MIN, PAIRS_MIN, Answer, Simulated, rest_advice, run_session
from synth.explore.table import rows_of, write_parquet
from synth.explore.trial import Trial
from synth.parameters.errors import InputError


class _Loud:
    """Holds as loud as it is: hears audio alone."""

    disliked = False

    def __init__(self, *_: object) -> None:
        self.heard: list[tuple[int, ...]] = []

    def listen(self, audio: np.ndarray, sample_rate: float) -> np.ndarray:
        self.heard.append(audio.shape)
        return np.full(round(len(audio) / sample_rate * 50), min(20 * float(np.sqrt(np.square(audio).mean())), 1.0))

    def compare(self, one: np.ndarray, other: np.ndarray, sample_rate: float) -> int:
        return int(np.square(other).mean() > np.square(one).mean())


class _Scripted:
    """Answers without hearing, as somebody at a button would."""

    def __init__(self, holds: list[float]) -> None:
        self._holds = holds

    def hear(self, trial: Trial) -> Answer | None:
        return Answer(np.array([self._holds.pop(0)])) if self._holds else None


def _explorer(folder: Path | None = None) -> Explorer:
    return Explorer("tap", prior=None, folder=folder)


def test_a_session_with_a_listener_that_hears_ends_in_a_verdict(tmp_path: Path) -> None:
    explorer, listener = _explorer(tmp_path), _Loud()
    report = run_session(explorer, Simulated(listener), 1.0, has_pairs=False)
    assert report.is_over
    assert report.trials == 3  # a minute
    assert report.verdict.outcome == "not enough data"
    assert listener.heard == [(20 * 48000, 2)] * 3
    assert all(len(told["hold"]) == 1000 for told in explorer.history.told)


def test_a_session_that_ends_early_is_gone_on_with(tmp_path: Path) -> None:
    explorer = _explorer(tmp_path)
    report = run_session(explorer, _Scripted([0.3] * 5), 5.0)
    assert not report.is_over
    assert report.trials == 5
    explorer.close()
    again = Explorer.open(tmp_path)
    assert run_session(again, _Scripted([0.4] * 99), 2.0).is_over
    assert len(again.history.told) >= 11


def test_a_session_lasts_for_half_an_hour_at_most() -> None:
    with pytest.raises(InputError, match="half an hour"):
        run_session(_explorer(), _Scripted([]), LONGEST_MIN - PAIRS_MIN + 1)


def test_it_advises_rest_when_answers_fall() -> None:
    fallen, steady = _explorer(), _explorer()
    for number in range(40):
        for explorer, hold in ((fallen, 0.9 - 0.02 * number), (steady, 0.6)):
            explorer.tell(explorer.ask(), hold)
    assert "rest" in rest_advice(fallen.history)
    assert rest_advice(steady.history) == ""


def test_sounds_of_a_trial_are_rendered_the_same_each_time() -> None:
    whole = _explorer().trial([0.75, 0.25, 0.5])
    assert whole.seconds == 17
    trial = replace(whole, seconds=2.0)
    assert (trial.render() == trial.render()).all()
    assert trial.render().shape == (2 * 48000, 2)
    assert trial.render().dtype == np.float32


def test_a_foreign_listener_is_found_by_its_name() -> None:
    listener = listener_named("tests.explore.test_session:_Loud", synth.load_preset("tap"), 0)
    assert callable(listener.listen)
    for name, said in (
        ("nothing", "MODULE:FACTORY"),
        ("tests.explore.test_session:Quiet", "Quiet"),
        ("no.such.module:x", "no"),
        ("tests.explore.test_session:pytest", "cannot be called"),
        ("tests.explore.test_session:_Scripted", "no listen"),
    ):
        with pytest.raises(InputError, match=said):
            listener_named(name, synth.load_preset("tap"), 0)


def test_tables_hold_every_trial(tmp_path: Path) -> None:
    explorer = _explorer()
    for _ in range(12):
        explorer.tell(explorer.ask(), np.full(1000, 0.4))
    rows = rows_of(explorer)
    assert [row["number"] for row in rows] == list(range(12))
    assert {"closeness", "darkness", "pace", "score", "hold", "kind"} <= set(rows[0])
    write_parquet(explorer, tmp_path / "trials.parquet")
    from pyarrow import parquet

    table = parquet.read_table(tmp_path / "trials.parquet")
    assert table.num_rows == 12
    assert table.column("score").to_pylist() == pytest.approx([0.4] * 12)
    assert table.schema.metadata[b"preset"] == b"tap"


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_the_environment_passes_gymnasiums_check() -> None:
    from gymnasium.utils.env_checker import check_env

    environment = make_environment("tap", listener=_loud, trials=3, sound_s=1.0)
    check_env(environment, skip_render_check=True)
    environment.reset(seed=1)
    rewards, is_over = [], False
    while not is_over:
        _, reward, _, is_over, _ = environment.step(np.full(3, 0.5, np.float32))
        rewards.append(reward)
    assert len(rewards) == 3
    assert all(0 <= reward <= 1 for reward in rewards)
    whole = make_environment("tap", space=synth.space("tap"), listener=_loud, trials=2, sound_s=1.0)
    whole.reset(seed=1)
    assert whole.action_space.shape == (len(synth.space("tap")),)
    whole.step(whole.action_space.sample())


def _loud(preset: synth.Preset, seed: int) -> _Loud:
    return _Loud()
