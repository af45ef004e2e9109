"""What events do.  due events -> ramps, then numbers at the quantum's end, then strikes, releases and the rest in order."""

from __future__ import annotations

from synth.control.midi import tempo
from synth.engine.kernels import events, layers, ramp, rooms, speech, stream_events, voices
from synth.engine.kernels.event_record import (
    ADD,
    BY_CUE,
    FORGET,
    FREEZE,
    HOLD,
    HUSH,
    MAP,
    MASTER,
    NOTE,
    NOTE_ALL,
    ON,
    ON_LAYER,
    PANIC,
    PAUSE,
    RELEASE,
    RELEASE_ALL,
    RELEASE_OVERRIDE,
    REMOVE,
    SAY,
    SET,
    STEP_MASTER,
    STREAM_ACT,
    STRIKE,
    TALKER,
    TAP,
    TEMPO_HZ,
    TOGGLE,
    TUNE_ROOM,
)
from synth.engine.kernels.state import (
    AUDIBLE,
    IDLE,
    MASTER_HELD,
    MASTER_SLOTS,
    MAX_LAYERS,
    MAX_VOICES,
    PANICKED,
    TINGLE,
)
from synth.rt import kernel
from synth.rt.units import QUANTUM

_SPOKEN_VELOCITY = 0.7


@kernel
def _switched(was, event):
    """Return what a switch becomes: on, off or the other of the two."""
    return int(was == 0 if event.switch == TOGGLE else event.switch == ON)


# ---- what starts or holds ramps


@kernel
def _hold(state, frame, was, is_now, forget):
    """Stop every ramp where it is, or let all go on; fades, mutes, the volume and the guard of the ears are never held."""
    if was == is_now and not forget:
        return
    for index in range(MAX_LAYERS):
        if state.layers[index].is_active:
            for slot in range(AUDIBLE):
                _hold_slot(state.layers[index].slots[slot], frame, is_now, forget)
    for slot in MASTER_HELD:
        _hold_slot(state.master[slot], frame, is_now, forget)


@kernel
def _hold_slot(slot, frame, is_now, forget):
    if is_now:
        ramp.pause(slot, frame)
    elif forget:
        slot.held_frames = 0
    else:
        ramp.go_on(slot, frame)


@kernel
def _switch_hold(state, event):
    """Hold the morph or freeze everything; the ramps go on when neither is on."""
    was = state.is_held | state.is_frozen
    if event.kind == HOLD:
        state.is_held = _switched(state.is_held, event)
    else:
        state.is_frozen = _switched(state.is_frozen, event)
    _hold(state, event.frame, was, state.is_held | state.is_frozen, event.switch == FORGET)


@kernel
def _set(state, event):
    """Start a layer's ramp; while frozen, what is no performer's hand waits."""
    slot = state.layers[event.layer].slots[event.slot]
    events.report_change(state, event, slot)
    if not stream_events.is_free_for(slot, event.owner):
        return
    if state.is_frozen and event.owner == BY_CUE:
        ramp.defer(slot, event.value, event.ramp_frames)
    else:
        ramp.change(slot, event.value, event.frame, event.ramp_frames)


@kernel
def _beat(state, event):
    """Bring the gestures to a tempo."""
    hz = event.value if event.kind == TEMPO_HZ else tempo.tap(state.tempo, event.frame, state.sample_rate)
    if hz > 0.0:
        state.tempo_hz = layers.follow_tempo(state, hz, event.frame)


@kernel
def _change(state, event):
    """Apply an event that starts or holds ramps."""
    kind = event.kind
    if kind == SET:
        if not state.layers[event.layer].slots[event.slot].is_discrete:
            _set(state, event)
    elif kind == MASTER:
        events.report_change(state, event, state.master[event.slot])
        if stream_events.is_free_for(state.master[event.slot], event.owner):
            ramp.change(state.master[event.slot], event.value, event.frame, event.ramp_frames)
            state.jumps |= event.owner == BY_CUE and event.ramp_frames == 0
    elif kind == STEP_MASTER:
        number = state.master[event.slot]
        ramp.change(number, number.target + event.value, event.frame, event.ramp_frames)
    elif kind == RELEASE_OVERRIDE:
        stream_events.release_override(state, event)
    elif kind in (HOLD, FREEZE):
        _switch_hold(state, event)
    elif kind in (TAP, TEMPO_HZ):
        _beat(state, event)


# ---- what acts at its frame


@kernel
def _panic(state):
    """Fade everything that sounds and pause every gesture."""
    layers.pause_gestures(state, 1)
    for index in range(MAX_LAYERS):
        if state.layers[index].is_active:
            speech.hush(state, state.layers[index])
            layers.fade_voices(state, state.layers[index], voices.PANIC_FADE_S)


