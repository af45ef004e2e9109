"""`synth tingle calibrate`: clicks play, taps come by the space bar or a controller, the latency is kept.  options -> facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from synth.cli.progress import note
from synth.control.midi.mapping import Mapping
from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.engine.midi_map import MidiMap
from synth.io.files.tingle_folder import owned, tingle_folder
from synth.live.live import Live
from synth.live.tingle.alignment import alignment_of, device_name, keep_latency
from synth.live.tingle.signal_words import HOLD, signals_from, with_hold
from synth.live.tingle.tap_along import CLICKS, tap_along
from synth.live.volume import Volume
from synth.parameters.errors import InputError

_TAP_S = 0.05  # a press of the space bar, which says no end


def calibrated(
    device: str | int | None, midi: str, signal: str, sample_rate: float, is_quiet: bool, should_stop: Callable[[], bool]
) -> dict[str, Any]:
    """Measure a device's latency by taps, and keep it; return what was found, JSON-serialisable.

    Raises
    ------
    InputError
        If the device cannot be used, the taps say nothing, or it was stopped; then nothing is kept.
    """
    from synth.cli.terminal.keys import keys

    words = signals_from([signal])
    if not words or words[0].kind != HOLD or words[0].control is None:
        raise InputError(f"--signal {signal}: what taps is a controller: hold=pressure or hold=cc:NUMBER")
    folder, engine = owned(tingle_folder()), Engine(sample_rate)
    Volume(engine)
    MidiMap(engine, with_hold(Mapping(is_complete=True), words[0].control), {}, {})

    def tell(text: str) -> None:
        if not is_quiet:
            note(text)

    with Live(engine, device, midi=None if midi == "none" else midi, notify=tell) as live, keys() as keyboard:
        commands = EngineCommands(engine, None, live.frame_of_now)
        tell(f"{CLICKS} clicks come; tap with each, on the space bar or the controller, as with a metronome")

        def attend(seconds: float) -> bool:
            keyboard.wait(seconds)
            if "space" in keyboard.read():
                commands.tingle(1.0)
                commands.tingle(0.0, at=engine.frame + round((_TAP_S + 0.1) * sample_rate))
            return not should_stop()

        latency = tap_along(engine, attend, lambda number: tell(f"click {number} of {CLICKS}"))
        said = alignment_of(live, is_midi=True)
        keep_latency(folder, device_name(live), latency)
    return {"device": said.device, **asdict(latency), "said_by_the_system_s": round(said.output_s + said.input_s, 6)}
