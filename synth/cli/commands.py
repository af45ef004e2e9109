"""The commands of the command line: words to calls.  Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from synth.cli.explore_options import ExploreOptions
from synth.cli.names import check_assignments, kind_of, preset_name
from synth.cli.options import (
    Name,
    PageOptions,
    PlayOptions,
    RenderOptions,
    device_of,
    duration,
    given_in,
    taking,
    whole,
)
from synth.cli.tingle_commands import tingle_app

app = typer.Typer(
    name="synth",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
_SYNTH_HELP = "Make ASMR triggers out of physics and put them around, and very close to, a listener's head."
_MEASURE_HELP = "A sound file, a preset's name, a path to a .toml, or a trigger's name."
_LIKE_HELP = "Real recordings of a class, or another sound; what it stands for, or the nearest class, if not given."
_MEASURED_SECONDS_HELP = "Of each of five seeds, 8 if not given; of a file, from its start."
_EXPLORE_HELP = (
    "Find what makes you tingle, sound by sound, and verify it blind; you are asked for the hold alone. "
    "With --listener, and bench: on simulated listeners."
)
_WITHOUT_HELP = "No triggers of this family (mouth), and no presets in which one sounds."
USAGE_ERROR: Any = typer.BadParameter.__mro__[2]  # click's ClickException, which typer does not export


app.add_typer(tingle_app, name="tingle", help="What a listener gave while listening: list, export, erase, consent, calibrate.")


@app.callback(invoke_without_command=True, help=_SYNTH_HELP)
def synth(version: Annotated[bool, typer.Option("--version", help="Say which version it is.")] = False) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"synth {version_of('synth')}")
        raise typer.Exit


@app.command(help="Render a preset, or a take as it was heard, into a sound file.")
@taking(RenderOptions)
def render(context: typer.Context, options: RenderOptions) -> None:
    check_assignments(options.preset, options.sets)
    from synth.cli.render import export, export_take

    if options.take is not None:
        given = _given(context)
        _refuse_beside_take(given)
        written = [
            export_take(options.take, options.output, options.ears if "--ears" in given else None, context.obj.should_stop)
        ]
    elif options.preset is None:
        raise typer.BadParameter("Missing argument 'PRESET'; or name a take with --take")
    else:
        written = export(options, context.obj.should_stop)
    if options.as_json:
        print_facts([vars(each) for each in written], as_json=True)


def _given(context: typer.Context) -> set[str]:
    """Return the options and arguments that the command line holds, as they are written."""
    sources = {each: context.get_parameter_source(each.name) for each in context.command.params if each.name}
    given = [each for each, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    return {str(each.metavar) if each.param_type_name == "argument" else each.opts[-1] for each in given}


def _refuse_beside_take(given: set[str]) -> None:
    if names := given - {"--output", "--take", "--ears", "--json"}:
        raise typer.BadParameter(
            f"--take renders what was heard as it was heard: it goes with -o and --ears only, not with {', '.join(sorted(names))}"
        )


@app.command(help="Play a preset live, with a MIDI controller and headphones.")
@taking(PlayOptions)
def play(context: typer.Context, options: PlayOptions) -> None:
    check_assignments(options.preset, options.sets)
    from synth.cli.play import play as perform

    counted = perform(options, context.obj.should_stop)
    if options.as_json:
        print_facts(counted, as_json=True)


@app.command("list", help="List triggers, presets, ears, or devices: sound, JACK, MIDI ports.")
def list_(
    kind: Annotated[str, typer.Argument(help="What to list.", metavar="triggers|presets|ears|devices", callback=kind_of)],
    more: Annotated[list[str] | None, typer.Argument(help="More tags.", metavar="[TAG]...", show_default=False)] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", help="Only presets with these tags.", metavar="TAG ...")] = None,
    without: Annotated[list[str] | None, typer.Option("--without", help=_WITHOUT_HELP, metavar="FAMILY")] = None,
    as_json: Json = False,
) -> None:
    from synth.cli import listing

    wanted = [*(tags or ()), *(more or ())]
    if more and not tags:
        raise typer.BadParameter(f"Got unexpected extra argument ({' '.join(more)}); tags go with --tag")
    if wanted and kind != "presets":
        raise typer.BadParameter(f"--tag is for presets; {kind} have no tags")
    if without and kind not in ("triggers", "presets"):
        raise typer.BadParameter(f"--without is for triggers and presets; {kind} have no families")
    print_facts(listing.rows(kind, wanted, without or ()), as_json)


@app.command(help="Show every parameter: range, unit, default, curve.")
def describe(
    name: Annotated[
        str,
        typer.Argument(
            help="A trigger's or preset's name, or a path to a .toml.", metavar="TRIGGER|PRESET", callback=preset_name
        ),
    ],
    as_json: Json = False,
) -> None:
    from synth.cli.table import show_described, show_text
    from synth.preset.describe import describe as description_of
    from synth.preset.describe import rows

    schema = description_of(name)
    if as_json:
        print_facts(schema, as_json)
        return
    show_text(f"{schema['title']}\n{schema['description']}\n")
    show_described(rows(schema))
    typer.echo(f"\nvector of {schema['vector']['size']} values, hash {schema['vector']['hash']}")


@app.command("learn-midi", help="Touch keys and knobs, say what each shall do, and write it into a preset.")
def learn_midi(
    context: typer.Context,
    preset: Name,
    port: Annotated[str, typer.Option(help="Listen to ports with this in their name; all if not given.", metavar="NAME")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .toml; ./PRESET.toml if not given.", metavar="FILE")
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(help="Where one hears what one turns, as for synth play; none: nowhere.", metavar="D|none"),
    ] = None,
    hears_all: Annotated[bool, typer.Option("--any", help="Learn pedals and what devices send unasked, too.")] = False,
) -> None:
    from synth.cli.midi_learn.command import learn_midi as learn

    learn(preset, port, output, hears_all, device_of(device), context.obj.should_stop, typer.echo)


@app.command(help="Say what a sound is like, beside real recordings.")
def measure(
    context: typer.Context,
    sound: Annotated[str, typer.Argument(help=_MEASURE_HELP, metavar="FILE|PRESET|TRIGGER")],
    like: Annotated[str | None, typer.Option(help=_LIKE_HELP, metavar="CLASS|FILE")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw it beside what it is compared with.", metavar="P.png")] = None,
    seconds: Annotated[
        float | None,
        typer.Option(help=_MEASURED_SECONDS_HELP, metavar="TIME", parser=duration),
    ] = None,
    seed: Annotated[int, typer.Option(help="The first of five.", metavar="N", parser=whole)] = 0,
    as_json: Json = False,
) -> None:
    from synth.cli.measure import facts, report, tell

    measured, beside = report(sound, like, picture, seconds, seed, context.obj.should_stop)
    if as_json:
        print_facts(facts(measured, beside), as_json)
    else:
        tell(measured, beside, typer.echo)


@app.command(help="Find which trigger, with which parameters, makes a recorded sound.")
def match(
    context: typer.Context,
    recording: Annotated[Path, typer.Argument(help="A sound file of one kind of sound, best 6 s or more.", metavar="RECORDING")],
    trigger: Annotated[str | None, typer.Option(help="Try only this one.", metavar="T")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the nearest as a preset, a .toml.", metavar="PRESET.toml")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the search: another one ends elsewhere.", metavar="N", parser=whole)] = 0,
    as_json: Json = False,
) -> None:
    from synth.cli.match import facts, matched, tell

    found = matched(recording, trigger, output, seed, context.obj.should_stop)
    if as_json:
        print_facts(facts(found), as_json)
    else:
        tell(found, typer.echo)


@app.command(help=_EXPLORE_HELP)
@taking(ExploreOptions)
def explore(context: typer.Context, options: ExploreOptions) -> None:
    from synth.cli import explore as loop

    if options.name == loop.BENCH:
        facts = loop.bench(options)
        if options.as_json:
            print_facts(facts, as_json=True)
        else:
            loop.tell_bench(facts)
        return
    preset_name(options.name)
    facts = loop.explore(options, context.obj.should_stop, given=given_in(context))
    if options.as_json:
        print_facts(facts, as_json=True)
    else:
        loop.tell(facts, typer.echo)


@app.command(help="Play this machine's sound from any browser; with --export write the page as static files instead.")
@taking(PageOptions)
def page(context: typer.Context, options: PageOptions) -> None:
    if options.folder is None:
        from synth.cli.serving import serve

        serve(options, context.obj.should_stop)
        return
    from synth.cli.page import export_page

    chosen = [str(preset_name(name)) for names in options.presets for name in names.split(",")]
    exported = export_page(options.folder, chosen, list(options.ears))
    if options.as_json:
        print_facts(vars(exported), as_json=True)
    else:
        typer.echo(str(exported))


@app.command(help="Say what is installed and what is missing.")
def doctor(as_json: Json = False) -> None:
    from synth.cli.doctor import checkup

    found = checkup()
    print_facts(found if as_json else [{"what": what, "found": text} for what, text in found.items()], as_json)


@app.command(help="Compile every kernel now, not at first use.")
def warm() -> None:
    from synth.cli.warm import compile_everything

    compile_everything()


def print_facts(facts: Any, as_json: bool) -> None:
    """Print facts as a table, or as JSON."""
    if as_json:
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False))
        return
    from synth.cli.table import show

    show(facts)
