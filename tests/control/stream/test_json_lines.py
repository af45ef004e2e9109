"""One line of a stream: what may stand in it, what is refused and why; and lines put together from whatever pieces come."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import synth
from synth.control.commands import COMMANDS, Call
from synth.control.rejections import Refused, Rejections
from synth.control.stream.json_lines import OFFERED, Vocabulary, parse_line
from synth.control.stream.line_splitter import LONGEST_BYTES, Splitter, lines_of

SPACE = synth.space("tap")
KNOWN = Vocabulary(SPACE, OFFERED)
PATHS = ("tap.hardness", "tap.azimuth_deg", "tap.level_db")


def said(text: str | bytes) -> dict[str, float]:
    """Return the values of a line by path."""
    vector = parse_line(text if isinstance(text, bytes) else text.encode(), KNOWN).vector
    assert vector is not None
    return {path: float(value) for path, value in zip(SPACE.paths, vector, strict=True) if not np.isnan(value)}


def refusal(text: str | bytes) -> tuple[str, str]:
    """Return why a line is refused, as it is told: kind, words."""
    told: list[str] = []
    rejections = Rejections("x", told.append)
    with pytest.raises(Refused) as caught:
        parse_line(text if isinstance(text, bytes) else text.encode(), KNOWN)
    for number in (3, 4):
        rejections.add(caught.value.kind, caught.value.why, f"line {number}")
    ((kind, count),) = rejections.counts.items()
    assert count == 2
    assert len(told) == 1
    assert told[0].isprintable()
    assert len(told[0]) < 400
    return kind, told[0].removeprefix("x: line 3 is left out: ")


# ---- what may stand in a line


def test_values_by_path_and_in_order() -> None:
    assert said('{"values": {"tap.hardness": 1, "tap.material": "glass", "tap.level_db": null}}') == {
        "tap.hardness": 1.0,
        "tap.material": SPACE.parameters[SPACE.index("tap.material")].number("glass"),
    }
    vector = json.dumps({"t": 1e-3, "vector": [*range(len(SPACE) - 1), None], "hash": SPACE.hash})
    assert list(said(vector).values()) == list(range(len(SPACE) - 1))
    assert parse_line(vector.encode(), KNOWN).time_s == 1e-3
    assert parse_line(b'{"values": {}}', KNOWN).time_s is None


def test_the_hash_may_be_that_of_the_paths_that_are_named() -> None:
    part = SPACE.subset(PATHS)
    values = dict.fromkeys(PATHS, 0.5)
    assert said(json.dumps({"values": values, "hash": part.hash})) == values
    assert said(json.dumps({"values": values, "hash": SPACE.hash})) == values
    turned = dict.fromkeys(reversed(PATHS), 0.5)
    assert refusal(json.dumps({"values": turned, "hash": part.hash}))[0] == "another space"


@pytest.mark.parametrize("nothing", ["null", "NaN", "-Infinity", "1e999", "9" * 4000, "-" + "9" * 400, "1e300"])
def test_what_is_no_number_in_float32_is_not_finite_and_so_leaves_its_parameter(nothing: str) -> None:
    for text in (f'{{"values": {{"tap.hardness": {nothing}}}}}', f'{{"vector": [{nothing}{", null" * (len(SPACE) - 1)}]}}'):
        vector = parse_line(text.encode(), KNOWN).vector
        assert vector is not None
        assert not np.isfinite(vector).any()


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ('{"strike": "tap"}', Call(COMMANDS["strike"], "tap", {"velocity": 0.7, "pitch": 0.0})),
        (
            '{"t": 1, "strike": "tap", "velocity": 1.02, "pitch": -3}',
            Call(COMMANDS["strike"], "tap", {"velocity": 1.0, "pitch": -3.0}),
        ),
        ('{"strike": "tap", "values": {"tap.size": 2}}', Call(COMMANDS["strike"], "tap", {"velocity": 0.7, "pitch": 0.0})),
        (
            '{"t": 2, "say": "tap", "text": "hush"}',
            Call(COMMANDS["say"], "tap", {"text": "hush", "interrupt": False}),
        ),
        (
            '{"say": "tap", "text": "hush", "interrupt": true}',
            Call(COMMANDS["say"], "tap", {"text": "hush", "interrupt": True}),
        ),
        ('{"hush": "tap"}', Call(COMMANDS["hush"], "tap")),
        ('{"t": 2, "release": "tap"}', Call(COMMANDS["release"], "tap")),
        ('{"pause": false}', Call(COMMANDS["pause"], False)),
        ('{"panic": true}', Call(COMMANDS["panic"], None)),
        ('{"preset": "rain_on_tent"}', Call(COMMANDS["preset"], "rain_on_tent")),
        ('{"scene": 2}', Call(COMMANDS["scene"], 2)),
        ('{"release_override": true}', Call(COMMANDS["release_override"], None)),
        ('{"release_override": "tap.size"}', Call(COMMANDS["release_override"], "tap.size")),
        ('{"release_override": "tap"}', Call(COMMANDS["release_override"], "tap")),
    ],
)
def test_what_is_done(text: str, call: Call) -> None:
    assert parse_line(text.encode(), KNOWN).call == call


def test_a_command_calls_the_function_of_its_name() -> None:
    done: list[Any] = []
    table = {name: lambda *what, name=name, **how: done.append((name, *what, how)) for name in OFFERED}
    Call(COMMANDS["strike"], "tap", {"velocity": 0.5, "pitch": 2.0}).do(table, 64)
    Call(COMMANDS["strike"], "tap").do(table, 64)
    Call(COMMANDS["release"], "tap").do(table)
    Call(COMMANDS["pause"], True).do(table, 1)
    Call(COMMANDS["panic"], None).do(table)
    Call(COMMANDS["release_override"], None).do(table)
    Call(COMMANDS["scene"], 2).do(table)
    assert done == [
        ("strike", "tap", {"velocity": 0.5, "pitch": 2.0, "at": 64}),
        ("strike", "tap", {"at": 64}),
        ("release", "tap", {"at": None}),
        ("pause", True, {"at": 1}),
        ("panic", {}),
        ("release_override", None, {}),
        ("scene", 2, {}),
    ]


# ---- what is refused


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        (b"\xff{}", "no UTF-8", "UTF-8"),
        ('{"t": 0', "no JSON", "JSON"),
        ("9" * 5000, "no JSON", "JSON"),
        ("[" * 100_000, "no JSON", "JSON"),
        ('{"a":' * 100_000, "no JSON", "JSON"),
        ("3", "no frame", '"values"'),
        ("{}", "no frame", '"values"'),
        ('{"t": 1}', "no frame", '"values"'),
        ('{"values": {}, "vector": []}', "no frame", '"values"'),
        ('{"values": {}, "at": 64}', "no frame", '"values"'),
        ('{"strike": "tap", "release": "tap"}', "no frame", '"values"'),
        ('{"values": []}', "no frame", '"values"'),
        ('{"vector": {}}', "no frame", '"values"'),
        ('{"t": 1, "t": 2, "values": {}}', "double key", "twice"),
        ('{"values": {"tap.size": 1, "tap.size": 2}}', "double key", "twice"),
        ('{"t": true, "values": {}}', "no time", "seconds"),
        ('{"t": NaN, "values": {}}', "no time", "seconds"),
        ('{"t": null, "values": {}}', "no time", "seconds"),
        ('{"t": ' + "9" * 4000 + ', "values": {}}', "no time", "seconds"),
        ('{"values": {"tap.hardnes": 1}}', "unknown path", "did you mean 'tap.hardness'?"),
        ('{"values": {"\x1b[2J' + "x" * 500_000 + '": 1}}', "no JSON", "JSON"),
        (
            '{"values": {"\\u001b[2J\\ud800' + "x" * 500_000 + '": 1}}',
            "unknown path",
            "unknown path '\N{REPLACEMENT CHARACTER}[2J",
        ),
        ('{"values": {"tap.size": "2"}}', "wrong value", "size = '2' is not a number; allowed: 0.5 .. 2.5"),
        ('{"values": {"tap.size": true}}', "wrong value", "size = a bool"),
        ('{"values": {"tap.size": ' + "[" * 900 + "]" * 900 + "}}", "wrong value", "size = a list"),
        ('{"values": {"tap.material": "glas"}}', "wrong value", "'glas'"),
        ('{"vector": [1]}', "wrong length", f"must hold {len(SPACE)}"),
        ('{"vector": [[' + "0, " * (len(SPACE) - 1) + "0]]}", "wrong length", f"must hold {len(SPACE)}"),
        ('{"values": {}, "hash": "0000"}', "another space", "'0000'"),
        ('{"values": {}, "hash": 7}', "another space", "a int"),
        ('{"values": {"a": 1}, "hash": "0000"}', "another space", "'0000'"),
        ('{"strike": "tapp"}', "unknown layer", "did you mean 'tap'?"),
        ('{"strike": "master"}', "unknown layer", "'master'"),
        ('{"strike": 1}', "wrong act", "name of a layer"),
        ('{"strike": "tap", "velocity": null}', "wrong act", "velocity"),
        ('{"strike": "tap", "pitch": NaN}', "wrong act", "pitch"),
        ('{"release": "tap", "velocity": 1}', "wrong act", 'go with "strike"'),
        ('{"values": {}, "velocity": 1}', "wrong act", 'go with "strike"'),
        ('{"say": "tap"}', "wrong act", '"text"'),
        ('{"say": "tap", "text": 1}', "wrong act", "a int"),
        ('{"say": "tap", "text": "a", "interrupt": 1}', "wrong act", "true or false"),
        ('{"strike": "tap", "text": "a"}', "wrong act", '"text" and "interrupt" with "say"'),
        ('{"panic": false}', "wrong act", "must be true"),
        ('{"t": 1, "panic": true}', "wrong act", "stands alone"),
        ('{"pause": 1}', "wrong act", "true or false"),
        ('{"preset": 1}', "wrong act", "a name"),
        ('{"scene": 0}', "wrong act", "number from 1"),
        ('{"scene": true}', "wrong act", "number from 1"),
        ('{"release_override": "tap.x"}', "wrong act", "a path, a layer, or true"),
    ],
)
def test_what_is_refused_is_told_in_a_short_line(text: str | bytes, kind: str, word: str) -> None:
    found, why = refusal(text)
    assert found == kind
    assert word in why


def test_what_nobody_offers_is_refused() -> None:
    with pytest.raises(Refused, match="no such act"):
        parse_line(b'{"strike": "tap"}', Vocabulary(SPACE, ()))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["t", "values", "vector", "hash", *PATHS, *OFFERED]), inner)
    ),
    max_leaves=12,
)


@given(
    st.binary(max_size=40)
    | (st.text(max_size=40) | _JSON.map(json.dumps)).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.fixed_dictionaries({"t": _JSON, "values": _JSON}).map(lambda line: json.dumps(line).encode())
)
def test_whatever_a_line_says_it_is_used_or_refused(line: bytes) -> None:
    try:
        found = parse_line(line, KNOWN)
    except Refused as refused:
        told: list[str] = []
        Rejections("x", told.append).add(refused.kind, refused.why)
        assert told[0].isprintable()
    else:
        assert found.time_s is None or np.isfinite(found.time_s)
        assert found.vector is None or found.vector.shape == (len(SPACE),)
        assert found.call is None or found.call.command.name in OFFERED


# ---- lines out of pieces


def by_splitting(data: bytes, longest: int) -> list[bytes | None]:
    lines = data.split(b"\n")
    return [None if len(line) > longest else line for line in (lines if lines[-1] else lines[:-1])]


@given(
    st.lists(st.sampled_from([b"", b"a", b"bc\n", b"\n\n", b"d" * 7, b"e\r\n", b"f" * 8 + b"\n", b"g" * 30])), st.integers(0, 9)
)
def test_pieces_become_the_lines_that_they_are(pieces: list[bytes], longest: int) -> None:
    splitter = Splitter(longest)
    found = [line for piece in pieces for line in splitter.feed(piece)]
    assert found + list(splitter.end()) == by_splitting(b"".join(pieces), longest)


class _Endless(io.RawIOBase):
    """A line of 64 MiB, and a short one."""

    left = 1024

    def read(self, size: int = -1) -> bytes:
        self.left -= 1
        return b"x" * size if self.left > 0 else b"\nshort\n" if self.left == 0 else b""


def test_a_line_that_is_too_long_is_never_held() -> None:
    tracemalloc.start()
    try:
        assert list(lines_of(_Endless())) == [None, b"short"]  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < 3 * LONGEST_BYTES
    finally:
        tracemalloc.stop()
    assert refusal(b"x" * (LONGEST_BYTES + 1))[0] == "too long"
