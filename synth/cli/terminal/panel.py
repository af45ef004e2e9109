"""The facts beside the head, as rows: levels, limiter, load, counters, dose, device, MIDI, what sounds where.  status -> rows."""

from __future__ import annotations

import math

from rich.style import Style

from synth.cli.terminal.cells import ALARM, CALM, DIM, FAINT, HOT, ON, PLAIN, TEXT, WARM, Row, bar, clamped, cut, fit, flow
from synth.cli.terminal.head import elevation_mark, letter, loudness_share, styles
from synth.cli.terminal.peak_hold import COUNTERS, Peak, PeakHold
from synth.live.status import SILENT_DB, Ear, Sender, Source, Status

_LABEL, _VALUE = 8, 18
_LOWEST_DB, _DEEPEST_DB = -60.0, 12.0
_LOUD_DB, _CEILING_DB = -6.0, -2.0
_TALL = 18


def panel_rows(status: Status, held: PeakHold, width: int, height: int) -> list[Row]:
    """Return the panel as `height` rows of `width` cells; the last are left out if there is no room, gaps come in if there is."""
    heading: list[Row] = [[*_label("level"), ("dB: highest of late; dBA: in the ear".rjust(max(width - _LABEL, 0)), FAINT)]]
    groups = [
        [*heading * (height >= _TALL), *_ears(status, held, width), _limiter(status, held, width)],
        [_load(status, width), *_counters(status, held, width)],
        _dose(status, width),
        _world(status, width),
    ]
    groups = [group for group in groups if group]
    legend_height = min(len(status.sources), max(height - sum(map(len, groups)), 0))
    groups += [_legend(status, width, legend_height)] if legend_height else []
    spare = height - sum(map(len, groups))
    rows: list[Row] = []
    for index, group in enumerate(groups):
        gap = index > 0 and spare >= len(groups) - 1
        rows += [[], *group] if gap else group
    return [fit(row, width) for row in [*rows, *([[]] * height)][:height]]


def clock_text(seconds: float) -> str:
    """Return a time as hours, minutes and seconds."""
    whole = max(int(seconds), 0)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def level_text(level_db: float) -> str:
    """Return a level in five places."""
    return "   -∞" if not level_db > SILENT_DB else f"{clamped(level_db, -99.9, 99.9):5.1f}"


def distance_text(distance_m: float) -> str:
    """Return a distance in the unit that suits it, in six places."""
    return f"{100 * distance_m:3.0f} cm" if distance_m < 0.995 else f"{clamped(distance_m, 0, 999):4.1f} m"


def azimuth_text(azimuth_deg: float) -> str:
    """Return an azimuth as degrees to the left or the right, in five places."""
    angle = round(math.remainder(azimuth_deg, 360.0)) if math.isfinite(azimuth_deg) else 0
    side = "" if angle in (0, 180, -180) else "L" if angle > 0 else "R"
    return f"{abs(angle)}°{side}".rjust(5)


def _labelled(label: str, share: float, style: Style, value: Row, width: int, mark: float | None = None) -> Row:
    """Return a label, a bar and what it says in numbers."""
    return [*_label(label), *bar(share, max(width - _LABEL - _VALUE, 4), style, mark), (" ", PLAIN), *value]


def _label(label: str) -> Row:
    return [(label.ljust(_LABEL), DIM)]


def _heat(value: float, warm: float, hot: float) -> Style:
    return HOT if value > hot else WARM if value > warm else CALM


def _ear(label: str, ear: Ear, peak: Peak, width: int) -> Row:
    share, mark = (1 - level_db / _LOWEST_DB if level_db > _LOWEST_DB else 0.0 for level_db in (ear.peak_db, peak.level_db))
    value: Row = [(f"{level_text(peak.level_db)} dB", TEXT)]
    if ear.level_dba is not None:
        value.append((f" {clamped(ear.level_dba, -99, 999):4.0f} dBA", TEXT))
    return _labelled(label, share, _heat(peak.level_db, _LOUD_DB, _CEILING_DB), value, width, mark)


def _ears(status: Status, held: PeakHold, width: int) -> list[Row]:
    return [_ear("left", status.left, held.left, width), _ear("right", status.right, held.right, width)]


def _limiter(status: Status, held: PeakHold, width: int) -> Row:
    value: Row = [(f"{-clamped(held.cut.level_db, 0, 99.9) + 0.0:5.1f} dB", TEXT if held.cut.level_db > 0.05 else DIM)]
    if status.guard_db < -0.05:
        value.append((f" auto {clamped(status.guard_db, -99, 0):3.0f}", ON))
    share, mark = -status.limiter_db / _DEEPEST_DB, held.cut.level_db / _DEEPEST_DB
    return _labelled("limiter", share, _heat(held.cut.level_db, 3, 6), value, width, mark)


