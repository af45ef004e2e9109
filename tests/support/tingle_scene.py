"""What test_tingle_live.py lets happen beside a JACK server: taps along clicks, then holds that answer sounds.

Prints one JSON object as its last line: python -m tests.support.tingle_scene
"""

from __future__ import annotations

import json
import time

import numpy as np

from synth.control.midi.mapping import Mapping, Source
from synth.engine.engine import Engine
from synth.engine.midi_map import MidiMap
from synth.live.live import Live
from synth.live.tingle.alignment import alignment_of, device_name
from synth.live.tingle.hold_track import HoldTrack
from synth.live.tingle.signal_words import with_hold
from synth.live.tingle.tap_along import tap_along, taps_in, wait
from tests.support.jack_presser import Presser

RATE = 48000
REACTION_S, SOUNDS = 0.15, 20


def scene() -> dict[str, object]:
    """Calibrate with a listener who taps when he hears; then let him answer sounds, later by his own reaction time."""
    engine = Engine(RATE, "sphere", seed=2)
    MidiMap(engine, with_hold(Mapping(is_complete=True), Source("pressure")), {}, {})
    layer = engine.add("tap", distance_m=0.2)  # compiled before it is live
    presser = Presser(threshold=0.02, reaction=0, rest=round(0.45 * RATE), held=RATE // 20)  # a knock rings for a while
    with Live(engine, "jack", midi="presser:") as live:
        live.device._client.connect_outputs("presser:")  # type: ignore[attr-defined]
        time.sleep(1.5)  # past the fade
        latency = tap_along(engine, wait)
        said = alignment_of(live, is_midi=True)
        aligned = alignment_of(live, {device_name(live): latency})
        presser.record["reaction"] = round(REACTION_S * RATE)
        rng = np.random.default_rng(4)
        sounds = engine.frame + RATE + np.cumsum(rng.integers(RATE // 2, RATE, SOUNDS))
        for frame in sounds.tolist():
            engine.release(engine.strike(layer, 1.0, at=frame), at=frame + 4800)
        end = int(sounds[-1]) + RATE
        while engine.frame < end:
            time.sleep(0.05)
        engine.attend()
        stretch = HoldTrack(engine, aligned.frames(RATE)).between(int(sounds[0]), int(sounds[-1]) + RATE // 4)
        stats = live.stats
    presser.close()
    begins = np.array(taps_in(engine, int(sounds[0])))
    begins = begins[begins > sounds[0]]
    answers = begins - aligned.frames(RATE) - round(REACTION_S * RATE)
    is_whole = len(answers) == len(sounds)
    return {
        "gaps": stats.gaps + stats.lost_frames,
        "late": stats.late_events,
        "answers": len(answers),
        "taps": latency.taps,
        "spread_ms": 1000 * latency.spread_s,
        "measured_ms": 1000 * latency.total_s,
        "said_ms": 1000 * said.total_s,
        "wrong_ms": float(np.abs(answers - sounds).max() / RATE * 1000) if is_whole else -1.0,
        "sampled_share": float((stretch.values > 0).mean()),
        "stretch_gaps": len(stretch.gaps),
    }


if __name__ == "__main__":
    print(json.dumps(scene()))  # noqa: T201
