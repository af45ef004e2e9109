"""A storm of OSC, a million packets in `make soak`: the server does what the oracle says, counts exactly, and never raises."""

from __future__ import annotations

import socket

import pytest

from synth.control.rejections import Refused
from synth.engine.engine import Engine
from synth.live.protocols.osc.packet import read_packet
from synth.live.protocols.osc.server import Osc
from tests.support.osc_reference import expect
from tests.support.osc_sender import NOON, RATE, Rig, bundle, message
from tests.support.osc_storm import Storm, Watched, storm
from tests.support.sizes import short_and_long

pytestmark = pytest.mark.usefixtures("sine_trigger")


@short_and_long("packets", 5_000, 1_000_000)
def test_each_packet_does_what_the_oracle_says(packets: int) -> None:
    told = storm(packets)
    assert len(told["kinds"]) >= 12
    assert min(told[name] for name in ("strikes", "releases", "commands", "replies", "frames")) > packets / 200


@short_and_long("packets", 1_000, 20_000)
def test_each_packet_through_a_real_socket_is_counted_exactly(packets: int) -> None:
    rig = Watched()
    maker, told = Storm(rig, 3), []
    table = rig.hearing.addresses
    assert table is not None
    rejected = 0
    with (
        Osc(rig.session_stream, "127.0.0.1", 0, told.append, value=rig.value, effects=rig.effects, tree=False) as osc,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        sender.connect((osc.host, osc.port))
        sender.settimeout(10)
        for n in range(packets):
            packet = maker.packet()[:9000]
            rejected += expect(packet, table).rejected
            sender.send(packet)
            if n % 20 == 19:  # no more than the receive buffer holds; the answer says that all of it was heard
                sender.send(message("/synth/hash"))
                while sender.recv(65536) != message("/synth/hash", table.space.hash):
                    pass
                rig.engine.process(480)
        stats = osc.stats
    assert stats["packets"] == packets + packets // 20
    assert sum(stats["left_out"].values()) - stats["left_out"].get("late strike", 0) == rejected


@pytest.mark.parametrize("size", [-4, 0, -(1 << 31), 2, 1 << 30])
def test_a_part_of_an_impossible_size_is_refused(size: int) -> None:
    """python-osc would turn for ever at -4."""
    with pytest.raises(Refused):
        read_packet(bundle(tag=NOON) + size.to_bytes(4, "big", signed=True) + message("/x", 1.0))


def test_a_nest_as_deep_as_a_datagram_allows_is_refused() -> None:
    packet = message("/x", 1.0)
    while len(packet) < 65000:
        packet = bundle(packet)
    with pytest.raises(Refused) as found:
        read_packet(packet)
    assert found.value.kind == "nesting"


def test_patterns_that_would_choke_a_regular_expression_are_compared_at_once() -> None:
    engine = Engine(RATE, "sphere")
    engine.add("sine", name="a" * 60, distance_m=1.0)
    rig = Rig(engine)
    rig.send(message("/" + "*a" * 100 + "b/level_db", 1.0), message("/" + "*" * 200 + "b/level_db", 1.0))
    rig.send(message("/" + "{a,b}" * 40 + "/level_db", 1.0), message("/" + "*a" * 30 + "/level_db", 1.0))
    assert dict(rig.rejections.counts) == {"unknown address": 2, "pattern": 1}
