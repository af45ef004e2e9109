"""The options of the commands that have many: name, type, help, default, once.  dataclass -> typer's parameters -> the dataclass.

Light: `synth --help` imports this, and nothing that makes sound.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from synth.cli.names import preset_name

Options = TypeVar("Options")


def taking(kind: type[Options]) -> Callable[[Callable[[typer.Context, Options], None]], Callable[..., None]]:
    """Let a command take a dataclass: each field is an option or argument of the command line."""

    def decorate(command: Callable[[typer.Context, Options], None]) -> Callable[..., None]:
        def call(context: typer.Context, **values: Any) -> None:
            command(context, kind(**values))

        types = {"context": typer.Context, **typing.get_type_hints(kind, include_extras=True)}
        keyword = inspect.Parameter.KEYWORD_ONLY
        parameters = [
            inspect.Parameter(name, keyword, default=_defaults(kind).get(name, inspect.Parameter.empty), annotation=type_)
            for name, type_ in types.items()
        ]
        call.__name__, call.__annotations__ = command.__name__, types
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return call

    return decorate


def _defaults(kind: Any) -> dict[str, Any]:
    """Return the default of each field that has one; a list is empty."""
    return {
        each.name: [] if each.default is MISSING else each.default
        for each in fields(kind)
        if each.default is not MISSING or each.default_factory is not MISSING
    }


def given_in(context: typer.Context) -> frozenset[str]:
    """Return the names of the fields that the command line says; the others are defaults."""
    return frozenset(name for name in context.params if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE")


# ---- numbers


def number(text: str | float) -> float:
    """Return an option as a number, or refuse it."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a number") from None


_SPAN = re.compile(r"(?:(\d+(?:\.\d*)?)h)?(?:(\d+(?:\.\d*)?)m(?:in)?)?(?:(\d+(?:\.\d*)?)s)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):([0-5]?\d(?:\.\d*)?)")


def duration(text: str | float) -> float:
    """Return a time in seconds: "90", "10m", "8h", "1h30m", "1:30" (minutes and seconds), "1:30:00", or refuse it."""
    plain = str(text).strip().replace(" ", "")
    try:
        return float(plain)
    except ValueError:
        pass
    found = _CLOCK.fullmatch(plain) or (_SPAN.fullmatch(plain) if plain else None)
    if found is None:
        raise typer.BadParameter(f"'{text}' is not a time; seconds, or as in 10m, 8h, 1h30m, 1:30:00")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds


def whole(text: str | int) -> int:
    """Return an option as a whole number, or refuse it."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a whole number") from None


def natural(text: str | int) -> int:
    """Return an option as a whole number of 0 or more, or refuse it."""
    return _from(0, text)


def positive(text: str | int) -> int:
    """Return an option as a whole number of 1 or more, or refuse it."""
    return _from(1, text)


def _from(least: int, text: str | int) -> int:
    value = whole(text)
    if value < least:
        raise typer.BadParameter(f"{value}; needed: {least} or more")
    return value


def latency_of(text: str) -> str | float:
    """Return a device's latency: "low", "high" or seconds."""
    return text if text in ("low", "high") else number(text)


def device_of(text: str | None) -> str | int | None:
    """Return a device's name or number."""
    return int(text) if text is not None and text.isdigit() else text


def number_option(name: str, text: str, metavar: str = "S") -> Any:
    """Return an option that takes a number."""
    return typer.Option(name, help=text, metavar=metavar, parser=number)


def _time_option(name: str, text: str) -> Any:
    return typer.Option(name, help=text, metavar="TIME", parser=duration)


_Seed = Annotated[int, typer.Option(help="Another seed is another performance.", metavar="N", parser=whole)]
_SampleRate = Annotated[float, typer.Option(help="32000 to 192000.", metavar="HZ", parser=number)]
_Ears = Annotated[str, typer.Option(help="A set of ears or a .sofa file.", metavar="SET|FILE.sofa")]
_Text = Annotated[str | None, typer.Option(help="What the layers that speak say, once.", metavar="TEXT")]
_TextFile = Annotated[Path | None, typer.Option(help="What they say stands in this file.", metavar="FILE.txt")]
_Sets = Annotated[list[str], typer.Option("--set", help="Change a value.", metavar="LAYER.PARAM=VALUE")]
Name = Annotated[
    str,
    typer.Argument(help="A preset's name, a path to a .toml, or a trigger's name.", metavar="PRESET", callback=preset_name),
]
_NameOrTake = Annotated[
    str | None,
    typer.Argument(
        help="A preset's name, a path to a .toml, or a trigger's name; not with --take.",
        metavar="PRESET",
        show_default=False,
        callback=preset_name,
    ),
]