def _load(status: Status, width: int) -> Row:
    mean, p999 = (clamped(100 * share, 0, 999) for share in (status.load_mean, status.load_p999))
    value: Row = [(f"{mean:3.0f} %", TEXT), (f"  p99.9 {p999:2.0f} %", DIM)]
    return _labelled("load", status.load_mean, _heat(status.load_p999, 0.6, 0.9), value, width, status.load_p999)


def _counters(status: Status, held: PeakHold, width: int) -> list[Row]:
    words: list[Row] = []
    for index, (name, word) in enumerate(COUNTERS.items()):
        count = getattr(status, name)
        style = ALARM if held.is_alarming(index) else WARM if count else DIM
        words.append([(f"{word} ", style if count else DIM), (f"{count}{'!' if held.is_alarming(index) else ''}", style)])
    words += [[("voices ", DIM), (str(status.voices), TEXT)], [("emitters ", DIM), (str(status.emitters), TEXT)]]
    return flow(words, width)


def _dose(status: Status, width: int) -> list[Row]:
    if status.dose_share is None:
        return []
    share = status.dose_share
    value: Row = [(f"{clamped(100 * share, 0, 9999):3.0f} %", ALARM if share >= 1 else TEXT)]
    if status.time_left_s is not None and math.isfinite(status.time_left_s):
        value.append((f" {_span_text(status.time_left_s)} left", DIM))
    row = _labelled("dose", share, _heat(share, 0.5, 0.8), value, width)
    return [row, [*_label(""), (cut(status.calibration, width - _LABEL), FAINT)]] if status.calibration else [row]


def _span_text(seconds: float) -> str:
    """Return a time to go, as coarse as suits it."""
    minutes = max(int(seconds / 60), 0)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 60 * 100 else "> 99 h"


def _world(status: Status, width: int) -> list[Row]:
    """Return what the session is connected to."""
    facts = f" · {status.sample_rate / 1000:g} kHz" + f" · {status.block_frames}" * bool(status.block_frames)
    facts += f" · {status.latency_ms:.1f} ms"
    device = cut(status.device or "none", max(width - _LABEL - len(facts), 6)) + facts
    midi = status.last_midi or "nothing yet"
    rows = {"device": device, "midi": ", ".join(status.midi_ports) or "no port", "": midi if status.midi_ports else ""}
    if status.recording:
        rows["record"] = f"{clock_text(status.recorded_s)} {status.recording}"
    world: list[Row] = [
        [*_label(label), (cut(text, width - _LABEL), TEXT if label else DIM)] for label, text in rows.items() if text
    ]
    return [*world, *(_sender(index, sender, width) for index, sender in enumerate(status.streams))]


def _sender(index: int, sender: Sender, width: int) -> Row:
    """Return how a stream comes; what a performer has to know of it stands first."""
    style = TEXT if sender.phase == "driving" else WARM
    return [*_label("" if index else "stream"), (cut(sender_text(sender), width - _LABEL), style)]


def sender_text(sender: Sender) -> str:
    """Return how a stream comes in words: phase if it does not drive, rate, age of the newest frame, jitter, what is astray."""
    if not sender.age_s < math.inf:
        return f"{sender.name} · nothing yet"
    words = [sender.name] + [sender.phase] * (sender.phase != "driving")
    words += [
        f"{clamped(sender.rate_hz, 0, 9999):.3g} Hz",
        f"{_short_text(sender.age_s)} old",
        f"±{_short_text(sender.jitter_s)}",
    ]
    return " · ".join([*words, f"{sender.out_of_window} astray"])


def _short_text(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{min(seconds, 9999):.0f} s"


def _legend(status: Status, width: int, height: int) -> list[Row]:
    """Return a row for each source: its letter, name, place and level; the last one counts those that found no room."""
    rows = [_source(index, source, width, _mark(source.name, status)) for index, source in enumerate(status.sources)]
    if len(rows) > height:
        rows[height - 1 :] = [[(f"and {len(rows) - height + 1} more", DIM)]]
    return rows


def _mark(name: str, status: Status) -> str:
    """Return what is said of a layer that is muted or soloed."""
    return " solo" * (name in status.soloed) + " mute" * (name in status.muted)


def _source(index: int, source: Source, width: int, mark: str = "") -> Row:
    sounding = loudness_share(source.level_db) > 0
    place = f" {azimuth_text(source.azimuth_deg)} {elevation_mark(source.elevation_deg)} {distance_text(source.distance_m)}"
    level = f" {source.level_db:3.0f} dB" if sounding else " " * 7
    name_width = max(width - 2 - len(place) - len(level), 1)
    said: Row = [(cut(source.name, max(name_width - len(mark), 1)), TEXT if sounding else FAINT), (mark, ON)]
    name = fit(said, name_width)
    return [(f"{letter(index)} ", styles(index)[0 if sounding else 1]), *name, (place, DIM), (level, TEXT)]
