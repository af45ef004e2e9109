"""`synth learn-midi`: the lesson on the screen.  MIDI ports and the keyboard -> lesson -> what it says, and the preset's file."""

from __future__ import annotations

import queue
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from synth.cli.midi_learn.detect import Listener
from synth.cli.midi_learn.dialogue import Dialogue, Target, lines
from synth.cli.midi_learn.hearing import Hearing
from synth.control.midi.mapping import Mapping
from synth.io.files.whole_file import write_whole
from synth.parameters.errors import InputError
from synth.preset.library import file_of, load_preset
from synth.preset.toml_edit import with_midi

_TICK_S = 0.05


@dataclass(frozen=True)
class Received:
    """Bytes from a port."""

    port: str
    data: bytes
    time_s: float


@dataclass(frozen=True)
class Typed:
    """A line from the keyboard; None: there will be no more."""

    line: str | None


@dataclass(frozen=True)
class Notified:
    """Something about a port that the player should know."""

    text: str


@dataclass(frozen=True)
class Tick:
    """Nothing, for a moment."""

    time_s: float


Event = Received | Typed | Notified | Tick


def target_file(name: str, output: Path | None) -> Path:
    """Return where the preset will be written.

    Raises
    ------
    InputError
        If that would overwrite another file, or cannot be.
    """
    own = file_of(name)
    path = output or (Path(name) if own == Path(name) else Path(f"{Path(name).stem}.toml"))
    if path.suffix.lower() != ".toml":
        raise InputError(f"-o {path}: a preset's name ends in .toml")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}")
    if path.exists() and not (own and path.samefile(own)):
        raise InputError(f"{path} is there already; say another with -o FILE, or go on from it: synth learn-midi {path}")
    return path


def converse(
    dialogue: Dialogue,
    events: Iterable[Event],
    notify: Callable[[str], None],
    hears_all: bool = False,
    learnt: Callable[[Mapping], None] = lambda _: None,
) -> None:
    """Lead a lesson until it ends or there are no more events; `learnt` is told all bindings whenever they have changed."""
    listener, pages, known = Listener(hears_all), _Pages(dialogue.targets), dialogue.mapping
    notify(dialogue.question)
    for event in events:
        said = _said(dialogue, listener, pages, event)
        if said is None:
            continue
        for line in said:
            notify(line)
        if dialogue.mapping != known:
            known = dialogue.mapping
            learnt(known)
        if dialogue.has_ended:
            return
        notify(dialogue.question)


class _Pages:
    """Shows what there is to choose from, a screen at a time: "?" the first one, again the next; "? WORD" only some."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets, self._word, self._at = targets, "", 0

    def show(self, word: str) -> list[str]:
        """Return the lines of the next screen."""
        if word != self._word:
            self._word, self._at = word, 0
        width, height = shutil.get_terminal_size()
        shown, self._at = lines(self._targets, word, width - 1, max(height - 4, 3), self._at)
        return [*shown, f"  (more: ? {word}".rstrip() + ")"] if self._at else shown


def _said(dialogue: Dialogue, listener: Listener, pages: _Pages, event: Event) -> list[str] | None:
    """Return what an event gives to say; None: nothing happened."""
    if isinstance(event, Notified):
        return [event.text]
    if isinstance(event, Typed):
        found = listener.settle()  # typed before the hands had been still for long
        return [*(dialogue.hear(found) if found else ()), *_typed(dialogue, pages, event.line)]
    if isinstance(event, Received):
        listener.take(event.port, event.data, event.time_s)
    found = listener.heard(event.time_s)
    return None if found is None else dialogue.hear(found) or None


def _typed(dialogue: Dialogue, pages: _Pages, line: str | None) -> list[str]:
    if line is None:
        return dialogue.answer("done")
    if line.strip().startswith("?"):
        return pages.show(line.strip().removeprefix("?").strip())
    return dialogue.answer(line)


def learn_midi(
    name: str,
    port: str,
    output: Path | None,
    hears_all: bool,
    device: str | int | None,
    should_stop: Callable[[], bool],
    notify: Callable[[str], None],
) -> None:
    """Lead a lesson with the ports and the keyboard of this machine, and write what was learnt.

    Parameters
    ----------
    name : a preset's or trigger's name, or a path to a `.toml`.
    port : part of the name of the ports that are listened to; "": all.
    output : the file; None: the preset's own, or for one of the package ./NAME.toml.
    hears_all : pedals, bank select and what devices send unasked are learnt as well.
    device : on which one hears what one turns; "none": nothing.
    should_stop : asked again and again; the lesson ends then, and what was learnt is kept.
    notify : prints a line.

    Raises
    ------
    InputError
        If there is no such preset, the file is there already, or MIDI is not installed.
    """
    from synth.io.midi.ports import Ports

    preset, path = load_preset(name), target_file(name, output)
    dialogue = Dialogue(preset)
    notify(f"Turn knobs both ways; play the lowest and the highest key of a range. It will be written to {path}.")
    waiting: queue.Queue[Event] = queue.Queue()
    names: dict[int, str] = {}
    hearing = None if device == "none" else Hearing(replace(preset, midi=dialogue.mapping), device, notify)

    def take(number: int, time_s: float, data: bytes) -> None:
        waiting.put(Received(names[number], data, time_s))
        if hearing:
            hearing.take(number, data)

    def came(number: int, port_name: str) -> None:
        names[number] = port_name
        if hearing:
            hearing.came(number, port_name)
        waiting.put(Notified(f"listening to {port_name}"))

    ports = Ports(
        take,
        time.monotonic,
        port,
        came=came,
        gone=lambda number: waiting.put(Notified(f"{names[number]} is gone")),
        problem=lambda text: waiting.put(Notified(text)),
    )
    with hearing or nullcontext(), ports:
        threading.Thread(target=_type, args=(waiting,), name="synth keyboard", daemon=True).start()
        learnt = hearing.play_by if hearing else lambda _: None
        converse(dialogue, _events(waiting, should_stop), notify, hears_all, learnt)
    if dialogue.is_discarded or not dialogue.learnt:
        notify("nothing was written")
        return
    for line in write(name, path, dialogue):
        notify(line)


def _type(waiting: queue.Queue[Event]) -> None:
    """Hand on the lines of the keyboard."""
    for line in sys.stdin:
        waiting.put(Typed(line))
    waiting.put(Typed(None))


def _events(waiting: queue.Queue[Event], should_stop: Callable[[], bool]) -> Iterator[Event]:
    while not should_stop():
        try:
            yield waiting.get(timeout=_TICK_S)
        except queue.Empty:
            yield Tick(time.monotonic())


def write(name: str, path: Path, dialogue: Dialogue) -> Iterator[str]:
    """Write a preset with what was learnt, whole or not at all; yield what there is to say about it."""
    preset = load_preset(name)
    text, is_kept = with_midi(name, preset, dialogue.mapping)
    if path.exists():
        before = path.with_name(f"{path.name}.before")
        before.write_bytes(path.read_bytes())
        yield f"what was in {path} is in {before}"
    write_whole(path, text.encode("utf-8"))
    if not is_kept:
        yield "its comments could not be kept"
    yield f"written: {path}; play it with: synth play {path}"