# ---- synth render

_OUTPUT = "File: .wav (32-bit float), .flac (24 bit), .ogg or .mp3; ./PRESET.wav if not given, numbered if it is there."
_RENDER_SECONDS = "How long: 90, 10m, 8h, 1:30:00; 10 s if not given, with --midi as long as the file and its last notes."
_MIDI_FILE = "A Standard MIDI File plays the preset; if it has notes, the preset's own gestures are paused."
_STREAM = "Frames of a model drive the preset: .jsonl, .npz or .parquet; - for JSON lines on stdin."
_RENDER_TAKE = "Render what synth play recorded, as it was heard; goes with -o and --ears only."


@dataclass(frozen=True, kw_only=True)
class RenderOptions:
    """What `synth render` is asked for."""

    preset: _NameOrTake = None
    output: Annotated[Path | None, typer.Option("-o", "--output", help=_OUTPUT, metavar="FILE")] = None
    seconds: Annotated[float | None, _time_option("--seconds", _RENDER_SECONDS)] = None
    seed: _Seed = 0
    sample_rate: _SampleRate = 48000.0
    ears: _Ears = "ku100"
    stems: Annotated[bool, typer.Option("--stems", help="Also one file a layer, NAME.LAYER.SUFFIX.")] = False
    midi: Annotated[Path | None, typer.Option(help=_MIDI_FILE, metavar="FILE.mid")] = None
    stream: Annotated[str | None, typer.Option(help=_STREAM, metavar="FILE|-")] = None
    take: Annotated[Path | None, typer.Option(help=_RENDER_TAKE, metavar="FILE.take")] = None
    loudness_lufs: Annotated[
        float | None, number_option("--loudness", "Reach this integrated loudness; renders twice.", "LUFS")
    ] = None
    fade_in_s: Annotated[float | None, _time_option("--fade-in", "0.02 if not given; none before a MIDI file's notes.")] = None
    fade_out_s: Annotated[float | None, _time_option("--fade-out", "0.5 if not given.")] = None
    text: _Text = None
    text_file: _TextFile = None
    sets: _Sets = field(default_factory=list)
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False


# ---- synth play

DEVICE_HELP = "Name, part of a name, or number of the output; jack: be JACK's own client. The system's default if not given."
_PORTS = "Listen to MIDI ports with this in their name; none: to none."
_CALIBRATION = "A-weighted level at the ear of a full-scale 1 kHz sine; 100 is assumed if not given."
_GUARD = "Turn down by itself so that the week's allowance of sound lasts for this long."
_SLEEP = "End by itself, as 45m or 1:30:00, with a fade over its last third, at most a quarter of an hour."
_READY = "Write a line to this file descriptor when sound has begun; where stdout is no terminal, one comes there too."
_VOLUME = "The listener's volume, -60 to 12; as it was left if not given, and kept for the next time."
_INPUTS = "Channels of live input; as many as the preset hears if not given."
_LIVE_STREAM = "A model drives it: - for JSON lines on stdin, shm:NAME for synth.connect(NAME); can be given several times."
_OSC = "Listen to OSC over UDP, and show its addresses over HTTP; a port alone is this machine's own: 127.0.0.1."
_PAGE = "Serve the page beside the terminal, to this machine alone; its address is printed."
PAGE_AT_HELP = "Serve it there: to others, at another port."
_TINGLE = "Keep what the listener says of it, in a folder of this machine that its owner alone can open; asks for consent once."
_SIGNAL = "Listen to hold=pressure|cc:N|lsl:NAME, heart=ble|ble:ADDRESS|lsl:NAME, skin=lsl:NAME; each is asked for by itself."
CONSENT_HELP = "I am 18 or older and agree to what synth tingle consent shows: for where nobody can be asked."
_CONTRACT = "What is agreed on with senders, such as delay_s=0.02 or interpolation=smooth; can be given several times."


