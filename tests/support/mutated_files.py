"""Damaged files of every kind, each read in a process that may take 1 GB more and 20 s.

    python -m tests.support.mutated_files COUNT

good files -> bytes changed, cut out, doubled -> read in a fork -> what became of them, as JSON
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

import synth
from hrtf.analysis.sofa import read as read_sofa
from hrtf.errors import EarsError
from synth.io.files.chunk_file import Chunks, ChunkWriter
from synth.io.files.frame_file import read_stream_file, write_stream_file
from synth.io.files.midi_file import read_midi_file
from synth.io.files.sound_reader import read_sound
from synth.parameters.errors import InputError
from synth.preset.library import FOLDER, load_preset
from synth.take.reader import load_take, replay
from synth.take.writer import TakeWriter
from tests.support.sofa_files import at_distance, mutated, responses, rings, write

_MORE_BYTES, _LONGEST_S = 1 << 30, 20
_LONGEST_LINE = 1500
_SPACE = synth.space("rain")


def _take(path: Path) -> Path:
    engine = synth.Engine(48000, "sphere", 1)
    writer, layer = TakeWriter(path, engine), engine.add("tap", gesture={"kind": "taps"})
    stream = engine.stream("m", ["master.level_db", "tap.hardness"], delay_s=0)
    for frame in range(0, 640 * 6, 640):
        engine.strike(layer, 0.5, frame + 5)
        stream.push([-3.0, 0.5], at=frame + 9)
        engine.process(640)
        writer.flush(frame + 640)
    writer.close()
    return path


def _midi(path: Path) -> Path:
    import mido

    notes = [mido.Message("note_on", note=40 + n, velocity=n % 3 * 40, time=20) for n in range(40)]
    more = [mido.MetaMessage("set_tempo", tempo=400_000), mido.Message("sysex", data=[1, 2, 3], time=1)]
    mido.MidiFile(tracks=[mido.MidiTrack([*more, *notes]), mido.MidiTrack(notes)]).save(path)
    return path


def _sound(path: Path) -> Path:
    soundfile.write(path, np.sin(np.arange(8000).reshape(-1, 2)), 44100, "PCM_24")
    return path


def _frames(path: Path) -> Path:
    part = _SPACE.subset(["rain.level_db", "master.level_db"])
    return write_stream_file(path, np.arange(40) * 0.01, np.full((40, 2), -6, np.float32), part)


def _sofa(path: Path) -> Path:
    grid = rings(-45, 90, 45)
    return write(path, responses(grid, taps=32, onset=10), at_distance(grid))


def _preset(path: Path) -> Path:
    path.write_bytes((FOLDER / "demo.toml").read_bytes())
    return path


def _played(path: Path) -> None:
    for _ in replay(load_take(path)):
        pass


def _spoilt(whole: bytes, path: Path, seed: int) -> None:
    """Write a file's bytes spoilt; of every other take one chunk, with the right sum behind it."""
    rng = np.random.default_rng(seed)
    path.write_bytes(whole)
    if path.suffix == ".take" and seed % 2:
        chunks = list(Chunks(path))
        which = int(rng.integers(len(chunks)))
        chunks[which] = chunks[which][0], mutated(chunks[which][1] or b"0", rng)
        path.unlink()
        with ChunkWriter(path, chunks[0]) as writer:
            for chunk in chunks[1:]:
                writer.write(*chunk)
    else:
        path.write_bytes(mutated(whole, rng))


KINDS: dict[str, tuple[Callable[[Path], Path], Callable[[Path], Any]]] = {
    "sofa": (_sofa, read_sofa),
    "toml": (_preset, load_preset),
    "take": (_take, _played),
    "npz": (_frames, lambda path: read_stream_file(path, _SPACE)),
    "jsonl": (_frames, lambda path: read_stream_file(path, _SPACE)),
    "parquet": (_frames, lambda path: read_stream_file(path, _SPACE)),
    "mid": (_midi, read_midi_file),
    "wav": (_sound, lambda path: read_sound(path, 48000)),
}
"""Kind -> how a good file is made, and how one is read."""


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + _MORE_BYTES,) * 2)
    signal.alarm(_LONGEST_S)


def outcome(read: Callable[[Path], Any], path: Path) -> str:
    """Return "read", "refused", or what went wrong instead."""
    to_us, from_it = os.pipe()
    if child := os.fork():
        os.close(from_it)
        with os.fdopen(to_us, "rb") as pipe:
            said = pipe.read().decode()
        status = os.waitpid(child, 0)[1]
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}" if os.WIFSIGNALED(status) else said
    try:
        _limit()
        read(path)
        said = "read"
    except (InputError, EarsError) as error:
        said = "refused" if str(error).isprintable() and len(str(error)) < _LONGEST_LINE else f"a strange line: {str(error)!a}"
    except BaseException as error:  # whatever it is, it is what is looked for
        said = f"{type(error).__name__}: {str(error)[:200]!a}"
    os.write(from_it, said.encode()[:2000])
    os._exit(0)


def main(count: int) -> None:
    """Print what became of so many files of each kind."""
    warnings.simplefilter("error")
    found: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, (make, read) in KINDS.items():
            path = make(Path(folder) / f"good.{kind}")
            read(path)
            whole, damaged = path.read_bytes(), Path(folder) / f"damaged.{kind}"
            found[kind] = Counter()
            for seed in range(count):
                _spoilt(whole, damaged, seed)
                what = outcome(read, damaged)
                found[kind][what if what in ("read", "refused") else f"{what} (seed {seed})"] += 1
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
