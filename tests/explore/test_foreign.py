"""Somebody else's listener: whatever it raises or answers is said in one line; what it may answer is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import synth
from synth.explore.foreign import COMPARES, listener_named
from synth.parameters.errors import InputError

HERE = "tests.explore.test_foreign"
SOUND = np.zeros((480, 2), np.float32)


class _Answers:
    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def listen(self, audio: np.ndarray, sample_rate: float) -> Any:
        return self._answer(audio) if callable(self._answer) else self._answer


class _Compares(_Answers):
    def compare(self, one: Any, other: Any, sample_rate: float) -> Any:
        return self._answer

    def turn_knob(self, sounds: Any, sample_rate: float) -> Any:
        return self._answer


def as_list() -> _Answers:
    return _Answers([0.5] * 1000)


def as_number(*given: Any) -> _Answers:
    return _Answers(len(given) / 2)


def with_more(preset: Any, seed: int, more: int = 3) -> _Answers:
    return _Answers(0.5)


def raises() -> Any:
    raise KeyError("boom")


def leaves() -> Any:
    raise SystemExit(3)


def three(preset: Any, seed: int, more: int) -> _Answers:
    return _Answers(0.5)


def keyword(*, more: int) -> _Answers:
    return _Answers(0.5)


def _fails(audio: np.ndarray) -> Any:
    raise ZeroDivisionError("at last")


def fails() -> _Answers:
    return _Answers(_fails)


def is_nan() -> _Answers:
    return _Answers([np.nan])


def says_nothing() -> _Answers:
    return _Answers(None)


def is_flat() -> _Answers:
    return _Answers(np.zeros((10, 2)))


def is_huge() -> _Answers:
    return _Answers(10**400)


def chooses() -> _Compares:
    return _Compares(1)


def chooses_a_third() -> _Compares:
    return _Compares(2)


def _named(name: str, needs: tuple[str, ...] = ()) -> Any:
    return listener_named(f"{HERE}:{name}", synth.load_preset("tap"), 0, needs)


@pytest.mark.parametrize(("name", "size"), [("as_list", 1000), ("as_number", 1), ("with_more", 1)])
def test_a_hold_may_be_an_array_a_list_or_a_number(name: str, size: int) -> None:
    hold = _named(name).listen(SOUND, 48000)
    assert hold.shape == (size,)
    assert hold[0] == (1.0 if name == "as_number" else 0.5)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raises", "KeyError: 'boom'"),
        ("leaves", "SystemExit: 3"),
        ("three", "needs more too"),
        ("keyword", "needs more too"),
        ("nobody", "has no nobody"),
        ("np", "cannot be called"),
        ("SOUND", "cannot be called"),
    ],
)
def test_a_factory_that_makes_none_is_said(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _named(name)


def test_what_cannot_be_imported_or_looked_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    sources = {
        "m_import": "import missing_module_xyz",
        "m_word": "this is not python",
        "m_value": "raise ValueError('at import')",
    }
    for name, source in sources.items():
        (tmp_path / f"{name}.py").write_text(source)
        with pytest.raises(InputError, match=f"importing {name}"):
            listener_named(f"{name}:x", synth.load_preset("tap"), 0)
    with pytest.raises(InputError, match="int"):
        listener_named("builtins:int", synth.load_preset("tap"), 0)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fails", "ZeroDivisionError"),
        ("is_nan", "hold"),
        ("says_nothing", "None"),
        ("is_flat", "hold"),
        ("is_huge", "needed: numbers 0"),
    ],
)
def test_an_answer_that_cannot_be_is_said(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _named(name).listen(SOUND, 48000)


def test_who_is_asked_for_duels_must_compare() -> None:
    with pytest.raises(InputError, match="compare, which --duels needs"):
        _named("as_list", COMPARES)
    assert _named("chooses", COMPARES).compare(SOUND, SOUND, 48000) == 1
    ask: list[Callable[[], Any]] = [
        lambda: _named("chooses_a_third").compare(SOUND, SOUND, 48000),
        lambda: _named("chooses_a_third").turn_knob([SOUND] * 2, 48000),
        lambda: _named("as_list").compare(SOUND, SOUND, 48000),
    ]
    for each in ask:
        with pytest.raises(InputError, match=HERE):
            each()
    assert _named("chooses_a_third").turn_knob([SOUND] * 3, 48000) == 2


def test_who_says_nothing_of_it_dislikes_nothing() -> None:
    assert not _named("as_list").disliked
