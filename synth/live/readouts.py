"""Readouts: what an engine and its audio thread are doing, for people.  state, counters, exposure -> parts of a Status."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from synth.control.midi import messages
from synth.control.midi.key_names import key_name
from synth.engine.engine import Engine
from synth.engine.kernels.state import IDLE
from synth.io.audio.audio_block import LOADS
from synth.live.safety.exposure import Exposure
from synth.live.session_stream import SessionStream
from synth.live.status import SILENT_DB, Ear, Sender, Source, Stats

_CELLS_A_BLOCK = 200  # of the histogram of loads: half a per cent each
_KINDS = {
    messages.NOTE_ON: "key {key} {percent}",
    messages.NOTE_OFF: "key {key} up",
    messages.POLY_PRESSURE: "key {key} pressure {percent}",
    messages.CONTROL: "CC {number} {percent}",
    messages.CONTROL_14: "CC {number} {percent} (14 bit)",
    messages.NRPN: "NRPN {number} {percent}",
    messages.RPN: "RPN {number} {percent}",
    messages.PROGRAM: "program {number}",
    messages.CHANNEL_PRESSURE: "pressure {percent}",
    messages.BEND: "bend {value:+.2f} semitones",
    messages.PANIC: "panic",
}


def stats_of(live: Any, counters: Mapping[str, int]) -> Stats:
    """Return the counters of a LIVE record and of the engine that it plays."""
    loads = live["loads"].astype(float)
    shares = (np.arange(LOADS) + 0.5) / _CELLS_A_BLOCK
    total = max(loads.sum(), 1.0)
    return Stats(
        callbacks=int(live["callbacks"]),
        frames=int(live["frames"]),
        smallest_block=int(live["smallest"]),
        largest_block=int(live["largest"]),
        underruns=int(live["underflows"]),
        gaps=int(live["clock"]["gaps"]),
        lost_frames=int(live["lost_frames"]),
        overruns=int(live["overruns"]),
        late_events=counters["late"],
        dropped_events=counters["dropped_events"],
        load_mean=float((loads * shares).sum() / total),
        load_p999=float(shares[min(int(np.searchsorted(np.cumsum(loads), 0.999 * total)), LOADS - 1)]),
    )


def decibels(power: float) -> float:
    """Return ten times the logarithm of a power, silence for none."""
    return max(10 * math.log10(power), SILENT_DB) if power > 0 else SILENT_DB


def sources(engine: Engine) -> tuple[Source, ...]:
    """Return each layer as it sounds now: its place, and the level of its voices."""
    state = engine.state
    voices = state["voices"]
    sounding = voices["life"] != IDLE
    found = []
    for layer in engine.layers:
        record = state["layers"][layer.index]
        x, y, z = (float(record[axis]) for axis in ("x_m", "y_m", "z_m"))
        distance_m = math.hypot(x, y, z)
        power = float(voices["level"][sounding & (voices["layer"] == layer.index)].sum())
        elevation_deg = math.degrees(math.asin(max(-1.0, min(1.0, z / distance_m)))) if distance_m else 0.0
        found.append(Source(layer.name, math.degrees(math.atan2(y, x)), elevation_deg, distance_m, decibels(power)))
    return tuple(found)


def ears(rows: Any, exposure: Exposure) -> tuple[Ear, Ear]:
    """Return what each ear got in some METER_ROW records."""
    peaks = rows["peak"].max(axis=0) if len(rows) else np.zeros(2)
    levels = exposure.level_dba
    left, right = (
        Ear(decibels(float(peak) ** 2), level if math.isfinite(level) else None)
        for peak, level in zip(peaks, levels, strict=True)
    )
    return left, right


def last_midi(engine: Engine, ports: Any) -> str:
    """Return the last MIDI message in words, or nothing before the first."""
    state = engine.state
    if not state["messages"]:
        return ""
    message = state["last_message"]
    form = _KINDS.get(int(message["kind"]), "message {number}")
    number, value = int(message["number"]), float(message["value"])
    key = key_name(number) if 0 <= number < 128 else str(number)
    text = form.format(key=key, number=number, value=value, percent=f"{value:.0%}")
    port = ports.get(int(state["last_port"]), "")
    return f"{text}, channel {int(message['channel']) + 1}" + (f", {port}" if port else "")


def streams(session_streams: Iterable[SessionStream]) -> tuple[Sender, ...]:
    """Return how each stream's frames come; one that drives nothing now, between two presets, is left out."""
    found = []
    for session_stream in session_streams:
        stats = session_stream.stats
        if "phase" in stats:
            lost = stats["late"] + stats["early"] + stats["dropped"] + stats["rejected"]
            found.append(Sender(session_stream.name, stats["phase"], stats["rate_hz"], stats["age_s"], stats["jitter_s"], lost))
    return tuple(found)
