"""What events do.  due events -> ramps, then numbers at the quantum's end, then strikes, releases and the rest in order."""

from __future__ import annotations

from synth.engine import events, layers, smooth, voices
from synth.engine.memory import (
    ADD,
    APPLIED,
    IDLE,
    MASTER,
    MASTER_SLOTS,
    MAX_LAYERS,
    MAX_VOICES,
    NOTE,
    PANIC,
    RELEASE,
    REMOVE,
    SET,
    STRIKE,
)
from synth.jit import part
from synth.units import QUANTUM


@part
def _panic(state):
    """Fade everything that sounds and hold every gesture."""
    for index in range(MAX_LAYERS):
        if state.layers[index].is_active:
            state.layers[index].is_paused = 1
            layers.fade_voices(state, state.layers[index], voices.STOLEN_FADE_S)


@part
def _change(state, event):
    """Apply an event that starts a ramp; whether it was one."""
    if event.kind == SET:
        slot = state.layers[event.layer].slots[event.slot]
        if slot.is_discrete:
            return False
        smooth.change(slot, event.value, event.frame, event.ramp_frames)
        return True
    if event.kind == MASTER:
        smooth.change(state.master[event.slot], event.value, event.frame, event.ramp_frames)
        return True
    return False


@part
def _act_on(state, tables, event, stop):
    """Apply an event that acts at its frame."""
    layer = state.layers[event.layer]
    kind = event.kind
    if kind == STRIKE:
        voices.strike(state, tables, event.layer, event.note, event.value, event.pitch, event.frame)
    elif kind == RELEASE:
        index = layers.find_voice(state, layer, event.note)
        if index >= 0:
            voices.release(state, tables, state.voices[index], event.frame)
    elif kind == NOTE:
        index = layers.find_voice(state, layer, event.note)
        if index >= 0:
            smooth.change(state.voices[index].own[event.slot], event.value, event.frame, event.ramp_frames)
            voices.write_parameters(tables, layer, state.voices[index], stop)
    elif kind == SET:
        if layer.slots[event.slot].is_discrete:
            smooth.change(layer.slots[event.slot], event.value, event.frame, 0)
    elif kind == ADD:
        layers.begin(state, event.layer, layer, event.frame, stop)
    elif kind == REMOVE:
        layer.is_ending = 1
        layers.fade_voices(state, layer, voices.REMOVED_FADE_S)
    elif kind == PANIC:
        _panic(state)


@part
def advance(state, tables, stop):
    """Apply what starts ramps, then read every number at the quantum's end."""
    for index in range(state.due_count):
        _change(state, state.due[index])
    for index in range(MAX_LAYERS):
        if state.layers[index].is_active:
            layers.advance(state, state.layers[index], stop)
            layers.press(state, state.layers[index], QUANTUM, stop)
    for slot in range(MASTER_SLOTS):
        smooth.advance(state.master[slot], stop)
    for index in range(MAX_VOICES):
        voice = state.voices[index]
        if voice.life != IDLE:
            voices.write_parameters(tables, state.layers[voice.layer], voice, stop)


@part
def act(state, tables, stop):
    """Apply what acts at its frame, in order."""
    for index in range(state.due_count):
        event = state.due[index]
        _act_on(state, tables, event, stop)
        if state.report_applied:
            events.respond(state, APPLIED, event.frame, event)
