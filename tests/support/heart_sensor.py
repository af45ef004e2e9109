"""A heart rate sensor that is not there: a peripheral behind bleak's own interface, whose air is a few lines of Python."""

from __future__ import annotations

import asyncio
from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection

from synth.io.signals.heart_rate import MEASUREMENT, SERVICE

ADDRESS = "C0:FF:EE:00:11:22"


class Air:
    """What is near: sensors by address, and whoever listens to one; the test speaks through it from its own thread."""

    def __init__(self) -> None:
        self.near = {ADDRESS: [SERVICE], "00:00:00:00:00:01": ["0000180f-0000-1000-8000-00805f9b34fb"]}
        self.clients: list[_Client] = []
        self.refuses = ""

    @property
    def backends(self) -> tuple[type[BaseBleakClient], type[BaseBleakScanner]]:
        """A client and a scanner, for `bleak`'s own classes."""
        return type("Client", (_Client,), {"air": self}), type("Scanner", (_Scanner,), {"air": self})

    def notify(self, *data: int) -> None:
        """Let the sensor measure."""
        for client in self.clients:
            client.loop.call_soon_threadsafe(client.hear, bytearray(data))

    def leave(self) -> None:
        """Let it go out of reach."""
        clients, self.clients = self.clients, []
        for client in clients:
            client.loop.call_soon_threadsafe(client.lose)


class _Scanner(BaseBleakScanner):
    air: Air

    def __init__(self, detection_callback: Any, service_uuids: Any, scanning_mode: Any = None, **_: Any) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        for address, services in self.air.near.items():
            said = AdvertisementData("sensor", {}, {}, services, None, -60, ())
            device = self.create_or_update_device(address, address, "sensor", None, said)
            asyncio.get_running_loop().call_soon(self.call_detection_callbacks, device, said)

    async def stop(self) -> None:
        pass


class _Client(BaseBleakClient):
    air: Air

    def __init__(self, device: BLEDevice | str, **options: Any) -> None:
        super().__init__(device, **options)
        self._is_connected, self._listener = False, None

    @property
    def name(self) -> str:
        return "sensor"

    @property
    def mtu_size(self) -> int:
        return 23

    @property
    def is_connected(self) -> bool:
        return self._is_connected

    async def connect(self, pair: bool, **_: Any) -> None:
        if self.air.refuses:
            raise OSError(self.air.refuses)
        self.loop = asyncio.get_running_loop()
        self.services = BleakGATTServiceCollection()
        service = BleakGATTService(None, 1, SERVICE)
        self.services.add_service(service)
        self.services.add_characteristic(BleakGATTCharacteristic(None, 2, MEASUREMENT, ["notify"], lambda: 20, service))
        self._is_connected = True

    async def disconnect(self) -> None:
        self._is_connected = False
        if self in self.air.clients:
            self.air.clients.remove(self)

    async def start_notify(self, characteristic: Any, callback: Any, **_: Any) -> None:
        assert characteristic.uuid == MEASUREMENT
        self._listener = callback
        self.air.clients.append(self)

    def hear(self, data: bytearray) -> None:
        if self._listener:
            self._listener(data)

    def lose(self) -> None:
        self._is_connected = False
        if self._disconnected_callback:
            self._disconnected_callback()

    async def _nothing(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    pair = unpair = stop_notify = _nothing
    read_gatt_char = read_gatt_descriptor = write_gatt_char = write_gatt_descriptor = _nothing


_Client.__abstractmethods__ = frozenset()