@kernel
def _all_notes(state, tables, event, stop):
    """Release, or change, every held note whose id agrees with the event's."""
    for index in range(MAX_VOICES):
        voice = state.voices[index]
        if voice.life == IDLE or voice.gate == 0.0 or voice.note < 0 or (voice.note ^ event.note) & event.mask:
            continue
        if event.kind == RELEASE_ALL:
            voices.release(state, tables, voice, event.frame)
        else:
            ramp.change(voice.own[event.slot], event.value, event.frame, event.ramp_frames)
            voices.write_parameters(tables, state.layers[voice.layer], voice, stop)


@kernel
def _act_on_layer(state, tables, event, stop):
    """Apply an event that concerns a layer."""
    layer = state.layers[event.layer]
    kind = event.kind
    if kind == STRIKE:
        voices.strike(state, tables, event.layer, event.note, event.velocity, event.pitch, event.frame)
    elif kind == RELEASE:
        index = layers.find_voice(state, layer, event.note)
        if index >= 0:
            voices.release(state, tables, state.voices[index], event.frame)
    elif kind == NOTE:
        index = layers.find_voice(state, layer, event.note)
        if index >= 0:
            ramp.change(state.voices[index].own[event.slot], event.value, event.frame, event.ramp_frames)
            voices.write_parameters(tables, layer, state.voices[index], stop)
    elif kind == SET:
        if layer.slots[event.slot].is_discrete:
            _set(state, event)
    elif kind == ADD:
        if not layer.is_ending:  # or it was removed before it came
            layers.begin(state, event.layer, layer, event.frame, stop)
    elif kind == REMOVE:
        layer.is_ending = 1
        if event.keeps_tails:
            layers.release_voices(state, tables, layer, event.frame)
        else:
            layers.fade_voices(state, layer, voices.REMOVED_FADE_S)
    else:
        _speak(state, tables, event)


@kernel
def _speak(state, tables, event):
    """Apply an event about what a layer says."""
    layer = state.layers[event.layer]
    if not layer.speaks:
        return
    if event.kind == SAY:
        speech.say(state, tables, layer, event.slot, event.mask, event.value)
    elif event.kind == HUSH:
        speech.hush(state, layer)
    elif not speech.is_held(state, layer):
        voices.strike(state, tables, event.layer, TALKER, _SPOKEN_VELOCITY, 0.0, event.frame)


@kernel
def _act_on(state, tables, event, stop):
    """Apply an event that acts at its frame."""
    kind = event.kind
    if kind in ON_LAYER:
        _act_on_layer(state, tables, event, stop)
    elif kind == PANIC:
        state.is_paused = PANICKED
        _panic(state)
    elif kind == PAUSE:
        state.is_paused = _switched(state.is_paused, event)
        layers.pause_gestures(state, state.is_paused)
        if state.is_paused:
            layers.release_gestures(state, tables, event.frame)
    elif kind in (RELEASE_ALL, NOTE_ALL):
        _all_notes(state, tables, event, stop)
    elif kind == TUNE_ROOM:
        rooms.ask(state, event.value, event.ramp_frames == 0)
    elif kind == MAP:
        state.bindings_at = event.table
    elif kind == STREAM_ACT:
        stream_events.step(state, tables, event)


@kernel
def advance(state, tables, stop):
    """Apply what starts ramps, then read every number at the quantum's end."""
    for index in range(state.due_count):
        event = state.due[index]
        if event.kind == STREAM_ACT:
            stream_events.glide(state, tables, event)
        else:
            _change(state, event)
    for index in range(MAX_LAYERS):
        if state.layers[index].is_active:
            layers.advance(state, state.layers[index], stop)
            layers.press(state, state.layers[index], QUANTUM, stop)
    for slot in range(MASTER_SLOTS):
        ramp.advance(state.master[slot], stop)
    for index in range(MAX_VOICES):
        voice = state.voices[index]
        if voice.life != IDLE:
            voices.write_parameters(tables, state.layers[voice.layer], voice, stop)


@kernel
def _is_told(state, event):
    """Whether the Python side is told that an event took effect: for a take all of them, and the hold always."""
    return (state.report_applied and event.kind != STREAM_ACT) or (event.kind == MASTER and event.slot == TINGLE)


@kernel
def act(state, tables, stop):
    """Apply what acts at its frame, in order."""
    for index in range(state.due_count):
        event = state.due[index]
        _act_on(state, tables, event, stop)
        if _is_told(state, event):
            events.tell_applied(state, event)
