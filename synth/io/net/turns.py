"""Turns: datagrams of many senders, one of each at a time.  sender, data -> queues -> rounds.

One queue for all would let whoever sends most be heard most, and a slow datagram hold up those of others that stand behind it.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator

SENDERS = 64
"""Who may have something waiting at one time."""
MOST_WAITING, MOST_BYTES = 4096, 1 << 22
"""Datagrams of one sender, and their bytes."""


class Turns:
    """What has come and is not heard yet; one thread uses it."""

    def __init__(self) -> None:
        self._queues: OrderedDict[Hashable, deque[bytes]] = OrderedDict()
        self._bytes: dict[Hashable, int] = {}

    def __bool__(self) -> bool:
        return bool(self._queues)

    def add(self, sender: Hashable, data: bytes) -> bool:
        """Let a datagram wait for its turn; whether there was room for it."""
        if sender not in self._queues:
            if len(self._queues) == SENDERS:
                return False
            self._queues[sender], self._bytes[sender] = deque(), 0
        queue = self._queues[sender]
        if len(queue) == MOST_WAITING or self._bytes[sender] + len(data) > MOST_BYTES:
            return False
        queue.append(data)
        self._bytes[sender] += len(data)
        return True

    def take(self, most: int) -> Iterator[tuple[bytes, Hashable]]:
        """Yield so many datagrams with their senders, in turn; each sender's own in the order of their coming."""
        for _ in range(most):
            if not self._queues:
                return
            sender, queue = self._queues.popitem(last=False)
            data = queue.popleft()
            self._bytes[sender] -= len(data)
            if queue:
                self._queues[sender] = queue
            else:
                del self._bytes[sender]
            yield data, sender
