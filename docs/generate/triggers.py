"""The pages of docs/triggers/: one for each trigger and a list.  registry -> Markdown."""

from __future__ import annotations

from generate.markdown import code, inline, parameter_table, table

import synth
from synth.trigger import Trigger

_HEADER = "<!-- written by docs/build.py from the registry; edit the trigger's file instead -->\n"


def pages() -> dict[str, str]:
    """Return every page by its path below docs/."""
    return {"triggers/README.md": _index()} | {f"triggers/{name}.md": _page(each) for name, each in synth.TRIGGERS.items()}


def trigger_table(folder: str = "") -> str:
    """Return the list of triggers; links begin with `folder`."""
    rows = [(f"[{name}]({folder}{name}.md)", trigger.summary) for name, trigger in synth.TRIGGERS.items()]
    return table(("trigger", ""), rows)


def _index() -> str:
    return f"{_HEADER}\n# Triggers\n\n{trigger_table()}\n"


def _page(trigger: Trigger) -> str:
    title = trigger.name.replace("_", " ").capitalize()
    init = [f"gesture = {inline(trigger.gesture)}", f"motion = {inline(trigger.motion)}"]
    if trigger.place:
        init.insert(0, f"place = {inline(trigger.place)}")
    heard = ""
    if trigger.hears:
        init.insert(0, "sound = { channel = 1 }")
        heard = "\nIts picture shows a tone that rises from 50 Hz to 20 kHz, played as a file.\n"
    if trigger.speaks:
        init.insert(0, f'text = """\n{trigger.text}"""')
        heard = "\nWhat may stand in its text: [write a text](../write-text.md).\n"
    families = f" Of the family: {', '.join(trigger.families)}." if trigger.families else ""
    return f"""{_HEADER}
# {title}

```
{trigger.doc.strip()}
```

![{title}: waveform and spectrogram of both ears]({trigger.name}.png)
{heard}
{parameter_table(trigger.parameters)}

Emitters a voice: {trigger.emitters}. Voices: {trigger.voices}. Silent at the latest {trigger.tail_s:g} s after release.{families}

Hear it with `synth render {trigger.name} -o {trigger.name}.wav`, which plays it so ([write a preset](../write-a-preset.md)):

{code(chr(10).join(init))}
"""
