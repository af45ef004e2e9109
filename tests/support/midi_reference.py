"""A second MIDI decoder, in plain Python: the specification read once more, for clarity and not for speed.

bytes -> messages of bytes -> (kind, channel, number, scope, channels, value, frame) tuples, named as in control.midi.messages

It shares nothing with the compiled decoder but the names of kinds and scopes: dictionaries, sets and lists instead of bits.
"""

from __future__ import annotations

from collections.abc import Iterator

from synth.control.midi import messages as m

Found = tuple[int, int, int, int, int, float, int]

_LENGTHS = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
_SYSTEM_LENGTHS = {0xF1: 1, 0xF2: 2, 0xF3: 1}
_CLOCKS = {0xF8: m.CLOCK, 0xFA: m.START, 0xFB: m.CONTINUE, 0xFC: m.STOP}


class Channel:
    """What a channel remembers."""

    def __init__(self) -> None:
        self.bend = 0
        self.cents = 200
        self.msb: dict[int, int] = {}
        self.pairs: set[int] = set()
        self.selected: tuple[int, int | None, int | None] | None = None


class Waiting:
    """A most significant byte that waits for its least significant one."""

    def __init__(self, frame: int, channel: int, number: int, value: int) -> None:
        self.frame, self.channel, self.number, self.value = frame, channel, number, value


