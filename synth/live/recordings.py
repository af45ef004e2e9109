"""Recordings that are begun and ended while a session plays, for a page to fetch.  tape -> .wav that grows -> .flac.

While it grows a recording survives whatever ends the process; when it ends it becomes a FLAC file, in a thread of its own.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from synth.io.files.append_file import free_path
from synth.io.files.exposure_log import state_folder
from synth.io.files.sound_writer import Writer
from synth.io.files.wav_recorder import Recording
from synth.live.recorder import read_whole
from synth.parameters.errors import InputError

LONGEST_S = 4 * 3600.0
"""Of one recording; chosen: a page that has gone must not fill the disk."""
LEAST_FREE_BYTES = 1 << 30
_FOLDER, _KEPT = "recordings", ".flac"
_BLOCK_FRAMES = 1 << 16
_CLOSE_S = 60.0  # for the last one to become a FLAC file; its .wav stays otherwise


class Recordings:
    """Records what is heard, when it is asked to; one thread asks, another may read `made`.

    Parameters
    ----------
    tape : gives what reads what is heard from now on; raises `InputError` if nothing can.
    sample_rate : whole hertz.
    notify : told in one line what happens.
    folder : where the files go; None: the state folder's `recordings`.

    Attributes
    ----------
    name : of the file that grows; "" if none does.
    made : files that are complete, by name, in their order.
    """

    def __init__(
        self,
        tape: Callable[[], Any],
        sample_rate: float,
        notify: Callable[[str], None],
        folder: Path | None = None,
    ) -> None:
        self._tape, self._rate, self._notify = tape, sample_rate, notify
        self._folder = folder or state_folder() / _FOLDER
        self._reader: Any = None
        self._recording: Recording | None = None
        self._threads: list[threading.Thread] = []
        self.made: dict[str, Path] = {}

    @property
    def name(self) -> str:
        """Of the file that grows; "" if none does."""
        return self._recording.path.name if self._recording else ""

    @property
    def frames(self) -> int:
        """In the file that grows."""
        return self._recording.frames if self._recording else 0

    def switch(self, is_on: bool | None, title: str) -> None:
        """Begin a recording or end it; None: the other of the two. Its file is called after `title` and the time.

        Raises
        ------
        InputError
            If nothing can be recorded, the disk is nearly full, or the file cannot be made.
        """
        if (self._recording is None) == (is_on is False):
            return
        if self._recording is not None:
            self.end()
        elif is_on is not False:
            self._begin(title)

    def _begin(self, title: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise InputError(f"'{self._folder}' cannot be written: {error.strerror}") from None
        if free < LEAST_FREE_BYTES:
            raise InputError(f"'{self._folder}': {free >> 20} MB of the disk are free; a recording begins with 1024 at least")
        reader = self._tape()
        path = free_path(self._folder / f"{title}-{time.strftime('%Y%m%d-%H%M%S')}.wav", _KEPT)
        self._recording = Recording(path, self._rate)
        self._reader = reader

    def attend(self) -> None:
        """Write what has come since the last time; a dozen times a second."""
        if self._recording is None:
            return
        block = read_whole(self._reader, self._notify, "the recording")
        try:
            if len(block):
                self._recording.write(block)
        except InputError as error:
            self._notify(f"the recording ends here: {error}")
            self.end(has_all=True)
            return
        if self._recording.frames > LONGEST_S * self._rate:
            self._notify(f"{self.name} ends: a recording has {LONGEST_S / 3600:.0f} hours at most")
            self.end(has_all=True)

    def end(self, has_all: bool = False) -> None:
        """End the recording, if there is one."""
        if not has_all:
            self.attend()
        recording, self._recording = self._recording, None
        if recording is None:
            return
        try:
            recording.close()
        except InputError as error:
            self._notify(str(error))
            return
        if not recording.frames:
            recording.path.unlink(missing_ok=True)
            return
        thread = threading.Thread(target=self._pack, args=(recording.path,), name="synth recording", daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()

    def close(self) -> None:
        """End what is being recorded, and wait until it lies there."""
        self.end()
        for thread in self._threads:
            thread.join(_CLOSE_S)

    def _pack(self, path: Path) -> None:
        """Turn a .wav into a .flac; where that fails the .wav is what can be fetched."""
        kept = path.with_suffix(_KEPT)
        try:
            _convert(path, kept, self._rate)
            path.unlink()
        except (InputError, OSError) as error:
            self._notify(f"{path.name} stays a wav: {error}")
            kept = path
        self.made[kept.name] = kept
        self._notify(f"recorded: {kept}")


def _convert(path: Path, kept: Path, sample_rate: float) -> None:
    import soundfile

    with soundfile.SoundFile(path) as file, Writer(kept, sample_rate, len(file)) as writer:
        for block in file.blocks(_BLOCK_FRAMES, dtype="float32", always_2d=True):
            writer.write(block)
