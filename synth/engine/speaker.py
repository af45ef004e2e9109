"""What makes an engine speak: texts as phones, for its layers and live.  text -> phones -> Input | events, a phone each."""

from __future__ import annotations

from collections.abc import Mapping

from synth.engine import event
from synth.engine.kernels.speech import MOST_WAITING
from synth.engine.layer import Input, Layer
from synth.engine.preset import Preset
from synth.engine.renderer import Renderer
from synth.parameters.errors import InputError
from synth.trigger import TRIGGERS


def text_input(text: str, is_loop: bool = True, where: str = "text") -> Input:
    """Return what a layer that speaks is given to say a text; raises `InputError`, which begins with `where`."""
    from synth.speech import phones  # the dictionary is not for those who do not speak

    return Input(phones=phones(text, where), is_loop=is_loop)


def said_by(trigger: str, text: str | None) -> Input | None:
    """Return what a layer is given to say a text, or its trigger's own; None without a text, if the trigger does not speak."""
    return text_input(text or TRIGGERS[trigger].text) if text is not None or TRIGGERS[trigger].speaks else None


def with_texts(preset: Preset, inputs: Mapping[str, Input]) -> dict[str, Input]:
    """Return the inputs of a preset's layers, with the phones of those that say a text and were given none."""
    found = dict(inputs)
    for spec in preset.layers:
        own = TRIGGERS[spec.trigger].text
        text = spec.text or ({"say": own, "loop": True} if own else {})
        if spec.name not in found and "say" in text:
            found[spec.name] = text_input(text["say"], text["loop"], f"layer '{spec.name}': text")
    return found


LONGEST_SAID = 8000
"""Characters that are said live at a time: about ten minutes."""


class Speaker(Renderer):
    """A renderer whose layers can be told what to say; the arguments are those of `Engine`."""

    def speak(self, layer: Layer, text: str, at: int | None = None, *, interrupt: bool = False) -> None:
        """Have a layer say a text: after the phrase that it is saying and what waits already, before it goes on with its own.

        A layer of which no note is held says it by itself, and ends with it.

        Parameters
        ----------
        layer : one whose trigger speaks.
        text : what may stand in it: docs/write-text.md.
        at : absolute frame from which it waits to be said; None: the first not yet rendered.
        interrupt : whether it is said at once, instead of the rest of the phrase and of what waits.

        Raises
        ------
        InputError
            If the trigger does not speak, the text cannot be said, or it is too long to wait.
        """
        self._check_speaks(layer)
        if isinstance(text, str) and len(text) > LONGEST_SAID:  # whoever says junk must not keep a thread for long
            raise InputError(f"speak: a text of {len(text)} characters; allowed: {LONGEST_SAID} at a time")
        rows = text_input(text, where="speak").phones
        assert rows is not None
        waiting = int(self._state["layers"][0][layer.index]["talk_written"] - self._state["layers"][0][layer.index]["talk_read"])
        if len(rows) + waiting > MOST_WAITING:
            raise InputError(f"speak: a text of {len(rows)} phones, beside {waiting} that wait; allowed: {MOST_WAITING} in all")
        said = [event.say(layer, *row) for row in rows.tolist()]
        self._send(*([event.hush(layer)] if interrupt else []), *said, event.talk(layer), at=at)

    def hush(self, layer: Layer, at: int | None = None) -> None:
        """Let a layer say nothing more of what waits, nor the rest of its phrase; if a note is held it goes on with its text."""
        self._check_speaks(layer)
        self._send(event.hush(layer), at=at)

    def _check_speaks(self, layer: Layer) -> None:
        self._check(layer)
        if not layer.trigger.speaks:
            raise InputError(f"trigger '{layer.trigger.name}' does not speak")
