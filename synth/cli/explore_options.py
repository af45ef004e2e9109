"""The options of `synth explore`, declared once.  words of the command line -> ExploreOptions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from synth.cli.names import preset_name
from synth.cli.options import CONSENT_HELP, DEVICE_HELP, PAGE_AT_HELP, natural, number_option, positive

_EXPLORED = "A preset's name, a path to a .toml, or a trigger's name; or bench: what it finds on simulated listeners."
_LISTENER = "A simulated listener instead of you: a factory of any object with listen(audio, sample_rate) -> hold at 50 Hz."
_HOLD_PORT = "Your hold comes from MIDI ports with this in their name, beside the keys; none are listened to if not given."
_HOLD_SIGNAL = "What of that port says the hold: hold=pressure or hold=cc:N."
_PAGE = "Listen with a page of this machine's too, to hold and answer there; its address is printed."
_POLICY = "How it looks: explore; or sobol, ei or prior, to compare with."
_MINUTES = "Of exploring; blind pairs of 11 minutes follow, half an hour in all at most."
_MACROS = "What is moved, of closeness, darkness, pace, movement; the first three if not given."
_PRIOR = "What listeners like on the whole: what ships, nothing, or what was fitted on other sessions."
_DUELS = "Also ask which of two sounds tingles more, and where a knob is to stand; of a --listener with compare and turn_knob."
_FOLDER = "Where every answer is kept, and gone on with; else PRESET.explore: yours beside synth tingle's, a --listener's here."
_REPERTOIRE = "Fill a map of so many sounds of one second, by what is known in the folder; atlas.png, cells as presets."
_PARTS = "Of the bench only these: graded, button, six sessions, null, verified, averse, pairs, ask."


@dataclass(frozen=True, kw_only=True)
class ExploreOptions:
    """What `synth explore` is asked for."""

    name: Annotated[str, typer.Argument(help=_EXPLORED, metavar="PRESET|TRIGGER|bench")]
    listener: Annotated[str | None, typer.Option(help=_LISTENER, metavar="MODULE:FACTORY")] = None
    device: Annotated[str | None, typer.Option(help=DEVICE_HELP, metavar="D")] = None
    midi: Annotated[str | None, typer.Option(help=_HOLD_PORT, metavar="PORT")] = None
    signal: Annotated[str, typer.Option(help=_HOLD_SIGNAL, metavar="hold=pressure|hold=cc:N")] = "hold=pressure"
    has_page: Annotated[bool, typer.Option("--page", help=_PAGE)] = False
    page_at: Annotated[str | None, typer.Option(help=PAGE_AT_HELP, metavar="HOST:PORT")] = None
    has_consent: Annotated[bool, typer.Option("--consent", help=CONSENT_HELP)] = False
    policy: Annotated[str, typer.Option(help=_POLICY, metavar="NAME")] = "explore"
    minutes: Annotated[float | None, number_option("--minutes", _MINUTES, "MIN")] = None
    macros: Annotated[str | None, typer.Option(help=_MACROS, metavar="NAME[,NAME]")] = None
    prior: Annotated[str, typer.Option(help=_PRIOR, metavar="shipped|none|FILE.npz")] = "shipped"
    seed: Annotated[int, typer.Option(help="Of the order, repeats and shams.", metavar="N", parser=natural)] = 0
    output: Annotated[Path | None, typer.Option("-o", "--output", help=_FOLDER, metavar="FOLDER")] = None
    has_pairs: Annotated[bool, typer.Option("--pairs/--no-pairs", help="Whether blind pairs follow, and a verdict.")] = True
    repertoire: Annotated[int | None, typer.Option("--repertoire", help=_REPERTOIRE, metavar="RENDERS", parser=positive)] = None
    has_duels: Annotated[bool, typer.Option("--duels", help=_DUELS)] = False
    listeners: Annotated[int, typer.Option(help="Of the bench: how many.", metavar="N", parser=positive)] = 60
    parts: Annotated[str | None, typer.Option(help=_PARTS, metavar="PART[,PART]")] = None
    bench_preset: Annotated[
        str, typer.Option("--bench-preset", help="Of the bench: what is heard.", metavar="PRESET", callback=preset_name)
    ] = "nails_on_glass"
    is_quiet: Annotated[bool, typer.Option("--quiet", help="Show nothing of each trial.")] = False
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False
