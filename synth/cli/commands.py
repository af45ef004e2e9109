"""The verbs of the command line: words to calls.  Nothing heavy is imported before a verb needs it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    name="synth",
    help="Make ASMR triggers out of physics and put them around, and very close to, a listener's head.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
_DEVICE_HELP = "Name, part of a name, or number of the output; jack: be JACK's own client. The system's default if not given."
_CALIBRATION_HELP = "A-weighted level at the ear of a full-scale 1 kHz sine; 100 is assumed if not given."
_GUARD_HELP = "Turn down by itself so that the week's allowance of sound lasts for this long."
_INPUTS_HELP = "Channels of live input; as many as the preset hears if not given."
_PRESET_OR_TAKE_HELP = "A preset's name, a path to a .toml, or a trigger's name; not with --take."
_SECONDS_HELP = "How long; 10 if not given, with --midi as long as the file and its last notes."
_MIDI_FILE_HELP = "A Standard MIDI File plays the preset; if it has notes, the preset's own gestures are paused."
_STREAM_HELP = "Frames of a model drive the preset: .jsonl, .npz or .parquet; - for JSON lines on stdin."
_LIVE_STREAM_HELP = "A model drives it: - for JSON lines on stdin, shm:NAME for synth.connect(NAME); can be given several times."
_OSC_HELP = "Listen to OSC over UDP, and show its addresses over HTTP; a port alone is this machine's own: 127.0.0.1."
_CONTRACT_HELP = "What is agreed on with senders, such as delay_s=0.02 or interpolation=smooth; can be given several times."
_TAKE_HELP = "Render what synth play recorded, as it was heard; goes with -o and --ears only."
_FADE_IN_HELP = "0.02 if not given; none before a MIDI file's notes."
_MEASURE_HELP = "A sound file, a preset's name, a path to a .toml, or a trigger's name."
_LIKE_HELP = "Real recordings of a class, or another sound; what it stands for, or the nearest class, if not given."
_MEASURED_SECONDS_HELP = "Of each of five seeds, 8 if not given; of a file, from its start."
_LOUDNESS_HELP = "Reach this integrated loudness; renders twice."
USAGE_ERROR: Any = typer.BadParameter.__mro__[2]  # click's ClickException, which typer does not export


class Kind(StrEnum):
    """What `synth list` can list."""

    TRIGGERS = "triggers"
    PRESETS = "presets"
    EARS = "ears"
    DEVICES = "devices"


def _number(text: str | float) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a number") from None


def _whole(text: str | int) -> int:
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a whole number") from None


@app.command()
def render(
    context: typer.Context,
    output: Annotated[Path, typer.Option("-o", "--output", help="File: .wav (32-bit float), .flac (24 bit), .ogg or .mp3.")],
    preset: Annotated[str | None, typer.Argument(help=_PRESET_OR_TAKE_HELP, metavar="PRESET", show_default=False)] = None,
    seconds: Annotated[float | None, typer.Option(help=_SECONDS_HELP, metavar="S", parser=_number)] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another performance.", metavar="N", parser=_whole)] = 0,
    sample_rate: Annotated[float, typer.Option(help="32000 to 192000.", metavar="HZ", parser=_number)] = 48000.0,
    ears: Annotated[str, typer.Option(help="A set of ears or a .sofa file.", metavar="SET|FILE.sofa")] = "ku100",
    stems: Annotated[bool, typer.Option("--stems", help="Also one file a layer, NAME.LAYER.SUFFIX.")] = False,
    midi: Annotated[Path | None, typer.Option(help=_MIDI_FILE_HELP, metavar="FILE.mid")] = None,
    stream: Annotated[str | None, typer.Option(help=_STREAM_HELP, metavar="FILE|-")] = None,
    take: Annotated[Path | None, typer.Option(help=_TAKE_HELP, metavar="FILE.take")] = None,
    loudness: Annotated[float | None, typer.Option(help=_LOUDNESS_HELP, metavar="LUFS", parser=_number)] = None,
    fade_in: Annotated[float | None, typer.Option(help=_FADE_IN_HELP, metavar="S", parser=_number)] = None,
    fade_out: Annotated[float | None, typer.Option(help="0.5 if not given.", metavar="S", parser=_number)] = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help="Change a value.", metavar="LAYER.PARAM=VALUE")] = None,
) -> None:
    """Render a preset, or a take as it was heard, into a sound file."""
    from synth.cli.progress import note
    from synth.cli.render import export, export_take
    from synth.offline.job import job_of

    if take is not None:
        given = _given(context)
        _refuse_beside_take(given - {"output", "take", "ears"})
        export_take(take, output, ears if "ears" in given else None, context.obj.should_stop)
        return
    if preset is None:
        raise typer.BadParameter("Missing argument 'PRESET'; or name a take with --take")
    job = job_of(
        preset,
        seconds=seconds,
        seed=seed,
        sample_rate=sample_rate,
        ears=ears,
        fade_in_s=fade_in,
        fade_out_s=fade_out,
        sets=sets or (),
        midi=midi,
        stream=stream,
        notify=note,
    )
    export(job, output, loudness, stems, context.obj.should_stop)


def _given(context: typer.Context) -> set[str]:
    """Return the names of the parameters that the command line holds."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}


