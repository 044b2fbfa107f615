"""The values of ordered types as whole numbers in the same order, and plain values between two bounds.

Intervals of ints, floats, dates and datetimes are then all searched alike: a float is as far along as its bits say
(IEEE 754: of positive floats, the greater one has the greater bits), a datetime as its microseconds.
"""

from __future__ import annotations

import datetime as dt
import struct
import sys
from typing import Any

from dxrules.schema import MAX_INT, Fact

ORDERED = ("int", "float", "date", "datetime")
_FIRST, _LAST = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)
_MICROSECOND = dt.timedelta(microseconds=1)
_ROUND_TIMES = (60_000_000, 1_000_000)  # whole minutes, whole seconds


def ordinal(value: Any) -> int:
    """The place of a value among those of its type.

    >>> ordinal(0.5) < ordinal(0.75) and ordinal(-0.0) == ordinal(0.0) and ordinal(-1.0) < ordinal(0.0)
    True
    """
    if isinstance(value, float):
        bits: int = struct.unpack("<q", struct.pack("<d", abs(value)))[0]
        return -bits if value < 0 else bits
    if isinstance(value, dt.datetime):
        return (value - _FIRST) // _MICROSECOND
    if isinstance(value, dt.date):
        return value.toordinal()
    return int(value)


def value_at(kind: str, place: int) -> Any:
    """The value at a place.

    >>> value_at("float", ordinal(-2.5)), value_at("date", ordinal(dt.date(2026, 1, 5)))
    (-2.5, datetime.date(2026, 1, 5))
    """
    if kind == "float":
        found: float = struct.unpack("<d", struct.pack("<q", abs(place)))[0]
        return -found if place < 0 else found
    if kind == "datetime":
        return _FIRST + place * _MICROSECOND
    if kind == "date":
        return dt.date.fromordinal(place)
    return place


def bounds(fact: Fact) -> tuple[int, int]:
    """The first and the last place that the values of a fact can have, by its type and its note."""
    kind = fact.type.kind
    if kind == "date":
        return dt.date.min.toordinal(), dt.date.max.toordinal()
    if kind == "datetime":
        return 0, ordinal(_LAST)
    minimum = fact.note.minimum if fact.note is not None else None
    if kind == "float":
        highest = ordinal(sys.float_info.max)
        return -highest if minimum is None else ordinal(float(minimum)), highest
    return -MAX_INT if minimum is None else minimum, MAX_INT


def tidy(kind: str, low: int, high: int, near: int) -> Any:
    """A value between two places, both included: the nearest to a third that is not needlessly fine.

    Of floats those with few decimals come first, of datetimes whole minutes.

    >>> tidy("float", ordinal(0.5) + 1, ordinal(9.0), ordinal(0.2)), tidy("int", 2, 9, 1), tidy("int", 2, 9, 5)
    (0.51, 2, 5)
    """
    nearest = min(max(near, low), high)
    if kind == "float":
        return _tidy_float(low, high, nearest)
    if kind == "datetime":
        for step in _ROUND_TIMES:
            for place in (-(-nearest // step) * step, nearest // step * step):
                if low <= place <= high:
                    return value_at(kind, place)
    return value_at(kind, nearest)


def _tidy_float(low: int, high: int, nearest: int) -> float:
    exact: float = value_at("float", nearest)
    if abs(exact) < 1e15:
        for digits in range(2, 17):
            rounded = round(exact, digits)
            step = 10.0**-digits
            for found in (rounded, round(rounded + step, digits), round(rounded - step, digits)):
                if low <= ordinal(found) <= high:
                    return found
    return exact
