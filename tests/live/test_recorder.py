"""Recording: whatever becomes of the files, it is said in a line each, what was recorded is whole, and playing goes on."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from synth.io.audio.portaudio_callback import callback
from synth.live.live import Live
from synth.parameters.errors import InputError
from synth.preset.library import load_preset
from synth.take.reader import load_take, replay
from tests.io.files.test_sound_writer import full_disk
from tests.live.test_live import RATE, Card, scene
from tests.support.processes import killed_at_last

_CALLBACK = callback()


class PlayedCard(Card):
    """A sound device whose callback a test calls."""

    def __init__(self, record: np.ndarray) -> None:
        super().__init__(record)
        self._record, self._function, self._now_s = record, _CALLBACK, 100.0
        self.is_lost = False

    def play(self, blocks: int = 20) -> np.ndarray:
        heard = np.zeros((blocks, 480, 2), np.float32)
        for block in heard:
            times = np.array([0.0, self._now_s, 0.0])
            self._now_s += 480 / RATE
            out, at = (
                array.ctypes.data_as(ctypes.POINTER(kind)) for array, kind in ((block, ctypes.c_float), (times, ctypes.c_double))
            )
            self._function.ctypes(None, out, 480, at, 0, self._record.ctypes.data)
        return heard.reshape(-1, 2)


class Session:
    """A session whose device is ours, with its files and what it says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.audio, self.take = folder / "x.wav", folder / "x.take"
        self.said: list[str] = []
        self.cards: list[PlayedCard] = []
        monkeypatch.setattr("synth.live.live.open_device", self._opened)
        self.live = Live(scene(), record=self.audio, take=self.take, notify=self.said.append)

    def _opened(self, record: np.ndarray, *_: object, **__: object) -> PlayedCard:
        self.cards.append(PlayedCard(record))
        return self.cards[-1]

    def play(self, blocks: int = 20) -> np.ndarray:
        return self.cards[-1].play(blocks)

    def wait(self, has_come: Callable[[], object]) -> None:
        while not has_come():
            time.sleep(0.01)

    def says(self, words: str) -> Callable[[], bool]:
        return lambda: any(words in line for line in self.said)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    session = Session(tmp_path, monkeypatch)
    with session.live:
        yield session


def test_a_full_disk_ends_the_files_and_nothing_else(session: Session) -> None:
    heard = session.play()
    session.wait(lambda: session.live.recorder.frames and load_take(session.take).frames == len(heard))
    with full_disk(os.path.getsize(session.audio) + 1000):
        heard = np.concatenate([heard, session.play(60)])
        session.wait(session.says("the recording ends here"))
    latency = session.live.engine.latency_frames
    samples, _ = soundfile.read(session.audio, dtype="float32")
    assert len(samples) >= 20 * 480 - latency
    np.testing.assert_array_equal(samples, heard[latency:][: len(samples)])
    gc.collect()
    assert np.abs(session.play(400)).max() > 0.001  # the tape goes round: its memory is still there
    assert [line for line in session.said if "\n" in line] == []


def test_after_a_take_has_ended_presets_can_be_changed(session: Session) -> None:
    session.play()
    with full_disk(0):
        session.play()
        session.wait(session.says("the take ends here"))
    session.live.engine.load(load_preset("rain"))
    assert np.abs(session.play(100)[24000:]).max() > 0.001
    assert sum("the take" in line for line in session.said) == 1


def test_a_file_that_is_removed_is_missed(session: Session) -> None:
    session.play()
    session.wait(lambda: session.live.recorder.frames)
    session.audio.unlink()
    session.play()
    session.wait(session.says("has been removed while it was written"))
    heard = session.play()
    assert np.abs(heard).max() > 0.001
    session.wait(lambda: load_take(session.take).frames == 3 * len(heard))  # the other file goes on


def test_a_folder_that_becomes_read_only_and_no_descriptors_do_no_harm(session: Session) -> None:
    session.play()
    session.wait(lambda: session.live.recorder.frames)
    session.audio.parent.chmod(0o500)
    held = no_descriptors()
    try:
        heard = session.play()
        session.wait(lambda: session.live.recorder.frames >= 2 * len(heard) - session.live.engine.latency_frames)
    finally:
        for descriptor in held:
            os.close(descriptor)
        session.audio.parent.chmod(0o700)
    assert session.said == []


def no_descriptors() -> list[int]:
    """Take all that are left, of few; return them."""
    held = []
    try:
        while len(held) < 20000:
            held.append(os.dup(0))
    except OSError:
        return held
    return held


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(InputError) as error:
        yield
    assert "\n" not in str(error.value)


def test_no_files_can_be_made_without_descriptors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(tmp_path, monkeypatch)
    held = no_descriptors()
    try:
        with refused(), session.live:
            pass
    finally:
        for descriptor in held:
            os.close(descriptor)
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_returns_begins_with_silence_and_the_files_miss_nothing(session: Session) -> None:
    heard = [session.play(200)]
    session.cards[-1].is_lost = True
    session.wait(session.says("is back"))
    back = session.play(200)
    assert np.abs(heard[0][-480:]).max() > 0.001
    assert np.abs(back[:256]).max() < 1e-4
    smooth = np.abs(np.diff(heard[0], 2, axis=0)).max()
    assert np.abs(np.diff(np.concatenate([np.zeros((2, 2), np.float32), back[:2400]]), 2, axis=0)).max() < smooth
    assert np.abs(back[48000:]).max() > 0.001


def test_a_take_of_a_device_that_returned_replays_to_its_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(tmp_path, monkeypatch)
    with session.live:
        session.play(100)
        session.cards[-1].is_lost = True
        session.wait(session.says("is back"))
        session.play(100)
    samples, _ = soundfile.read(session.audio, dtype="float32")
    np.testing.assert_array_equal(np.concatenate(list(replay(load_take(session.take)))), samples)


_BEGINNING = """
import sys
from pathlib import Path
from synth.engine.engine import Engine
from synth.io.files.wav_recorder import Recording
from synth.take.writer import TakeWriter
engine = Engine(48000, "sphere")
engine.process  # compiled by others
print("ready", flush=True)
for turn in range(100000):
    recording = Recording(Path(sys.argv[1]) / f"{turn}.wav", 48000)
    take = TakeWriter(Path(sys.argv[1]) / f"{turn}.take", engine)
    recording.close()
    take.close()
"""


def test_a_kill_while_files_are_begun_leaves_whole_ones_or_none(tmp_path: Path) -> None:
    for patience_s in (0.005, 0.02, 0.03, 0.05):
        process = subprocess.Popen([sys.executable, "-c", _BEGINNING, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        with killed_at_last(process):
            assert process.stdout.readline()
            time.sleep(patience_s)
            process.send_signal(signal.SIGKILL)
        for path in tmp_path.iterdir():
            if path.suffix == ".wav":
                assert soundfile.info(path).frames == 0
            else:
                assert load_take(path).frames == 0
            path.unlink()
