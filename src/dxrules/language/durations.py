"""Lengths of time as rule files write them: `30 days`, `24 hours`, `15 minutes`."""

from __future__ import annotations

import datetime as dt
import re

FORM = re.compile(r"([0-9]{1,7}) *(minute|hour|day)s?", re.ASCII)
_UNITS = {"minute": dt.timedelta(minutes=1), "hour": dt.timedelta(hours=1), "day": dt.timedelta(days=1)}
LONGEST = dt.timedelta(days=36_525)  # a century


def duration(text: str) -> dt.timedelta | None:
    """The length of time that a text writes; None when it is none, or is nothing, or is beyond a century.

    >>> duration("36 hours")
    datetime.timedelta(days=1, seconds=43200)
    >>> duration("1 fortnight") is None
    True
    """
    match = FORM.fullmatch(text)
    if match is None:
        return None
    found = int(match[1]) * _UNITS[match[2]]
    return found if dt.timedelta(0) < found <= LONGEST else None


def shown(length: dt.timedelta) -> str:
    """A length of time as rule files write it.

    >>> shown(dt.timedelta(days=1, hours=12)), shown(dt.timedelta(days=30))
    ('36 hours', '30 days')
    """
    unit = next(each for each in ("day", "hour", "minute") if not length % _UNITS[each])
    number = length // _UNITS[unit]
    return f"{number} {unit}{'s' if number != 1 else ''}"
