"""The quantum: 64 frames of everything.  events -> gestures, motions, parameters -> voices -> ears -> room -> master -> out.

`process` is the one entry for offline rendering and for the audio callback; any number of frames at a time gives the same
samples.
"""

from __future__ import annotations

import numpy as np
from numba import carray, types

from hrtf.kernels.filters import filter_bus
from synth.dsp import band_limit, limiter, soften, steady_gain
from synth.engine.kernels import dispatch, events, layers, meters, midi_input, rooms, stream_events, voices
from synth.engine.kernels.state import (
    CONTROL_PART,
    DRY_DELAY,
    EARS_PART,
    EMITTERS_PART,
    FADE,
    GUARD,
    IDLE,
    INPUTS,
    KERNELS_PART,
    MASTER_LEVEL,
    MASTER_PART,
    MAX_LAYERS,
    MAX_VOICES,
    SOFTEN,
    STATE,
    TABLES,
    TRIM,
    VOLUME,
)
from synth.rt import kernel
from synth.rt.intrinsics import cycles, flush_denormals, pointer, restore_denormals
from synth.rt.units import F32, QUANTUM, gain_from_db, gain_from_level


@kernel
def _render_voices(state, tables):
    state.sounding = 0
    state.emitting = 0
    for index in range(MAX_VOICES):
        voice = state.voices[index]
        if voice.life != IDLE:
            state.sounding += 1
            begin = cycles()
            voices.render(state, tables, voice, QUANTUM)
            rendered = cycles()
            voices.mix_voice(state, tables, voice)
            state.cycles[KERNELS_PART] += rendered - begin
            state.cycles[EMITTERS_PART] += cycles() - rendered


@kernel
def _add_dry(state):
    """Add the dry route, which waits as long as the ears take."""
    at = DRY_DELAY - state.dry_delay
    for ear in range(2):
        dry, out = state.dry[ear], state.out[ear]
        for n in range(QUANTUM):
            out[n] += dry[at + n]
        for n in range(DRY_DELAY):
            dry[n] = dry[n + QUANTUM]
        for n in range(QUANTUM):
            dry[DRY_DELAY + n] = F32(0.0)


@kernel
def _master_gain(state):
    level = gain_from_level(state.master[MASTER_LEVEL].value + state.master[GUARD].value)
    return level * gain_from_db(state.master[TRIM].value + state.master[VOLUME].value) * state.master[FADE].value


@kernel
def _finish(state):
    """Everything after the ears: scrub, soften, gain and fade, what lies outside the band, limiter."""
    share, state.soften_share = state.soften_share, soften.share_of(state.master[SOFTEN].value)
    for ear in range(2):
        state.scrubbed += band_limit.scrub(state.out[ear])
        soften.soften(state.soften[ear], state.out[ear], share, state.soften_share)
    gain = _master_gain(state)
    if state.frame == 0 or state.jumps:
        steady_gain.jump(state.master_gain, gain)
    else:
        steady_gain.advance(state.master_gain, gain)
    for ear in range(2):
        out = state.out[ear]
        for n in range(QUANTUM):
            out[n] *= F32(steady_gain.gain_at(state.master_gain, n))
        band_limit.limit_band(state.band[ear], out)
    state.jumps = 0
    limiter.limit(state.limiter, state.out)
    meters.measure(state.meters, state.limiter, state.out, state.frame + QUANTUM, state.sample_rate)


@kernel
def render_quantum(state, tables):
    """Render frames `state.frame` .. + 64 into `state.out`."""
    stop = state.frame + QUANTUM
    begin = cycles()
    events.drain(state)
    midi_input.hear(state, stop)
    stream_events.hear(state, tables, stop)
    for index in range(MAX_LAYERS):
        layer = state.layers[index]
        if layer.is_active and not layer.is_ending and not layer.is_paused:
            layers.play(state, index, layer, state.frame, stop)
    events.collect_due(state, stop)
    dispatch.advance(state, tables, stop)
    dispatch.act(state, tables, stop)
    events.collect_due(state, stop)  # the first notes of layers that were just added
    dispatch.act(state, tables, stop)
    rooms.advance(state)
    state.cycles[CONTROL_PART] += cycles() - begin
    _render_voices(state, tables)
    layers.end_silent(state)
    begin = cycles()
    filter_bus(tables.ears, state.bus, state.out)
    state.cycles[EARS_PART] += cycles() - begin
    begin = cycles()
    _add_dry(state)
    rooms.add(state)
    _finish(state)
    state.cycles[MASTER_PART] += cycles() - begin
    state.frame = stop


@kernel
def _take_input(state):
    """Let what has come in since the last quantum be heard in the next."""
    for channel in range(INPUTS):
        for n in range(QUANTUM):
            state.input[channel, n] = state.incoming[channel, n]
            state.incoming[channel, n] = F32(0.0)


@kernel
def process(state_address, tables_address, in_address, in_channels, out_address, frames):
    """Hand out the next frames, rendering whole quanta as they are needed.

    Live input is heard by the quantum after the one in which it came: exactly 64 frames later, whatever the block size.

    Parameters
    ----------
    state_address, tables_address : addresses of a STATE and a TABLES record.
    in_address : address of f4 (frames, in_channels), live input; 0: none.
    in_channels : how many there are; the first `INPUTS` are heard.
    out_address : address of f4 (frames, 2), written.
    frames : how many.
    """
    mode = flush_denormals()
    state = carray(pointer(state_address), 1, STATE)[0]
    tables = carray(pointer(tables_address), 1, TABLES)[0]
    out = carray(pointer(out_address), (frames, 2), np.float32)
    channels = min(in_channels, INPUTS) if in_address != 0 else 0
    coming = carray(pointer(in_address), (frames, in_channels), np.float32)
    for n in range(frames):
        if state.handed == QUANTUM:
            _take_input(state)
            render_quantum(state, tables)
            state.handed = 0
        for channel in range(channels):
            state.incoming[channel, state.handed] = coming[n, channel]
        out[n, 0] = state.out[0, state.handed]
        out[n, 1] = state.out[1, state.handed]
        state.handed += 1
    restore_denormals(mode)


PROCESS_SIGNATURE = (types.intp, types.intp, types.intp, types.int64, types.intp, types.int64)
"""The one signature of `process`; the audio callback calls the same compiled code by address."""
