"""The page of commands: all that can be asked of a session, and how each way in spells it.  table -> Markdown."""

from __future__ import annotations

from synth.control.commands import (
    AMOUNT,
    COMMANDS,
    LAYER,
    LEVEL_DB,
    LINES,
    MIDI,
    NOTHING,
    OSC,
    PATH,
    PRESET,
    SCENE,
    SECONDS,
    SEED,
    STEP_DB,
    SWITCH,
    Command,
)

_HEAD = """# Commands

Written by `python docs/build.py` from the table in `synth/control/commands.py`; do not edit.

What can be asked of a session, and how each way in spells it: a key of the terminal ([live](live.md#keys)), `do = "..."` of a
key, button or program ([MIDI](midi.md#keys-and-buttons-that-do-something); the same in a MIDI file, but for `save`), a line
([JSON lines](streams-reference.md#json-lines); [a page](served-page.md) says the same, but for `save`) and a message
([OSC](streams-reference.md#osc)).
A line or a message with a stamp does it at that
moment where it says "at its stamp"; everything else is done at once, and stands alone in its line.

| command | | key | MIDI | JSON line | OSC | |
|---|---|---|---|---|---|---|
"""
_FOOT = """
- `freeze`, `hold` and `pause` switch: a key or button, and OSC without an argument, mean the other of the two; `true`, `false`,
  1 and 0 say which.
- A button of OSC sends 1 when it is pressed and 0 when it is let go: for what takes no argument the 0 does nothing.
- `strike` takes `"velocity"` and `"pitch"` beside it in a line; in OSC the velocity, 0 releases. Keys and pads strike by
  themselves ([MIDI](midi.md#keys-that-strike)).
- `say` takes `"text"` beside it in a line, and `"interrupt": true` if it is not to wait; in OSC the text, then T to interrupt.
  Only layers that speak do it ([a text](write-a-preset.md#a-text)).
- `release_override` lets go of one parameter, all of a layer, or everything.
- A controller moves the volume as `master.volume_db`; it is the listener's, kept from preset to preset and from day to day.
- A controller says the hold as `master.tingle`, the terminal by its keys after `i` ([the hold](tingle.md)).
- `record` is for pages ([the served page](served-page.md#recordings)); `true` begins, `false` ends.
  `synth play --record` keeps the whole session.
- `perform` leaves a take as it is, which has one seed: while one is written it is refused.
- `save` writes a file and `quit` ends the program, which nobody is to do
  through the network.
"""
_SHOWN = {"space": "space", "left": "←", "right": "→", "up": "↑", "down": "↓"}
_LINE = {
    NOTHING: "true",
    SWITCH: "true",
    LAYER: '"rain"',
    SCENE: '"close"',
    PRESET: '"rain_on_tent"',
    PATH: '"rain.surface"',
    STEP_DB: "-1",
    LEVEL_DB: "-12",
    SECONDS: "2700",
    SEED: "7",
    AMOUNT: "0.6",
}
_BESIDE_IN_A_LINE = {"say": ', "text": "close your eyes"'}
_SPEAKER = {"say": '"voice"', "hush": '"voice"'}
"""Rows whose layer has to be one that speaks."""
_BESIDE_IN_OSC = {"strike": " [velocity]", "say": " text"}
_OSC = {
    NOTHING: "",
    SWITCH: " [1]",
    SCENE: " name",
    PRESET: " name",
    PATH: " [address]",
    STEP_DB: " dB",
    LEVEL_DB: " dB",
    SECONDS: " seconds",
    SEED: " seed",
    AMOUNT: " 0..1",
}


def page() -> str:
    """Return the page."""
    old = [f"`{old}` for `{command.name}`" for command in COMMANDS.values() for old in command.old_names]
    last = f"- Old names that this version still takes: {', '.join(old)}.\n" if old else ""
    return _HEAD + "".join(f"{_row(command)}\n" for command in COMMANDS.values()) + _FOOT + last


def _row(command: Command) -> str:
    keys = [_SHOWN.get(key, key) for key in command.keys]
    cells = (
        f"`{command.name}`",
        command.doc,
        f"{keys[0]} to {keys[-1]}" if len(keys) > 2 else " ".join(keys),
        f"`{command.name}`" if MIDI in command.ways else "",
        f'`{{"{command.name}": {_SPEAKER.get(command.name, _LINE[command.argument])}{_BESIDE_IN_A_LINE.get(command.name, "")}}}`'
        if LINES in command.ways
        else "",
        f"`{_address(command)}`" if OSC in command.ways else "",
        "at its stamp" if command.is_timed else "",
    )
    return f"| {' | '.join(cells)} |"


def _address(command: Command) -> str:
    if command.argument is LAYER:
        return f"/LAYER/{command.name}{_BESIDE_IN_OSC.get(command.name, '')}"
    return f"/synth/{command.name}{_OSC[command.argument]}"
