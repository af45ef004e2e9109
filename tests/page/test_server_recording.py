"""A served page records what the machine plays and fetches the file, and no other; it fades out, and begins anew by a seed."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import soundfile

from synth.engine.arena import seed_of
from synth.engine.kernels.state import FADE
from tests.support.page_rig import Page, PageRig

_LAYER = "left nails"


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageRig]:
    with PageRig(tmp_path_factory.mktemp("face")) as rig:
        yield rig


@pytest.fixture
def page(rig: PageRig) -> Iterator[Page]:
    rig.begin()
    with rig.page() as page:
        page.wait("state")
        yield page


@pytest.fixture
def recorded(rig: PageRig, page: Page) -> str:
    """Return the name of a recording in which something is struck."""
    page.say(record=True)
    page.wait("state", lambda state: state.get("recording"))
    page.say(strike=_LAYER, velocity=1.0)
    for _ in range(10):
        page.frame()
    page.say(record=False)
    names: list[str] = page.wait("state", lambda state: state.get("recordings"))["recordings"]
    return names[-1]


def fetched(rig: PageRig, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(rig.server.url + path, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_what_was_played_comes_as_a_flac_file(rig: PageRig, recorded: str) -> None:
    status, content = fetched(rig, f"recordings/{recorded}")
    assert (status, content[:4]) == (200, b"fLaC")
    samples, rate = soundfile.read(io.BytesIO(content))
    assert (rate, samples.shape[1]) == (48000, 2)
    assert np.abs(samples).max() > 1e-2
    made = rig.session.recordings.made[recorded]
    assert [path.suffix for path in made.parent.iterdir() if path.stem == made.stem] == [".flac"]


@pytest.mark.parametrize("name", ["old.flac", "../secret", "..%2fsecret", "%2e%2e/secret", "..%5csecret", "", ".", "%00"])
def test_only_files_of_this_session_are_given(rig: PageRig, recorded: str, name: str) -> None:
    recordings = rig.session.recordings.made[recorded].parent
    (recordings / "old.flac").write_bytes(b"another session's")
    (recordings.parent / "secret").write_bytes(b"nobody's")
    status, content = fetched(rig, f"recordings/{name}")
    assert status == 404
    assert b"nobody" not in content
    assert b"another session" not in content


def test_without_the_token_there_is_no_recording(rig: PageRig, recorded: str) -> None:
    url = rig.server.url.rsplit("/", 2)[0] + f"/{'x' * 22}/recordings/{recorded}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, timeout=10)
    with refused.value:
        assert refused.value.code == 403


def test_a_second_begin_is_none_and_a_second_end_neither(rig: PageRig, page: Page, recorded: str) -> None:
    count = len(rig.session.recordings.made)
    page.say(record=False)
    for on in (True, True):
        page.say(record=on)
    page.wait("state", lambda state: state.get("recording"))
    page.say(record=False)
    page.wait("state", lambda state: len(state.get("recordings", [])) == count + 1)


def test_another_performance_is_drawn_by_its_seed(rig: PageRig, page: Page) -> None:
    def seeds() -> list[int]:
        return [int(rig.engine.state["layers"]["seed"][layer.index]) for layer in rig.engine.layers]

    page.say(perform=7)
    page.wait("state", lambda state: state.get("seed") == 7)
    assert seeds() == [seed_of(7, layer.name, "strike") for layer in rig.engine.layers]
    page.say(perform="seven")
    assert page.wait("refused")["kind"]
    page.say(perform=1 << 63)
    assert page.wait("refused")["kind"]


def test_it_fades_out_as_long_as_it_was_asked_to(rig: PageRig, page: Page) -> None:
    page.say(fade_out=4)
    page.wait("state", lambda state: state.get("is_muted") is True)
    values: list[Any] = []
    for _ in range(30):
        page.frame()
        values.append(float(rig.engine.state["master"]["value"][FADE]))
    assert 0 < values[-1] < 1
    assert values == sorted(values, reverse=True)
    page.say(mute=True)
    page.wait("state", lambda state: state.get("is_muted") is False)