@dataclass(frozen=True, kw_only=True)
class PlayOptions:
    """What `synth play` is asked for."""

    preset: Name
    device: Annotated[str | None, typer.Option(help=DEVICE_HELP, metavar="D")] = None
    midi: Annotated[str, typer.Option(help=_PORTS, metavar="PORT|none")] = ""
    record: Annotated[Path | None, typer.Option(help="Record to a .wav or .w64, and a take beside it.", metavar="FILE")] = None
    take: Annotated[Path | None, typer.Option(help="Keep what was done, to render it again.", metavar="FILE")] = None
    seconds: Annotated[float | None, _time_option("--seconds", "End by itself; q ends it at any time.")] = None
    sleep_s: Annotated[float | None, _time_option("--sleep", _SLEEP)] = None
    seed: _Seed = 0
    sample_rate: _SampleRate = 48000.0
    ears: _Ears = "ku100"
    text: _Text = None
    text_file: _TextFile = None
    sets: _Sets = field(default_factory=list)
    volume_db: Annotated[float | None, number_option("--volume", _VOLUME, "DB")] = None
    inputs: Annotated[int | None, typer.Option(help=_INPUTS, metavar="0..2", parser=whole)] = None
    block_frames: Annotated[
        int, typer.Option("--block", help="Frames a block; 0: as the device likes.", metavar="N", parser=whole)
    ] = 0
    latency: Annotated[str, typer.Option(help="The device's: low, high, or seconds.", metavar="L")] = "low"
    is_now: Annotated[bool, typer.Option("--now", help="MIDI acts as it comes: sooner, less even.")] = False
    calibration_dba: Annotated[float | None, number_option("--calibration", _CALIBRATION, "DBA")] = None
    is_sensitive: Annotated[bool, typer.Option("--sensitive", help="Allow what is safe for children: 75 dBA for 40 h.")] = False
    guard_hours: Annotated[float | None, number_option("--guard", _GUARD, "HOURS")] = None
    streams: Annotated[list[str], typer.Option("--stream", help=_LIVE_STREAM, metavar="-|shm:NAME")] = field(default_factory=list)
    osc: Annotated[str | None, typer.Option(help=_OSC, metavar="HOST:PORT")] = None
    has_page: Annotated[bool, typer.Option("--page", help=_PAGE)] = False
    page_at: Annotated[str | None, typer.Option(help=PAGE_AT_HELP, metavar="HOST:PORT")] = None
    is_recorded: Annotated[bool, typer.Option("--tingle", help=_TINGLE)] = False
    signals: Annotated[list[str], typer.Option("--signal", help=_SIGNAL, metavar="KIND=SENDER")] = field(default_factory=list)
    has_consent: Annotated[bool, typer.Option("--consent", help=CONSENT_HELP)] = False
    ready_fd: Annotated[int | None, typer.Option("--ready-fd", help=_READY, metavar="FD", parser=whole)] = None
    contract: Annotated[list[str], typer.Option(help=_CONTRACT, metavar="KEY=VALUE")] = field(default_factory=list)
    is_quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing.")] = False
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False


# ---- synth page

_PAGE_PRESET = "What plays at once; if not given, nothing is heard until a page asks for it."
_HOST = "Where it listens: this machine alone, or an address by which others reach it; 0.0.0.0: all of them."
_EXPORT = "Write the page into this folder as static files instead, for a web host; an older page in it is replaced."
_PAGE_PRESETS = "With --export only these: names, paths to .toml files, triggers' names; all that are shipped if not given."
_PAGE_EARS = "Sets of ears or .sofa files, the first is heard first; ku100, with --export sphere too, if not given."
_BROWSER = "An exported page, for those who want the sound from their browser instead of this machine."


@dataclass(frozen=True, kw_only=True)
class PageOptions:
    """What `synth page` is asked for."""

    preset: Annotated[
        str | None, typer.Argument(help=_PAGE_PRESET, metavar="PRESET", show_default=False, callback=preset_name)
    ] = None
    host: Annotated[str, typer.Option(help=_HOST, metavar="HOST")] = "127.0.0.1"
    port: Annotated[int | None, typer.Option(help="8700 if not given; 0: any that is free.", metavar="N", parser=whole)] = None
    device: Annotated[str | None, typer.Option(help=DEVICE_HELP, metavar="D")] = None
    midi: Annotated[str, typer.Option(help=_PORTS, metavar="PORT|none")] = ""
    ears: Annotated[list[str], typer.Option("--ears", help=_PAGE_EARS, metavar="SET|FILE.sofa")] = field(default_factory=list)
    browser: Annotated[Path | None, typer.Option(help=_BROWSER, metavar="DIR")] = None
    has_new_token: Annotated[
        bool, typer.Option("--new-token", help="Make another token: addresses given away before lead nowhere any more.")
    ] = False
    folder: Annotated[Path | None, typer.Option("--export", help=_EXPORT, metavar="DIR")] = None
    presets: Annotated[list[str], typer.Option("--presets", help=_PAGE_PRESETS, metavar="PRESET[,PRESET]")] = field(
        default_factory=list
    )
    as_json: Annotated[bool, typer.Option("--json", help="With --export: print what was written as JSON.")] = False
