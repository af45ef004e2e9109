"""The session: what a performer does with an engine that plays.  commands -> presets, scenes, panic; then Status.

One thread calls it, a dozen times a second; notes and frames never come this way. What other threads ask for waits for its turn.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth.control.commands import COMMANDS, Call
from synth.control.midi.mapping import Mapping
from synth.engine.arguments import seed_of
from synth.engine.commands import EngineCommands
from synth.engine.compiling import Compilation, ahead
from synth.engine.engine import Engine
from synth.engine.kernels.state import PANICKED
from synth.engine.layer import Input, Layer
from synth.engine.layer_switches import LayerSwitches
from synth.engine.midi_map import MidiMap, MidiMaps
from synth.engine.preset import Preset, Scene
from synth.live.argument_checks import CHECKS, scene_of
from synth.live.key_notes import struck_by_key
from synth.live.live import Live
from synth.live.measured import measured
from synth.live.recordings import Recordings
from synth.live.safety.exposure import Exposure
from synth.live.safety.guard import Guard
from synth.live.saving import saved
from synth.live.session_stream import SessionStream
from synth.live.silence import Silence
from synth.live.sleep_timer import SleepTimer
from synth.live.status import Status
from synth.parameters.errors import InputError, clean, unknown
from synth.preset.default_midi import mapping_of
from synth.preset.inputs import inputs_of
from synth.preset.library import dump, load_preset
from synth.trigger import TRIGGERS

_MESSAGES, _LATER = 50, 50
_SLOW = ("preset", "next", "previous", "perform")
_LONGEST_TITLE = 100
Inputs = Table[str, Input]


class Session:
    """Plays presets on an engine that is live.

    Parameters
    ----------
    engine : what is played: presets go into it, and MIDI buttons ask through it.
    live : where it plays: its ports are what MIDI sources are found by, its recorder keeps each preset, and mute must outlast a
        device that is lost.
    presets : what `next` and `previous` go through, and what whoever sends frames may call: names or paths.
    exposure : what the listener's ears take in, measured at every turn.
    guard_hours : turn the level down so that the week's allowance lasts this long; None: never.
    open_preset : from name to preset.
    session_streams : streams that follow from preset to preset.
    sleep : fades and ends the session; one that is asked for later fades and mutes it.
    mapping_of : what MIDI does while a preset plays.

    Attributes
    ----------
    requests : what whoever sends frames may ask beside.
    recordings : begun and ended by the command `record`.
    effects : what does each command of `synth.control.commands`, by name.
    preset : what plays.
    """

    preset: Preset

    def __init__(
        self,
        engine: Engine,
        live: Live,
        presets: Sequence[str],
        exposure: Exposure,
        guard_hours: float | None = None,
        open_preset: Callable[[str], Preset] = load_preset,
        session_streams: Sequence[SessionStream] = (),
        sleep: SleepTimer | None = None,
        mapping_of: Callable[[Preset], Mapping] = mapping_of,
    ) -> None:
        self.engine, self.live, self._exposure, self._mapping_of = engine, live, exposure, mapping_of
        self._presets, self._open_preset = list(presets), open_preset
        self._guard = Guard(engine, exposure, guard_hours, self.notify)
        self._session_streams, self._silence = session_streams, Silence(engine, live, sleep)
        self.recordings = Recordings(lambda: live.tape(), engine.sample_rate, self.notify)
        self._later: deque[tuple[str, Any]] = deque(maxlen=_LATER)
        self.requests = EngineCommands(engine, self._ask, live.frame_of_now)
        self._layers: dict[str, Layer] = {}
        self._midi_maps = MidiMaps()
        self._ports: Any = None
        self._scene, self._morph_s, self._morphed_s = "", 0.0, 0.0
        self._layer_switches = LayerSwitches(engine)
        self._began_s = self._attended_s = time.monotonic()
        self._meters: Any = ()
        self._coming: tuple[Preset, Compilation] | None = None
        self.has_ended = False
        self._messages: deque[str] = deque(maxlen=_MESSAGES)
        self.effects: dict[str, Callable[..., object]] = EngineCommands(engine, frame_of_now=live.frame_of_now).effects | {
            "panic": self.panic,
            "scene": self.go_to,
            "preset": self._call_preset,
            "next": lambda: self._call_preset(1),
            "previous": lambda: self._call_preset(-1),
            "save": self.save,
            "mute": self._silence.mute,
            "mute_layer": self._layer_switches.mute,
            "solo_layer": self._layer_switches.solo,
            "sleep": self._silence.sleep,
            "fade_out": self._silence.fade_out,
            "perform": self.perform,
            "record": lambda is_on: self.recordings.switch(is_on, self.preset.name),
            "quit": self.end,
        }

    def _ask(self, name: str, argument: Any) -> None:
        """Do at the next turn what an endpoint asks for; there presets are called by name, not by a path into this machine."""
        if name == "preset" and argument not in (known := [*self._presets, *TRIGGERS]):
            raise unknown("preset", str(argument), known)
        if check := CHECKS.get(name):
            check(argument, name)
        if name == "scene" and not any(asked in _SLOW for asked, _ in tuple(self._later)):
            scene_of(self.preset, argument)  # said to whoever asks
        self._later.append((name, argument))

    # ---- what a performer does

    def act(self, name: str, argument: Any = None) -> None:
        """Do a command, as a key, a button or a program asks; what cannot be done is said, and nothing ends."""
        try:
            Call(COMMANDS[name], argument).do(self.effects)
        except InputError as error:
            self.notify(str(error))

    def notify(self, text: str) -> None:
        """Show a line."""
        self._messages.append(clean(text))

    @property
    def messages(self) -> list[str]:
        """What was shown of late, the newest last."""
        return list(self._messages)

    def play(self, preset: Preset, instead: Inputs | None = None) -> None:
        """Play a preset instead of the one before, whose notes end by themselves; `instead`: what its layers hear, by name."""
        inputs = inputs_of(preset, self.engine.sample_rate) | dict(instead or {})
        for session_stream in self._session_streams:
            session_stream.release()
        try:
            self._layers = self.engine.load(preset, tails=True, inputs=inputs)
        finally:
            self._aim()  # at what goes on playing, if this preset cannot be
        self.preset, self._scene, self._morph_s = preset, "", 0.0
        self._wait_for(None)
        self._layer_switches.begin(self._layers)
        self._ports = self.live.ports
        mapping = self._mapping_of(preset)
        self._midi_maps.add(MidiMap(self.engine, mapping, self._layers, self._ports))
        if self.live.recorder and self.live.recorder.take:
            self.live.recorder.take.preset(dump(preset))
        if mapping.is_automatic and self._ports:
            self.notify(f"{preset.name}: keys and knobs are mapped by themselves; synth learn-midi {preset.name} changes that")

    def perform(self, seed: int) -> None:
        """Play the preset from its beginning, drawn by another seed, as later presets are; not into a take: `InputError`."""
        if self.live.recorder and self.live.recorder.take:
            raise InputError(f"perform = {seed}: a take is being written, and a take has one seed; end it first")
        self.engine.seed = seed_of(seed)
        self.play(self.preset)

    def _aim(self) -> None:
        """Let the streams drive what plays now."""
        for session_stream in self._session_streams:
            try:
                session_stream.aim(self.engine)
            except InputError as error:
                self.notify(str(error))

    def _call_preset(self, which: str | int) -> None:
        """Play a preset by name, or so many further in the list; one that has to be compiled begins when it is."""
        if isinstance(which, int):
            now = self._coming[0].name if self._coming else self.preset.name
            at = self._presets.index(now) if now in self._presets else -min(which, 0)
            which = self._presets[(at + which) % len(self._presets)]
        preset = self._open_preset(which)
        if compilation := ahead(layer.trigger for layer in preset.layers):
            self._wait_for((preset, compilation))
            self.notify(f"{preset.name}: compiling {', '.join(compilation.names)} for this machine, once; then it begins")
        else:
            self.play(preset)

    def _wait_for(self, coming: tuple[Preset, Compilation] | None) -> None:
        before, self._coming = self._coming, coming
        if before:
            before[1].stop()  # of presets in quick succession only one has the cores

    def _play_what_is_compiled(self) -> None:
        if self._coming and self._coming[1].is_over:
            preset, self._coming = self._coming[0], None
            try:
                self.play(preset)
            except InputError as error:
                self.notify(str(error))

    def go_to(self, which: str | int) -> None:
        """Morph to a scene, by name or by number from 1."""
        self._morph(scene_of(self.preset, which))

    def _morph(self, scene: Scene) -> None:
        self.engine.morph(scene.values, scene.over_s or None)
        self._scene, self._morph_s, self._morphed_s = scene.name, scene.over_s, 0.0

    def panic(self) -> None:
        """Silence everything; the second time gestures go on."""
        if self.engine.state["is_paused"] == PANICKED:
            self.engine.pause(False)
        else:
            self.engine.panic()

    def play_key(self, key: int, velocity: float) -> None:
        """Strike what a MIDI key strikes, for a moment; keys of the terminal say nothing when they are let go."""
        struck_by_key(self.engine, self._mapping_of(self.preset).notes, self._layers, key, velocity)

    def save(self) -> Path:
        """Keep what sounds now as a preset in the folder at hand; return its file."""
        path = saved(self.preset, self.engine, self._layers)
        self.notify(f"saved as {path}")
        return path

    def end(self) -> None:
        """End the session."""
        self.has_ended = True

    # ---- a dozen times a second

    def attend(self) -> None:
        """Do what the quantum and other threads ask for, and listen to what reaches the ears."""
        if self.live.ports is not self._ports:
            self._ports = self.live.ports
            self._midi_maps.plug(self._ports)
        self._later += ((action.do, action.name or None) for action in self._midi_maps.actions(self.engine))
        self._do_what_waits()
        for session_stream in self._session_streams:
            for text in session_stream.news():
                self.notify(text)
        self._play_what_is_compiled()
        self.recordings.attend()
        if self._silence.attend():
            self.end()
        self._follow_morph()
        self._meters = self._guard.listen()

    def _do_what_waits(self) -> None:
        """Do what was asked for up to now, one preset a turn: whoever asks for more holds up neither the dose nor the end."""
        for _ in range(len(self._later)):
            name, argument = self._later.popleft()
            self.act(name, argument)
            if name in _SLOW:
                break

    def _follow_morph(self) -> None:
        """Let time pass for the morph, unless it is held."""
        now_s, before_s = time.monotonic(), self._attended_s
        self._attended_s = now_s
        if not (self.engine.state["is_held"] or self.engine.state["is_frozen"]):
            self._morphed_s += now_s - before_s

    def status(self) -> Status:
        """Say how things are, as `attend` found them."""
        way = min(self._morphed_s / self._morph_s, 1.0) if self._morph_s else 1.0
        found = measured(self.engine, self.live, self._exposure, self._session_streams, self._meters)
        return replace(
            found,
            seed=self.engine.seed,
            recording=self.recordings.name or found.recording,
            recorded_s=self.recordings.frames / self.engine.sample_rate if self.recordings.name else found.recorded_s,
            recordings=tuple(self.recordings.made),
            preset=clean(self.preset.title or self.preset.name, _LONGEST_TITLE),
            scene=clean(self._scene, _LONGEST_TITLE),
            morph=way if way < 1 else None,
            is_muted=self._silence.is_muted,
            coming=self._coming[0].title or self._coming[0].name if self._coming else "",
            compiled=self._coming[1].done / len(self._coming[1].names) if self._coming else 0.0,
            muted=tuple(sorted(self._layer_switches.muted)),
            soloed=tuple(sorted(self._layer_switches.soloed)),
            sleep_s=self._silence.left_s,
            seconds=self._attended_s - self._began_s,
            scenes=tuple(clean(scene.name, _LONGEST_TITLE) for scene in self.preset.scenes),
            messages=tuple(self._messages),
        )
