"""The stream kernels against a second reading of the contract: each act and counter of many senders, thousands in `make soak`."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from synth.control.stream.acts import ACT
from synth.control.stream.contract import Contract
from synth.control.stream.record import STREAMS
from synth.control.stream.ring import AT, STAMPED
from synth.control.stream.stream import Stream
from synth.engine.engine import Engine
from synth.rt.units import QUANTUM
from tests.support.sizes import short_and_long
from tests.support.stream_reference import COUNTED, Act, Reference, Sent, heads_of

RATE = 48000
SECONDS = 3
_QUANTA = SECONDS * RATE // QUANTUM
_WRONG = [
    {"hash": 99},
    {"kind": 77},
    {"kind": -1},
    {"kind": 3},
    {"kind": STAMPED, "stamp_s": math.nan},
    {"kind": STAMPED, "stamp_s": -math.inf},
    {"kind": STAMPED, "stamp_s": 1e9},
    {"kind": AT, "frame": -1},
    {"kind": AT, "frame": 1 << 60},
]


def random_contract(rng: np.random.Generator) -> Contract:
    rate_hz = float(rng.choice([2, 20, 100, 500]))
    delay_s = float(rng.choice([0, 0.003, 0.02, 0.05, 0.3]))
    return Contract(
        rate_hz=rate_hz,
        delay_s=delay_s,
        interpolation=str(rng.choice(["hold", "linear", "smooth"])),
        timeout_s=float(rng.choice([0.05, 0.4, 1.3, math.inf])),
        hold_s=float(rng.choice([0, 0.1, 0.5])),
        glide_s=float(rng.choice([0, 0.2, 1.0])),
        return_s=float(rng.choice([0, 0.01, 0.2])),
        start=None if rng.random() < 0.7 else int(rng.integers(0, RATE)),
        ahead_s=delay_s + float(rng.choice([0, 0.01, 0.1, 5.0])),
    )


def sender(rng: np.random.Generator, contract: Contract) -> dict[int, list[Sent]]:
    """What comes in which quantum from a sender with a clock and a way of its own: it pauses, jumps, bursts, errs."""
    coming: dict[int, list[Sent]] = {}
    label, time_s, origin_s = 0, 0.0, rng.choice([0.0, 1e6, -3.0])
    speed, jitter_s = rng.choice([1, 1.0001, 0.97, 1.2]), rng.choice([0, 0.001, 0.03])
    stamped, mistakes = rng.choice([1.0, 1.0, 0.8, 0.0]), rng.choice([0, 0, 0.1])
    while time_s < SECONDS:
        what = rng.random()
        if what < 0.01:
            time_s += rng.choice([0.1, 0.5, 1.5])  # a pause
        elif what < 0.02:
            origin_s += rng.choice([-0.2, 0.2, -0.03, 5.0])  # the clock jumps
        count = int(rng.choice([20, 700, 3000])) if 0.02 < what < 0.023 else 1  # a burst
        quantum = int((time_s + rng.uniform(0, jitter_s)) * RATE) // QUANTUM
        for _ in range(count):
            label += 1
            stamp_s = origin_s + speed * time_s + (rng.uniform(-1, 1) if count > 1 else 0.0)
            one = Sent(label, STAMPED, stamp_s) if rng.random() < stamped else Sent(label)
            if rng.random() < 0.02 * (1 - stamped):
                one = Sent(label, AT, frame=int(rng.integers(0, SECONDS * RATE)))
            if rng.random() < mistakes:
                one = Sent(**({"label": label} | rng.choice(_WRONG)))
            coming.setdefault(quantum, []).append(one)
        time_s += 1 / contract.rate_hz
    return coming


class Acts:
    """A journal that keeps what streams do."""

    def __init__(self) -> None:
        self.by_number: dict[int, list[Act]] = {}

    def layer(self, *_: object) -> None: ...

    def events(self, *_: object) -> None: ...

    def stream(self, *_: object) -> None: ...

    def acts(self, number: int, rows: np.ndarray) -> None:
        heads = rows[:, : ACT.itemsize].copy().view(ACT)[:, 0]
        labels = rows[:, ACT.itemsize :].copy().view(np.float32)[:, 0]
        self.by_number.setdefault(number, []).extend(
            (int(head["frame"]), int(head["act"]), int(head["ramp_frames"]), float(label) if head["act"] == 0 else None)
            for head, label in zip(heads, labels, strict=True)
        )


def counters_of(stream: Stream) -> dict[str, object]:
    stats = stream.stats
    wait, room = round(stats["longest_wait_s"] * RATE), stats["room_s"] * RATE
    rejections = {kind: count for kind, count in stats["rejections"].items() if kind != "counters without sense"}
    return {name: stats[name] for name in COUNTED} | rejections | {"wait": wait, "room": room, "phase": stats["phase"]}


def counters_of_reference(reference: Reference) -> dict[str, object]:
    wait, room = reference.longest_wait, reference.least_room
    return reference.count | reference.rejected | {"wait": wait, "room": room, "phase": reference.phase}


def cases(seed: int) -> Iterator[tuple[Contract, dict[int, list[Sent]]]]:
    rng = np.random.default_rng(seed)
    for _ in range(STREAMS):
        contract = random_contract(rng)
        yield contract, sender(rng, contract)


@pytest.mark.usefixtures("sine_trigger")
@pytest.mark.parametrize("part", range(2))
@short_and_long("engines", 6, 400)  # with eight streams each
def test_every_act_and_counter_is_as_the_contract_says(part: int, engines: int) -> None:
    for seed in range(part, engines, 2):
        engine, event_log = Engine(RATE, "sphere"), Acts()
        engine.add("sine", name="probe")
        engine.record_to(event_log)
        streams, references, comings = [], [], []
        for contract, coming in cases(seed):
            stream = engine.stream("model", ["probe.frequency_hz"], **vars(contract))
            streams.append(stream)
            references.append(Reference(contract, stream.space.hash_number, RATE))
            comings.append(coming)
        for quantum in range(_QUANTA):
            for stream, reference, coming in zip(streams, references, comings, strict=True):
                sent = coming.get(quantum, [])
                if sent:
                    stream._send(heads_of(sent), np.array([[one.label] for one in sent], np.float32))
                reference.quantum(sent)
            engine.process(QUANTUM)
        for index, (stream, reference) in enumerate(zip(streams, references, strict=True)):
            acts = event_log.by_number.get(stream.definition.number, [])
            differing = next((pair for pair in zip(acts, reference.acts, strict=False) if pair[0] != pair[1]), None)
            assert differing is None, (seed, index, differing)
            assert len(acts) == len(reference.acts), (seed, index)
            near = pytest.approx(counters_of_reference(reference), abs=1e-3)
            assert counters_of(stream) == near, (seed, index)
