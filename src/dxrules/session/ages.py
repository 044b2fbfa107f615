"""Events in the order in which they happened, to be taken out when they are old enough."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import deque
from itertools import count

from dxrules.matching import Present


class Ages:
    """Events that count for the same time. Those that come in order, which is nearly all, cost no more than a place.

    Args:
        keep: how long an event counts.
    """

    def __init__(self, keep: dt.timedelta) -> None:
        self._keep = keep
        self._in_order: deque[Present] = deque()
        self._last = dt.datetime.min
        self._late: list[tuple[dt.datetime, int, Present]] = []
        self._numbers = count()

    def add(self, present: Present) -> None:
        """Put in an event."""
        at = present.at
        assert at is not None
        if at >= self._last:
            self._last = at
            self._in_order.append(present)
        else:
            heapq.heappush(self._late, (at, next(self._numbers), present))

    def expired(self, now: dt.datetime) -> list[Present]:
        """Take out the events that count no more."""
        found: list[Present] = []
        limit = self._limit(now)
        if limit is not None:
            in_order, late = self._in_order, self._late
            while in_order and in_order[0].at <= limit:  # type: ignore[operator]  # events have a time
                found.append(in_order.popleft())
            while late and late[0][0] <= limit:
                found.append(heapq.heappop(late)[2])
        return found

    def any_expired(self, now: dt.datetime) -> bool:
        """Whether there are events that count no more."""
        limit = self._limit(now)
        if limit is None:
            return False
        times = [each.at for each in list(self._in_order)[:1]] + [each[0] for each in self._late[:1]]
        return any(at is not None and at <= limit for at in times)

    def _limit(self, now: dt.datetime) -> dt.datetime | None:
        """The latest time at which an event that counts no more can have happened.

        `at + keep <= now`, as `matching.later` adds: what would end after the last of all moments ends then.
        """
        if now == dt.datetime.max:
            return now
        try:
            return now - self._keep
        except OverflowError:
            return None
