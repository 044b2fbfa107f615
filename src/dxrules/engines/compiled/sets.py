"""Sets of values that a test on one term allows: stretches of an ordered type, or listed values."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

import attrs

_DAY = dt.timedelta(days=1)
_TICK = dt.timedelta(microseconds=1)


@attrs.frozen
class Steps:
    """Stretches of an ordered type: membership begins as `initial` and flips at each of `cuts`, that one included.

    >>> adult = Steps(False, (18,))
    >>> 17 in adult, 18 in adult
    (False, True)
    """

    initial: bool
    cuts: tuple[Any, ...] = ()

    def __contains__(self, value: Any) -> bool:
        return (bisect_right(self.cuts, value) & 1) ^ self.initial == 1

    def __invert__(self) -> Steps:
        return Steps(not self.initial, self.cuts)

    def __and__(self, other: Steps) -> Steps:
        initial = now = self.initial and other.initial
        cuts = []
        for cut in sorted({*self.cuts, *other.cuts}):
            then = cut in self and cut in other
            if then != now:
                cuts.append(cut)
                now = then
        return Steps(initial, tuple(cuts))

    @property
    def empty(self) -> bool:
        """Whether no value is in it."""
        return not self.initial and not self.cuts

    @property
    def full(self) -> bool:
        """Whether every value is in it."""
        return self.initial and not self.cuts


@attrs.frozen
class Values:
    """Listed values, or all but those. Over a known `universe` it is always the values themselves.

    >>> "b" in Values(frozenset("a"), inside=False)
    True
    """

    listed: frozenset[Any]
    inside: bool = True
    universe: frozenset[Any] | None = None

    def __contains__(self, value: Any) -> bool:
        return (value in self.listed) is self.inside

    def __invert__(self) -> Values:
        if self.universe is not None:
            return Values(self.universe - self.listed, True, self.universe)
        return Values(self.listed, not self.inside)

    def __and__(self, other: Values) -> Values:
        if self.inside:
            return Values(frozenset(each for each in self.listed if each in other), True, self.universe)
        if other.inside:
            return other & self
        return Values(self.listed | other.listed, False)

    @property
    def empty(self) -> bool:
        """Whether no value is in it."""
        return self.inside and not self.listed

    @property
    def full(self) -> bool:
        """Whether every value is in it."""
        return self.listed == self.universe if self.inside else not self.listed


Allowed = Steps | Values

_NEVER, _ALWAYS = object(), object()


def compared(op: str, limit: Any, kind: str) -> Steps:
    """The values of an ordered kind that compare so with a limit.

    Args:
        op: `==`, `!=`, `<`, `<=`, `>` or `>=`.
        limit: a number, date or datetime; an int kind takes float limits and the other way round.
        kind: `int`, `float`, `date` or `datetime`.
    """
    if op in ("==", "!="):
        equal = _from(limit, kind, beyond=False) & ~_from(limit, kind, beyond=True)
        return equal if op == "==" else ~equal
    above = _from(limit, kind, beyond=op in (">", "<="))
    return above if op in (">", ">=") else ~above


def one_of(limits: Iterable[Any], kind: str) -> Steps:
    """The values of an ordered kind that equal one of the limits."""
    cuts: set[Any] = set()
    for limit in set(limits):  # the stretches are apart: where one ends and the next begins, nothing flips
        for beyond in (False, True):
            first = _first(limit, kind, beyond)
            if first is not _NEVER:
                cuts ^= {first}
    return Steps(False, tuple(sorted(cuts)))


def _from(limit: Any, kind: str, beyond: bool) -> Steps:
    """The values at a limit and above it, or only those beyond it."""
    first = _first(limit, kind, beyond)
    if first is _NEVER or first is _ALWAYS:
        return Steps(first is _ALWAYS)
    return Steps(False, (first,))


def _first(limit: Any, kind: str, beyond: bool) -> Any:
    """The least value of a kind that is at least `limit`, or beyond it; `_NEVER` for none, `_ALWAYS` for all."""
    if limit == math.inf and (beyond or kind == "int"):
        return _NEVER
    if kind == "int" and limit == -math.inf:
        return _ALWAYS
    if kind == "int":
        return math.floor(limit) + 1 if beyond else math.ceil(limit)
    if kind == "float":
        first = float(limit)  # rounds an int beyond 2^53, perhaps to the wrong side
        while first < limit or (beyond and first == limit):
            first = math.nextafter(first, math.inf)
        return first
    if not beyond:
        return limit
    try:
        return limit + (_TICK if kind == "datetime" else _DAY)
    except OverflowError:
        return _NEVER
