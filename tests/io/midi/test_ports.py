"""MIDI ports under a JACK server of our own: what is sent arrives, sources come and go; and the rules of names and numbers."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from synth.io.midi import backend
from synth.io.midi import ports as midi
from synth.io.midi.backend import is_wanted, lasting_name, look_around
from synth.io.midi.library import binding
from synth.io.midi.port_numbers import new_key, note_gone, number_for
from synth.parameters.errors import InputError
from tests.support import jack_server
from tests.support.needs import live, needs_jackd

PATIENCE_S = 20.0


class Program:
    """A Python module run as a client of the server, talked to in lines."""

    def __init__(self, server: jack_server.Server, module: str, *arguments: str) -> None:
        self.process = server.start([sys.executable, "-m", module, *arguments])
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    def _collect(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)

    def line(self) -> str:
        return self._lines.get(timeout=PATIENCE_S)

    def ask(self, line: str) -> str:
        self.tell(line)
        return self.line()

    def tell(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self, how: str = "quit") -> None:
        """End it: "quit" closes its stdin, "kill" does not ask."""
        assert self.process.stdin
        assert self.process.stdout
        if how == "kill":
            self.process.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        self.process.stdout.close()


class Listener(Program):
    def __init__(self, server: jack_server.Server, wanted: str = "") -> None:
        super().__init__(server, "tests.support.midi_listener", wanted)

    def event(self) -> list[Any]:
        return list(json.loads(self.line()))

    def until(self, kind: str) -> list[Any]:
        """Return the next event of a kind, dropping those before it."""
        while (event := self.event())[0] != kind:
            assert event[0] != "problem", event
        return event

    def messages_until(self, *last: tuple[int, str]) -> list[list[Any]]:
        """Return [port, stamp_s, bytes, fetched_s] of what comes before the last message of each port."""
        found: list[list[Any]] = []
        awaited = set(last)
        while awaited:
            message = self.until("message")[1:]
            awaited.discard((message[0], message[2]))
            found.append(message)
        return [message for message in found if (message[0], message[2]) not in last]

    def rest(self) -> list[list[Any]]:
        """Return all that is still to be read, after the end."""
        self.end()
        return [json.loads(line) for line in self._lines.queue]


@pytest.fixture(scope="module")
def jack() -> Iterator[jack_server.Server]:
    with jack_server.running() as server:
        yield server


@pytest.fixture
def program(jack) -> Iterator[Callable[..., Any]]:
    """Start programs that are ended with the test."""
    started: list[Program] = []

    def start(kind: type[Program], *arguments: str) -> Program:
        started.append(kind(jack, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.end("kill")


def plug(program, client: str, port: str = "out") -> Program:
    source = program(Program, "tests.support.midi_source", client, port)
    assert source.line() == "open\n"
    return source


def bursts(jack, listener: Listener, sources: list[Program], count: int) -> list[list[Any]]:
    """Send random messages from several sources at once; all must come, in each one's order. Return the messages of the last run.

    In a cycle that a client misses JACK loses what it should have read, so a run counts that has none, of up to three.
    """
    for attempt in range(3):
        missed, last = jack.missed_cycles(), f"f30{attempt}"
        for port, source in enumerate(sources):
            source.tell(f"burst {count} {port}")
        sent = [[data for _, data in json.loads(source.line())] for source in sources]
        for source in sources:
            source.ask(f"send f3 0{attempt}")
        found = listener.messages_until(*((port, last) for port in range(len(sources))))
        got = [[data for port, _, data, _ in found if port == which] for which in range(len(sources))]
        if jack.missed_cycles() == missed:
            assert got == sent
            break
    return found


@live
@needs_jackd
def test_messages_arrive_exact_and_in_order(jack, program) -> None:
    source = plug(program, "pads")
    listener = program(Listener)
    assert listener.until("ready") == ["ready", {"0": "pads:out"}]
    got = bursts(jack, listener, [source], 2000)
    stamps_s = [stamp_s for _, stamp_s, _, _ in got]
    assert stamps_s == sorted(stamps_s)
    assert all(stamp_s <= fetched_s for _, stamp_s, _, fetched_s in got)
    assert listener.rest() == [["end"]]


@live
@needs_jackd
def test_system_exclusive_and_active_sensing_are_left_out_and_the_clock_comes(program) -> None:
    source = plug(program, "pads")
    listener = program(Listener)
    listener.until("ready")
    for message in ("f0 7e 00 09 01 f7", "fe", "f8", "fe", "90 3c 40"):
        source.ask(f"send {message}")
    assert [data for _, _, data, _ in listener.messages_until((0, "903c40"))] == ["f8"]


@live
@needs_jackd
@pytest.mark.parametrize("how", ["kill", "quit"])
def test_a_source_unplugged_mid_hold_is_gone_and_comes_back_as_the_same(jack, program, how) -> None:
    other, listener = plug(program, "other"), program(Listener)
    listener.until("ready")
    for _ in range(3):
        source = plug(program, "pads")
        assert listener.until("came") == ["came", 1, "pads:out"]
        source.ask("send 90 3c 40")
        assert listener.event()[:2] == ["message", 1]
        source.end(how)
        assert listener.event() == ["gone", 1]
        other.ask("send 90 01 01")
        assert listener.event()[:2] == ["message", 0]
    assert [client for client in jack.clients() if client.startswith("synth")] == ["synth", "synth midi watch", "synth-01"]
    assert listener.rest() == [["end"]]
    assert [client for client in jack.clients() if client.startswith("synth")] == []


@live
@needs_jackd
def test_two_sources_at_once_keep_their_own_order(jack, program) -> None:
    sources = [plug(program, "first"), plug(program, "second")]
    listener = program(Listener)
    assert listener.until("ready") == ["ready", {"0": "first:out", "1": "second:out"}]
    bursts(jack, listener, sources, 600)


@live
@needs_jackd
def test_a_second_source_of_the_same_name_is_another(program) -> None:
    first, second = plug(program, "pads"), plug(program, "pads")
    listener = program(Listener)
    assert listener.until("ready") == ["ready", {"0": "pads:out", "1": "pads-01:out"}]
    second.ask("send 90 02 02")
    assert listener.event()[:2] == ["message", 1]
    first.end()
    assert listener.event() == ["gone", 0]
    again = plug(program, "pads")
    assert listener.event() == ["came", 0, "pads:out"]
    again.ask("send 90 01 01")
    second.ask("send 90 02 02")
    assert sorted(listener.event()[1] for _ in range(2)) == [0, 1]


@live
@needs_jackd
def test_a_lost_connection_is_made_again(jack, program) -> None:
    source, listener = plug(program, "pads"), program(Listener)
    listener.until("ready")
    ours = next(port for port in jack.ports() if port.endswith(":pads out"))
    assert jack.run(["jack_disconnect", "pads:out", ours]).returncode == 0
    assert [listener.event(), listener.event()] == [["gone", 0], ["came", 0, "pads:out"]]
    source.ask("send 90 3c 40")
    assert listener.event()[:2] == ["message", 0]


@live
@needs_jackd
def test_only_what_is_wanted_is_opened(program) -> None:
    plug(program, "pads")
    keys = plug(program, "Keys")
    listener = program(Listener, "keys")
    assert listener.until("ready") == ["ready", {"0": "Keys:out"}]
    keys.end()
    assert listener.event() == ["gone", 0]
    assert listener.rest() == [["end"]]


@live
@needs_jackd
def test_the_server_may_die_and_come_back() -> None:
    with jack_server.running() as server:
        started = []
        try:
            started = [Program(server, "tests.support.midi_source", "pads", "out")]
            started[0].line()
            listener = Listener(server)
            started.append(listener)
            listener.until("ready")
            for _ in range(2):
                server.kill()
                assert listener.event() == ["gone", 0]
                started[-2].end("kill")
                server.start_up()
                started.insert(-1, Program(server, "tests.support.midi_source", "pads", "out"))
                started[-2].line()
                assert listener.event() == ["came", 0, "pads:out"]
                started[-2].ask("send 90 3c 40")
                assert listener.event()[:2] == ["message", 0]
            assert listener.rest() == [["end"]]
        finally:
            for each in started:
                each.end("kill")


@live
@needs_jackd
def test_ports_are_listed_without_being_opened(jack, program) -> None:
    plug(program, "pads")
    code = "import json; from synth.io.midi.ports import list_ports; print(json.dumps(list_ports()))"
    assert json.loads(jack.run([sys.executable, "-c", code]).stdout) == [{"name": "pads:out", "system": "JACK"}]


@live
@needs_jackd
def test_no_server_lists_nothing_and_says_nothing(jack) -> None:
    code = "from synth.io.midi.ports import list_ports; print(list_ports())"
    environment = {**jack.environment, "JACK_DEFAULT_SERVER": "nobody-has-this-name"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


class Fake:
    """A MIDI library of our own, in which anything may be plugged in and fail."""

    def __init__(self) -> None:
        self.systems, self.extension = {"CoreMIDI": 1}, ""
        self.listed: list[str] = []
        self.waiting: dict[str, list[tuple[list[int], float] | Exception]] = {}
        self.alive = 0

    def new_input(self, system: str) -> FakeInput:
        return FakeInput(self)


class FakeInput:
    def __init__(self, library: Fake) -> None:
        self.library, self.source = library, ""
        library.alive += 1

    def get_ports(self) -> list[str]:
        return list(self.library.listed)

    def open_port(self, index: int, name: str) -> None:
        self.source = self.library.listed[index]
        if self.source == "broken":
            raise OSError("in use")

    def get_message(self) -> tuple[list[int], float] | None:
        waiting = self.library.waiting.get(self.source)
        found = waiting.pop(0) if waiting else None
        if isinstance(found, Exception):
            raise found
        return found

    def close_port(self) -> None: ...

    def delete(self) -> None:
        self.library.alive -= 1


@pytest.fixture
def fake(monkeypatch) -> Fake:
    library = Fake()
    monkeypatch.setattr(midi, "binding", lambda: library)
    return library


def until(condition: Callable[[], object]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, "it never came"
        time.sleep(0.005)


def test_what_fails_is_said_once_and_the_rest_goes_on(fake) -> None:
    fake.listed = ["broken", "pads"]
    fake.waiting["pads"] = [([0x90, note, 1], 0.0) for note in range(4)] + [RuntimeError("cable"), RuntimeError("cable")]
    got: list[bytes] = []
    problems: list[str] = []

    def deliver(port: int, time_s: float, data: bytes) -> None:
        if data[1] < 2:
            raise ValueError(f"note {data[1]}")
        got.append(data)

    with midi.Ports(deliver, time.monotonic, problem=problems.append) as ports:
        until(lambda: not fake.waiting["pads"])
        fake.waiting["pads"].append(([0x90, 5, 1], 0.0))
        until(lambda: len(got) == 3)
        assert list(ports.names.values()) == ["pads"]
    assert got == [bytes([0x90, note, 1]) for note in (2, 3, 5)]
    assert problems == [
        "MIDI: broken cannot be opened: in use",
        "MIDI: taking in a message: note 0",
        "MIDI: reading pads: cable",
    ]
    assert fake.alive == 0


def test_what_waited_when_the_source_went_is_delivered_before_it_is_gone(fake) -> None:
    fake.listed = ["pads"]
    events: list[Any] = []
    with midi.Ports(lambda port, _, data: events.append(data), time.monotonic, came=lambda *_: None, gone=events.append) as ports:
        fake.listed = []
        fake.waiting["pads"] = [([0x80, 60, 0], 0.0)]
        until(lambda: len(events) == 2)
        assert ports.names == {}
    assert events == [bytes([0x80, 60, 0]), 0]


def test_a_ninth_source_is_refused_aloud_until_one_has_gone(fake) -> None:
    fake.listed = [f"pads {letter}" for letter in "abcdefghi"]
    problems: list[str] = []
    with midi.Ports(lambda *_: None, time.monotonic, problem=problems.append) as ports:
        assert sorted(ports.names) == list(range(8))
        assert problems == ["MIDI: pads i: not opened: 8 ports are open already"]
        fake.listed.remove("pads c")
        until(lambda: ports.names.get(2) == "pads i")


def test_nothing_of_the_wanted_name_is_said_with_what_there_is(fake) -> None:
    fake.listed = ["pads", "keys"]
    problems: list[str] = []
    with midi.Ports(lambda *_: None, time.monotonic, "faders", problem=problems.append) as ports:
        assert problems == ["MIDI: no port matches 'faders': waiting for one; there are: pads, keys"]
        fake.listed.append("Faders 8")
        until(lambda: ports.names == {0: "Faders 8"})


def test_a_machine_without_a_midi_library_is_told_how_to_get_one(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    monkeypatch.setitem(sys.modules, "supriya_midi", None)
    with pytest.raises(InputError, match="pip install"):
        binding()


@pytest.mark.parametrize(
    ("system", "listed", "lasting"),
    [
        ("ALSA", "nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTRL 28:0", "nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTRL"),
        ("WinMM", "nanoKONTROL2 1", "nanoKONTROL2"),
        ("JACK", "a2j:nanoKONTROL2 [24] (capture): nanoKONTROL2 MIDI 1", "a2j:nanoKONTROL2 (capture): nanoKONTROL2 MIDI 1"),
        ("JACK", "pads-01:out", "pads-01:out"),
        ("CoreMIDI", "nanoKONTROL2 SLIDER/KNOB", "nanoKONTROL2 SLIDER/KNOB"),
    ],
)
def test_names_last_without_the_numbers_of_the_system(system, listed, lasting) -> None:
    assert lasting_name(system, listed) == lasting


@pytest.mark.parametrize(
    ("name", "wanted", "opened"),
    [
        ("Launchpad X", "", True),
        ("Midi Through:Midi Through Port-0", "", False),
        ("Midi Through:Midi Through Port-0", "all", True),
        ("Launchpad X", "launch", True),
        ("Launchpad X", "nano", False),
        ("Launchpad X", ["nano", "PAD"], True),
        ("Launchpad X", [], False),
    ],
)
def test_which_sources_are_opened(name, wanted, opened) -> None:
    assert is_wanted(name, wanted) is opened


class Listed:
    def __init__(self, name: str, *sources: str) -> None:
        self.name, self._sources = name, sources

    def sources(self) -> list[str]:
        return list(self._sources)


@pytest.mark.parametrize(
    ("in_jack", "in_alsa", "found"),
    [
        (["a2j:pads [24] (capture): 1"], ["pads 24:0"], ["a2j:pads [24] (capture): 1"]),
        (["softsynth:out"], ["pads 24:0"], ["softsynth:out", "pads 24:0"]),
        ([], ["pads 24:0", "synth:pads 129:0"], ["pads 24:0"]),
    ],
)
def test_a_source_that_two_systems_show_is_opened_once(in_jack, in_alsa, found) -> None:
    systems: list[Any] = [Listed("JACK", *in_jack), Listed("ALSA", *in_alsa)]
    assert [source for _, source in look_around(systems)] == found


def test_numbers_are_kept_for_those_who_come_back_and_the_longest_gone_are_forgotten() -> None:
    numbers: dict[Any, int] = {}
    a, b, c, d = (new_key("ALSA", name, ()) for name in "abcd")
    assert [number_for(key, numbers, (), 3) for key in (a, b, c)] == [0, 1, 2]
    note_gone(b, numbers)
    note_gone(a, numbers)
    assert number_for(b, numbers, {c}, 3) == 1
    assert number_for(d, numbers, {b, c}, 3) == 0
    assert number_for(a, numbers, {b, c, d}, 3) is None


def test_two_of_one_name_have_two_keys() -> None:
    first = new_key("ALSA", "pads", ())
    assert new_key("ALSA", "pads", {first}) == ("ALSA", "pads", 2)
    assert new_key("ALSA", "pads", {("ALSA", "pads", 2)}) == first


def test_an_absent_system_lists_nothing(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(backend, "_ALSA", tmp_path / "seq")
    system = backend.System(binding(), "ALSA")
    assert system.sources() == []
    assert system.problem == ""
