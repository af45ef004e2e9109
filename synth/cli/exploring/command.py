"""`synth explore` with somebody who listens: consent, device, keys, a page, trial after trial, verdict.

options, explorer -> Report
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from synth.cli.explore_options import ExploreOptions
from synth.cli.exploring.asking import USUAL, Asking, Timing
from synth.cli.exploring.beginning import asks_for_duels
from synth.cli.exploring.line import Line
from synth.cli.exploring.live_listener import LiveListener
from synth.cli.exploring.outcome import facts_of, lines_of
from synth.cli.exploring.session_clock import SessionClock
from synth.cli.exploring.sham import TRIGGER as SHAM_TRIGGER
from synth.cli.exploring.stage import Stage
from synth.cli.exploring.view import View, line_of
from synth.cli.exploring.wishes import Wishes
from synth.cli.options import device_of
from synth.cli.play import channels_of
from synth.cli.progress import loaded_ears, note
from synth.cli.serving import serving_of, tell, trial_page
from synth.cli.terminal.keys import Keys, keys
from synth.cli.tingle import require_consent
from synth.control.midi.mapping import Mapping, Source
from synth.engine.compiling import ready
from synth.engine.engine import Engine
from synth.engine.kernels.state import VOLUME
from synth.explore.explorer import Explorer
from synth.explore.session import LONGEST_MIN, Answer, Report, rest_advice, run_session, trials_of
from synth.explore.trial import Trial
from synth.explore.verdict import PAIRS
from synth.io.files.tingle_folder import owned, tingle_folder
from synth.live.live import Live
from synth.live.safety.exposure import Exposure
from synth.live.session import Session
from synth.live.tingle.alignment import alignment_of, latencies
from synth.live.tingle.hold_track import HoldTrack
from synth.live.tingle.shared_hold import SharedHold
from synth.live.tingle.signal_words import HOLD, signals_from, with_hold
from synth.live.volume import Volume
from synth.parameters.errors import InputError

_EARS, _RATE_HZ = "ku100", 48000.0
"""As simulated listeners hear it."""


def folder_of(options: ExploreOptions) -> Path:
    """Ask for consent, the first time, and return the folder in which this listener's answers lie.

    Raises
    ------
    InputError
        If there is no consent, nobody could answer, or there is no such place for a page.
    """
    control_of(options)
    has_keys = sys.stdin is not None and sys.stdin.isatty()
    can_compare = has_keys or serving_of(options) is not None
    if not (can_compare or options.midi):
        raise InputError("nobody can answer: run it in a terminal, with --page, with a controller by --midi PORT, or --listener")
    if options.has_duels and not can_compare:
        raise _cannot_compare()
    kept = require_consent(options.has_consent, options.as_json)
    folder = options.output or owned(kept) / f"{Path(options.name).stem}.explore"
    if asks_for_duels(options, folder) and not can_compare:
        raise _cannot_compare()
    return folder


def _cannot_compare() -> InputError:
    return InputError("a controller says the hold alone: for duels and knobs run it in a terminal, or with --page")


def control_of(options: ExploreOptions) -> Source | None:
    """Return the controller that says the hold; None: no MIDI port is listened to.

    Raises
    ------
    InputError
        If the signal is none, or no controller's.
    """
    (word,) = signals_from([options.signal])
    if word.kind != HOLD or word.control is None:
        raise InputError(f"--signal {options.signal}: the hold comes from a controller: hold=pressure or hold=cc:NUMBER")
    return None if options.midi is None else word.control


def listen(
    explorer: Explorer,
    options: ExploreOptions,
    folder: Path,
    minutes: float,
    should_stop: Callable[[], bool],
    timing: Timing = USUAL,
) -> tuple[Report, list[str]]:
    """Hold a session with whoever wears the headphones; return how it went, and what was said meanwhile.

    Parameters
    ----------
    folder : where it is kept. minutes : of exploring, as for `run_session`. timing : of a trial; tests take shorter ones.

    Raises
    ------
    InputError
        If the device cannot be used; said before the first sound.
    """
    count = trials_of(minutes, options.has_pairs)
    control, preset, serving = control_of(options), explorer.preset, serving_of(options)
    engine, exposure = Engine(_RATE_HZ, loaded_ears(_EARS)), Exposure()
    measured = latencies(tingle_folder())
    ready([*(layer.trigger for layer in preset.layers), SHAM_TRIGGER])
    live = Live(
        engine,
        device_of(options.device),
        inputs=channels_of(preset),
        midi=options.midi,
        notify=lambda text: session.notify(text),
    )
    session = Session(engine, live, [], exposure, mapping_of=lambda _: with_hold(Mapping(is_complete=True), control))
    track = HoldTrack(engine, lambda: alignment_of(live, measured, is_midi=control is not None).frames(engine.sample_rate))
    hold = SharedHold(session.requests.effects["tingle"])
    stage, wishes = Stage(session, live, track), Wishes(session.act, hold.hand())
    line, volume, clock = Line(options.is_quiet or options.as_json), Volume(engine), SessionClock(LONGEST_MIN * 60)
    page = trial_page(serving, session, hold, wishes.wish)
    total = explorer.pairs_left or count + 2 * PAIRS * options.has_pairs
    heard, is_advised = 0, False

    def after(trial: Trial, answer: Answer) -> None:
        nonlocal heard, is_advised
        heard += 1
        if not is_advised and (advice := rest_advice(explorer.history)):
            is_advised = True
            session.notify(advice)

    try:
        with live, keys() as keyboard, page or nullcontext():
            keyboard.report_releases(True)
            if page:
                tell(page.url, options.as_json)

            def attend(seconds: float) -> bool:
                keyboard.wait(seconds)
                goes_on = _attend(keyboard, wishes, session, volume) and not should_stop()
                if clock.is_over(is_running=not listener.is_waiting):
                    session.notify("half an hour is over: rest, and go on another time")
                    wishes.is_over = True
                shown = _view()
                line.show(line_of(shown, _keys(wishes, keyboard)), session.messages)
                if page:
                    page.show(shown.as_dict(), session.messages)
                return goes_on

            def _view() -> View:
                state = "plays" if live.is_playing else "lost"
                if live.is_playing and wishes.is_paused:
                    state = "paused" if listener.is_waiting else "pausing"
                volume_db = float(engine.state["master"][VOLUME]["target"])
                title = preset.title or preset.name
                return View(title, heard + 1, total, stage.amount, volume_db, state, asking.question)

            asking = Asking(stage, wishes, attend, session.notify, timing)
            listener = LiveListener(asking)
            found = run_session(
                explorer, listener, minutes, has_pairs=options.has_pairs, after=after, should_stop=lambda: wishes.is_over
            )
            keyboard.report_releases(False)
            volume.close()
            line.end()
            if page:
                page.end(list(lines_of(facts_of(explorer, found, folder))))
        return found, session.messages
    finally:
        if page:
            page.close()
        exposure.close()


def _attend(keyboard: Keys, wishes: Wishes, session: Session, volume: Volume) -> bool:
    """Bring keys in and do what the session does at every turn; whether it goes on."""
    for name in keyboard.read():
        wishes.press(name)
    wishes.take_in()
    session.attend()
    volume.attend()
    return not session.has_ended


def _keys(wishes: Wishes, keyboard: Keys) -> bool | None:
    """Return whether the keys can be held; None without a keyboard."""
    return None if type(keyboard) is Keys else wishes.hold.has_releases


def tell_beginning(explorer: Explorer, minutes: float, folder: Path, has_pairs: bool) -> None:
    """Say what comes, before the first sound."""
    about = f"about {minutes:.0f} minutes{' and blind pairs of 11 more' * has_pairs}; "
    note(f"{'' if explorer.pairs_left else about}every answer is kept at once in {folder}")
    if not explorer.history.told:
        note("say how strongly it tingles while you hear it; nothing is wrong with nothing. q ends it, the next call goes on")
