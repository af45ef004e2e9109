"""What an engine and its device are doing at one moment.  engine, Live, exposure, streams, meter rows -> Status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from synth.engine.engine import Engine
from synth.engine.kernels.state import GUARD, TINGLE, VOLUME
from synth.live.live import Live
from synth.live.readouts import decibels, ears, last_midi, sources, streams
from synth.live.safety.exposure import Exposure
from synth.live.session_stream import SessionStream
from synth.live.status import Status


def measured(engine: Engine, live: Live, exposure: Exposure, session_streams: Iterable[SessionStream], rows: Any) -> Status:
    """Return how things are, as far as no session is needed to know it; `rows` are the METER_ROW records since the last time."""
    state, stats, counters = engine.state, live.stats, engine.counters
    left, right = ears(rows, exposure)
    assumed = " assumed" if exposure.is_assumed else ""
    return Status(
        preset="",
        is_held=bool(state["is_held"]),
        is_frozen=bool(state["is_frozen"]),
        is_paused=bool(state["is_paused"]),
        volume_db=float(state["master"][VOLUME]["target"]),
        tingle=float(state["master"][TINGLE]["target"]),
        recording=live.recorder.name if live.recorder else "",
        recorded_s=live.recorder.frames / engine.sample_rate if live.recorder else 0.0,
        device=live.device.name if live.is_playing else f"{live.device.name} (lost)",
        sample_rate=engine.sample_rate,
        block_frames=stats.largest_block,
        latency_ms=1000 * live.key_latency_s if live.is_playing else 0.0,
        output_ms=1000 * live.output_latency_s if live.is_playing else 0.0,
        left=left,
        right=right,
        limiter_db=decibels(float(rows["gain"].min()) ** 2) if len(rows) else 0.0,
        guard_db=float(state["master"][GUARD]["value"]),
        load_mean=stats.load_mean,
        load_p999=stats.load_p999,
        underruns=stats.underruns,
        gaps=stats.gaps,
        overruns=stats.overruns,
        late_events=stats.late_events,
        dropped_events=stats.dropped_events,
        voices=counters["sounding"],
        emitters=counters["emitting"],
        dose_share=exposure.share,
        time_left_s=exposure.time_left_s,
        calibration=f"{exposure.calibration_dba:g} dBA at full scale{assumed}",
        midi_ports=tuple(live.ports.values()),
        last_midi=last_midi(engine, live.ports),
        streams=streams(session_streams),
        tempo_hz=float(state["tempo_hz"]) or None,
        sources=sources(engine),
    )
