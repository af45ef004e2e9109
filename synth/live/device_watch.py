"""A sound device that may go and come back.  open -> start -> lost: closed -> looked for -> opened, started again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from synth.io.audio import device_clock
from synth.io.audio.device import Device
from synth.parameters.errors import InputError

_RETRY_S = 1.0
_DEAD_S = 2.0  # without a callback


class DeviceWatch:
    """Opens a device, sees whether it still calls, and opens it again when it is back.

    Parameters
    ----------
    record : (1,) LIVE record that the device's callback serves.
    sample_rate : hertz.
    open_device : opens a device by its name, not started.
    fades : called before a device plays, so that sound fades in, and after one is lost, so that it fades away.
    notify : told in one line what happens.
    kept : what is added when it is told that the device is lost.

    Attributes
    ----------
    device : the one that is open, or was last.
    is_open : whether there is one.
    """

    device: Device

    def __init__(
        self,
        record: Any,
        sample_rate: float,
        open_device: Callable[[str | int | None], Device],
        fades: tuple[Callable[[], None], Callable[[], None]],
        notify: Callable[[str], None],
        kept: str = "",
    ) -> None:
        self._record, self._sample_rate, self._kept = record, sample_rate, kept
        self._open, self._notify = open_device, notify
        self._fade_in, self._fade_away = fades
        self.is_open = False
        self._has_priority = False
        self._callbacks, self._called_s, self._retry_s = 0, 0.0, 0.0

    def open(self, device: str | int | None) -> None:
        """Open a device by its name; raises `InputError` if it cannot be used."""
        clock = self._record["clock"]
        device_clock.start(clock[0], self._sample_rate)
        device_clock.frame_at(clock.ctypes.data, 0.0)  # loaded now, not when it is first needed
        self.device = self._open(device)
        self.is_open, self._has_priority = True, False

    def start(self) -> None:
        """Let it call, fading in."""
        self._fade_in()
        self._called_s = time.monotonic()
        self.device.start()

    def close(self) -> None:
        """Give it back; once is enough, twice does no harm."""
        if self.is_open:
            self.is_open = False
            self.device.close()

    def look(self) -> None:
        """See whether it is there; to be called a few times a second."""
        now_s = time.monotonic()
        if not self.is_open:
            self._look_for_it(now_s)
            return
        callbacks = int(self._record["callbacks"][0])
        if callbacks != self._callbacks:
            self._callbacks, self._called_s = callbacks, now_s
        if self.device.is_lost or now_s - self._called_s > _DEAD_S:
            self._notify(f"{self.device.name} is lost{self._kept}; waiting for it to come back")
            self._retry_s = now_s + _RETRY_S
            self.close()
            self._fade_away()
        elif callbacks and not self._has_priority:
            self._has_priority = True
            if hint := self.device.priority():
                self._notify(hint)

    def _look_for_it(self, now_s: float) -> None:
        if now_s < self._retry_s:
            return
        self._retry_s = now_s + _RETRY_S
        try:
            self.open(self.device.returns_as)
        except InputError:
            return
        self.start()
        self._notify(f"{self.device.name} is back")