class Reference:
    """The reference decoder; `feed` and `flush` return lists of tuples."""

    def __init__(self, sample_rate: float) -> None:
        self.wait_frames = int(0.005 * sample_rate)
        self.status: int | None = None
        self.data: list[int] = []
        self.is_open = False  # a message has begun and is not complete
        self.in_sysex = False
        self.stray = self.truncated = self.undefined = 0
        self.channels = [Channel() for _ in range(16)]
        self.lower: list[int] = []  # member channels
        self.upper: list[int] = []
        self.waiting: list[Waiting] = []
        self.newest: tuple[int, int, int] | None = None
        self.found: list[Found] = []
        self.now = 0

    # Bytes.

    def feed(self, byte: int, frame: int) -> list[Found]:
        """Take a byte."""
        self._expire(frame)
        self.now = frame
        if byte in _CLOCKS:
            self.found.append((_CLOCKS[byte], 0, 0, m.PORT_SCOPE, 0xFFFF, 0.0, frame))
        elif byte in (0xF9, 0xFD):
            self.undefined += 1
        elif byte in (0xFE, 0xFF):
            pass
        elif byte >= 0x80:
            self._begin(byte)
        elif not self.in_sysex:
            self._continue(byte)
        return self._taken()

    def _begin(self, status: int) -> None:
        if self.in_sysex and status == 0xF7:
            self.in_sysex = False
            return
        if self.in_sysex or self.is_open:
            self.truncated += 1
        self.in_sysex = status == 0xF0
        self.data = []
        has_data = status < 0xF0 or status in _SYSTEM_LENGTHS
        self.status = status if has_data else None
        self.is_open = has_data
        if status in (0xF4, 0xF5, 0xF7):
            self.undefined += 1

    def _continue(self, byte: int) -> None:
        if self.status is None:
            self.stray += 1
            return
        self.data.append(byte)
        self.is_open = True
        length = _SYSTEM_LENGTHS[self.status] if self.status >= 0xF0 else _LENGTHS[self.status >> 4]
        if len(self.data) < length:
            return
        data, self.data, self.is_open = self.data, [], False
        if self.status >= 0xF0:
            self.status = None
        else:
            self._message(self.status >> 4, self.status & 15, data)

    # Channel messages.

    def _message(self, command: int, channel: int, data: list[int]) -> None:
        state = self.channels[channel]
        if command == 0x9 and data[1] > 0:
            self._notify(m.NOTE_ON, channel, data[0], data[1] / 127)
        elif command in (0x8, 0x9):
            self._notify(m.NOTE_OFF, channel, data[0], (data[1] if command == 0x8 else 64) / 127)
        elif command == 0xA:
            self._notify(m.POLY_PRESSURE, channel, data[0], data[1] / 127)
        elif command == 0xB:
            self._control(channel, data[0], data[1])
        elif command == 0xC:
            self._notify(m.PROGRAM, channel, data[0], 0.0)
        elif command == 0xD:
            self._notify(m.CHANNEL_PRESSURE, channel, 0, data[0] / 127)
        else:
            state.bend = data[0] + 128 * data[1] - 8192
            self._notify(m.BEND, channel, 0, state.bend / 8192 * state.cents / 100)

    def _control(self, channel: int, number: int, value: int) -> None:
        selected = self._selected(channel)
        if number >= 120:
            self._mode(channel, number, value)
        elif number in (98, 99, 100, 101):
            self._select(channel, number, value)
        elif selected is not None and number in (96, 97):
            self._step(channel, selected, 1 if number == 96 else -1)
        elif selected is not None and selected[0] == m.RPN and number in (6, 38):
            self._registered(channel, selected[1], number, value)
        elif number < 32:
            self._coarse(channel, number, value)
        elif number < 64:
            self._fine(channel, number - 32, value)
        else:
            self._notify(m.CONTROL, channel, number, value / 127)

    def _mode(self, channel: int, number: int, value: int) -> None:
        if number not in (121, 122):
            self._notify(m.PANIC, channel, number, 0.0)
            return
        self._notify(m.CONTROL, channel, number, value / 127)
        if number == 121:
            for each in self._reach(channel):
                state = self.channels[each]
                state.bend = 0
                if state.selected is not None:
                    state.selected = (state.selected[0], None, None)

    # 14 bits.

    def _coarse(self, channel: int, number: int, value: int) -> None:
        state = self.channels[channel]
        state.msb[number] = value
        self.newest = (channel, number, self.now)
        for waiting in [each for each in self.waiting if (each.channel, each.number) == (channel, number)]:
            self._give_up(waiting, self.now)
        if number not in state.pairs:
            self._say_coarse(channel, number, value, self.now)
            return
        if len(self.waiting) == m.WAITING:
            self._give_up(self.waiting[0], self.now)
        self.waiting.append(Waiting(self.now, channel, number, value))

    def _fine(self, channel: int, number: int, value: int) -> None:
        state = self.channels[channel]
        selected = self._selected(channel) if number == 6 else None
        follows = (
            self.newest is not None and self.newest[:2] == (channel, number) and self.now <= self.newest[2] + self.wait_frames
        )
        if not follows and selected is None and number not in state.pairs:
            self._notify(m.CONTROL, channel, number + 32, value / 127)
            return
        state.pairs.add(number)
        self.waiting = [each for each in self.waiting if (each.channel, each.number) != (channel, number)]
        whole = (128 * state.msb.get(number, 0) + value) / 16383
        if selected is None:
            self._notify(m.CONTROL_14, channel, number, whole)
        else:
            self._notify(m.NRPN, channel, selected[1], whole)

    def _say_coarse(self, channel: int, number: int, value: int, frame: int) -> None:
        selected = self._selected(channel) if number == 6 else None
        if selected is None:
            self._notify(m.CONTROL, channel, number, value / 127, frame)
        else:
            self._notify(m.NRPN, channel, selected[1], value / 127, frame)

    def _give_up(self, waiting: Waiting, frame: int) -> None:
        self.waiting.remove(waiting)
        self.channels[waiting.channel].pairs.discard(waiting.number)
        self._say_coarse(waiting.channel, waiting.number, waiting.value, frame)

    def _expire(self, frame: int) -> None:
        while self.waiting and self.waiting[0].frame + self.wait_frames < frame:
            self._give_up(self.waiting[0], self.waiting[0].frame + self.wait_frames)

    def flush(self, frame: int) -> list[Found]:
        """Give up on what waited too long."""
        self._expire(frame)
        return self._taken()

    # Parameters.

    def _selected(self, channel: int) -> tuple[int, int] | None:
        selected = self.channels[channel].selected
        if selected is None or None in selected or selected[1:] == (127, 127):
            return None
        kind, msb, lsb = selected
        assert msb is not None
        assert lsb is not None
        return kind, 128 * msb + lsb

    def _select(self, channel: int, number: int, value: int) -> None:
        for waiting in [each for each in self.waiting if (each.channel, each.number) == (channel, 6)]:
            self._give_up(waiting, self.now)
        state = self.channels[channel]
        kind = m.NRPN if number in (98, 99) else m.RPN
        _, msb, lsb = state.selected if state.selected is not None and state.selected[0] == kind else (kind, None, None)
        state.selected = (kind, value, lsb) if number in (99, 101) else (kind, msb, value)
        state.msb.pop(6, None)
        self.newest = None

    def _registered(self, channel: int, parameter: int, number: int, value: int) -> None:
        state = self.channels[channel]
        if number == 6:
            state.msb[6] = value
            self._notify(m.RPN, channel, parameter, value / 127)
        else:
            self._notify(m.RPN, channel, parameter, (128 * state.msb.get(6, 0) + value) / 16383)
        if parameter == 0:
            self._set_range(channel, 100 * state.msb.get(6, 0) + (value if number == 38 else 0))
        if parameter == 6 and number == 6 and value <= 15 and channel in (0, 15):
            self._set_zone(channel, value)

    def _step(self, channel: int, selected: tuple[int, int], sign: int) -> None:
        kind, parameter = selected
        if kind == m.NRPN:
            self._notify(m.NRPN_STEP, channel, parameter, sign / (16383 if 6 in self.channels[channel].pairs else 127))
            return
        if parameter == 0:
            self._set_range(channel, self.channels[channel].cents + sign)
        self._notify(m.RPN_STEP, channel, parameter, sign / (127 if parameter in (2, 3, 4) else 16383))

    # MPE.

    def _set_range(self, channel: int, cents: int) -> None:
        zone = [members for members in (self.lower, self.upper) if channel in members]
        for each in zone[0] if zone else [channel]:
            self.channels[each].cents = min(max(cents, 0), 12827)

    def _zone(self, manager: int) -> set[int]:
        members = self.lower if manager == 0 else self.upper
        return {manager, *members} if members else set()

    def _set_zone(self, manager: int, members: int) -> None:
        other = 15 - manager
        before, other_before = self._zone(manager), self._zone(other)
        mine = list(range(1, 1 + members)) if manager == 0 else list(range(14, 14 - members, -1))
        others = self.upper if manager == 0 else self.lower
        if members:
            others = [each for each in others if each not in mine and each != manager]
            if other in mine:
                others = []
        self.lower, self.upper = (mine, others) if manager == 0 else (others, mine)
        changed = before | self._zone(manager) | (other_before - self._zone(other))
        for each in changed:
            self.channels[each].bend = 0
            self.channels[each].cents = 4800 if each in self.lower or each in self.upper else 200
        self.found.append((m.ZONE, manager, members, m.ZONE_SCOPE, sum(1 << each for each in changed), 0.0, self.now))

    def _reach(self, channel: int) -> set[int]:
        """Return the channels that a channel's controllers act on."""
        if channel == 0 and self.lower:
            return self._zone(0)
        if channel == 15 and self.upper:
            return self._zone(15)
        return {channel}

    def _notify(self, kind: int, channel: int, number: int, value: float, frame: int | None = None) -> None:
        channels = {channel}
        if kind in (m.NOTE_ON, m.NOTE_OFF, m.POLY_PRESSURE):
            scope = m.NOTE_SCOPE
        elif len(self._reach(channel)) > 1:
            scope, channels = m.ZONE_SCOPE, self._reach(channel)
        elif channel in (*self.lower, *self.upper) and (
            kind in (m.BEND, m.CHANNEL_PRESSURE) or (kind, number) == (m.CONTROL, 74)
        ):
            scope = m.NOTE_SCOPE
        else:
            scope = m.CHANNEL_SCOPE
        mask = sum(1 << each for each in channels)
        self.found.append((kind, channel, number, scope, mask, value, self.now if frame is None else frame))

    def _taken(self) -> list[Found]:
        found, self.found = self.found, []
        return found

    def decode(self, data: bytes, frames: list[int]) -> Iterator[Found]:
        """Decode a stream."""
        for byte, frame in zip(data, frames, strict=True):
            yield from self.feed(byte, frame)
        yield from self.flush(frames[-1] + self.wait_frames + 1)
