"""An event as Python sends it: one function a kind.  layer, note, numbers -> Event -> a row of EVENT."""

from __future__ import annotations

from typing import NamedTuple

from synth.control.frame_numbers import NOW
from synth.engine.addresses import Strip
from synth.engine.kernels import event_record as record
from synth.engine.kernels.state import AUDIBLE
from synth.engine.layer import Layer


class Event(NamedTuple):
    """The fields of an EVENT, in its order; what a kind does not speak of is 0."""

    frame: int = NOW
    sequence: int = 0
    generation: int = 0
    note: int = 0
    mask: int = 0
    ramp_frames: int = 0
    value: float = 0.0
    velocity: float = 0.0
    pitch: float = 0.0
    kind: int = record.SET
    layer: int = 0
    slot: int = 0
    owner: int = record.BY_PYTHON
    switch: int = record.OFF
    keeps_tails: int = 0
    table: int = 0
    stream: int = 0
    act: int = 0


# ---- of a layer


def add(layer: Layer) -> Event:
    """Let a layer be there."""
    return Event(kind=record.ADD, layer=layer.index, generation=layer.generation)


def remove(layer: Layer, keeps_tails: bool) -> Event:
    """Let a layer go: it fades, or what sounds ends by itself."""
    return Event(kind=record.REMOVE, layer=layer.index, generation=layer.generation, keeps_tails=int(keeps_tails))


def strike(layer: Layer, note: int, velocity: float, pitch: float) -> Event:
    """Start a note."""
    own = layer.index, layer.generation
    return Event(kind=record.STRIKE, layer=own[0], generation=own[1], note=note, velocity=velocity, pitch=pitch)


def release(layer: Layer, note: int) -> Event:
    """End a note."""
    return Event(kind=record.RELEASE, layer=layer.index, generation=layer.generation, note=note)


def set_note(layer: Layer, note: int, slot: int, value: float, ramp_frames: int) -> Event:
    """Change one of a note's own numbers."""
    own = layer.index, layer.generation
    return Event(kind=record.NOTE, layer=own[0], generation=own[1], note=note, slot=slot, value=value, ramp_frames=ramp_frames)


def set_number(strip: Strip, slot: int, value: float, ramp_frames: int, owner: int) -> Event:
    """Change one of a layer's numbers, or of the master's."""
    change = Event(kind=record.MASTER, slot=slot, value=value, ramp_frames=ramp_frames, owner=owner)
    if isinstance(strip, Layer):
        return change._replace(kind=record.SET, layer=strip.index, generation=strip.generation)
    return change


def step_master(slot: int, step: float) -> Event:
    """Move one of the master's numbers by a step from where it is going."""
    return Event(kind=record.STEP_MASTER, slot=slot, value=step, ramp_frames=record.OWN_RAMP)


def make_audible(layer: Layer, is_audible: bool) -> Event:
    """Let a layer be heard, or not."""
    return set_number(layer, AUDIBLE, float(is_audible), record.OWN_RAMP, record.BY_PYTHON)


def release_override(strip: Strip | None, slot: int = -1) -> Event:
    """Let go of a number of a layer or of the master, -1: of all of them; without either of everything."""
    index, generation = (strip.index, strip.generation) if strip else (record.ON_ALL, 0)
    return Event(kind=record.RELEASE_OVERRIDE, layer=index, generation=generation, slot=slot)


def say(layer: Layer, number: int, marks: int, seconds: float) -> Event:
    """Have a phone wait to be said."""
    own = layer.index, layer.generation
    return Event(kind=record.SAY, layer=own[0], generation=own[1], slot=number, mask=marks, value=seconds)


def talk(layer: Layer) -> Event:
    """Let a layer begin with what waits to be said."""
    return Event(kind=record.TALK, layer=layer.index, generation=layer.generation)


def hush(layer: Layer) -> Event:
    """Let nothing of what waits be said, nor the rest of what is being said."""
    return Event(kind=record.HUSH, layer=layer.index, generation=layer.generation)


# ---- of everything


def panic() -> Event:
    """Fade everything that sounds, and pause gestures."""
    return Event(kind=record.PANIC)


def _switched(kind: int, is_on: bool | None) -> Event:
    return Event(kind=kind, switch=record.TOGGLE if is_on is None else record.ON if is_on else record.OFF)


def pause(is_on: bool | None) -> Event:
    """Let gestures pause or go on; None: the other of the two."""
    return _switched(record.PAUSE, is_on)


def hold(is_on: bool | None) -> Event:
    """Let ramps stop or go on; None: the other of the two."""
    return _switched(record.HOLD, is_on)


def freeze(is_on: bool | None) -> Event:
    """Let everything stay as it is or go on; None: the other of the two."""
    return _switched(record.FREEZE, is_on)


def forget_held() -> Event:
    """Forget the ramps that are held."""
    return Event(kind=record.HOLD, switch=record.FORGET)


def tap() -> Event:
    """Tap a beat."""
    return Event(kind=record.TAP)


def set_room(t60_s: float, fades: bool = True) -> Event:
    """Change the room; 0: none. It fades in, unless nothing sounds."""
    return Event(kind=record.TUNE_ROOM, value=t60_s, ramp_frames=record.OWN_RAMP if fades else 0)


def use_bindings(table: int) -> Event:
    """Let another table of bindings count from now on."""
    return Event(kind=record.MAP, table=table)
