"""The commands of `synth tingle`: words to calls; nothing heavy is imported before one needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synth.cli.options import CONSENT_HELP, device_of

tingle_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]})
_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
_Consent = Annotated[bool, typer.Option("--consent", help=CONSENT_HELP)]
_NAME_HELP = "A session's name, or the beginning of one."
_NAME_OR_ALL = f"{_NAME_HELP} All if not given."


@tingle_app.command("list", help="List the sessions that are kept on this machine.")
def list_(as_json: _Json = False) -> None:
    from synth.cli.tingle import rows

    _print(rows(), as_json)


@tingle_app.command(help="Write a session as tables that pandas opens, with its take.")
def export(
    name: Annotated[str | None, typer.Argument(help=_NAME_OR_ALL, metavar="NAME", show_default=False)] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="Each session gets a folder in it.", metavar="DIR")] = Path(),
    kind: Annotated[str, typer.Option("--format", help="parquet needs pyarrow.", metavar="json|parquet")] = "json",
    as_json: _Json = False,
) -> None:
    from synth.cli.progress import note
    from synth.cli.tingle import export_sessions
    from synth.parameters.errors import InputError

    written, refused = export_sessions(name, output, kind)
    if as_json:
        _print(written, as_json)
    elif written or not refused:
        typer.echo("\n".join(written) or "no session is kept: nothing was written")
    for each in refused:
        note(each)
    if refused:
        raise InputError(f"of the sessions {len(refused)} could not be exported; the others were")


@tingle_app.command(help="Remove a session, or with --all everything that a listener gave, consent and latencies too.")
def erase(
    name: Annotated[str | None, typer.Argument(help=_NAME_HELP, metavar="NAME", show_default=False)] = None,
    is_all: Annotated[bool, typer.Option("--all", help="Everything.")] = False,
    as_json: _Json = False,
) -> None:
    from synth.cli.tingle import erase_sessions

    if is_all == (name is not None):
        raise typer.BadParameter("say which session, or --all; synth tingle list shows them")
    gone = erase_sessions(name)
    if as_json:
        _print(gone, as_json)
    else:
        typer.echo("\n".join(f"erased {each}" for each in gone))


@tingle_app.command(help="Show what is agreed to, and whether it was; with --consent agree.")
def consent(is_given: _Consent = False, as_json: _Json = False) -> None:
    from synth.cli.tingle import consent_facts

    facts = consent_facts(is_given)
    if as_json:
        _print(facts, as_json)
    else:
        typer.echo(f"{facts['text']}\n\n{'Agreed.' if facts['is_given'] else 'Not agreed to yet; --consent agrees.'}")


@tingle_app.command(help="Tap along 12 clicks, so that holds fit what is heard: once for each device or headphone.")
def calibrate(
    context: typer.Context,
    device: Annotated[str | None, typer.Option(help="As for synth play.", metavar="D")] = None,
    midi: Annotated[str, typer.Option(help="Listen to ports with this in their name; none: to none.", metavar="PORT|none")] = "",
    signal: Annotated[
        str, typer.Option(help="What taps, beside the space bar: a controller, pressed.", metavar="hold=pressure|hold=cc:N")
    ] = "hold=pressure",
    sample_rate: Annotated[float, typer.Option(help="As for synth play.", metavar="HZ")] = 48000.0,
    is_quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing.")] = False,
    as_json: _Json = False,
) -> None:
    from synth.cli.calibrate import calibrated

    facts = calibrated(device_of(device), midi, signal, sample_rate, is_quiet or as_json, context.obj.should_stop)
    _print(facts if as_json else [facts], as_json)


def _print(facts: object, as_json: bool) -> None:
    from synth.cli.commands import print_facts

    print_facts(facts, as_json)
