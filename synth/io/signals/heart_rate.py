"""A heart rate sensor over Bluetooth Low Energy.  service 0x180D, notifications of 0x2A37 -> beats a minute, RR intervals.

Its bytes carry no stamp: a measurement is stamped when it arrives, which is said wherever it is kept. bleak is an extra:
pip install 'synth[ble]'.
"""

from __future__ import annotations

import asyncio
import struct
import threading
import time
from contextlib import suppress
from typing import Any

from synth.io.signals.sample import Deliver, Sample, Say
from synth.parameters.errors import InputError

SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
_FIND_S, _CONNECT_S = 10.0, 15.0
_STALL_S = 5.0  # a sensor sends once a second
_LOOK_S = 0.25
_AGAIN_S = 2.0
_IS_16, _CONTACT, _CONTACT_KNOWN, _HAS_ENERGY, _HAS_RR = 0x01, 0x02, 0x04, 0x08, 0x10
_RR_UNITS = 1024.0


def measurement(data: bytes) -> dict[str, Any]:
    """Return what a Heart Rate Measurement says (Bluetooth GATT Specification Supplement, 3.116).

    Returns
    -------
    `heart_rate_bpm`; `rr_s`, the intervals between beats, oldest first, if there are any; `has_contact` if it is known.

    Raises
    ------
    ValueError
        If it is too short for what its flags say.
    """
    if not data:
        raise ValueError("an empty measurement")
    flags, at = data[0], 1
    try:
        (rate,) = struct.unpack_from("<H" if flags & _IS_16 else "<B", data, at)
        at += 2 if flags & _IS_16 else 1
        at += 2 if flags & _HAS_ENERGY else 0
        found: dict[str, Any] = {"heart_rate_bpm": int(rate)}
        if flags & _CONTACT_KNOWN:
            found["has_contact"] = bool(flags & _CONTACT)
        if flags & _HAS_RR:
            count, rest = divmod(len(data) - at, 2)
            if rest or count < 0:
                raise ValueError("half an RR interval")
            found["rr_s"] = [interval / _RR_UNITS for interval in struct.unpack_from(f"<{count}H", data, at)]
    except struct.error:
        raise ValueError(f"{len(data)} bytes are too few for its flags {flags:#04x}") from None
    return found


def library() -> Any:
    """Return bleak, or raise `InputError` that says how to get it."""
    try:
        import bleak
    except ImportError:
        raise InputError("Bluetooth needs bleak: pip install 'synth[ble]'") from None
    return bleak


class HeartRate:
    """Listens to a sensor until it is closed; one that goes is sought again.

    Parameters
    ----------
    address : the sensor's; "": the first one that is found.
    deliver : called with each measurement.
    say : told what happens.
    backends : bleak's for the client and for the scanner; None: this system's own.

    Raises
    ------
    InputError
        If bleak or Bluetooth is missing, or no sensor answers.
    """

    def __init__(self, address: str, deliver: Deliver, say: Say, backends: tuple[Any, Any] = (None, None)) -> None:
        self._bleak, self._address, self._backends = library(), address, backends
        self._deliver, self._say = deliver, say
        self._name, self._samples, self._wrong = address or "any", 0, 0
        self.is_stalled = False
        self._heard_s = time.monotonic()
        self._began, self._failure = threading.Event(), ""
        self._loop = asyncio.new_event_loop()
        self._closing = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="synth heart rate", daemon=True)
        self._thread.start()
        self._began.wait(_FIND_S + _CONNECT_S + _LOOK_S)
        if self._failure or not self._began.is_set():
            self.close()
            raise InputError(f"heart rate by Bluetooth: {self._failure or 'the sensor does not answer'}")

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of it."""
        return {
            "from": f"ble:{self._name}",
            "stamped_by": "this machine, on arrival: the sensor stamps nothing",
            "samples": self._samples,
            "unreadable": self._wrong,
        }

    def close(self) -> None:
        """Listen no more."""
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(_CONNECT_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._listen())
        finally:
            self._loop.close()

    async def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                await self._listen_once()
            except Exception as error:  # bleak's own, the system's, or nobody's Bluetooth
                if not self._began.is_set():
                    self._failure = str(error) or type(error).__name__
                    self._began.set()
                    return
            if not self._closing.is_set():
                self._stall(f"heart rate sensor {self._name} is gone; it is sought again")
                await self._rest(_AGAIN_S)

    async def _listen_once(self) -> None:
        """Find, connect, and hear it until it goes."""
        has_gone = asyncio.Event()
        client_kind, _ = self._backends
        client = self._bleak.BleakClient(
            await self._found(),
            disconnected_callback=lambda _: has_gone.set(),
            timeout=_CONNECT_S,
            **({"backend": client_kind} if client_kind else {}),
        )
        async with client:
            await client.start_notify(MEASUREMENT, self._hear)
            self._heard_s = time.monotonic()
            self._began.set()
            while not (has_gone.is_set() or self._closing.is_set()):
                await self._rest(_LOOK_S)
                if time.monotonic() - self._heard_s > _STALL_S:
                    self._stall(f"heart rate sensor {self._name} stalls: nothing is known of it now")

    async def _found(self) -> Any:
        _, scanner_kind = self._backends
        named = {"backend": scanner_kind} if scanner_kind else {}
        wanted = self._address.lower()

        def fits(device: Any, advertised: Any) -> bool:
            is_one = SERVICE in [each.lower() for each in advertised.service_uuids]
            return str(device.address).lower() == wanted if wanted else is_one

        device = await self._bleak.BleakScanner.find_device_by_filter(fits, timeout=_FIND_S, **named)
        if device is None:
            what = f"no sensor has the address {self._address}" if wanted else "no heart rate sensor is near"
            raise InputError(f"{what}; it was sought for {_FIND_S:g} s")
        self._name = str(device.address)
        return device

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return

    def _hear(self, _: Any, data: bytearray) -> None:
        try:
            found = measurement(bytes(data))
        except ValueError:
            self._wrong += 1
            return
        self._heard_s, self._samples = time.monotonic(), self._samples + 1
        if self.is_stalled:
            self.is_stalled = False
            self._say(f"heart rate sensor {self._name} is back")
        self._deliver(Sample(0.0, found))

    def _stall(self, text: str) -> None:
        if not self.is_stalled:
            self.is_stalled = True
            self._say(text)
