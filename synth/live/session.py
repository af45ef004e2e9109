"""The session: what a performer does with an engine that plays.  keys, buttons, programs -> presets, scenes, panic -> Status.

One thread calls it, a dozen times a second; notes and frames never come this way. What other threads ask for waits for its turn.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from synth.control.midi.binding import BINDINGS
from synth.engine.commands import EngineCommands
from synth.engine.engine import Engine
from synth.engine.layer import Layer
from synth.engine.midi_map import MidiMap
from synth.engine.preset import Preset, Scene
from synth.io.files.append_file import free_path
from synth.live.live import Live
from synth.live.readouts import decibels, ears, last_midi, sources, streams
from synth.live.safety.exposure import Exposure
from synth.live.safety.guard import Guard
from synth.live.session_stream import SessionStream
from synth.live.status import Status
from synth.parameters.errors import InputError, unknown
from synth.preset.capture import as_it_sounds
from synth.preset.default_midi import mapping_of
from synth.preset.inputs import inputs_of
from synth.preset.library import dump, load_preset
from synth.preset.schema import MASTER_LEVEL
from synth.trigger import TRIGGERS

_MUTE_S = 0.1
_MESSAGES, _ASKED = 50, 50


class Session:
    """Plays presets on an engine that is live.

    Parameters
    ----------
    engine, live : see `Engine` and `Live`.
    presets : what `next` and `previous` go through: names or paths.
    exposure : what the listener's ears take in.
    guard_hours : turn the level down so that the week's allowance lasts this long; None: never.
    open_preset : from name to preset.
    drives : streams that follow from preset to preset.

    Attributes
    ----------
    requests : what whoever sends frames may ask beside.
    """

    def __init__(
        self,
        engine: Engine,
        live: Live,
        presets: Sequence[str],
        exposure: Exposure,
        guard_hours: float | None = None,
        open_preset: Callable[[str], Preset] = load_preset,
        session_streams: Sequence[SessionStream] = (),
    ) -> None:
        self.engine, self.live, self._exposure = engine, live, exposure
        self._presets, self._open_preset = list(presets), open_preset
        self._guard = Guard(engine, exposure, guard_hours, self.notify)
        self._session_streams = session_streams
        self._asked: deque[tuple[str, Any]] = deque(maxlen=_ASKED)
        self.requests = EngineCommands(engine, self._ask)
        self._layers: dict[str, Layer] = {}
        self._midi_map: MidiMap | None = None
        self._ports: Any = None
        self._scene, self._morph_s, self._morphed_s = "", 0.0, 0.0
        self._began_s = self._ticked_s = time.monotonic()
        self._is_muted = self.has_ended = False
        self._messages: deque[str] = deque(maxlen=_MESSAGES)
        self._actions: dict[str, Callable[[Any], object]] = {
            "panic": lambda _: self.panic(),
            "freeze": lambda _: self.engine.freeze(),
            "hold": lambda _: self.engine.hold(),
            "pause": lambda _: self.engine.pause(),
            "tap": lambda _: self.engine.tap(),
            "scene": self.go_to,
            "preset": self._call_preset,
            "next": lambda _: self._call_preset(1),
            "previous": lambda _: self._call_preset(-1),
            "save": lambda _: self.save(),
            "release_override": lambda _: self.engine.release_override(),
            "mute": lambda _: self.mute(),
            "level": self.turn,
            "quit": lambda _: self.end(),
        }

    def _ask(self, action: str, what: Any) -> None:
        """Do at the next turn what a door asks for; from there presets are called by name, not by a path into this machine."""
        if action == "preset" and what not in (known := [*self._presets, *TRIGGERS]):
            raise unknown("preset", str(what), known)
        self._asked.append((action, what))

    # ---- what a performer does

    def act(self, action: str, what: Any = None) -> None:
        """Do what a key, a button or a program says; what cannot be done is said, and nothing ends."""
        try:
            self._actions[action](what)
        except InputError as error:
            self.notify(str(error))

    def notify(self, text: str) -> None:
        """Show a line."""
        self._messages.append(text)

    @property
    def messages(self) -> list[str]:
        """What was shown of late, the newest last."""
        return list(self._messages)

    def play(self, preset: Preset) -> None:
        """Play a preset instead of the one before, whose notes end by themselves."""
        inputs = inputs_of(preset, self.engine.sample_rate)
        for session_stream in self._session_streams:
            session_stream.release()
        try:
            self._layers = self.engine.load(preset, tails=True, inputs=inputs)
        finally:
            self._aim()  # at what goes on playing, if this preset cannot be
        self.preset, self._scene, self._morph_s = preset, "", 0.0
        self._ports = self.live.ports
        mapping = mapping_of(preset)
        self._midi_map = MidiMap(self.engine, mapping, self._layers, self._ports)
        if self.live.recorder and self.live.recorder.take:
            self.live.recorder.take.preset(dump(preset))
        if mapping.is_automatic and self._ports:
            self.notify(f"{preset.name}: keys and knobs are mapped by themselves; synth learn-midi {preset.name} changes that")

    def _aim(self) -> None:
        """Let the streams drive what plays now."""
        for session_stream in self._session_streams:
            try:
                session_stream.aim(self.engine)
            except InputError as error:
                self.notify(str(error))

    def _call_preset(self, which: str | int) -> None:
        """Play a preset by name, or so many further in the list."""
        if isinstance(which, int):
            at = self._presets.index(self.preset.name) if self.preset.name in self._presets else -min(which, 0)
            which = self._presets[(at + which) % len(self._presets)]
        self.play(self._open_preset(which))

    def go_to(self, which: str | int) -> None:
        """Morph to a scene, by name or by number from 1."""
        scenes = {scene.name: scene for scene in self.preset.scenes}
        names = list(scenes)
        name = names[which - 1] if isinstance(which, int) and 0 < which <= len(names) else str(which)
        if name not in scenes:
            raise InputError(f"{self.preset.name} has no scene {name}; it has {', '.join(names) or 'none'}")
        self._morph(scenes[name])

    def _morph(self, scene: Scene) -> None:
        self.engine.morph(scene.values, scene.over_s or None)
        self._scene, self._morph_s, self._morphed_s = scene.name, scene.over_s, 0.0

    def panic(self) -> None:
        """Silence everything; the second time gestures go on."""
        if self.engine.state["is_paused"]:
            self.engine.pause(False)
        else:
            self.engine.panic()

    def mute(self) -> None:
        """Fade to silence, or back."""
        self._is_muted = not self._is_muted
        self.live.fade = 0.0 if self._is_muted else 1.0
        self.engine.set_master(ramp_s=_MUTE_S, fade=self.live.fade)

    def turn(self, step_db: float) -> None:
        """Turn the master's level up or down."""
        level_db = float(self.engine.state["master"][0]["target"]) + step_db
        self.engine.set_master(level_db=min(max(level_db, MASTER_LEVEL.low), MASTER_LEVEL.high))

    def save(self) -> Path:
        """Keep what sounds now as a preset in the folder at hand; return its file."""
        path = free_path(Path(f"{self.preset.name}-saved.toml"))
        kept = as_it_sounds(self.preset, self.engine, self._layers)
        try:
            path.write_text(dump(kept), encoding="utf-8")
        except OSError as error:
            raise InputError(f"'{path}' cannot be written: {error.strerror}") from None
        self.notify(f"saved as {path}")
        return path

    def end(self) -> None:
        """End the session."""
        self.has_ended = True

    # ---- a dozen times a second

    def tick(self) -> Status:
        """Do what the quantum asks for, listen to what reaches the ears, and say how things are."""
        if self._midi_map and self.live.ports is not self._ports:
            self._ports = self.live.ports
            self._midi_map.plug(self._ports)
        for index, number in self.engine.asked():
            if self._midi_map and index < BINDINGS:
                action = self._midi_map.action(index)
                self.act(action.do, action.name or number)
        while self._asked:
            self.act(*self._asked.popleft())
        for session_stream in self._session_streams:
            for text in session_stream.news():
                self.notify(text)
        return self._status(self._guard.listen())

    def _status(self, rows: Any) -> Status:
        engine, live, exposure = self.engine, self.live, self._exposure
        state, stats, counters = engine.state, live.stats, engine.counters
        now_s, before_s = time.monotonic(), self._ticked_s
        self._ticked_s = now_s
        if not (state["is_held"] or state["is_frozen"]):
            self._morphed_s += now_s - before_s
        left, right = ears(rows, exposure)
        way = min(self._morphed_s / self._morph_s, 1.0) if self._morph_s else 1.0
        assumed = " assumed" if exposure.is_assumed else ""
        return Status(
            preset=self.preset.title or self.preset.name,
            scene=self._scene,
            morph=way if way < 1 else None,
            is_held=bool(state["is_held"]),
            is_frozen=bool(state["is_frozen"]),
            is_paused=bool(state["is_paused"]),
            is_muted=self._is_muted,
            level_db=float(state["master"][0]["value"]),
            seconds=now_s - self._began_s,
            recording=live.recorder.name if live.recorder else "",
            recorded_s=live.recorder.frames / engine.sample_rate if live.recorder else 0.0,
            device=live.device.name if live.is_playing else f"{live.device.name} (lost)",
            sample_rate=engine.sample_rate,
            block_frames=stats.largest_block,
            latency_ms=1000 * live.key_latency_s if live.is_playing else 0.0,
            left=left,
            right=right,
            limiter_db=decibels(float(rows["gain"].min()) ** 2) if len(rows) else 0.0,
            guard_db=float(state["master"][3]["value"]),
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
            streams=streams(self._session_streams),
            tempo_hz=float(state["tempo_hz"]) or None,
            sources=sources(engine),
            scenes=tuple(scene.name for scene in self.preset.scenes),
            messages=tuple(self._messages),
        )
