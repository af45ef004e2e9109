"""Playing: from the words of `synth play` to sound, until the end.  options -> engine, Live, Session, keys, display.

What the first preset plays is compiled before the first sound; what others play, while it sounds (`synth warm` does it all).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synth.cli.listening import listening_of, with_folder
from synth.cli.options import PlayOptions, device_of, latency_of
from synth.cli.progress import loaded_ears, note
from synth.cli.serving import STREAM as PAGE_STREAM
from synth.cli.serving import Serving, callable_presets, page_server, serving_of, tell
from synth.cli.terminal.panel import clock_text
from synth.engine.compiling import ready
from synth.engine.engine import Engine
from synth.engine.engine_state import SAMPLE_RATE
from synth.engine.kernels.state import INPUTS as MAX_INPUTS
from synth.engine.preset import Preset
from synth.io.files.append_file import free_path
from synth.io.files.wav_recorder import SUFFIXES
from synth.live.endpoints import STDIN, contract_from, facts, ways_in
from synth.live.live import Live
from synth.live.safety.exposure import Exposure
from synth.live.session import Session
from synth.live.session_stream import SessionStream
from synth.live.sleep_timer import SleepTimer
from synth.live.volume import Volume
from synth.parameters.errors import InputError, unknown
from synth.parameters.parameter import Parameter
from synth.preset.assignments import with_values
from synth.preset.library import load_preset, preset_names
from synth.preset.texts import with_text
from synth.trigger import TRIGGERS

if TYPE_CHECKING:
    from synth.page.server import PageServer

_TICK_S = 1 / 12
_NUMBERS = (
    Parameter("seconds", 0.001, 1e6, 1, "s"),
    SAMPLE_RATE,
    Parameter("sleep_s", 1, 1e6, 1, "s"),
    Parameter("inputs", 0, MAX_INPUTS, 0),
    Parameter("block_frames", 0, 8192, 0),
    Parameter("guard_hours", 0.1, 1000, 8),
)
_TAKE = ".take"


def play(options: PlayOptions, should_stop: Callable[[], bool], serving: Serving | None = None) -> dict[str, Any]:
    """Play until the time is over, `quit`, or a signal; returns what was heard and counted, JSON-serialisable.

    Parameters
    ----------
    serving : where a page is served; None: as the options say.

    Raises
    ------
    InputError
        If something cannot be used; said before the first sound.
    """
    _check(options)
    listening = listening_of(options)
    serving = serving or serving_of(options)
    ways = ways_in(options.streams, options.osc, options.contract, has_page=serving is not None)
    page_stream = SessionStream(PAGE_STREAM, **contract_from(options.contract))
    presets = callable_presets(serving, options.preset)
    if serving and any(way.session_stream.name == PAGE_STREAM for way in ways):
        raise InputError(f"--stream shm:{PAGE_STREAM}: the page's own stream is called so; give the shared memory another name")
    preset = with_text(load_preset(options.preset), options.text, options.text_file)
    preset = with_values(preset, options.sets)
    exposure = Exposure(options.calibration_dba, "sensitive" if options.is_sensitive else "adult")
    page: PageServer | None = None
    try:
        record, take = _files(options)
        engine = Engine(options.sample_rate, loaded_ears(options.ears), options.seed)
        volume = Volume(engine, options.volume_db)
        ready(layer.trigger for layer in preset.layers)
        listening = with_folder(listening, options, preset)
        take = listening.take_beside(take)
        live = Live(
            engine,
            device_of(options.device),
            options.block_frames,
            latency_of(options.latency),
            inputs=channels_of(preset) if options.inputs is None else options.inputs,
            midi=None if options.midi == "none" else options.midi,
            is_now=options.is_now,
            record=record,
            take=take,
            notify=lambda text: session.notify(text),
        )
        sleep = None if options.sleep_s is None else SleepTimer(options.sleep_s)
        session_streams = [*(way.session_stream for way in ways), *([page_stream] if serving else [])]
        session = Session(
            engine,
            live,
            presets,
            exposure,
            options.guard_hours,
            session_streams=session_streams,
            sleep=sleep,
            mapping_of=listening.mapping_of,
        )
        page = page_server(serving, session, page_stream, presets)
        if serving and serving.is_silent:
            session.act("mute")
        if should_stop():  # from here on a signal waits: there are files to keep and a sound to fade
            raise KeyboardInterrupt
        endpoints = [way.open(session.requests, session.notify) for way in ways]
        with live, ExitStack() as stack:
            session.play(preset)
            stack.callback(session.recordings.close)
            opened = [stack.enter_context(endpoint) for endpoint in endpoints]
            if page:
                stack.enter_context(page)
                tell(page.url, options.as_json)
            stack.callback(volume.close)
            attending = [volume.attend]
            if recorder := listening.recorder(live, preset, take, session.notify):
                attending.append(stack.enter_context(recorder).attend)
            _tell_ready(options)
            _run(session, attending, page, options, should_stop)
            output_s = live.output_latency_s if live.is_playing else None
            streams = {
                session_stream.name: facts(session_stream, endpoint)
                for session_stream, endpoint in zip(session_streams, [*opened, *([page] if page else [])], strict=True)
            }
        if not (options.is_quiet or options.as_json):
            note(_summary(session, live, engine.sample_rate))
            if listening.path:
                note(f"what you said of it is kept as {listening.path.name}; synth tingle list shows it, erase removes it")
        tingle = {"tingle": listening.path.name} if listening.path else {}
        return {
            **vars(live.stats),
            "output_latency_s": output_s,
            **tingle,
            "exposure": exposure.log_rows(),
            "streams": streams,
            "messages": session.messages,
        }
    finally:
        if page:
            page.close()
        exposure.close()
        listening.tidy()


def _check(options: PlayOptions) -> None:
    """Refuse numbers that cannot be."""
    for parameter in _NUMBERS:
        value = getattr(options, parameter.name)
        if value is not None:
            parameter.number(value)
    if options.ready_fd is not None:
        try:
            os.fstat(options.ready_fd)
        except (OSError, OverflowError):
            raise InputError(f"--ready-fd {options.ready_fd}: no file is open under this number") from None
    suffix = options.record.suffix.lower() if options.record else SUFFIXES[0]
    if suffix not in SUFFIXES:
        raise unknown("recording format", suffix, SUFFIXES, str(options.record))


def _files(options: PlayOptions) -> tuple[Path | None, Path | None]:
    """Return where the recording and the take go: beside each other, under names that are free."""
    record, take = options.record, options.take
    if record:
        free = free_path(record, _TAKE)
        if free != record:
            note(f"'{record}' is there already; recording to '{free}'")
        return free, take or free.with_suffix(_TAKE)
    if take and take.exists():
        raise InputError(f"take '{take}' is there already; give it another name")
    return None, take


def channels_of(preset: Preset) -> int:
    """Return how many channels of live input a preset hears."""
    return max((int(layer.sound["channel"]) for layer in preset.layers if "channel" in layer.sound), default=0)


def _summary(session: Session, live: Live, sample_rate: float) -> str:
    """Return how it was, in a line."""
    stats, status = live.stats, session.status()
    faults = {"late": stats.late_events, "underruns": stats.underruns, "gaps": stats.gaps, "overruns": stats.overruns}
    words = [f"played {clock_text(stats.frames / sample_rate)}", f"volume {status.volume_db:+.0f} dB"]
    words += [f"dose of the week {100 * status.dose_share:.0f} %"] if status.dose_share is not None else []
    words += [f"recorded {clock_text(status.recorded_s)} in {status.recording}"] if status.recording else []
    words += [f"{word} {count}" for word, count in faults.items() if count] or ["no dropout"]
    return ", ".join(words)


def _tell_ready(options: PlayOptions) -> None:
    """Say that sound has begun and frames are taken in: to whoever started this, and waits for it."""
    if options.ready_fd is not None:
        with suppress(OSError):  # nobody waits any more
            os.write(options.ready_fd, b"ready\n")
            os.close(options.ready_fd)
    if not options.as_json and sys.stdout is not None and not sys.stdout.isatty():
        with suppress(OSError):
            sys.stdout.write("ready\n")
            sys.stdout.flush()


def _run(
    session: Session,
    attending: Sequence[Callable[[], None]],
    page: PageServer | None,
    options: PlayOptions,
    should_stop: Callable[[], bool],
) -> None:
    """Follow the keys and show how things are."""
    from rich.console import Console

    from synth.cli.terminal.display import Display
    from synth.cli.terminal.keys import keys
    from synth.cli.terminal.modes import Modes

    modes = Modes(session, [*preset_names(), *TRIGGERS])
    end_s = time.monotonic() + options.seconds if options.seconds is not None else float("inf")
    with (
        keys(STDIN in options.streams) as keyboard,
        Display(Console(stderr=True, quiet=options.is_quiet or options.as_json), modes=modes) as display,
    ):
        modes.report_releases = keyboard.report_releases
        due_s = 0.0
        while not (session.has_ended or should_stop()) and time.monotonic() < end_s:
            for name in keyboard.read():
                modes.press(name)
            if time.monotonic() >= due_s:
                due_s = time.monotonic() + _TICK_S
                session.attend()
                for attend in attending:
                    attend()
                display.show(status := session.status())
                if page:
                    page.show(status)
            keyboard.wait(min(due_s, end_s) - time.monotonic())
