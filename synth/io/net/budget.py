"""Budgets: what may be spent on one sender a second, and on all of them together.  who, amount -> whether there is enough left.

Each is a bucket that fills by itself up to a brim. Who it is for can be forged over UDP, so there is one for all as well.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

_REMEMBERED = 256  # senders; one that is forgotten begins with a full bucket, and the one for all still counts


@dataclass(frozen=True)
class Allowance:
    """How much there is again each second, and how much at most."""

    per_s: float
    most: float


class Budget:
    """Says who may have how much; one thread asks.

    Parameters
    ----------
    each, together : what one sender may have, and all together.
    """

    def __init__(self, each: Allowance, together: Allowance) -> None:
        self._each = each
        self._together = _Bucket(together, time.monotonic())
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, who: Hashable, amount: float) -> bool:
        """Take some of what is left, or nothing if it is not enough."""
        own, now_s = self._of(who), time.monotonic()
        if own.left(now_s) < amount or self._together.left(now_s) < amount:
            return False
        own.content -= amount
        self._together.content -= amount
        return True

    def give(self, who: Hashable, amount: float) -> None:
        """Let a sender have more: it sent as much itself."""
        now_s = time.monotonic()
        for bucket in (self._of(who), self._together):
            bucket.content = min(bucket.left(now_s) + amount, bucket.allowance.most)

    def _of(self, who: Hashable) -> _Bucket:
        bucket = self._buckets.get(who)
        if bucket is None:
            bucket = self._buckets[who] = _Bucket(self._each, time.monotonic())
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(who)
        return bucket


class _Bucket:
    def __init__(self, allowance: Allowance, now_s: float) -> None:
        self.allowance, self.content, self._at_s = allowance, allowance.most, now_s

    def left(self, now_s: float) -> float:
        """Return what is in it by now."""
        self.content = min(self.content + (now_s - self._at_s) * self.allowance.per_s, self.allowance.most)
        self._at_s = now_s
        return self.content
