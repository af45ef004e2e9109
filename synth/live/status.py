"""The status: what a live session is doing at one moment, as plain data.  session -> Status -> display; counters -> Stats."""

from __future__ import annotations

import math
from dataclasses import dataclass

SILENT_DB = -120.0


@dataclass(frozen=True)
class Source:
    """A layer as it sounds now: where it is and how loud."""

    name: str
    azimuth_deg: float
    elevation_deg: float
    distance_m: float
    level_db: float = SILENT_DB


@dataclass(frozen=True)
class Sender:
    """A stream of frames as it comes: its phase, its rate and jitter as measured, how old its newest frame is.

    `out_of_window` counts frames that were late, too far ahead, dropped or refused; one that was late and dropped counts twice.
    """

    name: str
    phase: str
    rate_hz: float = 0.0
    age_s: float = math.inf
    jitter_s: float = 0.0
    out_of_window: int = 0


@dataclass(frozen=True)
class Ear:
    """What one ear gets: the highest sample since the last status, in dB of full scale, and the A-weighted level if known."""

    peak_db: float = SILENT_DB
    level_dba: float | None = None


@dataclass(frozen=True)
class Status:
    """Everything a performer may want to know; what does not apply is None or empty.

    `scene` is the one that sounds or, while `morph` goes from 0 to 1, the one that it goes to. `limiter_db` and `guard_db` (the
    automatic level of safe listening) are at most 0. `load_*` are shares of a block's time. Counters count from the start.
    `latency_ms` is what a key takes until it is heard, as far as it is known; `output_ms` the part of it after a frame's number.
    `tingle` is how strongly it tingles, as the listener says.
    `coming` is the preset that begins when its kernels are compiled, the share of them that is.
    `is_paused`: gestures do not play, only hands do. `time_left_s` is how long the allowance lasts at the present level. The
    newest of `messages` is the last; old ones may be dropped.
    """

    preset: str
    scene: str = ""
    morph: float | None = None
    is_held: bool = False
    is_frozen: bool = False
    is_paused: bool = False
    is_muted: bool = False
    volume_db: float = 0.0
    tingle: float = 0.0
    coming: str = ""
    sleep_s: float | None = None
    compiled: float = 0.0
    muted: tuple[str, ...] = ()
    soloed: tuple[str, ...] = ()
    seconds: float = 0.0
    recording: str = ""
    recorded_s: float = 0.0
    recordings: tuple[str, ...] = ()
    seed: int = 0
    device: str = ""
    sample_rate: float = 48000.0
    block_frames: int = 0
    latency_ms: float = 0.0
    output_ms: float = 0.0
    left: Ear = Ear()
    right: Ear = Ear()
    limiter_db: float = 0.0
    guard_db: float = 0.0
    load_mean: float = 0.0
    load_p999: float = 0.0
    underruns: int = 0
    gaps: int = 0
    overruns: int = 0
    late_events: int = 0
    dropped_events: int = 0
    voices: int = 0
    emitters: int = 0
    dose_share: float | None = None
    time_left_s: float | None = None
    calibration: str = ""
    midi_ports: tuple[str, ...] = ()
    last_midi: str = ""
    streams: tuple[Sender, ...] = ()
    tempo_hz: float | None = None
    sources: tuple[Source, ...] = ()
    scenes: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stats:
    """What was counted since the start.

    Attributes
    ----------
    callbacks, frames : of the audio thread.
    smallest_block, largest_block : frames that the host asked for at once.
    underruns : said by the host. gaps : jumps of its clock. lost_frames : that it went through without asking.
    overruns : callbacks that took longer than their block lasts.
    late_events : that came after their frame and took effect at once. dropped_events : for which there was no room.
    load_mean, load_p999 : share of a block's time that its callback took, on average and for all but one of a thousand.
    """

    callbacks: int
    frames: int
    smallest_block: int
    largest_block: int
    underruns: int
    gaps: int
    lost_frames: int
    overruns: int
    late_events: int
    dropped_events: int
    load_mean: float
    load_p999: float
