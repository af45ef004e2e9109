"""The alignment: what the system says, or what taps have shown of the same device, kept between sessions."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from synth.live.tingle.alignment import Latency, alignment_of, device_name, keep_latency, latencies
from synth.parameters.errors import InputError

MEASURED = Latency(0.21, 0.012, 11, "2026-11-30")


def live(name: str) -> SimpleNamespace:
    engine = SimpleNamespace(sample_rate=48000)
    return SimpleNamespace(
        device=SimpleNamespace(name=name), engine=engine, output_latency_s=0.02, event_latency_frames=480, key_latency_s=0.024
    )


def test_without_taps_what_the_system_says_counts() -> None:
    found = alignment_of(live("Speakers"), {"Headphones": MEASURED})
    assert (found.total_s, found.frames(48000), found.measured) == (pytest.approx(0.03), 1440, None)


def test_midi_through_the_device_itself_comes_sooner() -> None:
    assert alignment_of(live("Speakers"), is_midi=True).input_s == pytest.approx(0.004)


def test_what_taps_have_shown_of_this_device_counts_instead() -> None:
    found = alignment_of(live("Headphones"), {"Headphones": MEASURED})
    assert found.total_s == 0.21
    assert found.facts["total_s"] == 0.21
    assert json.loads(json.dumps(found.facts))["measured"]["taps"] == 11


def test_jacks_client_may_be_called_otherwise_tomorrow() -> None:
    assert device_name(live("JACK (synth-01)")) == device_name(live("JACK (synth)")) == "JACK"


def test_what_was_measured_is_kept_by_name(tmp_path: Path) -> None:
    assert latencies(tmp_path) == {}
    keep_latency(tmp_path, "Headphones", Latency(0.3, 0.02, 9, "2026-11-29"))
    keep_latency(tmp_path, "Épée", MEASURED)
    keep_latency(tmp_path, "Headphones", MEASURED)
    assert latencies(tmp_path) == {"Headphones": MEASURED, "Épée": MEASURED}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"x": 1}', '{"x": {"total_s": 5, "spread_s": 0, "taps": 9, "measured_on": ""}}', '{"x": {"total_s": "1"}}'],
)
def test_a_file_that_cannot_be_right_is_refused_and_not_guessed(tmp_path: Path, text: str) -> None:
    (tmp_path / "latency.json").write_text(text)
    with pytest.raises(InputError, match="calibrate again"):
        latencies(tmp_path)
