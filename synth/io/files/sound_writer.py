"""Sound files.  blocks -> NAME.part in the same folder -> renamed when complete.

wav: 32-bit float; w64: the same beyond 4 GiB; flac: 24 bit; ogg: Vorbis; mp3: MPEG layer III
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from synth.parameters.errors import InputError, unknown

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FORMATS: dict[str, tuple[str, str]] = {
    ".wav": ("WAV", "FLOAT"),
    ".w64": ("W64", "FLOAT"),
    ".flac": ("FLAC", "PCM_24"),
    ".ogg": ("OGG", "VORBIS"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
}
"""Suffix -> libsndfile's format and sample type."""
_NO_TEXTS = (".w64",)
_LARGEST_WAV_BYTES = (1 << 32) - (1 << 16)
_FRAME_BYTES = 8
_CHANNELS = 2
_SET_ADD_PEAK_CHUNK = 0x1050
_LONGEST_NAME_BYTES = 255
_FAILURES = (
    OSError,
    AssertionError,
    RuntimeError,
    ValueError,
)  # soundfile asserts that everything was written; its own errors are RuntimeErrors, and ValueErrors for what is no text


class Stopped(Exception):  # noqa: N818
    """Ctrl-C or its like while writing; the message is one line and says what was kept, and where."""


def path_for(path: str | Path, frames: int) -> Path:
    """Return where a file of so many frames goes: as asked, or as `.w64` if it would be too large for a `.wav`.

    Raises
    ------
    InputError
        If the name is none or the suffix not known, or the folder is not there or cannot be written to.
    """
    path = Path(path)
    if "\0" in str(path) or not _is_text(str(path)):
        raise InputError(f"{str(path)!a}: a file's name must be UTF-8 text")
    if len(path.name.encode()) > _LONGEST_NAME_BYTES:
        raise InputError(f"{path}: the file's name is longer than {_LONGEST_NAME_BYTES} bytes")
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise unknown("output format", suffix, FORMATS, str(path))
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the file a name")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder '{path.parent}'")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{path}: cannot write into the folder '{path.parent}'")
    if suffix == ".wav" and frames * _FRAME_BYTES > _LARGEST_WAV_BYTES:
        return path.with_suffix(".w64")
    return path


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shortened(name: str, ending: str) -> str:
    """Return a name with an ending, as much of it as fits into a file's name."""
    return name.encode()[: _LONGEST_NAME_BYTES - len(ending.encode())].decode(errors="ignore") + ending


def try_out(path: Path, sample_rate: float) -> None:
    """See that a format can hold a sample rate, and that a folder takes a file: write a frame into one without a name.

    Raises
    ------
    InputError
        If not.
    """
    import soundfile

    kind, subtype = FORMATS[path.suffix.lower()]
    if sample_rate != round(sample_rate):
        raise InputError(f"{path}: sample_rate = {sample_rate:g}; a file needs whole hertz")
    try:
        with tempfile.TemporaryFile(dir=path.parent) as file:
            file.write(bytes(1 << 15))
            file.flush()
            file.seek(0)
            file.truncate()
            try:
                with soundfile.SoundFile(
                    file.fileno(), "w", round(sample_rate), _CHANNELS, subtype, format=kind, closefd=False
                ) as sound:
                    sound.write([[0.0] * _CHANNELS])
            except _FAILURES as error:
                why = getattr(error, "error_string", "") or type(error).__name__
                raise InputError(f"{path}: cannot be written: {kind} cannot hold {sample_rate:g} Hz ({why})") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None


class Writer:
    """A sound file under way: a context manager that leaves the complete file, or none.

    The file is begun by the first block. After a KeyboardInterrupt what was written is kept as NAME.partial.SUFFIX, and `Stopped`
    says so.

    Parameters
    ----------
    path : where to; see `path_for`. Whether it can be written is tried out when this is made, not when the first block comes.
    sample_rate : hertz.
    frames : how many there will be.
    title, comment : kept in the file where the format can.
    """

    def __init__(self, path: str | Path, sample_rate: float, frames: int, title: str = "", comment: str = "") -> None:
        self.path = path_for(path, frames)
        try_out(self.path, sample_rate)
        self.written = 0
        self._part = self.path.with_name(_shortened(self.path.name, f".part{os.getpid()}"))
        self._rate = sample_rate
        texts = {"title": title, "software": "synth", "comment": comment}
        self._texts = {name: text.encode(errors="replace").decode() for name, text in texts.items()}
        self._file: Any = None

    def __enter__(self) -> Writer:
        return self

    def _open(self) -> None:
        import soundfile

        kind, subtype = FORMATS[self.path.suffix.lower()]
        try:
            self._part.touch()
            self._file = soundfile.SoundFile(self._part, "w", round(self._rate), _CHANNELS, subtype, format=kind)
            if self.path.suffix.lower() in (".wav", ".w64"):  # its PEAK chunk holds the time of day: same seed, other bytes
                soundfile._snd.sf_command(self._file._file, _SET_ADD_PEAK_CHUNK, soundfile._ffi.NULL, 0)
            if self.path.suffix.lower() not in _NO_TEXTS:
                for name, text in ((name, text) for name, text in self._texts.items() if text):
                    setattr(self._file, name, text)
        except _FAILURES as error:
            raise self._failure(error) from None

    def write(self, samples: npt.NDArray[np.float32]) -> None:
        """Append (frames, 2) float32.

        Raises
        ------
        InputError
            If the disk is full, or anything else keeps the file from growing.
        """
        if self._file is None:
            self._open()
        try:
            self._file.write(samples)
        except _FAILURES as error:
            raise self._failure(error) from None
        self.written += len(samples)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if kind is None:
            self._close()
            self._part.replace(self.path)
        elif issubclass(kind, KeyboardInterrupt):
            raise Stopped(self._keep()) from None
        else:
            self._discard()

    def _close(self) -> None:
        """Complete the file, bring it to the disk and see that its end can be read."""
        import soundfile

        try:
            self._file.close()
            with self._part.open("rb+") as part:
                os.fsync(part.fileno())
            with soundfile.SoundFile(self._part) as file:
                file.seek(max(0, file.frames - 1))
                complete = len(file.read(1)) == 1 and file.frames >= self.written
        except _FAILURES as error:
            raise self._failure(error) from None
        if not complete:
            raise self._failure(None)

    def _keep(self) -> str:
        """Finish what was begun under another name; returns what to say."""
        if not self.written:
            self._discard()
            return f"stopped; nothing was rendered yet, so there is no '{self.path}'"
        self._close()
        kept = self.path.with_name(_shortened(self.path.stem, f".partial{self.path.suffix}"))
        self._part.replace(kept)
        return f"stopped; the first {self.written / self._rate:.1f} s are kept in '{kept}'"

    def _discard(self) -> None:
        with suppress(*_FAILURES):
            if self._file is not None:
                self._file.close()
        self._part.unlink(missing_ok=True)

    def _failure(self, error: BaseException | None) -> InputError:
        """Throw the file away and return the error, with the system's reason if it has one."""
        reason = getattr(error, "strerror", None) or self._refusal() or str(error or "") or "its end cannot be read back"
        self._discard()
        return InputError(f"{self.path}: cannot be written: {reason}")

    def _refusal(self) -> str:
        """Return why the system lets the file grow no further, or nothing if it does."""
        try:
            with self._part.open("ab") as file:
                file.write(bytes(1 << 20))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            return error.strerror or ""
        return ""