def _refuse_beside_take(names: set[str]) -> None:
    if names:
        words = {"preset": "PRESET", "sets": "--set"}
        listed = ", ".join(sorted(words.get(name, f"--{name.replace('_', '-')}") for name in names))
        raise typer.BadParameter(
            f"--take renders what was heard as it was heard: it goes with -o and --ears only, not with {listed}"
        )


def _device(text: str | None) -> str | int | None:
    return int(text) if text is not None and text.isdigit() else text


def _latency(text: str) -> str | float:
    return text if text in ("low", "high") else _number(text)


@app.command()
def play(
    context: typer.Context,
    preset: Annotated[str, typer.Argument(help="A preset's name, a path to a .toml, or a trigger's name.", metavar="PRESET")],
    device: Annotated[str | None, typer.Option(help=_DEVICE_HELP, metavar="D")] = None,
    midi: Annotated[
        str, typer.Option(help="Listen to MIDI ports with this in their name; none: to none.", metavar="PORT|none")
    ] = "",
    record: Annotated[Path | None, typer.Option(help="Record to a .wav or .w64, and a take beside it.", metavar="FILE")] = None,
    take: Annotated[Path | None, typer.Option(help="Keep what was done, to render it again.", metavar="FILE")] = None,
    seconds: Annotated[
        float | None, typer.Option(help="End by itself; q ends it at any time.", metavar="S", parser=_number)
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another performance.", metavar="N", parser=_whole)] = 0,
    sample_rate: Annotated[float, typer.Option(help="32000 to 192000.", metavar="HZ", parser=_number)] = 48000.0,
    ears: Annotated[str, typer.Option(help="A set of ears or a .sofa file.", metavar="SET|FILE.sofa")] = "ku100",
    sets: Annotated[list[str] | None, typer.Option("--set", help="Change a value.", metavar="LAYER.PARAM=VALUE")] = None,
    inputs: Annotated[int | None, typer.Option(help=_INPUTS_HELP, metavar="0..2", parser=_whole)] = None,
    block: Annotated[int, typer.Option(help="Frames a block; 0: as the device likes.", metavar="N", parser=_whole)] = 0,
    latency: Annotated[str, typer.Option(help="The device's: low, high, or seconds.", metavar="L")] = "low",
    now: Annotated[bool, typer.Option("--now", help="MIDI acts as it comes: sooner, less even.")] = False,
    calibration: Annotated[float | None, typer.Option(help=_CALIBRATION_HELP, metavar="DBA", parser=_number)] = None,
    sensitive: Annotated[bool, typer.Option("--sensitive", help="Allow what is safe for children: 75 dBA for 40 h.")] = False,
    guard: Annotated[float | None, typer.Option(help=_GUARD_HELP, metavar="HOURS", parser=_number)] = None,
    streams: Annotated[list[str] | None, typer.Option("--stream", help=_LIVE_STREAM_HELP, metavar="-|shm:NAME")] = None,
    osc: Annotated[str | None, typer.Option(help=_OSC_HELP, metavar="HOST:PORT")] = None,
    contract: Annotated[list[str] | None, typer.Option(help=_CONTRACT_HELP, metavar="KEY=VALUE")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Play a preset live, with a MIDI controller and headphones."""
    from synth.cli.play import Options
    from synth.cli.play import play as perform

    options = Options(
        preset,
        _device(device),
        None if midi == "none" else midi,
        record,
        take,
        seconds,
        seed,
        sample_rate,
        ears,
        tuple(sets or ()),
        inputs,
        block,
        _latency(latency),
        now,
        calibration,
        sensitive,
        guard,
        tuple(streams or ()),
        osc,
        tuple(contract or ()),
        quiet or as_json,
    )
    counted = perform(options, context.obj.should_stop)
    if as_json:
        _print(counted, as_json)


@app.command("list")
def list_(kind: Annotated[Kind, typer.Argument(help="What to list.")], as_json: Json = False) -> None:
    """List triggers, presets, ears, or devices: sound, JACK, MIDI ports."""
    from synth.cli import listing

    _print(listing.rows(kind.value), as_json)


@app.command()
def describe(
    name: Annotated[str, typer.Argument(help="A trigger's or preset's name, or a path to a .toml.", metavar="TRIGGER|PRESET")],
    as_json: Json = False,
) -> None:
    """Show every parameter: range, unit, default, curve."""
    from synth.preset.describe import describe as description_of
    from synth.preset.describe import rows

    schema = description_of(name)
    if as_json:
        _print(schema, as_json)
        return
    typer.echo(f"{schema['title']}\n{schema['description']}".strip() + "\n")
    _print(rows(schema), as_json)
    typer.echo(f"\nvector of {schema['vector']['size']} values, hash {schema['vector']['hash']}")


@app.command("learn-midi")
def learn_midi(
    context: typer.Context,
    preset: Annotated[str, typer.Argument(help="A preset's name, a path to a .toml, or a trigger's name.", metavar="PRESET")],
    port: Annotated[str, typer.Option(help="Listen to ports with this in their name; all if not given.", metavar="NAME")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .toml; ./PRESET.toml if not given.", metavar="FILE")
    ] = None,
    hears_all: Annotated[bool, typer.Option("--any", help="Learn pedals and what devices send unasked, too.")] = False,
) -> None:
    """Touch keys and knobs, say what each shall do, and write it into a preset."""
    from synth.cli.midi_learn.command import learn_midi as learn

    learn(preset, port, output, hears_all, context.obj.should_stop, typer.echo)


@app.command()
def measure(
    context: typer.Context,
    sound: Annotated[str, typer.Argument(help=_MEASURE_HELP, metavar="FILE|PRESET|TRIGGER")],
    like: Annotated[str | None, typer.Option(help=_LIKE_HELP, metavar="CLASS|FILE")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw it beside what it is compared with.", metavar="P.png")] = None,
    seconds: Annotated[
        float | None,
        typer.Option(help=_MEASURED_SECONDS_HELP, metavar="S", parser=_number),
    ] = None,
    seed: Annotated[int, typer.Option(help="The first of five.", metavar="N", parser=_whole)] = 0,
    as_json: Json = False,
) -> None:
    """Say what a sound is like, beside real recordings."""
    from synth.cli.measure import facts, report, tell

    measured, beside = report(sound, like, picture, seconds, seed, context.obj.should_stop)
    if as_json:
        _print(facts(measured, beside), as_json)
    else:
        tell(measured, beside, typer.echo)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is installed and what is missing."""
    from synth.cli.doctor import checkup

    found = checkup()
    _print(found if as_json else [{"what": what, "found": text} for what, text in found.items()], as_json)


@app.command()
def warm() -> None:
    """Compile every kernel now, not at first use."""
    from synth.cli.warm import compile_everything

    compile_everything()


def _print(facts: Any, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False))
        return
    from synth.cli.table import show

    show(facts)
