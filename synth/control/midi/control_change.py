"""Controllers: parameters by number and channel modes; the rest passes.  control change -> RPN, NRPN, PANIC, CONTROL.

Controllers 98 to 101 select a parameter, and 6, 38, 96 and 97 then set it. `msb_lsb` does the controllers of 7 and 14 bits.
"""

from __future__ import annotations

from synth.control.midi import messages, mpe, msb_lsb
from synth.rt import kernel

_DATA_LSB, _INCREMENT, _DECREMENT, _FIRST_SELECTOR, _LAST_SELECTOR = 38, 96, 97, 98, 101
_TIMBRE, _FIRST_MODE, _RESET, _LOCAL = 74, 120, 121, 122
_BEND_RANGE, _ZONE = 0, 6  # registered parameters
_MAX_7, _MAX_14 = 127.0, 16383.0


@kernel
def _select(decoder, channel, number, value, frame, out, count):
    """Name half of a parameter: 98, 99 of an NRPN, 100, 101 of an RPN; 127 in both halves means none."""
    index = msb_lsb.find(decoder, channel, msb_lsb.DATA)
    if index >= 0:
        count = msb_lsb.give_up(decoder, index, frame, out, count)  # it meant the parameter before
    state = decoder.channels[channel]
    kind = messages.NRPN if number < 100 else messages.RPN
    if kind != state.parameter_kind:
        state.parameter_kind, state.parameter_msb, state.parameter_lsb = kind, -1, -1
    if number & 1:
        state.parameter_msb = value
    else:
        state.parameter_lsb = value
    state.msb[msb_lsb.DATA] = 0
    decoder.newest.channel = -1
    return count


@kernel
def _register(decoder, channel, number, value, frame, out, count):
    """Take data entry for a registered parameter: at once, for bend ranges and zones hold for the very next note."""
    state = decoder.channels[channel]
    parameter = msb_lsb.selected(state)
    if number == msb_lsb.DATA:
        state.msb[msb_lsb.DATA] = value
        count = mpe.write(decoder, messages.RPN, channel, parameter, value / _MAX_7, frame, out, count)
    else:
        fine = (state.msb[msb_lsb.DATA] << 7 | value) / _MAX_14
        count = mpe.write(decoder, messages.RPN, channel, parameter, fine, frame, out, count)
    if parameter == _BEND_RANGE:
        mpe.set_bend_range(decoder, channel, state.msb[msb_lsb.DATA] * 100 + (value if number == _DATA_LSB else 0))
    elif parameter == _ZONE and number == msb_lsb.DATA and value <= mpe.MAX_MEMBERS:
        if channel == mpe.MANAGERS[mpe.LOWER]:
            count = mpe.configure(decoder, mpe.LOWER, value, frame, out, count)
        elif channel == mpe.MANAGERS[mpe.UPPER]:
            count = mpe.configure(decoder, mpe.UPPER, value, frame, out, count)
    return count


@kernel
def _step(decoder, channel, number, frame, out, count):
    """Take data increment or decrement: a step of the least significant byte, where the parameter has one (RP-018)."""
    state = decoder.channels[channel]
    parameter = msb_lsb.selected(state)
    sign = 1 if number == _INCREMENT else -1
    if state.parameter_kind == messages.NRPN:
        step = 1.0 / _MAX_14 if state.is_14 >> msb_lsb.DATA & 1 else 1.0 / _MAX_7
        return mpe.write(decoder, messages.NRPN_STEP, channel, parameter, sign * step, frame, out, count)
    if parameter == _BEND_RANGE:
        mpe.set_bend_range(decoder, channel, state.bend_range_cents + sign)
    step = 1.0 / _MAX_7 if 2 <= parameter <= 4 else 1.0 / _MAX_14  # coarse tuning, tuning program and bank
    return mpe.write(decoder, messages.RPN_STEP, channel, parameter, sign * step, frame, out, count)


@kernel
def _mode(decoder, channel, number, value, frame, out, count):
    """Take a channel mode message: reset, local control, or one that ends all notes (all others do)."""
    if number in (_LOCAL, _RESET):
        count = mpe.write(decoder, messages.CONTROL, channel, number, value / _MAX_7, frame, out, count)
    else:
        count = mpe.write(decoder, messages.PANIC, channel, number, 0.0, frame, out, count)
    if number == _RESET:
        zone = mpe.zone_of(decoder, channel)
        is_manager = zone >= 0 and channel == mpe.MANAGERS[zone]
        channels = mpe.zone_channels(decoder, zone) if is_manager else 1 << channel
        for each in range(messages.CHANNELS):
            if channels >> each & 1:
                state = decoder.channels[each]
                state.bend, state.pressure = 0, 0.0
                state.parameter_msb, state.parameter_lsb = -1, -1
    return count


@kernel
def control(decoder, channel, number, value, frame, out, count):
    """Take a control change, `number` and `value` 0..127; return the number of messages in `out`."""
    state = decoder.channels[channel]
    if number >= _FIRST_MODE:
        return _mode(decoder, channel, number, value, frame, out, count)
    if _FIRST_SELECTOR <= number <= _LAST_SELECTOR:
        return _select(decoder, channel, number, value, frame, out, count)
    is_selected = msb_lsb.selected(state) >= 0
    if is_selected and number in (_INCREMENT, _DECREMENT):
        return _step(decoder, channel, number, frame, out, count)
    if is_selected and state.parameter_kind == messages.RPN and number in (msb_lsb.DATA, _DATA_LSB):
        return _register(decoder, channel, number, value, frame, out, count)
    if number < msb_lsb.PAIRS:
        return msb_lsb.most_significant(decoder, channel, number, value, frame, out, count)
    if number < 2 * msb_lsb.PAIRS:
        return msb_lsb.least_significant(decoder, channel, number - msb_lsb.PAIRS, value, frame, out, count)
    if number == _TIMBRE:
        state.timbre = value / _MAX_7
    return mpe.write(decoder, messages.CONTROL, channel, number, value / _MAX_7, frame, out, count)
