"""Signals in words: each is asked for by itself, from where it can come."""

from __future__ import annotations

import pytest

from synth.control.midi.mapping import Source
from synth.live.tingle.signal_words import signals_from
from synth.parameters.errors import InputError


def test_each_says_its_kind_and_its_sender() -> None:
    words = signals_from(["hold=cc:11", "heart=ble:C0:FF:EE:00:11:22", "skin=lsl:EDA left"])
    assert [(word.kind, word.sender) for word in words] == [
        ("hold", "cc:11"),
        ("heart", "ble:C0:FF:EE:00:11:22"),
        ("skin", "lsl:EDA left"),
    ]
    assert [word.open is None for word in words] == [True, False, False]
    assert words[0].control == Source("cc", 11, 11)
    assert signals_from(["hold=pressure"])[0].control == Source("pressure")
    assert signals_from([]) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "unknown signal"),
        ("hart=ble", "heart"),
        ("hold", "hold comes from pressure"),
        ("hold=ble", "hold comes from"),
        ("skin=ble", "skin comes from lsl:NAME"),
        ("heart=pressure", "heart comes from ble"),
        ("hold=cc:120", "hold comes from"),
        ("hold=cc:98", "hold comes from"),
        ("hold=cc:-1", "hold comes from"),
        ("hold=cc:", "hold comes from"),
        ("skin=lsl:", "skin comes from"),
        ("heart=blew", "heart comes from"),
    ],
)
def test_what_is_none_is_refused_with_what_would_be(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        signals_from([text])


def test_a_kind_comes_from_one_sender() -> None:
    with pytest.raises(InputError, match="given twice"):
        signals_from(["heart=ble", "heart=lsl:x"])
