"""What the face computes: the same curves, dose and files as the instrument's own, and ways there that lead back."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from synth.live.safety.dose import allowance, dose_pa2h
from synth.parameters.curves import positions_of, values_at
from synth.trigger import TRIGGERS
from tests.page.face.asks import computed
from tests.page.face.catalogue import catalogue

PARAMETERS = [each for trigger in TRIGGERS.values() for each in trigger.parameters if not each.choices]


def test_curves_are_those_of_the_instrument(page) -> None:
    ranges = [{"low": each.low, "high": each.high, "curve": each.curve} for each in PARAMETERS]
    ways = [0, 0.13, 0.5, 0.77, 1]
    body = "return a[0].map(p => a[1].map(w => [m.valueAt(p, w), m.positionOf(p, m.valueAt(p, w))]))"
    found = np.array(computed(page, "logic/curves.js", body, [ranges, ways]))
    low, high = (np.array([getattr(each, name) for each in PARAMETERS])[:, None] for name in ("low", "high"))
    is_exponential = np.array([each.curve == "exp" for each in PARAMETERS])[:, None]
    values = values_at(np.array([ways]), low, high, is_exponential)
    np.testing.assert_allclose(found[..., 0], values, rtol=1e-12)
    np.testing.assert_allclose(found[..., 1], positions_of(values, low, high, is_exponential), atol=1e-12)


@pytest.mark.parametrize("level_dba", [60, 80, 92])
def test_the_dose_is_the_instruments(page, level_dba: float) -> None:
    share = computed(page, "logic/dose.js", "return m.shareOf(a, 3 * 3600)", level_dba)
    assert share == pytest.approx(dose_pa2h(level_dba, 3) / allowance("adult").pa2h)


def test_the_week_forgets_what_is_older(page) -> None:
    body = """
        const day = 86400000;
        let diary = {};
        for (let n = 0; n < 20; n++) diary = m.noted(diary, 0.1, n * day);
        return [m.weekOf(diary), m.weekOf(m.noted(diary, 0, 60 * day))];
    """
    full, later = computed(page, "logic/dose.js", body)
    assert full == pytest.approx(7 * 0.1)
    assert later == 0


def test_a_recording_is_a_file_that_others_read(page) -> None:
    body = """
        const left = Float32Array.from({ length: 1000 }, (_, n) => Math.sin(n / 7));
        const right = left.map((sample) => -1.5 * sample);
        const bytes = new Uint8Array(await m.wav({ left, right, sample_rate: 44100 }).arrayBuffer());
        return [...bytes];
    """
    content = bytes(computed(page, "logic/wav.js", f"return (async () => {{{body}}})()"))
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float64")
    left = np.sin(np.arange(1000) / 7)
    assert rate == 44100
    np.testing.assert_allclose(samples, np.stack([left, np.clip(-1.5 * left, -1, 1)], axis=1), atol=2**-22)


def test_a_link_leads_back_to_what_it_was_made_of(page) -> None:
    shared = {"name": "rain_on_tent", "seed": 4711, "values": {"dripping seam.level_db": -12.5, "canvas.gesture.swell_hz": 0.02}}
    packed, again = computed(
        page, "logic/link.js", "return m.packed(a).then(async text => [text, await m.unpacked(text)])", shared
    )
    assert again == shared
    assert set(packed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("text", ["", "nonsense", "q1bKL0pVsgIA", "AAAA"])
def test_a_bad_link_says_so(page, text: str) -> None:
    said = computed(page, "logic/link.js", "return m.unpacked(a).then(() => '', error => error.message)", text)
    assert said.startswith("This link")


@pytest.mark.parametrize("view", ["above", "behind"])
def test_a_place_that_is_drawn_is_found_again(page, view: str) -> None:
    rng = np.random.default_rng(1)
    high = 40 if view == "above" else 85
    places = [
        {"azimuth_deg": a, "elevation_deg": e, "distance_m": d}
        for a, e, d in zip(rng.uniform(-179, 179, 50), rng.uniform(-high, high, 50), rng.uniform(0.06, 3.9, 50), strict=True)
    ]
    body = "return a[0].map(p => { const q = m.projected(p, a[1]); return m.projected(m.placeAt(p, q.x, q.y, a[1]), a[1]); })"
    found = computed(page, "logic/place.js", body, [places, view])
    drawn = computed(page, "logic/place.js", "return a[0].map(p => m.projected(p, a[1]))", [places, view])
    for there, back in zip(drawn, found, strict=True):
        assert (back["x"], back["y"]) == (pytest.approx(there["x"], abs=1e-9), pytest.approx(there["y"], abs=1e-9))


def test_left_is_drawn_on_the_left_and_front_is_up(page) -> None:
    def point(azimuth_deg: float, view: str) -> dict[str, float]:
        place = {"azimuth_deg": azimuth_deg, "elevation_deg": 0, "distance_m": 1}
        return computed(page, "logic/place.js", "return m.projected(a[0], a[1])", [place, view])

    for view in ("above", "behind"):
        assert point(90, view)["x"] < -0.3
        assert point(-90, view)["x"] > 0.3
    assert point(0, "above")["y"] < -0.3
    assert point(180, "above")["y"] > 0.3


def test_every_trigger_has_a_mark_and_most_have_their_own(page) -> None:
    names = computed(page, "logic/picture.js", "return Object.values(a).map(m.markOf)", catalogue()["triggers"])
    assert len(set(names)) > len(names) / 2


def test_pictures_are_always_the_same_and_differ(page) -> None:
    body = "return a.presets.map(p => [m.picture(p, a.triggers), m.picture(structuredClone(p), a.triggers)])"
    pairs = computed(page, "logic/picture.js", body, catalogue())
    assert all(first == again for first, again in pairs)
    assert len({first for first, _ in pairs}) == len(pairs)
    assert not any("NaN" in first or "undefined" in first for first, _ in pairs)
